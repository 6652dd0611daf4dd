//! `GET /panel/stream`: the view, and again whenever what is permitted has changed, as `text/event-stream`.
//!
//! A stream begins with the whole view, whatever number the reader had last: what was true then is nobody's business
//! any more. The numbers let a reader tell the events of one session apart.

use super::events::{Event, frame, next_number};
use super::released::released_event;
use super::session_of;
use crate::Viewer;
use crate::live::{LiveView, Told};
use crate::panel::{Feed, heartbeat};
use crate::present::{Scene, Seen, blank, cleared, panel_html, panel_input};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use domain::Exit;
use futures::Stream;
use gate::{Shown, Update};
use jiff::Timestamp;
use pages::make_private;
use std::convert::Infallible;
use std::sync::Arc;
use transport::Problem;

/// Answers a stream.
pub(super) async fn panel_stream(
    State(viewer): State<Arc<Viewer>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = session_of(&viewer, &headers, Exit::PanelUpdate).await?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let panel = LivePanel {
        live: LiveView::open(&viewer, session, Exit::PanelUpdate)?,
        number: next_number(last),
        seen: None,
    };
    let mut response = Response::new(Body::from_stream(events(panel)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    make_private(headers);
    Ok(response)
}

/// One open stream of a panel.
struct LivePanel {
    live: LiveView,
    number: u64,
    /// What is on the page now; nothing after a blank.
    seen: Option<OnPage>,
}

/// What a sign of life and a blank need to know of the page before them.
#[derive(Clone)]
struct OnPage {
    parts: Seen,
    feed: Feed,
}

fn events(panel: LivePanel) -> impl Stream<Item = Result<Bytes, Infallible>> {
    futures::stream::unfold(panel, |mut panel| async move {
        let event = panel.next().await?;
        Some((Ok(event), panel))
    })
}

impl LivePanel {
    async fn next(&mut self) -> Option<Bytes> {
        let viewer = Arc::clone(self.live.viewer());
        let session = self.live.session.clone();
        let mut on_page = None;
        let render = |shown: &Shown| {
            let scene = Scene::of(&viewer.gate, &session);
            let input = panel_input(&scene, shown).ok_or(gate::Error::Render)?;
            on_page = Some(OnPage { parts: Seen::of(&scene, shown), feed: input.feed });
            panel_html(&scene, shown)
        };
        let told = self.live.next(render).await?;
        let now = viewer.clock.now();
        Some(match told {
            Told::Update(Update::Show(released)) => {
                self.seen = on_page;
                released_event(released, self.take_number())
            }
            Told::Update(Update::Blank(refused)) => {
                let seen = self.seen.take();
                let scene = Scene::of(&viewer.gate, &session);
                let page = blank(&scene, &refused, seen.as_ref().map(|seen| &seen.parts));
                frame(Event::Blank, Some(self.take_number()), &page.html)
            }
            Told::Alive(heard) => frame(Event::Heartbeat, None, &self.stamp(heard, now)),
            Told::Broken => {
                self.seen = None;
                let page = cleared(&Scene::of(&viewer.gate, &session), now);
                frame(Event::Blank, Some(self.take_number()), &page.html)
            }
        })
    }

    fn take_number(&mut self) -> u64 {
        let number = self.number;
        self.number = number.saturating_add(1);
        number
    }

    /// How fresh the page is; nothing where nothing is shown.
    fn stamp(&self, heard: Option<Timestamp>, now: Timestamp) -> String {
        let Some(seen) = &self.seen else { return String::new() };
        let feed = Feed { heard_at: heard.or(seen.feed.heard_at), ..seen.feed };
        heartbeat(&feed, now).unwrap_or_else(|error| {
            tracing::error!(error = %error, "a stamp cannot be rendered");
            String::new()
        })
    }
}
