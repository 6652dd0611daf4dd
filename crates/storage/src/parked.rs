//! Events that could not be handled, and those that wait behind them.

use crate::Error;
use async_trait::async_trait;
use domain::{Authority, EventId, RecordKey};
use event_log::{LogPosition, Stream};
use jiff::Timestamp;

/// What stands with a parked event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParkedState {
    /// It could not be handled: everything after it of its key waits.
    Blocking,
    /// It waits behind another one of its key.
    Waiting,
    /// A message that could not be understood, kept whole: nothing waits for it.
    Quarantined,
    /// It was handled after all.
    Replayed,
    /// Somebody left it out for good.
    Skipped,
}

impl ParkedState {
    /// Whether somebody has still to decide, or something has to come first.
    pub fn is_open(self) -> bool {
        match self {
            Self::Blocking | Self::Waiting | Self::Quarantined => true,
            Self::Replayed | Self::Skipped => false,
        }
    }
}

/// One parked event. Its payload stays in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedRow {
    /// The event.
    pub event: EventId,
    /// Its key: that of a record, or of a feed.
    pub key: RecordKey,
    /// The feed that it came from, where it came from one.
    pub authority: Option<Authority>,
    /// Stream.
    pub stream: Stream,
    /// Where it lies.
    pub position: LogPosition,
    /// Type of the event, such as `RecordChanged`.
    pub event_type: String,
    /// Why: rule and field, never a value.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// What stands with it.
    pub state: ParkedState,
}

/// Writing side. Rows belong to the unit's role.
#[async_trait]
pub trait Parked {
    /// Whether an event of this key and stream blocks those after it.
    async fn is_blocked(&mut self, stream: Stream, key: RecordKey) -> Result<bool, Error>;

    /// Stores a parked event, or its new state.
    async fn save_parked(&mut self, row: &ParkedRow) -> Result<(), Error>;

    /// The row of an event, as the unit sees it.
    async fn parked_event(&mut self, event: EventId) -> Result<Option<ParkedRow>, Error>;

    /// Open rows of a key in the order of the log: the blocking one first, then what waits.
    async fn open_parked(&mut self, stream: Stream, key: RecordKey) -> Result<Vec<ParkedRow>, Error>;
}

/// Reading side.
#[async_trait]
pub trait ParkedReads {
    /// Open rows of a role, the oldest first.
    async fn parked(&self, role: &str, limit: u32) -> Result<Vec<ParkedRow>, Error>;

    /// The row of an event.
    async fn find_parked(&self, role: &str, event: EventId) -> Result<Option<ParkedRow>, Error>;

    /// Which of these records have an update that could not be shown, for whatever role.
    async fn with_parked(&self, records: &[RecordKey]) -> Result<Vec<RecordKey>, Error>;
}
