//! The area `yett.event.v1`: what the log's payloads mean.
//!
//! Every type of event stands here once, by its name and version. A type or version that is not known is told apart
//! from a payload that cannot be read, because the first may be readable to a later program. Nothing of a payload
//! goes into an error: only the name of a field and the rule that it breaks.

#[cfg(test)]
mod golden;
mod leaf;
mod link;
mod record;
mod sharing;

pub use crate::generated::yett::event::v1;
use crate::reading::{Part, stored};
use domain::{FieldViolation, Leaf, LinkEvent, RecordEvent, SharingEvent};
use prost::Message;

/// The one version of every event type so far.
const VERSION: u32 = 1;

/// An event of any stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Of the records stream.
    Record(RecordEvent),
    /// Of the links stream.
    Link(LinkEvent),
    /// Of the sharing stream.
    Sharing(SharingEvent),
    /// Of the disclosures stream.
    Leaf(Leaf),
}

/// An event as the log carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Name of its message, such as `RecordChanged`.
    pub event_type: &'static str,
    /// Version of that type.
    pub version: u32,
    /// The encoded message: not yet sealed.
    pub bytes: Vec<u8>,
}

impl Encoded {
    /// The first version of a message.
    fn of(event_type: &'static str, message: &impl Message) -> Self {
        Self { event_type, version: VERSION, bytes: message.encode_to_vec() }
    }
}

impl std::fmt::Debug for Encoded {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Encoded({} {}, {} bytes)", self.event_type, self.version, self.bytes.len())
    }
}

/// Why a payload cannot be turned into an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// This program does not know the type, or not this version of it.
    #[error("the event type {event_type} of version {version} is not known")]
    UnknownType {
        /// The type as the envelope gives it.
        event_type: String,
        /// Its version.
        version: u32,
    },
    /// The payload is not a valid message of its type.
    #[error("{field}: {rule}")]
    Malformed {
        /// The first field that breaks a rule.
        field: String,
        /// The rule.
        rule: String,
    },
}

/// Encodes an event.
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Record(event) => record::encode(event),
        Event::Link(event) => link::encode(event),
        Event::Sharing(event) => sharing::encode(event),
        Event::Leaf(leaf) => leaf::encode(leaf),
    }
}

/// Decodes an event by the type and version that its envelope gives.
pub fn decode(event_type: &str, version: u32, bytes: &[u8]) -> Result<Event, DecodeError> {
    let unknown = || DecodeError::UnknownType { event_type: event_type.to_owned(), version };
    if version != VERSION {
        return Err(unknown());
    }
    let read = record::decode(event_type, bytes)
        .map(|read| read.map(Event::Record))
        .or_else(|| link::decode(event_type, bytes).map(|read| read.map(Event::Link)))
        .or_else(|| sharing::decode(event_type, bytes).map(|read| read.map(Event::Sharing)))
        .or_else(|| leaf::decode(event_type, bytes).map(|read| read.map(Event::Leaf)));
    read.ok_or_else(unknown)?.map_err(malformed)
}

fn malformed(violations: Vec<FieldViolation>) -> DecodeError {
    let first = violations.into_iter().next();
    let first = first.unwrap_or_else(|| FieldViolation::new("payload", "cannot be read"));
    DecodeError::Malformed { field: first.field, rule: first.rule }
}

/// Reads the message of a payload; bytes that are none are a violation of the payload.
fn message<M: Message + Default>(bytes: &[u8]) -> Result<M, Vec<FieldViolation>> {
    M::decode(bytes).map_err(|_| vec![FieldViolation::new("payload", "must be a message of its type")])
}

/// Reads a payload: its message, and then what the message says.
fn payload<M: Message + Default, T>(
    bytes: &[u8],
    read: fn(M, &mut Part<'_>) -> Option<T>,
) -> Result<T, Vec<FieldViolation>> {
    let message = message(bytes)?;
    stored(|part| read(message, part))
}
