//! The doors of a node as hosts and readers use them, without a network: launches, sessions, views, live views.
//! Everything that comes out is kept as bytes.

use crate::node::Node;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::StreamExt;
use futures::stream::BoxStream;
use http_body_util::BodyExt;
use prost::Message;
use proto::viewing::v1;
use proto::viewing::v1::launch_service_client::LaunchServiceClient;
use proto::viewing::v1::view_service_client::ViewServiceClient;
use std::sync::Arc;
use tokio::task::unconstrained;
use tower::ServiceExt;
use viewer::Viewer;

/// What came out of a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether a view of a person was shown, as far as the door itself tells; else a refusal or a failure.
    pub shown: bool,
    /// Everything: status, headers, body.
    pub bytes: Vec<u8>,
}

/// A way to look at the session's person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// JSON.
    Json,
    /// The panel's HTML.
    Html,
    /// gRPC.
    Grpc,
    /// Why it is seen.
    Why,
}

/// A live view.
pub struct Live(BoxStream<'static, Answer>);

impl Live {
    /// What it tells without waiting.
    pub async fn told(&mut self) -> Vec<Answer> {
        let mut told = Vec::new();
        // Not a wait: whatever cannot be told at once would need something to happen first.
        while let std::task::Poll::Ready(Some(answer)) = futures::poll!(unconstrained(self.0.next())) {
            told.push(answer);
        }
        told
    }
}

/// The doors of a viewer. Outlives the node that it was taken from.
#[derive(Clone)]
pub struct Screens(Arc<Viewer>);

impl Screens {
    /// Those of a node.
    pub fn of(node: &Node) -> Self {
        Self(Arc::clone(&node.viewer))
    }

    /// A host asks for a launch; the answer is the one-time code and the session's id.
    pub async fn launch(
        &self,
        secret: &str,
        request: v1::CreateLaunchRequest,
    ) -> Result<(String, String), tonic::Status> {
        let mut client = LaunchServiceClient::new(self.0.launch_service());
        let made = client.create_launch(with_bearer(request, secret)).await?.into_inner();
        let code = made.url.split_once("code=").map(|(_, code)| code.to_owned());
        Ok((code.expect("the address of a launch carries its code"), made.session_id))
    }

    /// The page exchanges its code; the bearer, if there is one.
    pub async fn open(&self, code: &str) -> (Answer, Option<String>) {
        let body = serde_json::json!({ "code": code }).to_string();
        let (status, answer, body) = self.send(post("/panel/session", "", body)).await;
        let read: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let bearer = read["bearer"].as_str().filter(|_| status == StatusCode::OK).map(str::to_owned);
        (answer, bearer)
    }

    /// Looks once.
    pub async fn look(&self, bearer: &str, door: Door) -> Answer {
        match door {
            Door::Json => {
                let (_, answer, body) = self.send(get("/v1/view", bearer)).await;
                let read: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
                Answer { shown: read["view"].is_object(), ..answer }
            }
            Door::Html => self.send(get("/panel/view", bearer)).await.1,
            Door::Why => self.send(get("/panel/why/all", bearer)).await.1,
            Door::Grpc => self.get_view(bearer, None).await,
        }
    }

    /// Asks in a session about a person by an identifier, perhaps another one than the session's.
    pub async fn get_view(&self, bearer: &str, person: Option<v1::PersonIdentifier>) -> Answer {
        let mut client = ViewServiceClient::new(self.0.view_service());
        match client.get_view(with_bearer(v1::GetViewRequest { person }, bearer)).await {
            Ok(response) => {
                let response = response.into_inner();
                let shown = matches!(response.result, Some(v1::get_view_response::Result::View(_)));
                Answer { shown, bytes: response.encode_to_vec() }
            }
            Err(status) => failed(&status),
        }
    }

    /// Opens a live view over gRPC.
    pub async fn watch(&self, bearer: &str) -> Result<Live, Answer> {
        let mut client = ViewServiceClient::new(self.0.view_service());
        let request = with_bearer(v1::WatchViewRequest { person: None }, bearer);
        let stream = client.watch_view(request).await.map_err(|status| failed(&status))?.into_inner();
        let answers = stream.map(|message| match message {
            Ok(message) => {
                let shown = matches!(message.update, Some(v1::watch_view_response::Update::View(_)));
                Answer { shown, bytes: message.encode_to_vec() }
            }
            Err(status) => failed(&status),
        });
        Ok(Live(answers.boxed()))
    }

    /// Opens a live view as the panel's page does.
    pub async fn watch_page(&self, bearer: &str) -> Result<Live, Answer> {
        let response = self.0.router().oneshot(get("/panel/stream", bearer)).await;
        let response = response.unwrap_or_else(|never| match never {});
        if response.status() != StatusCode::OK {
            let bytes = response.into_body().collect().await.expect("a body").to_bytes().to_vec();
            return Err(Answer { shown: false, bytes });
        }
        let frames = response.into_body().into_data_stream().map(|frame| {
            let bytes = frame.expect("a frame").to_vec();
            let shown = bytes.split(|byte| *byte == b'\n').any(|line| line == b"event: view");
            Answer { shown, bytes }
        });
        Ok(Live(frames.boxed()))
    }

    /// Declares emergency access, or ends it. The view follows.
    pub async fn emergency(&self, bearer: &str, begins: bool) -> Answer {
        let (path, body) = if begins {
            let body = serde_json::json!({ "reason": "emergency", "why": "She fell and cannot speak." });
            ("/panel/override", body.to_string())
        } else {
            ("/panel/override/end", String::new())
        };
        self.send(post(path, bearer, body)).await.1
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, Answer, Vec<u8>) {
        let response = self.0.router().oneshot(request).await;
        let (parts, body) = response.unwrap_or_else(|never| match never {}).into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        let mut bytes = format!("{} {:?}\n", parts.status, parts.headers).into_bytes();
        bytes.extend_from_slice(&body);
        // Only what the gate released carries the number of a view.
        let shown = parts.headers.contains_key("yett-event-id");
        (parts.status, Answer { shown, bytes }, body)
    }
}

fn failed(status: &tonic::Status) -> Answer {
    Answer { shown: false, bytes: format!("{status:?} {status}").into_bytes() }
}

/// A gRPC request with a bearer.
pub fn with_bearer<T>(message: T, secret: &str) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    let value = format!("Bearer {secret}").parse().expect("a header");
    request.metadata_mut().insert("authorization", value);
    request
}

fn get(path: &str, bearer: &str) -> Request<Body> {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    request.body(Body::empty()).expect("a request")
}

fn post(path: &str, bearer: &str, body: String) -> Request<Body> {
    let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).expect("a request")
}
