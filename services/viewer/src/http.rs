//! The HTTP doors: the panel's document, what its script asks for, the JSON view, launches for hosts without gRPC.
//!
//! Every answer is private: stored nowhere and named to nobody. No route takes anything about a person in its address.

mod document;
mod emergency;
mod events;
mod json_view;
mod launch;
mod panel_view;
mod released;
mod session;
mod stream;
mod why;

use crate::Viewer;
use crate::sessions::Session;
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::routing::{get, post};
use domain::Exit;
use std::sync::Arc;
use transport::Failure;

/// Largest body that any of these routes takes.
const LARGEST_BODY: usize = 16 * 1024;

/// The routes.
pub(crate) fn router(viewer: Arc<Viewer>) -> Router {
    Router::new()
        .route("/panel", get(document::panel_document))
        .route("/panel/session", post(session::open_session))
        .route("/panel/view", get(panel_view::panel_view))
        .route("/panel/stream", get(stream::panel_stream))
        .route("/panel/why/{item}", get(why::why))
        .route("/panel/override", post(emergency::declare))
        .route("/panel/override/end", post(emergency::end))
        .route("/v1/view", get(json_view::json_view))
        .route("/launches", post(launch::create_launch))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(viewer)
}

/// The body of a request, whole. Larger ones are refused like any other field that breaks a rule.
fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Failure> {
    body.map_err(|_| Failure::field("body", "must be at most 16384 bytes, sent whole"))
}

/// The session behind a request.
async fn session_of(viewer: &Viewer, headers: &HeaderMap, exit: Exit) -> Result<Arc<Session>, Failure> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    viewer.session(authorization, exit).await
}
