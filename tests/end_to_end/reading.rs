//! How what one side holds is read on the other side: a launch by the host, a session, the JSON view.

use crate::node::Node;
use crate::web::{Answer, Ask, Web};
use axum::http::StatusCode;
use domain::{Clock, SystemClock};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long something may take to show.
const SHOWS_WITHIN: Duration = Duration::from_secs(20);

/// Where somebody sits.
#[derive(Clone, Copy)]
pub struct Desk {
    pub organisation: &'static str,
    /// Name of the host's credential.
    pub host: &'static str,
    pub user: &'static str,
    pub purpose: &'static str,
    pub origin: &'static str,
    pub authority: &'static str,
}

pub const NURSE: Desk = Desk {
    organisation: world::HEALTH_BOARD,
    host: "board-host",
    user: world::staff::AILEEN_STRACHAN_BELL.user,
    purpose: world::staff::AILEEN_STRACHAN_BELL.purpose,
    origin: "http://portal.localhost:7411",
    authority: world::HEALTH_AUTHORITY,
};

pub const SOCIAL_WORKER: Desk = Desk {
    organisation: world::COUNCIL,
    host: "council-host",
    user: world::staff::CATRIONA_FENWICK.user,
    purpose: world::staff::CATRIONA_FENWICK.purpose,
    origin: "http://council.localhost:7410",
    authority: world::COUNCIL_AUTHORITY,
};

/// The body of a launch about the desk's own record.
pub fn launch_body(desk: Desk, local_id: &str) -> Value {
    json!({
        "user": desk.user,
        "organisation": desk.organisation,
        "purpose": desk.purpose,
        "person": [{ "record": { "authority": desk.authority, "local_id": local_id } }],
        "origin": desk.origin,
        "relationship_asserted": true,
        "authenticated_at": SystemClock.now().to_string(),
    })
}

/// Asks for a launch.
pub async fn try_launch(node: &Node, host: &str, body: &Value) -> Answer {
    let ask = Ask::post(node.http, "/launches", body.to_string()).bearer(&node.secret(host));
    Web::default().ask(ask).await
}

/// The code of a launch that is made.
pub async fn code_of_launch(node: &Node, desk: Desk, local_id: &str) -> String {
    let answer = try_launch(node, desk.host, &launch_body(desk, local_id)).await;
    assert_eq!(answer.status, StatusCode::CREATED.as_u16(), "{}", answer.text());
    let url = answer.json()["url"].as_str().unwrap().to_owned();
    url.split_once("?code=").unwrap().1.to_owned()
}

/// Exchanges a code.
pub async fn try_exchange(node: &Node, code: &str, ancestor: Option<&str>) -> Answer {
    let body = json!({ "code": code, "ancestor": ancestor });
    Web::default().ask(Ask::post(node.http, "/panel/session", body.to_string())).await
}

/// An open session about one person.
pub struct Session {
    pub web: Web,
    pub bearer: String,
}

impl Session {
    pub async fn open(node: &Node, desk: Desk, local_id: &str) -> Self {
        let code = code_of_launch(node, desk, local_id).await;
        let answer = try_exchange(node, &code, Some(desk.origin)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Self { web: Web::default(), bearer: answer.json()["bearer"].as_str().unwrap().to_owned() }
    }

    /// Fetches a path of the panel or the view.
    pub async fn get(&self, node: &Node, path: &str) -> Answer {
        self.web.ask(Ask::get(node.http, path).bearer(&self.bearer)).await
    }

    /// The JSON view.
    pub async fn view(&self, node: &Node) -> Value {
        let answer = self.get(node, "/v1/view").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Waits until the view is as it should be.
    pub async fn wait(&self, node: &Node, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + SHOWS_WITHIN;
        loop {
            let view = self.view(node).await;
            if holds(&view) {
                return view;
            }
            assert!(Instant::now() < deadline, "{what}: {view:#}");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }
}

/// The text of one field of one item in a view.
pub fn shown<'a>(view: &'a Value, kind: &str, instance: &str, field: &str) -> Option<&'a str> {
    let items = view.pointer("/view/items")?.as_array()?;
    let item = items.iter().find(|item| item["kind"] == kind && item["instance"] == instance)?;
    let fields = item["fields"].as_array()?;
    fields.iter().find(|one| one["name"] == field)?.pointer("/value/text")?.as_str()
}

/// Whether anything is shown at all.
pub fn shows(view: &Value) -> bool {
    !view["view"].is_null()
}
