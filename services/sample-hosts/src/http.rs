//! The pages of a host: sign-in, search, record with the panel, edit. The same for both; each brings its record pages.

use crate::Error;
use crate::form::{Fields, Form as FilledForm, Label};
use crate::launch::Shown;
use crate::sessions::SignIn;
use crate::shell::{Chrome, Frame, Query, ResultRow, Shell, Tab};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::Demographics;
use std::sync::Arc;
use world::staff::{self, Member};

/// Most people that a search lists.
const MOST_RESULTS: usize = 30;
/// Purposes that a sign-in may name.
const PURPOSES: [(&str, &str); 5] = [
    ("direct-care", "Direct care"),
    ("care-planning", "Care planning"),
    ("adult-protection", "Adult protection"),
    ("emergency-care", "Emergency care"),
    ("service-support", "Support of the service"),
];

/// One record system, as its pages need it.
pub(crate) trait Host: Send + Sync + 'static {
    /// What it holds of one person.
    type Record: Send + Sync;

    fn find(&self, local_id: &str) -> Option<Self::Record>;
    fn search(&self, query: &Query, most: usize) -> Vec<ResultRow>;
    fn who<'a>(&self, record: &'a Self::Record) -> &'a Demographics;
    /// The CHI number that the record shows.
    fn chi<'a>(&self, record: &'a Self::Record) -> Option<&'a str>;
    /// Changes a record by a form; answers what to say, or nothing where nothing changed.
    fn save(
        &self,
        record: &Self::Record,
        fields: &Fields,
    ) -> impl Future<Output = Result<Option<String>, Error>> + Send;
    fn record_page(&self, record: &Self::Record, chrome: Chrome, frame: Frame) -> impl Template;
    fn edit_page(&self, record: &Self::Record, chrome: Chrome, form: FilledForm) -> impl Template;
    /// The fields of the form that a refusal may name.
    fn labels() -> &'static [Label];
}

/// A host and its shell.
pub(crate) struct Served<H> {
    pub(crate) host: Arc<H>,
    pub(crate) shell: Arc<Shell>,
}

impl<H> Clone for Served<H> {
    fn clone(&self) -> Self {
        Self { host: Arc::clone(&self.host), shell: Arc::clone(&self.shell) }
    }
}

/// Every route of a host.
pub(crate) fn router<H: Host>(served: Served<H>) -> Router {
    let assets = served.shell.assets.router();
    Router::new()
        .route("/", get(home))
        .route("/loaded", get(loaded::<H>))
        .route("/sign-in", get(sign_in_form::<H>).post(sign_in::<H>))
        .route("/sign-out", post(sign_out::<H>))
        .route("/search", get(search_form::<H>).post(search::<H>))
        .route("/record/{id}", get(record::<H>))
        .route("/record/{id}/edit", get(edit_form::<H>).post(save::<H>))
        .route("/record/{id}/window", get(window::<H>))
        .with_state(served)
        .merge(assets)
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    members: Vec<&'static Member>,
    purposes: &'static [(&'static str, &'static str)],
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    chrome: Chrome,
    query: Query,
    asked: bool,
    rows: Vec<ResultRow>,
    /// How far the initial load is, while it is under way.
    loading: Option<(usize, usize)>,
}

async fn home() -> Redirect {
    Redirect::to("/search")
}

/// Whether the initial load is through: 200, or 503 with the counts. Says nothing of anybody.
async fn loaded<H: Host>(State(served): State<Served<H>>) -> Response {
    let progress = *served.shell.progress.borrow();
    let status = if progress.is_done() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let words = format!("accepted {} failed {} of {}\n", progress.accepted, progress.failed, progress.total);
    (status, words).into_response()
}

async fn sign_in_form<H: Host>(State(served): State<Served<H>>) -> Response {
    let shell = &served.shell;
    let members = staff::of(shell.brand.organisation_id).collect();
    let chrome = shell.chrome(Tab::SignIn, None, "");
    shell.page(&SignInPage { chrome, members, purposes: &PURPOSES })
}

async fn sign_in<H: Host>(
    State(served): State<Served<H>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let (shell, fields) = (&served.shell, Fields(fields));
    let purpose = fields.text("purpose");
    let known = purpose.is_empty() || domain::Purpose::parse(purpose).is_some();
    let how = (purpose, fields.text("cares_for") != "no");
    let token = known
        .then(|| shell.sessions.sign_in(fields.text("user"), how, shell.clock.now(), &*shell.entropy))
        .flatten();
    match token {
        Some(token) => {
            ([(header::SET_COOKIE, shell.cookie(&token))], Redirect::to("/search")).into_response()
        }
        None => Redirect::to("/sign-in").into_response(),
    }
}

async fn sign_out<H: Host>(State(served): State<Served<H>>, headers: HeaderMap) -> Response {
    if let Some((token, _)) = served.shell.signed_in(&headers) {
        served.shell.sessions.sign_out(&token);
    }
    ([(header::SET_COOKIE, served.shell.cookie(""))], Redirect::to("/sign-in")).into_response()
}

async fn search_form<H: Host>(State(served): State<Served<H>>, headers: HeaderMap) -> Response {
    found(&served, &headers, Query::default())
}

