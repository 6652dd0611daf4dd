//! The only makers of an answer that holds a person's data: each takes what the gate released, and nothing else.

use super::events::{Event, frame};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use pages::{ContentSecurityPolicy, Page, make_private};
use policy::Released;

/// Number of the view among those of its session, for the stream to go on from.
const EVENT_ID: HeaderName = HeaderName::from_static("yett-event-id");

/// A piece of HTML that the gate released.
pub(super) struct ReleasedFragment(Released<String>);

impl ReleasedFragment {
    pub(super) fn new(released: Released<String>) -> Self {
        Self(released)
    }

    /// The answer, with the number of the view.
    pub(super) fn numbered(self, number: u64) -> Response {
        let mut response = self.into_response();
        response.headers_mut().insert(EVENT_ID, HeaderValue::from(number));
        response
    }
}

impl IntoResponse for ReleasedFragment {
    fn into_response(self) -> Response {
        Page { html: self.0.into_body(), security: ContentSecurityPolicy::unframed() }.into_response()
    }
}

/// A JSON view that the gate released.
pub(super) struct ReleasedJson(Released<String>);

impl ReleasedJson {
    pub(super) fn new(released: Released<String>) -> Self {
        Self(released)
    }
}

impl IntoResponse for ReleasedJson {
    fn into_response(self) -> Response {
        json(self.0.into_body())
    }
}

/// One event of a stream with a view that the gate released.
pub(super) fn released_event(released: Released<String>, number: u64) -> Bytes {
    frame(Event::View, Some(number), &released.into_body())
}

/// JSON with the headers of something private.
pub(super) fn json(body: String) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    make_private(headers);
    response
}
