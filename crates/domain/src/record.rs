//! What one accepted message changes of one source record.

use crate::{DataItem, DemographicsPatch, Instance, ItemKind, SourceRecord};
use jiff::Timestamp;

/// How new a statement of a source is. Compared only within one kind; a statement of another kind counts as newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordVersion {
    /// The source's own sequence number.
    Sequence(u64),
    /// The source's own time of the message.
    SourceTime(Timestamp),
    /// Place in the log, for a source that gives neither.
    Arrival(u64),
}

impl RecordVersion {
    /// Whether a statement with this version may replace one with the `stored` version.
    pub fn is_not_older_than(self, stored: Self) -> bool {
        match (self, stored) {
            (Self::Sequence(new), Self::Sequence(old)) => new >= old,
            (Self::SourceTime(new), Self::SourceTime(old)) => new >= old,
            (Self::Arrival(new), Self::Arrival(old)) => new >= old,
            (Self::Sequence(_) | Self::SourceTime(_) | Self::Arrival(_), _) => true,
        }
    }
}

/// What a redirect moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RedirectScope {
    /// The record itself is retired in favour of the survivor (HL7 A40).
    Record,
    /// Only the data filed under it belongs elsewhere (HL7 A43).
    Data,
}

/// A record (or its data) belongs to another record from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The record that is retired.
    pub from: SourceRecord,
    /// The record that survives.
    pub to: SourceRecord,
    /// What moves.
    pub scope: RedirectScope,
}

/// Parts of an accepted message that nobody read, such as unknown HL7 segments, as they came. Empty: there were none.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Unread(pub Vec<u8>);

impl std::fmt::Debug for Unread {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Unread({} bytes)", self.0.len())
    }
}

/// All changes of one accepted message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// The record that changes.
    pub record: SourceRecord,
    /// How new the statement is.
    pub version: RecordVersion,
    /// When it happened, as the source says.
    pub occurred_at: Timestamp,
    /// What changes of the demographics.
    pub demographics: DemographicsPatch,
    /// Items that are new or replaced.
    pub upserts: Vec<DataItem>,
    /// Items that are gone.
    pub removals: Vec<(ItemKind, Instance)>,
    /// Kinds of which the upserts are the whole list: whatever else the record holds of them is gone.
    pub complete_kinds: Vec<ItemKind>,
    /// A merge or a move.
    pub redirect: Option<Redirect>,
    /// The record itself is gone at the source.
    pub record_removed: bool,
    /// What the message said beside all this. Kept with the event, under the record's own key; nothing shows it.
    pub unread: Unread,
}

impl RecordChange {
    /// A change of a record that says nothing yet.
    pub fn new(record: SourceRecord, version: RecordVersion, occurred_at: Timestamp) -> Self {
        Self {
            record,
            version,
            occurred_at,
            demographics: DemographicsPatch::default(),
            upserts: Vec::new(),
            removals: Vec::new(),
            complete_kinds: Vec::new(),
            redirect: None,
            record_removed: false,
            unread: Unread::default(),
        }
    }
}

/// A message that could not be understood, kept whole until somebody decides.
#[derive(Clone, PartialEq, Eq)]
pub struct QuarantinedMessage {
    /// Which door it came through: `hl7v2`, `grpc`, `csv`.
    pub door: String,
    /// Authority of the feed that sent it.
    pub authority: crate::Authority,
    /// Why it could not be taken: rule and field, never the value.
    pub reason: String,
    /// The bytes as received.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for QuarantinedMessage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "QuarantinedMessage({} {}: {})", self.door, self.authority, self.reason)
    }
}

/// What somebody decided about something that was parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParkedOutcome {
    /// It was tried again.
    Replayed,
    /// It was left out for good, with a reason.
    Skipped,
}

/// What the records stream tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordEvent {
    /// A source changed a record.
    Changed(Box<RecordChange>),
    /// A message could not be understood and is kept whole.
    Quarantined(QuarantinedMessage),
    /// A feed was heard without news.
    FeedHeard {
        /// Authority of the feed.
        authority: crate::Authority,
        /// When.
        at: Timestamp,
    },
    /// Somebody decided about a parked event or a quarantined message.
    ParkedResolved {
        /// The event that was parked.
        event: crate::EventId,
        /// Authority of the feed that it came from.
        authority: crate::Authority,
        /// What was decided.
        outcome: ParkedOutcome,
        /// Why, in the operator's words.
        reason: String,
        /// Who decided.
        by: crate::UserId,
    },
}

impl RecordEvent {
    /// The authority whose feed it came through.
    pub fn authority(&self) -> &crate::Authority {
        match self {
            Self::Changed(change) => &change.record.authority,
            Self::Quarantined(message) => &message.authority,
            Self::FeedHeard { authority, .. } | Self::ParkedResolved { authority, .. } => authority,
        }
    }

    /// The key in the log: the record's, or that of the feed where no record is known.
    pub fn key(&self) -> crate::RecordKey {
        match self {
            Self::Changed(change) => change.record.key(),
            Self::Quarantined(_) | Self::FeedHeard { .. } | Self::ParkedResolved { .. } => {
                crate::RecordKey::of_feed(self.authority())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_sequence_is_refused_and_an_equal_one_is_not() {
        assert!(!RecordVersion::Sequence(3).is_not_older_than(RecordVersion::Sequence(4)));
        assert!(RecordVersion::Sequence(4).is_not_older_than(RecordVersion::Sequence(4)));
        assert!(
            RecordVersion::SourceTime(Timestamp::UNIX_EPOCH).is_not_older_than(RecordVersion::Sequence(4))
        );
    }
}
