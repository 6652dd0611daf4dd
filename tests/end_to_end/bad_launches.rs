//! Launches and sessions that do not fit: refused, recorded, and nothing said about whether anybody exists.

use crate::feed::{Council, channel, request};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::known;
use crate::reading::{
    NURSE, SOCIAL_WORKER, Session, code_of_launch, launch_body, shows, try_exchange, try_launch,
};
use crate::web::{Answer, Ask, Web};
use proto::disclosure::v1::GetCheckpointRequest;
use proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use proto::viewing::v1::person_identifier::Identifier;
use proto::viewing::v1::view_service_client::ViewServiceClient;
use proto::viewing::v1::{GetViewRequest, PersonIdentifier};
use serde_json::json;
use std::time::{Duration, Instant};
use tonic::Code;

/// Leaves of the log of disclosures, as the latest checkpoint has them.
async fn leaves(node: &Node) -> u64 {
    let mut client = DisclosureServiceClient::new(channel(node));
    let asked = request(GetCheckpointRequest {}, &node.secret("operator"));
    client.get_checkpoint(asked).await.map(|found| found.into_inner().tree_size).unwrap_or_default()
}

/// Waits until so many leaves are there; more would be as wrong as fewer.
async fn must_have_leaves(node: &Node, count: u64) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while leaves(node).await < count && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(leaves(node).await, count, "every refusal is a leaf of the log");
}

