//! `GET /panel/view`: the permitted view as a piece of HTML, or the page that says why there is none.

use super::events::next_number;
use super::released::ReleasedFragment;
use super::session_of;
use crate::Viewer;
use crate::present::{Scene, blank, cleared, panel_html};
use crate::sessions::Session;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Exit;
use gate::{Answer, Error, Shown};
use pages::{ContentSecurityPolicy, Page};
use std::sync::Arc;
use transport::Problem;

/// Answers the view of the session's person.
pub(super) async fn panel_view(
    State(viewer): State<Arc<Viewer>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = session_of(&viewer, &headers, Exit::Panel).await?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    Ok(view_of(&viewer, &session, next_number(last)).await)
}

/// The view of a session now.
pub(super) async fn view_of(viewer: &Viewer, session: &Session, number: u64) -> Response {
    let scene = Scene::of(&viewer.gate, session);
    fragment(viewer, &scene, Exit::Panel, number, |shown| panel_html(&scene, shown)).await
}

/// Asks the gate for a piece of HTML. A refusal is a page like any other: its status tells nothing.
pub(super) async fn fragment(
    viewer: &Viewer,
    scene: &Scene<'_>,
    exit: Exit,
    number: u64,
    render: impl FnOnce(&Shown) -> Result<String, Error>,
) -> Response {
    match viewer.gate.view(&scene.session.ask(exit), render).await {
        Ok(Answer::Shown(released)) => ReleasedFragment::new(released).numbered(number),
        Ok(Answer::Refused(refused)) => nobodys(blank(scene, &refused, None).html),
        Err(error) => {
            tracing::error!(exit = exit.as_str(), error = %error, "a view could not be answered");
            let page = nobodys(cleared(scene, viewer.clock.now()).html);
            (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
        }
    }
}

/// A page that holds nothing of a person.
fn nobodys(html: String) -> Response {
    Page { html, security: ContentSecurityPolicy::unframed() }.into_response()
}
