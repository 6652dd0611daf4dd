//! `POST /panel/override` and `POST /panel/override/end`: emergency access, and then the view as it is.

use super::panel_view::view_of;
use super::{session_of, whole};
use crate::Viewer;
use crate::emergency::NotDeclared;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Exit;
use pages::make_private;
use std::sync::Arc;
use transport::Problem;

/// Declares emergency access. The same view or page follows, whatever it lifted.
pub(super) async fn declare(
    State(viewer): State<Arc<Viewer>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let session = session_of(&viewer, &headers, Exit::Panel).await?;
    match viewer.declare_emergency(&session, &whole(body)?).await {
        Ok(()) => Ok(view_of(&viewer, &session, 0).await),
        Err(not_declared) => Ok(told(not_declared)),
    }
}

/// Ends it before its time.
pub(super) async fn end(State(viewer): State<Arc<Viewer>>, headers: HeaderMap) -> Result<Response, Problem> {
    let session = session_of(&viewer, &headers, Exit::Panel).await?;
    viewer.end_emergency(&session).await?;
    Ok(view_of(&viewer, &session, 0).await)
}

/// Problem details with the sentence that the form shows.
fn told(why: NotDeclared) -> Response {
    let sentence = why.sentence();
    let (status, code) = match why {
        NotDeclared::Form(_) => (StatusCode::BAD_REQUEST, "INVALID"),
        NotDeclared::SignIn => (StatusCode::FORBIDDEN, "SIGN_IN_AGAIN"),
        NotDeclared::Role => (StatusCode::FORBIDDEN, "ROLE_LEVEL"),
        NotDeclared::Failed(failure) => return Problem(failure).into_response(),
    };
    let body = serde_json::json!({
        "type": format!("urn:yett:problem:{}", code.to_lowercase()),
        "title": "Emergency access was not declared",
        "status": status.as_u16(),
        "detail": sentence,
        "code": code,
    });
    let mut response = (status, body.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    make_private(headers);
    response
}
