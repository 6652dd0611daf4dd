//! Turns a domain event into a sealed event of the log, and back.
//!
//! The log carries bytes and `proto` knows what they mean; here the two meet, so that intake, pipeline and gate seal
//! and open in one way. Nothing is decided here.

mod outbox_form;

use domain::{DirectiveId, EventId, OrganisationId, RecordKey, SharingEvent};
use event_log::{Draft, Envelope, KeyError, NewEvent, OpenError, Sealer, StoredEvent, Stream};
use jiff::Timestamp;
pub use outbox_form::{from_bytes, to_bytes};
pub use proto::event::Event;
use proto::event::{DecodeError, decode, encode};

/// Why an event cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its type or version is not known to this version of the program. It waits for one that knows it.
    #[error("the event type {event_type} is not known to this version")]
    UnknownType {
        /// The type as the envelope gives it.
        event_type: String,
    },
    /// Its payload cannot be read.
    #[error("the event cannot be read: {0}")]
    Malformed(String),
    /// Its data key was destroyed: the person was erased.
    #[error("the event was erased")]
    Erased,
    /// It was changed since it was sealed.
    #[error("the event was changed since it was sealed, or is another one")]
    Corrupt,
    /// Keys cannot be had now. Try again.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Destroyed => Self::Erased,
            OpenError::Corrupt => Self::Corrupt,
            OpenError::Keys(error) => Self::Keys(error),
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::UnknownType { event_type, .. } => Self::UnknownType { event_type },
            DecodeError::Malformed { field, rule } => Self::Malformed(format!("{field}: {rule}")),
        }
    }
}

/// What stands in an event's envelope beside its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Id of the event.
    pub id: EventId,
    /// Who says it: a feed's authority, or a role of Yett.
    pub source: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was received.
    pub received_at: Timestamp,
    /// The source's sequence number, where there is one.
    pub sequence: Option<u64>,
    /// The event that it follows from.
    pub caused_by: Option<EventId>,
}

impl Heading {
    /// The heading of something that Yett itself says, now.
    pub fn own(id: EventId, role: &str, now: Timestamp, caused_by: Option<EventId>) -> Self {
        Self { id, source: role.to_owned(), occurred_at: now, received_at: now, sequence: None, caused_by }
    }
}

/// The stream that an event belongs to.
pub fn stream_of(event: &Event) -> Stream {
    match event {
        Event::Record(_) => Stream::Records,
        Event::Link(_) => Stream::Links,
        Event::Sharing(_) => Stream::Sharing,
        Event::Leaf(_) => Stream::Disclosures,
    }
}

/// The key that orders an event in its stream.
pub fn key_of(event: &Event) -> RecordKey {
    match event {
        Event::Record(event) => event.key(),
        Event::Link(event) => event.key(),
        Event::Sharing(_) => RecordKey::of_stream(Stream::Sharing.as_str()),
        Event::Leaf(leaf) => RecordKey(leaf.session.0),
    }
}

/// Whose data key seals an event: the record's wherever a person's data stands in it, else the stream's own.
pub fn owner_of(event: &Event) -> RecordKey {
    match event {
        Event::Record(event) => event.key(),
        Event::Link(event) => event.key(),
        Event::Sharing(SharingEvent::DirectiveSet(directive)) => directive.record.key(),
        Event::Sharing(_) => RecordKey::of_stream(Stream::Sharing.as_str()),
        Event::Leaf(_) => RecordKey::of_stream(Stream::Disclosures.as_str()),
    }
}

/// Seals and opens events.
#[derive(Debug, Clone)]
pub struct Codec {
    sealer: Sealer,
}

impl Codec {
    /// A codec that seals with this.
    pub fn new(sealer: Sealer) -> Self {
        Self { sealer }
    }

    /// The sealer.
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// Encodes and seals an event, ready to append to [`stream_of`] it.
    pub async fn seal(&self, heading: Heading, event: &Event) -> Result<NewEvent, KeyError> {
        let encoded = encode(event);
        let (stream, key, owner) = (stream_of(event), key_of(event), owner_of(event));
        let envelope = Envelope {
            type_version: encoded.version,
            sequence: heading.sequence,
            occurred_at: heading.occurred_at,
            causation_id: heading.caused_by,
            ..Envelope::new(owner, encoded.event_type, &heading.source, heading.received_at)
        };
        self.sealer.event(stream, Draft { id: heading.id, key, envelope }, &encoded.bytes).await
    }

    /// Opens and decodes an event that was read.
    pub async fn open(&self, stream: Stream, stored: &StoredEvent) -> Result<Event, Error> {
        let bytes = self.sealer.open(stream, stored).await?;
        Ok(decode(&stored.envelope.event_type, stored.envelope.type_version, &bytes)?)
    }
}

/// The id of a directive or override made from a caller's idempotency key, bound to the organisation.
pub fn directive_id(organisation: &OrganisationId, request_id: &str) -> DirectiveId {
    DirectiveId(EventId::of_message(organisation.as_str(), request_id).0)
}
