//! `GET /panel/why/{item}`: why this is seen, for the whole view (`all`) or for one kind. A disclosure like the view.

use super::panel_view::fragment;
use super::session_of;
use crate::Viewer;
use crate::present::{Scene, reader_decision, why_html};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::{Catalogue, Exit};
use std::sync::Arc;
use transport::{Failure, Problem};

/// Answers the explanation.
pub(super) async fn why(
    State(viewer): State<Arc<Viewer>>,
    Path(item): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = session_of(&viewer, &headers, Exit::Why).await?;
    let kind = match item.as_str() {
        "all" => None,
        id => Some(Catalogue::standard().by_id(id).ok_or(Failure::NotFound { what: "kind of item" })?),
    };
    let decision = reader_decision(&viewer.gate, &session.launch.request);
    let scene = Scene::of(&viewer.gate, &session);
    let render = |shown: &gate::Shown| {
        let decision = decision.as_ref().ok_or(gate::Error::Render)?;
        why_html(&scene, shown, decision, kind)
    };
    Ok(fragment(&viewer, &scene, Exit::Why, 0, render).await)
}
