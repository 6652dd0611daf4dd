//! Derived events that are stored with the rows that they follow from, and appended to the log afterwards.

use crate::Error;
use async_trait::async_trait;
use domain::{EventId, RecordKey};
use event_log::Stream;

/// One event that waits to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Place in the order of pushing; given by the store.
    pub sequence: u64,
    /// Where it goes.
    pub stream: Stream,
    /// Its key.
    pub key: RecordKey,
    /// Its id, derived from its cause.
    pub event: EventId,
    /// The event, coded by its owner.
    pub body: Vec<u8>,
}

/// Writing side.
#[async_trait]
pub trait Outbox {
    /// Puts an event into the outbox of the unit's role. The same id twice is one event. `row.sequence` is not read.
    async fn push_outbox(&mut self, row: OutboxRow) -> Result<(), Error>;

    /// Takes out what was appended.
    async fn delete_outbox(&mut self, sequences: &[u64]) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait OutboxReads {
    /// The oldest events of a role's outbox, in order.
    async fn outbox(&self, role: &str, limit: u32) -> Result<Vec<OutboxRow>, Error>;
}