/// By POST, so that no name stands in an address.
async fn search<H: Host>(
    State(served): State<Served<H>>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let field = |name: &str| fields.text(name).to_owned();
    found(
        &served,
        &headers,
        Query { surname: field("surname"), born: field("born"), number: field("number") },
    )
}

fn found<H: Host>(served: &Served<H>, headers: &HeaderMap, query: Query) -> Response {
    let shell = &served.shell;
    let Some(signed_in) = shell.signed_in(headers) else { return to_sign_in() };
    let asked = !query.is_empty();
    let rows = if asked { served.host.search(&query, MOST_RESULTS) } else { Vec::new() };
    let progress = *shell.progress.borrow();
    let loading = (!progress.is_done()).then_some((progress.accepted + progress.failed, progress.total));
    let chrome = shell.chrome(Tab::Search, Some(&signed_in), "");
    shell.page(&SearchPage { chrome, query, asked, rows, loading })
}

async fn record<H: Host>(
    State(served): State<Served<H>>,
    headers: HeaderMap,
    Path(local_id): Path<String>,
) -> Response {
    let (signed_in, record) = match opened(&served, &headers, &local_id) {
        Ok(opened) => opened,
        Err(response) => return *response,
    };
    let shell = &served.shell;
    let launch = launched(&served, &record, &local_id, &signed_in.1).await;
    let launch = launch.map_err(|error| error.to_string());
    let frame = Frame { launch, origin: shell.panel_origin.clone() };
    let chrome = shell.chrome(Tab::Record, Some(&signed_in), &local_id);
    shell.page(&served.host.record_page(&record, chrome, frame))
}

/// The same panel in a window of its own: by a launch of its own, since an address works once and what a panel in a
/// frame may show is known to that page alone.
async fn window<H: Host>(
    State(served): State<Served<H>>,
    headers: HeaderMap,
    Path(local_id): Path<String>,
) -> Response {
    let (signed_in, record) = match opened(&served, &headers, &local_id) {
        Ok(opened) => opened,
        Err(response) => return *response,
    };
    let private = [(header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")];
    match launched(&served, &record, &local_id, &signed_in.1).await {
        Ok(url) => (private, Redirect::to(&url)).into_response(),
        Err(error) => {
            let words = format!(
                "The summary cannot be opened just now. {error}. This says nothing about the person.\n"
            );
            (StatusCode::BAD_GATEWAY, private, words).into_response()
        }
    }
}

async fn launched<H: Host>(
    served: &Served<H>,
    record: &H::Record,
    local_id: &str,
    sign_in: &SignIn,
) -> Result<String, Error> {
    let shown = Shown { who: served.host.who(record), local_id, chi: served.host.chi(record) };
    served.shell.launcher.url(&shown, sign_in).await
}

async fn edit_form<H: Host>(
    State(served): State<Served<H>>,
    headers: HeaderMap,
    Path(local_id): Path<String>,
) -> Response {
    let (signed_in, record) = match opened(&served, &headers, &local_id) {
        Ok(opened) => opened,
        Err(response) => return *response,
    };
    let chrome = served.shell.chrome(Tab::Edit, Some(&signed_in), &local_id);
    served.shell.page(&served.host.edit_page(&record, chrome, FilledForm::default()))
}

async fn save<H: Host>(
    State(served): State<Served<H>>,
    headers: HeaderMap,
    Path(local_id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let (signed_in, record) = match opened(&served, &headers, &local_id) {
        Ok(opened) => opened,
        Err(response) => return *response,
    };
    let fields = Fields(fields);
    match served.host.save(&record, &fields).await {
        Ok(said) => {
            let notice = said.unwrap_or_else(|| "Nothing was changed, so nothing was sent.".to_owned());
            served.shell.sessions.leave_notice(&signed_in.0, notice);
            Redirect::to(&format!("/record/{local_id}")).into_response()
        }
        Err(error) => {
            let chrome = served.shell.chrome(Tab::Edit, Some(&signed_in), &local_id);
            // What was accepted before the refusal stands.
            let record = served.host.find(&local_id).unwrap_or(record);
            let form = FilledForm::refused(fields, &error, H::labels());
            let page = served.host.edit_page(&record, chrome, form);
            let status =
                if error.is_passing() { StatusCode::BAD_GATEWAY } else { StatusCode::UNPROCESSABLE_ENTITY };
            (status, served.shell.page(&page)).into_response()
        }
    }
}

type Opened<R> = ((String, SignIn), R);

/// The record that a signed-in member of staff asks for, or the answer in its place.
fn opened<H: Host>(
    served: &Served<H>,
    headers: &HeaderMap,
    local_id: &str,
) -> Result<Opened<H::Record>, Box<Response>> {
    let signed_in = served.shell.signed_in(headers).ok_or_else(|| Box::new(to_sign_in()))?;
    let not_found = || Box::new((StatusCode::NOT_FOUND, "No such record.\n").into_response());
    let record = served.host.find(local_id).ok_or_else(not_found)?;
    Ok((signed_in, record))
}

fn to_sign_in() -> Response {
    Redirect::to("/sign-in").into_response()
}

#[cfg(test)]
mod tests;
