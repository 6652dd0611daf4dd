//! `POST /launches`: a launch as JSON, for hosts without gRPC. The same checks, the same answer.

use super::released::json;
use super::whole;
use crate::Viewer;
use crate::launches::{LaunchBody, MadeBody};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::CredentialKind;
use std::sync::Arc;
use transport::{Failure, Problem};

/// Makes a launch.
pub(super) async fn create_launch(
    State(viewer): State<Arc<Viewer>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let caller = viewer.host(viewer.callers.http(&headers, CredentialKind::Host)).await?;
    let request = LaunchBody::read(&whole(body)?).map_err(Failure::from)?;
    let made = viewer.create_launch(&caller, &request).await?;
    let body = serde_json::to_string(&MadeBody::from(made)).map_err(|_| Failure::Internal)?;
    Ok((StatusCode::CREATED, json(body)).into_response())
}
