//! Pages of both hosts, asked for as a browser does, with no Yett behind them.

use super::*;
use crate::serve::Hosts;
use crate::{Credentials, Progress, Settings};
use axum::body::Body;
use axum::http::Request;
use domain::{ManualClock, SeededEntropy};
use http_body_util::BodyExt;
use std::net::SocketAddr;
use tokio::sync::watch;
use tower::ServiceExt;
use world::cast::{ELSPETH_DUNBRAE, MAEVE_STRUAN, MURDO_HALCRO};

fn settings() -> Settings {
    // Nothing listens on port 1: every call to Yett fails at once.
    let nobody: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let secret = |name: &str| Credentials { feed: format!("{name}-feed"), host: format!("{name}-host") };
    let now = "2026-11-24T10:00:00Z".parse().unwrap();
    Settings {
        council: nobody,
        portal: nobody,
        council_origin: "http://council.localhost:7410".to_owned(),
        portal_origin: "http://portal.localhost:7411".to_owned(),
        panel_origin: "http://yett.localhost:7400".to_owned(),
        yett_grpc: nobody,
        yett_mllp: nobody,
        council_credentials: secret("council"),
        portal_credentials: secret("board"),
        seed: 7,
        size: 30,
        loaded_at: now,
        load: false,
        clock: Arc::new(ManualClock::new(now)),
        entropy: Arc::new(SeededEntropy::new(7)),
        progress: watch::channel(Progress::default()).0,
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn get_page(router: &Router, path: &str, cookie: &str) -> Answer {
    ask(router, Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

async fn post_form(router: &Router, path: &str, cookie: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    ask(router, request).await
}

async fn signed_in(router: &Router, user: &str) -> String {
    let answer = post_form(router, "/sign-in", "", &format!("user={user}&purpose=&cares_for=yes")).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

async fn council() -> (Router, String) {
    let hosts = Hosts::new(&settings()).unwrap();
    let router = router(hosts.council);
    let cookie = signed_in(&router, "catriona.fenwick").await;
    (router, cookie)
}

async fn portal() -> (Router, String) {
    let hosts = Hosts::new(&settings()).unwrap();
    let router = router(hosts.portal);
    let cookie = signed_in(&router, "aileen.strachan-bell").await;
    (router, cookie)
}

#[tokio::test]
async fn nobody_sees_a_record_without_signing_in_and_only_own_staff_can() {
    let (router, cookie) = council().await;
    for path in ["/search", "/record/W-20481", "/record/W-20481/edit"] {
        for cookie in ["", "caseline=guess", &cookie.replace("caseline", "portal")] {
            let answer = get_page(&router, path, cookie).await;
            assert_eq!(answer.headers[header::LOCATION], "/sign-in", "{path}");
            assert_eq!(answer.body, "");
        }
    }
    let stranger = post_form(&router, "/sign-in", "", "user=aileen.strachan-bell").await;
    assert!(stranger.headers.get(header::SET_COOKIE).is_none(), "a nurse is no council staff");
    let odd = post_form(&router, "/sign-in", "", "user=catriona.fenwick&purpose=curiosity").await;
    assert!(odd.headers.get(header::SET_COOKIE).is_none());
    post_form(&router, "/sign-out", &cookie, "").await;
    assert_eq!(get_page(&router, "/search", &cookie).await.headers[header::LOCATION], "/sign-in");
}

#[tokio::test]
async fn a_search_lists_who_fits_by_name_date_and_number() {
    let (router, cookie) = council().await;
    let found = post_form(&router, "/search", &cookie, "surname=Dunbrae").await.body;
    for name in ["DUNBRAE, Elspeth (Mrs)", "DUNBRAE, Fergus (Mr)", "DUNBRAY, Elsbeth (Miss)", "3 people"] {
        assert!(found.contains(name), "{name}");
    }
    let by_number = post_form(&router, "/search", &cookie, "number=120341+4749").await.body;
    assert!(by_number.contains("1 person") && by_number.contains("/record/W-20481"));
    let by_date = post_form(&router, "/search", &cookie, "born=19+Apr+1952").await.body;
    assert!(by_date.contains("HALCRO, Murdo (Mr)") && by_date.contains("not known"));
    let (portal, cookie) = portal().await;
    let found = post_form(&portal, "/search", &cookie, "surname=Dunbrae").await.body;
    assert!(found.contains("3 patients") && found.contains("/record/S100481"));
}

#[tokio::test]
async fn a_record_page_shows_what_the_system_holds_and_says_when_yett_is_away() {
    let (router, cookie) = council().await;
    let page = get_page(&router, &format!("/record/{}", ELSPETH_DUNBRAE.council), &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["Elspeth Dunbrae", "W-20481", "120341 4749", "Adults North", "4 visits a day, 30 minutes"] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(page.body.contains("The summary cannot be opened just now.") && !page.body.contains("<iframe"));
    let (router, cookie) = portal().await;
    let page = get_page(&router, &format!("/record/{}", ELSPETH_DUNBRAE.health), &cookie).await.body;
    for words in ["DUNBRAE, Elspeth (Mrs)", "Ward 6, Kilmorran Infirmary", "Allergy: penicillin", "118 g/L"] {
        assert!(page.contains(words), "{words}");
    }
    let maeve = get_page(&router, &format!("/record/{}", MAEVE_STRUAN.health), &cookie).await.body;
    assert!(maeve.contains("Address protected"));
    assert_eq!(get_page(&router, "/record/S999", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_run_no_inline_code_frame_yett_alone_and_name_nobody_in_the_title() {
    for (router, cookie) in [council().await, portal().await] {
        for path in ["/sign-in", "/search", "/record/W-20481", "/record/S100481/edit"] {
            let page = get_page(&router, path, &cookie).await;
            if page.status == StatusCode::NOT_FOUND {
                continue;
            }
            let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
            assert!(policy.ends_with("frame-src http://yett.localhost:7400"), "{policy}");
            assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
            for inline in ["<style", " style=", "onclick", "<script>"] {
                assert!(!page.body.contains(inline), "{inline} on {path}");
            }
            let title = page.body.split("<title>").nth(1).unwrap().split('<').next().unwrap();
            assert!(["Caseline, Strathorr Council", "Clinical portal, NHS Strathorr"].contains(&title));
        }
    }
}

#[tokio::test]
async fn the_frame_is_sandboxed_titled_and_sends_no_referrer() {
    let hosts = Hosts::new(&settings()).unwrap();
    let Served { host, shell } = hosts.council;
    let case = host.find(ELSPETH_DUNBRAE.council).unwrap();
    let url = "http://yett.localhost:7400/panel?code=abc";
    let frame = Frame { launch: Ok(url.to_owned()), origin: shell.panel_origin.clone() };
    let html = host.record_page(&case, shell.chrome(Tab::Record, None, "W-20481"), frame).render().unwrap();
    let iframe = html.split("<iframe ").nth(1).unwrap().split('>').next().unwrap();
    for attribute in [
        "src=\"http://yett.localhost:7400/panel?code=abc\"",
        "title=\"Health summary from NHS Strathorr\"",
        "referrerpolicy=\"no-referrer\"",
        "sandbox=\"allow-scripts allow-forms allow-same-origin allow-popups allow-modals allow-downloads\"",
        "data-panel-origin=\"http://yett.localhost:7400\"",
    ] {
        assert!(iframe.contains(attribute), "{attribute} in {iframe}");
    }
}

#[tokio::test]
async fn what_yett_did_not_take_is_not_saved_and_what_was_typed_stays() {
    for ((router, cookie), path) in
        [(council().await, "/record/W-20481"), (portal().await, "/record/S100481")]
    {
        let edit = format!("{path}/edit");
        let answer = post_form(&router, &edit, &cookie, "address=1+Elsewhere%2C+Inverfyne").await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{path}");
        assert!(
            answer.body.contains("Not saved") && answer.body.contains("value=\"1 Elsewhere, Inverfyne\"")
        );
        let page = get_page(&router, path, &cookie).await.body;
        assert!(page.contains("27 Saltpan Wynd") && !page.contains("Elsewhere"), "{path}");
    }
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_says_beside_each_field_what_is_wrong() {
    for ((router, cookie), path, typed) in [
        (
            council().await,
            "/record/W-20481/edit",
            "&staff_risk=Two+dogs&package.home-care=Ended&worker=Nobody",
        ),
        (
            portal().await,
            "/record/S100481/edit",
            "&expected=soon&discharged=later&ward=Ward+4&allergies=Latex",
        ),
    ] {
        let form = format!("postcode=nowhere+%26+%22back&telephone=01632+960+300{typed}");
        let bad = post_form(&router, path, &cookie, &form).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut told = vec!["postcode"];
        let mut kept = vec!["value=\"nowhere &#38; &#34;back\"", "value=\"01632 960 300\""];
        if path.contains("W-") {
            kept.extend([">Two dogs</textarea>", "<option selected>Ended", "<option selected>Nobody"]);
        } else {
            told.extend(["expected", "discharged"]);
            kept.extend([
                "value=\"soon\"",
                "value=\"later\"",
                "<option selected>Ward 4",
                ">Latex</textarea>",
            ]);
        }
        for words in kept {
            assert!(bad.body.contains(words), "{words} is not kept: {}", bad.body);
        }
        assert_eq!(bad.body.matches("aria-invalid").count(), told.len());
        for name in told {
            let beside = bad.body.split(&format!("id=\"e-{name}-problem\">")).nth(1).unwrap();
            let rule = beside.split('<').next().unwrap();
            assert!(rule.contains(" must "), "{name}: {rule}");
            let link = format!("<a href=\"#e-{name}\">{rule}</a>");
            assert!(bad.body.contains(&link), "{link} is not in the list");
            let field =
                bad.body.split(&format!("id=\"e-{name}\"")).nth(1).unwrap().split('>').next().unwrap();
            assert!(
                field.contains("aria-invalid") && field.contains(&format!("e-{name}-problem\"")),
                "{field}"
            );
        }
    }
}

#[tokio::test]
async fn a_window_of_its_own_needs_a_sign_in_and_a_launch() {
    let (router, cookie) = portal().await;
    let stranger = get_page(&router, "/record/S100481/window", "").await;
    assert_eq!(stranger.headers[header::LOCATION], "/sign-in");
    let away = get_page(&router, "/record/S100481/window", &cookie).await;
    assert_eq!(away.status, StatusCode::BAD_GATEWAY, "no Yett stands behind it");
    assert!(away.body.contains("This says nothing about the person.") && !away.body.contains("DUNBRAE"));
    assert_eq!(away.headers[header::REFERRER_POLICY], "no-referrer");
}

#[tokio::test]
async fn a_form_without_changes_sends_nothing_and_says_so_once() {
    let (router, cookie) = council().await;
    let answer = post_form(&router, "/record/W-20512/edit", &cookie, "given=Murdo&family=Halcro").await;
    assert_eq!(answer.headers[header::LOCATION], "/record/W-20512");
    let page = get_page(&router, &format!("/record/{}", MURDO_HALCRO.council), &cookie).await.body;
    assert!(page.contains("Nothing was changed, so nothing was sent."));
    assert!(!get_page(&router, "/record/W-20512", &cookie).await.body.contains("Nothing was changed"));
}

#[tokio::test]
async fn whether_the_initial_load_is_through_can_be_asked() {
    let settings = settings();
    let hosts = Hosts::new(&settings).unwrap();
    let router = router(hosts.portal);
    settings.progress.send_replace(Progress { total: 3, accepted: 1, failed: 1 });
    let waiting = get_page(&router, "/loaded", "").await;
    assert_eq!(
        (waiting.status, waiting.body.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "accepted 1 failed 1 of 3\n")
    );
    settings.progress.send_replace(Progress { total: 3, accepted: 2, failed: 1 });
    assert_eq!(get_page(&router, "/loaded", "").await.status, StatusCode::OK);
}