/// What does not fit is answered with one and the same answer.
fn must_be_alike(answers: &[(&str, Answer)], status: u16) {
    for (what, answer) in answers {
        assert_eq!((answer.status, &answer.body), (status, &answers[0].1.body), "{what}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_address_works_once_unedited_in_time_and_in_its_own_page() {
    let node = Node::seeded_with(&[("YETT_VIEWER__LAUNCH_S", "2")]).await;
    let before = node.metric("yett_gate_reasons_total", &["ACT_LAUNCH"]).await;
    let used = code_of_launch(&node, NURSE, "P-1").await;
    assert_eq!(try_exchange(&node, &used, Some(NURSE.origin)).await.status, 200);
    let late = code_of_launch(&node, NURSE, "P-1").await;
    let foreign = code_of_launch(&node, NURSE, "P-1").await;
    let edited = {
        let code = code_of_launch(&node, NURSE, "P-1").await;
        let last = if code.ends_with('A') { 'B' } else { 'A' };
        format!("{}{last}", &code[..code.len() - 1])
    };
    let elsewhere = try_exchange(&node, &foreign, Some(SOCIAL_WORKER.origin)).await;
    let burnt = try_exchange(&node, &foreign, Some(NURSE.origin)).await;
    tokio::time::sleep(Duration::from_millis(2300)).await;
    let answers = [
        ("used before", try_exchange(&node, &used, Some(NURSE.origin)).await),
        ("too late", try_exchange(&node, &late, Some(NURSE.origin)).await),
        ("framed elsewhere", elsewhere),
        ("used up by another page", burnt),
        ("edited", try_exchange(&node, &edited, Some(NURSE.origin)).await),
        ("made up", try_exchange(&node, "nobody~nobody~AAAA", None).await),
        ("no code at all", try_exchange(&node, "\u{202e}", None).await),
    ];
    must_be_alike(&answers, 403);
    must_have_leaves(&node, 7).await;
    let counted = node.metric("yett_gate_reasons_total", &["ACT_LAUNCH"]).await - before;
    assert_eq!(counted, 7.0, "{}", node.metrics().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_that_a_host_may_not_make_is_refused_and_recorded() {
    let node = Node::seeded().await;
    let with = |key: &str, value: serde_json::Value| {
        let mut body = launch_body(NURSE, "P-1");
        body[key] = value;
        body
    };
    let theirs = |local_id: &str| json!([{ "record": { "authority": world::COUNCIL_AUTHORITY, "local_id": local_id } }]);
    let cases = [
        ("a foreign page", with("origin", json!(SOCIAL_WORKER.origin))),
        ("a page of nobody", with("origin", json!("https://elsewhere.example"))),
        ("staff of another organisation", with("organisation", json!(world::COUNCIL))),
        ("a record of the other side", with("person", theirs("W-20481"))),
        ("a record that nobody has", with("person", theirs("nothing"))),
    ];
    let mut answers = Vec::new();
    for (what, body) in &cases {
        answers.push((*what, try_launch(&node, NURSE.host, body).await));
    }
    let mut by_system = launch_body(SOCIAL_WORKER, "W-20481");
    by_system["user"] = json!("case-system");
    answers.push(("a source system itself", try_launch(&node, SOCIAL_WORKER.host, &by_system).await));
    must_be_alike(&answers, 403);
    // A feed's credential opens no door of hosts; none and an unknown one are told alike.
    assert_eq!(try_launch(&node, "board-feed", &launch_body(NURSE, "P-1")).await.body, answers[0].1.body);
    let body = launch_body(NURSE, "P-1").to_string();
    let none = Web::default().ask(Ask::post(node.http, "/launches", body.clone())).await;
    let unknown = Web::default().ask(Ask::post(node.http, "/launches", body).bearer("made-up")).await;
    assert_eq!((none.status, &none.body), (401, &unknown.body));
    must_have_leaves(&node, 9).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_every_door_answers_the_same() {
    let node = Node::seeded().await;
    let mut answers = Vec::new();
    for path in ["/v1/view", "/panel/view", "/panel/stream", "/panel/why/identity"] {
        answers.push((path, Web::default().ask(Ask::get(node.http, path)).await));
        answers.push((path, Web::default().ask(Ask::get(node.http, path).bearer("made-up")).await));
    }
    must_be_alike(&answers, 401);
    let mut views = ViewServiceClient::new(channel(&node));
    let none = views.get_view(GetViewRequest::default()).await.unwrap_err();
    let unknown = views.get_view(request(GetViewRequest::default(), "made-up")).await.unwrap_err();
    assert_eq!((none.code(), none.message()), (Code::Unauthenticated, unknown.message()));
    must_have_leaves(&node, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_asked_in_the_session_is_refused_whether_there_is_one_or_not() {
    let node = Node::seeded().await;
    let (council, mut mllp) = (Council::of(&node), Mllp::open(node.mllp).await);
    known(1).introduce(&council, &mut mllp).await;
    known(2).introduce(&council, &mut mllp).await;
    let session = Session::open(&node, NURSE, &known(1).patient).await;
    session.wait(&node, "the person", shows).await;
    let other = Session::open(&node, NURSE, &known(2).patient).await;
    other.wait(&node, "the other person", shows).await;
    let mut views = ViewServiceClient::new(channel(&node));
    let mut answers = Vec::new();
    for chi in [known(2).chi, known(900).chi] {
        let person = Some(PersonIdentifier { identifier: Some(Identifier::ChiNumber(chi)) });
        let asked = request(GetViewRequest { person }, &session.bearer);
        answers.push(views.get_view(asked).await.unwrap_err());
    }
    assert_eq!(answers[0].code(), Code::PermissionDenied);
    assert_eq!(answers[0].code(), answers[1].code());
    assert_eq!((answers[0].message(), answers[0].details()), (answers[1].message(), answers[1].details()));
    let there = session.get(&node, &format!("/v1/view?person={}", known(2).patient)).await;
    let not_there = session.get(&node, "/v1/view?person=P-900").await;
    assert_eq!((there.status, &there.body), (403, &not_there.body));
    assert!(shows(&session.view(&node).await), "the session itself goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_unlinked_and_sealed_people_are_answered_alike() {
    let node = Node::seeded().await;
    let (council, mut mllp) = (Council::of(&node), Mllp::open(node.mllp).await);
    known(1).introduce(&council, &mut mllp).await;
    let alone = mllp.send(known(2).message("alone", "", "1 Quay Brae").as_bytes()).await.unwrap();
    assert_eq!(alone.code, "AA");
    let sealed = Session::open(&node, NURSE, &known(1).patient).await;
    sealed.wait(&node, "the person", shows).await;
    let seal = ["directive", "set", "--kind", "sealed", "--recorded-by", world::COUNCIL];
    let record = ["--authority", world::COUNCIL_AUTHORITY, "--local-id", "T-1"];
    node.must(&[seal.as_slice(), &record].concat());
    sealed.wait(&node, "the seal", |view| !shows(view)).await;
    let mut screens = Vec::new();
    for patient in ["P-1", "P-2", "P-900"] {
        let session = Session::open(&node, NURSE, patient).await;
        let mut view = session.view(&node).await;
        for of_this_answer in ["reference", "decided_at"] {
            view.as_object_mut().unwrap().remove(of_this_answer).unwrap();
        }
        screens.push(view.to_string());
    }
    assert_eq!(screens[0], screens[2], "sealed, and nobody");
    assert_eq!(screens[1], screens[2], "not linked, and nobody");
}
