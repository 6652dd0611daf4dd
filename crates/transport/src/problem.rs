//! Failures as HTTP problem details (RFC 9457).

use crate::Failure;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A failure on its way to an HTTP caller.
#[derive(Debug)]
pub struct Problem(pub Failure);

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry) = match &self.0 {
            Failure::Invalid(_) => (StatusCode::BAD_REQUEST, None),
            Failure::Unauthenticated => (StatusCode::UNAUTHORIZED, None),
            Failure::Forbidden { .. } => (StatusCode::FORBIDDEN, None),
            Failure::NotFound { .. } => (StatusCode::NOT_FOUND, None),
            Failure::Conflict { .. } => (StatusCode::CONFLICT, None),
            Failure::Unavailable { retry_after } => (StatusCode::SERVICE_UNAVAILABLE, Some(*retry_after)),
            Failure::Exhausted { retry_after } => (StatusCode::TOO_MANY_REQUESTS, Some(*retry_after)),
            Failure::Internal => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        let mut response = (status, body(&self.0, status).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(retry) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(retry.as_secs().max(1)));
        }
        response
    }
}

fn body(failure: &Failure, status: StatusCode) -> Value {
    let mut body = json!({
        "type": format!("urn:yett:problem:{}", failure.code().to_lowercase()),
        "title": failure.to_string(),
        "status": status.as_u16(),
        "code": failure.code(),
    });
    if let (Failure::Invalid(violations), Some(object)) = (failure, body.as_object_mut()) {
        let errors: Vec<Value> =
            violations.iter().map(|v| json!({"field": v.field, "rule": v.rule})).collect();
        object.insert("errors".to_owned(), Value::Array(errors));
    }
    body
}
