//! `POST /panel/session`: the one-time code for a bearer, which the page keeps in its memory only.

use super::released::json;
use super::whole;
use crate::Viewer;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use transport::{Failure, Problem};

/// What the page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    code: String,
    /// Origin of the page that frames it, where the browser tells.
    #[serde(default)]
    ancestor: Option<String>,
}

/// Exchanges a code. Whatever does not fit is answered alike.
pub(super) async fn open_session(
    State(viewer): State<Arc<Viewer>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = whole(body)?;
    let exchange: Exchange = serde_json::from_slice(&body)
        .map_err(|_| Failure::field("body", "must be JSON with code and perhaps ancestor"))?;
    let opened = viewer.exchange(&exchange.code, exchange.ancestor.as_deref()).await?;
    Ok(json(serde_json::json!({ "bearer": opened.bearer, "origin": opened.origin }).to_string()))
}
