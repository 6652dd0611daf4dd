//! An HTTP client that sends what it is told, well formed or not, and never hangs.

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::timeout;

/// The longest that any answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The client.
#[derive(Clone)]
pub struct Web(Client<HttpConnector, Full<Bytes>>);

impl Default for Web {
    fn default() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }
}

/// A gRPC frame that may hold anything.
pub fn grpc_frame(compressed: bool, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[u8::from(compressed)], length.as_slice(), body].concat()
}

/// One request.
pub struct Ask {
    method: Method,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Ask {
    pub fn get(to: SocketAddr, path: &str) -> Self {
        Self {
            method: Method::GET,
            url: format!("http://{to}{path}"),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub fn post(to: SocketAddr, path: &str, body: impl Into<Bytes>) -> Self {
        Self { method: Method::POST, body: body.into(), ..Self::get(to, path) }
            .with("content-type", "application/json")
    }

    /// A gRPC call with these bytes as its whole body.
    pub fn grpc(to: SocketAddr, path: &str, body: impl Into<Bytes>) -> Self {
        let ask = Self { method: Method::POST, body: body.into(), ..Self::get(to, path) };
        ask.with("content-type", "application/grpc").with("te", "trailers")
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn bearer(self, secret: &str) -> Self {
        self.with("authorization", &format!("Bearer {secret}"))
    }
}

/// An answer, read whole, its trailers among its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} is no JSON: {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Web {
    /// A client that speaks HTTP/2 from the first byte.
    pub fn second() -> Self {
        Self(Client::builder(TokioExecutor::new()).http2_only(true).build_http())
    }

    /// Sends and reads the answer whole, within the patience of a test.
    pub async fn ask(&self, ask: Ask) -> Answer {
        let what = format!("{} {}", ask.method, ask.url);
        self.try_ask(ask).await.unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// The same where the port may not answer.
    pub async fn try_ask(&self, ask: Ask) -> Result<Answer, String> {
        let whole = async {
            let (mut head, body) = self.open(ask).await?.into_parts();
            let body = body.collect().await.map_err(|error| format!("the answer broke off: {error}"))?;
            head.headers.extend(body.trailers().cloned().unwrap_or_default());
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes() })
        };
        timeout(PATIENCE, whole).await.map_err(|_| "no answer in time".to_owned())?
    }

    /// Sends and leaves the answer open.
    pub async fn open(&self, ask: Ask) -> Result<Response<Incoming>, String> {
        let mut request = Request::builder().method(ask.method).uri(ask.url);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(ask.body)).map_err(|error| error.to_string())?;
        self.0.request(request).await.map_err(|error| error.to_string())
    }
}
