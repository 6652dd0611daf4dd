//! A small HTTP client that goes where a browser would: it knows that `*.localhost` is this machine, keeps the host's
//! cookie, and follows a live stream. It holds no secret longer than the page that it plays.

use anyhow::{Context, Result, anyhow, bail};
use axum::body::Bytes;
use axum::http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// The client.
#[derive(Clone)]
pub(crate) struct Web {
    client: Client<HttpConnector, Full<Bytes>>,
}

/// One request on its way.
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    /// Whole address, such as `http://portal.localhost:7411/search`.
    pub(crate) url: &'a str,
    pub(crate) headers: Vec<(header::HeaderName, String)>,
    pub(crate) body: String,
}

impl<'a> Ask<'a> {
    /// Fetches an address.
    pub(crate) fn get(url: &'a str) -> Self {
        Self { method: Method::GET, url, headers: Vec::new(), body: String::new() }
    }

    /// Posts a form.
    pub(crate) fn form(url: &'a str, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
        let headers = vec![(header::CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned())];
        Self { method: Method::POST, url, headers, body: pairs.join("&") }
    }

    /// Posts JSON.
    pub(crate) fn json(url: &'a str, body: &serde_json::Value) -> Self {
        let headers = vec![(header::CONTENT_TYPE, "application/json".to_owned())];
        Self { method: Method::POST, url, headers, body: body.to_string() }
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: header::HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Shows a bearer.
    pub(crate) fn bearer(self, bearer: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Bearer {bearer}"))
    }
}

/// An answer, read whole.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    /// The text, if the answer has this status.
    pub(crate) fn expect(self, status: StatusCode, what: &str) -> Result<String> {
        if self.status == status {
            return Ok(self.text);
        }
        bail!("{what}: the answer was {}, not {status}", self.status)
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Web {
    /// A client without cookies.
    pub(crate) fn new() -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends a request and reads the answer whole.
    pub(crate) async fn ask(&self, ask: Ask<'_>) -> Result<Answered> {
        let response = self.open(ask).await?;
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.context("the answer broke off")?.to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answered { status: head.status, headers: head.headers, text })
    }

    /// Sends a request and leaves the answer open.
    pub(crate) async fn open(&self, ask: Ask<'_>) -> Result<Response<Incoming>> {
        let rest =
            ask.url.strip_prefix("http://").ok_or_else(|| anyhow!("only plain HTTP on this machine"))?;
        let (host, path) =
            rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, path.to_owned()));
        let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
        let target = format!("http://127.0.0.1:{port}/{path}");
        let mut request = Request::builder().method(ask.method).uri(target).header(header::HOST, host);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(ask.body)))?;
        let answer = self.client.request(request).await;
        answer.with_context(|| format!("{host} does not answer"))
    }
}

/// Percent-encoded, as forms and paths want it.
pub(crate) fn coded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// What stands between two marks, the entities of HTML undone.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// The text of a page as a reader sees it: without tags, runs of space as one.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => {
                inside = true;
                text.push(' ');
            }
            '>' => inside = false,
            _ if inside => {}
            other => text.push(other),
        }
    }
    let text = undone(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The entities that our templates write, undone.
pub(crate) fn undone(text: &str) -> String {
    let pairs = [
        ("&#38;", "&"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
        ("&nbsp;", " "),
    ];
    pairs.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_a_reader_sees_it() {
        assert_eq!(plain("<p>Home&#38;care <b>ended</b></p>\n<p>x</p>"), "Home&care ended x");
        assert_eq!(coded("a b/ü"), "a%20b%2F%C3%BC");
        assert_eq!(between("<iframe src=\"http://x\">", "src=\"", "\""), Some("http://x"));
    }
}
