//! A proxy before the viewer that records every disclosure that passes: what left, as a stranger on the wire sees it.
//! It changes nothing.

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How long a stream is still recorded after its reader left.
const LINGER: Duration = Duration::from_millis(300);

/// One disclosure that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Id of the disclosure, as the answer names it.
    pub(crate) disclosure: String,
    /// Kinds of the items in the body, where the body names them.
    pub(crate) kinds: Option<Vec<String>>,
    /// Number of items in it, where the body lists them.
    pub(crate) items: Option<u64>,
}

/// The proxy's memory.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    seen: Arc<Mutex<Vec<Seen>>>,
}

#[derive(Clone)]
struct Passing {
    recorder: Recorder,
    client: Client<HttpConnector, Body>,
    viewer: SocketAddr,
}

impl Recorder {
    /// Listens and passes everything on to the viewer until stopped.
    pub(crate) async fn start(
        public: SocketAddr,
        viewer: SocketAddr,
        stop: CancellationToken,
    ) -> Result<Self> {
        let recorder = Self::default();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let passing = Passing { recorder: recorder.clone(), client, viewer };
        let listener = tokio::net::TcpListener::bind(public).await.context("the proxy cannot listen")?;
        // The one route of the proxy: whatever it is asked, it passes on.
        let router = Router::new().fallback(pass).with_state(passing);
        tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
            if let Err(error) = served {
                tracing::error!(error = %error, "the recording proxy ended");
            }
        });
        Ok(recorder)
    }

    /// Everything that passed so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the lines of a live stream for the field that names a disclosure.
    fn read_lines(&self, line: &mut Vec<u8>, bytes: &[u8]) {
        for byte in bytes {
            if *byte != b'\n' {
                line.push(*byte);
                continue;
            }
            let text = String::from_utf8_lossy(line).into_owned();
            if let Some(disclosure) = text.strip_prefix("disclosure: ") {
                self.note(Seen { disclosure: disclosure.trim().to_owned(), kinds: None, items: None });
            }
            line.clear();
        }
    }

    fn note(&self, seen: Seen) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}

async fn pass(State(passing): State<Passing>, mut request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let Ok(target) = format!("http://{}{path}", passing.viewer).parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = target;
    match passing.client.request(request).await {
        Ok(answer) => record(&passing.recorder, answer.map(Body::new)).await,
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

async fn record(recorder: &Recorder, answer: Response) -> Response {
    let kind = text_of(&answer, header::CONTENT_TYPE);
    if kind.starts_with("text/event-stream") {
        return watched(recorder.clone(), answer);
    }
    let disclosure = text_of(&answer, header::HeaderName::from_static("yett-disclosure"));
    if disclosure.is_empty() {
        return answer;
    }
    let (head, body) = answer.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 4 * 1024 * 1024).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let listed = kind.starts_with("application/json").then(|| items_of(&bytes)).flatten();
    let (kinds, items) = listed.map_or((None, None), |(kinds, items)| (Some(kinds), Some(items)));
    recorder.note(Seen { disclosure, kinds, items });
    Response::from_parts(head, Body::from(bytes))
}

fn text_of(answer: &Response, name: header::HeaderName) -> String {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A live stream names the disclosure of each update in a field of its own, which browsers pass over. A reader that
/// leaves does not end the recording at once: what the viewer has sent by then has left.
fn watched(recorder: Recorder, answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    let (passed_on, received) = mpsc::channel::<Bytes>(64);
    tokio::spawn(async move {
        let mut upstream = body.into_data_stream();
        let mut line = Vec::new();
        loop {
            let next = tokio::select! {
                () = passed_on.closed() => break,
                next = upstream.next() => next,
            };
            let Some(Ok(bytes)) = next else { return };
            recorder.read_lines(&mut line, &bytes);
            if passed_on.send(bytes).await.is_err() {
                break;
            }
        }
        let rest = async {
            while let Some(Ok(bytes)) = upstream.next().await {
                recorder.read_lines(&mut line, &bytes);
            }
        };
        // Then the connection is let go, and the viewer notices.
        tokio::time::timeout(LINGER, rest).await.ok();
    });
    let stream = futures::stream::unfold(received, |mut received| async move {
        let bytes = received.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(bytes), received))
    });
    Response::from_parts(head, Body::from_stream(stream))
}

fn items_of(bytes: &[u8]) -> Option<(Vec<String>, u64)> {
    let view: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let mut kinds = Vec::new();
    let mut items = 0;
    collect(&view, &mut kinds, &mut items);
    kinds.sort();
    kinds.dedup();
    Some((kinds, items))
}

/// Every object with a `kind` and an `instance` is an item, wherever it stands.
fn collect(value: &serde_json::Value, kinds: &mut Vec<String>, items: &mut u64) {
    match value {
        serde_json::Value::Object(fields) => {
            let kind = fields.get("kind").and_then(serde_json::Value::as_str);
            if let (Some(kind), true) = (kind, fields.contains_key("as_of")) {
                kinds.push(kind.to_owned());
                *items += 1;
            }
            fields.values().for_each(|value| collect(value, kinds, items));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, kinds, items)),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}
