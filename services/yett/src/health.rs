//! Whether the node is alive and gets on: `/livez`, `/readyz` (progress), `/metrics`.

use crate::watched_log::WatchedLog;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use event_log::Stream;
use gate::Lease;
use pipeline::Ground;
use std::sync::{Arc, Mutex, PoisonError};
use telemetry::Metrics;
use viewer::disclosures::Soundness;

/// How long a consumer may have been away from the end of its streams before the node is not ready, in seconds.
const BEHIND_S: i64 = 30;

/// What readiness looks at.
#[derive(Clone)]
pub(crate) struct Health {
    inner: Arc<Inner>,
}

struct Inner {
    ground: Ground,
    log: Arc<WatchedLog>,
    lease: Arc<Lease>,
    metrics: Metrics,
    /// Role and streams of each consumer that runs here.
    consumers: Vec<(&'static str, &'static [Stream])>,
    incidents: Mutex<Vec<String>>,
    soundness: Mutex<Option<Arc<Soundness>>>,
}

impl Health {
    /// Looks at these parts.
    pub(crate) fn new(
        ground: Ground,
        log: Arc<WatchedLog>,
        lease: Arc<Lease>,
        metrics: Metrics,
        consumers: Vec<(&'static str, &'static [Stream])>,
    ) -> Self {
        let (incidents, soundness) = (Mutex::default(), Mutex::default());
        Self { inner: Arc::new(Inner { ground, log, lease, metrics, consumers, incidents, soundness }) }
    }

    /// What the checks of the disclosure log find counts from now on.
    pub(crate) fn watch_soundness(&self, soundness: Arc<Soundness>) {
        *self.inner.soundness.lock().unwrap_or_else(PoisonError::into_inner) = Some(soundness);
    }

    /// Something happened that a person must look at: the node is not ready any more.
    pub(crate) fn incident(&self, what: String) {
        self.inner.incidents.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// What does not work, in words, apart from how far the consumers are.
    pub(crate) fn not_working(&self) -> Vec<String> {
        let inner = &self.inner;
        let mut problems = inner.incidents.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !inner.log.is_writable() {
            problems.push("the log cannot be written: is the disk full?".to_owned());
        }
        let soundness = inner.soundness.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if soundness.is_some_and(|soundness| soundness.is_damaged()) {
            problems.push("the disclosure log was changed or is damaged: a person must look".to_owned());
        }
        if inner.lease.ends().is_none_or(|ends| ends <= inner.ground.clock.now()) {
            problems.push("the sharing rules are not confirmed up to date: nothing is disclosed".to_owned());
        }
        problems
    }

    /// What does not work, in words. Empty: everything does.
    pub(crate) async fn not_ready(&self) -> Vec<String> {
        let inner = &self.inner;
        let mut problems = self.not_working();
        let now = inner.ground.clock.now();
        for (role, streams) in &inner.consumers {
            for stream in *streams {
                if let Some(problem) = self.behind(role, *stream, now).await {
                    problems.push(problem);
                }
            }
        }
        problems
    }

    async fn behind(&self, role: &'static str, stream: Stream, now: jiff::Timestamp) -> Option<String> {
        let name = stream.as_str();
        match self.inner.ground.store.caught_up_at(role, stream).await {
            Ok(Some(at)) if now.as_second() - at.as_second() <= BEHIND_S => None,
            Ok(Some(_)) => Some(format!("{role} has not reached the end of {name} for {BEHIND_S} seconds")),
            Ok(None) => Some(format!("{role} has not reached the end of {name} yet")),
            Err(_) => Some("the store cannot be read".to_owned()),
        }
    }

    /// The routes.
    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/livez", get(|| async { "alive\n" }))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self.clone())
    }
}

async fn ready(State(health): State<Health>) -> Response {
    let problems = health.not_ready().await;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "ready": problems.is_empty(), "not_ready": problems });
    let json = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, json, format!("{body}\n")).into_response()
}

async fn metrics(State(health): State<Health>) -> Response {
    let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (text, health.inner.metrics.render()).into_response()
}
