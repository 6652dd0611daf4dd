//! An event as the log carries it: an envelope in the clear, a payload that only its key's holder can read.

use crate::{KeyId, LogPosition, Sealed};
use domain::{EventId, RecordKey};
use jiff::Timestamp;
use uuid::Uuid;

/// What stands beside the payload, in the clear: nothing in it may tell who a person is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What happened, in the past tense, such as `RecordChanged`.
    pub event_type: String,
    /// Version of that type's payload.
    pub type_version: u32,
    /// Who says it: the authority of a feed, or a role of Yett.
    pub source: String,
    /// The source record that it is about, whose data key seals the payload.
    pub record: RecordKey,
    /// The source's own sequence number, where there is one.
    pub sequence: Option<u64>,
    /// When it happened, as the source says.
    pub occurred_at: Timestamp,
    /// When it was received.
    pub received_at: Timestamp,
    /// What belongs together across streams.
    pub correlation_id: Option<Uuid>,
    /// The event that it follows from.
    pub causation_id: Option<EventId>,
    /// W3C trace context.
    pub traceparent: Option<String>,
    /// The data key that seals the payload.
    pub key_id: KeyId,
    /// Keyed hash of the plaintext: tells a repeat from a conflict without opening either.
    pub payload_hash: [u8; 32],
}

impl Envelope {
    /// An envelope with version 1 of the type, both times `at`, and nothing optional. The sealer fills in the rest.
    pub fn new(record: RecordKey, event_type: &str, source: &str, at: Timestamp) -> Self {
        Self {
            event_type: event_type.to_owned(),
            type_version: 1,
            source: source.to_owned(),
            record,
            sequence: None,
            occurred_at: at,
            received_at: at,
            correlation_id: None,
            causation_id: None,
            traceparent: None,
            key_id: KeyId { epoch: 0, salt: Uuid::nil() },
            payload_hash: [0; 32],
        }
    }

    /// Cuts the times to the microsecond, as every log keeps them.
    #[must_use]
    pub fn to_the_microsecond(mut self) -> Self {
        self.occurred_at = microsecond(self.occurred_at);
        self.received_at = microsecond(self.received_at);
        self
    }
}

fn microsecond(instant: Timestamp) -> Timestamp {
    instant_of(instant.as_microsecond()).unwrap_or(instant)
}

/// The instant so many microseconds after the epoch: the inverse of `as_microsecond` for every instant that there is.
pub fn instant_of(microseconds: i64) -> Option<Timestamp> {
    // Not `from_microsecond`, which refuses the last second.
    let nanoseconds = i32::try_from(microseconds % 1_000_000).ok()? * 1000;
    Timestamp::new(microseconds / 1_000_000, nanoseconds).ok()
}

/// An event to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The same for the same happening, however often it is appended.
    pub id: EventId,
    /// Order holds among events of one key.
    pub key: RecordKey,
    /// In the clear.
    pub envelope: Envelope,
    /// Sealed.
    pub payload: Sealed,
}

/// What became of one appended event. Either way it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is new, and lies here.
    Stored(LogPosition),
    /// The stream holds an event of this id already.
    Repeat {
        /// The id.
        id: EventId,
        /// Whether the payload is the same; if not, two senders disagree.
        same_payload: bool,
        /// When the one that is held was received.
        received_at: Timestamp,
    },
}

/// An event as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Where it lies.
    pub position: LogPosition,
    /// Its id.
    pub id: EventId,
    /// Its key.
    pub key: RecordKey,
    /// In the clear.
    pub envelope: Envelope,
    /// Sealed.
    pub payload: Sealed,
}

/// What a reader is told.
#[allow(clippy::large_enum_variant, reason = "nearly all of them are events; a box each would cost more")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The next event of its partition.
    Event(StoredEvent),
    /// Nothing more is there now. The positions, one a partition, are the next to read.
    CaughtUp(Vec<LogPosition>),
}
