//! A rendered page on its way out, with the headers of something private.

use crate::ContentSecurityPolicy;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// HTML and the policy under which it is shown. Whether the HTML may leave is not decided here.
#[derive(Debug, Clone)]
pub struct Page {
    /// A whole document, or a fragment for a script to put in.
    pub html: String,
    /// What it may load and who may frame it.
    pub security: ContentSecurityPolicy,
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.html.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_SECURITY_POLICY, self.security.header());
        make_private(headers);
        response
    }
}

/// Sets what every answer about a person needs: stored nowhere, named to nobody, taken for nothing else.
pub fn make_private(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_private_and_carries_its_policy() {
        let page = Page { html: "<p>x</p>".to_owned(), security: ContentSecurityPolicy::unframed() };
        let response = page.into_response();
        let value = |name: header::HeaderName| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(value(header::CACHE_CONTROL), "no-store");
        assert_eq!(value(header::REFERRER_POLICY), "no-referrer");
        assert_eq!(value(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(value(header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert!(value(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"));
        assert!(response.headers().get(header::X_FRAME_OPTIONS).is_none());
    }
}
