//! What a service brings to the consumer loop.

use async_trait::async_trait;
use domain::EventId;
use event_codec::Event;
use event_log::{Envelope, LogPosition, Stream};
use std::time::Duration;
use storage::{Store, UnitOfWork};

/// An event, opened and decoded.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// Its stream.
    pub stream: Stream,
    /// Where it lies. For whoever keeps it with what follows; order is the loop's own business.
    pub position: LogPosition,
    /// Its id.
    pub id: EventId,
    /// Its envelope.
    pub envelope: Envelope,
    /// What it says.
    pub event: Event,
}

/// An event that follows from another one.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Tells it apart from other events of the same cause.
    pub what: String,
    /// What it says.
    pub event: Event,
}

/// Why a handler could not handle an event.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// It never will: the event is parked with this reason (rule and field, never a value). Nothing was written.
    #[error("{reason}")]
    Poison {
        /// Why.
        reason: String,
    },
    /// What was handled before and what the log holds now do not fit: the role stops, a person must look.
    #[error("{what}")]
    Incident {
        /// What does not fit, never a value.
        what: String,
    },
    /// The store failed: the batch is tried again.
    #[error(transparent)]
    Store(#[from] storage::Error),
}

/// A role's part of the loop. It decides before it writes: an error leaves nothing half done.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Name of the role, under which positions are kept.
    fn role(&self) -> &'static str;

    /// Streams that it reads.
    fn streams(&self) -> &'static [Stream];

    /// How long the loop rests after a batch that was not full, to take more at once. A role whose effects somebody
    /// waits for does not rest.
    fn rest(&self) -> Duration {
        Duration::ZERO
    }

    /// Builds whatever it keeps in memory anew. Called at start, and whenever a batch failed.
    async fn reload(&mut self, store: &dyn Store) -> Result<(), HandlerError>;

    /// Whether what it keeps in memory no longer fits the store: no batch is begun, and `reload` is called.
    fn is_stale(&self) -> bool {
        false
    }

    /// Handles one event in the batch's unit of work.
    async fn handle(
        &mut self,
        work: &mut dyn UnitOfWork,
        event: &Decoded,
    ) -> Result<Vec<Derived>, HandlerError>;

    /// Notes that an event was parked, waits, or was taken out again (`delta` is 1 or −1).
    async fn on_parked(
        &mut self,
        _work: &mut dyn UnitOfWork,
        _stream: Stream,
        _envelope: &Envelope,
        _delta: i64,
    ) -> Result<(), storage::Error> {
        Ok(())
    }
}
