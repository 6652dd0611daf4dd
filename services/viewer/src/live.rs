//! An open live view, the same for HTML and gRPC: updates from the gate, signs of life between them, and an end when
//! the session ends. Nothing is buffered: a slow reader is told what is true when it reads.

use crate::Viewer;
use crate::sessions::Session;
use domain::Exit;
use gate::{Error, Shown, Update, Watched};
use jiff::Timestamp;
use policy::Body;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use transport::Failure;

/// When a caller may try again for whom there is no room.
const TRY_AGAIN: Duration = Duration::from_secs(15);

/// What a live view tells.
pub(crate) enum Told<B> {
    /// Something else may be seen, or nothing any more.
    Update(Update<B>),
    /// Nothing has changed. When the quietest feed behind what is shown was last heard.
    Alive(Option<Timestamp>),
    /// It cannot go on: what was shown must be removed. The last that is told.
    Broken,
}

/// One open live view. It counts as open until it is dropped.
pub(crate) struct LiveView {
    viewer: Arc<Viewer>,
    pub(crate) session: Arc<Session>,
    watched: Watched,
    heartbeat: Interval,
    ends: Instant,
    over: bool,
    _slot: OwnedSemaphorePermit,
}

impl LiveView {
    /// Opens one, if there is room.
    pub(crate) fn open(viewer: &Arc<Viewer>, session: Arc<Session>, exit: Exit) -> Result<Self, Failure> {
        let slot = Arc::clone(&viewer.slots).try_acquire_owned();
        let slot = slot.map_err(|_| Failure::Unavailable { retry_after: TRY_AGAIN })?;
        let every = viewer.settings.heartbeat.max(Duration::from_millis(100));
        let mut heartbeat = tokio::time::interval_at(Instant::now() + every, every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self {
            watched: viewer.gate.watch(&viewer.hub, session.ask(exit)),
            ends: Instant::now() + left(session.expires_at, viewer.clock.now()),
            viewer: Arc::clone(viewer),
            session,
            heartbeat,
            over: false,
            _slot: slot,
        })
    }

    /// The viewer that it is a view of.
    pub(crate) fn viewer(&self) -> &Arc<Viewer> {
        &self.viewer
    }

    /// What is told next; `None` when the session has ended, or the node stops: the reader comes again.
    pub(crate) async fn next<B: Body>(
        &mut self,
        render: impl FnMut(&Shown) -> Result<B, Error>,
    ) -> Option<Told<B>> {
        if self.over {
            return None;
        }
        let Self { watched, heartbeat, ends, viewer, .. } = self;
        tokio::select! {
            () = viewer.stop.cancelled() => None,
            () = tokio::time::sleep_until(*ends) => None,
            _ = heartbeat.tick() => self.alive().await,
            update = watched.next(render) => Some(match update {
                Ok(update) => Told::Update(update),
                Err(error) => {
                    tracing::error!(error = %error, "a live view cannot go on");
                    self.over = true;
                    Told::Broken
                }
            }),
        }
    }

    async fn alive<B>(&mut self) -> Option<Told<B>> {
        if !self.viewer.is_open(&self.session).await {
            return None;
        }
        match self.watched.stamp().await {
            Ok(heard) => Some(Told::Alive(heard)),
            Err(error) => {
                tracing::warn!(error = %error, "the feeds behind a live view cannot be read");
                self.over = true;
                Some(Told::Broken)
            }
        }
    }
}

/// Time until the end of a session.
fn left(expires_at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(expires_at.duration_since(now)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_is_over_leaves_no_time() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        assert_eq!(left(at(100), at(40)), Duration::from_mins(1));
        assert_eq!(left(at(40), at(100)), Duration::ZERO);
    }
}
