//! The only makers of an answer that holds a person's data: each takes what the gate released, and nothing else.

use super::events::frame_of;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::DisclosureId;
use pages::{ContentSecurityPolicy, Page, make_private};
use policy::Released;

/// Number of the view among those of its session, for the stream to go on from.
const EVENT_ID: HeaderName = HeaderName::from_static("yett-event-id");

/// Id of the disclosure that an answer is: it names the leaf, and says nothing of anybody. Whoever records what leaves
/// can compare it with the log.
const DISCLOSURE: HeaderName = HeaderName::from_static("yett-disclosure");

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
        let disclosure = self.0.disclosure();
        let page = Page { html: self.0.into_body(), security: ContentSecurityPolicy::unframed() };
        named(page.into_response(), disclosure)
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
        let disclosure = self.0.disclosure();
        named(json(self.0.into_body()), disclosure)
    }
}

/// One event of a stream with a view that the gate released.
pub(super) fn released_event(released: Released<String>, number: u64) -> Bytes {
    let disclosure = released.disclosure();
    frame_of(disclosure, number, &released.into_body())
}

fn named(mut response: Response, disclosure: DisclosureId) -> Response {
    // A UUID is plain ASCII, so there always is a header.
    if let Ok(value) = HeaderValue::from_str(&disclosure.to_string()) {
        response.headers_mut().insert(DISCLOSURE, value);
    }
    response
}

/// JSON with the headers of something private.
pub(super) fn json(body: String) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    make_private(headers);
    response
}
