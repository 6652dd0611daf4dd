//! Links between source records and persons, and the questions that people answer about them.

use crate::{EventId, PersonId, RecordKey, RecordVersion, ReviewId, SourceRecord, UserId};
use jiff::Timestamp;

/// How sure a link is. Only a confirmed one discloses anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkStatus {
    /// The record is the person's.
    Confirmed,
    /// The record may be the person's: a review is open.
    Possible,
    /// Somebody disputes a link that was confirmed.
    Disputed,
}

/// Who or what decided.
#[derive(Clone, PartialEq, Eq)]
pub enum Decider {
    /// The record is itself an index record and stands for its own person.
    Index,
    /// The matcher, with this version of its parameters.
    Machine {
        /// Version of the parameters.
        model: String,
    },
    /// A reviewer. Sticky: outranks the machine.
    Manual {
        /// Who decided.
        user: UserId,
        /// Why, in the reviewer's words; at most 500 characters.
        reason: String,
    },
}

/// Prints no word of a reviewer's: they may name the person.
impl std::fmt::Debug for Decider {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index => formatter.write_str("Index"),
            Self::Machine { model } => write!(formatter, "Machine({model})"),
            Self::Manual { user, .. } => write!(formatter, "Manual({user})"),
        }
    }
}

impl Decider {
    /// Whether a person decided.
    pub fn is_manual(&self) -> bool {
        matches!(self, Self::Manual { .. })
    }
}

/// One line of the evidence for a link: a field, how well it agrees, what that weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEvidence {
    /// The field compared, such as `birth date`.
    pub field: String,
    /// The level of agreement in words, such as `day and month swapped`. Never the values.
    pub level: String,
    /// Match weight in bits (log2 of m/u).
    pub weight: f64,
}

/// Why two records were held to be of one person or not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkEvidence {
    /// Field by field; the weights with the prior add up to the total.
    pub fields: Vec<FieldEvidence>,
    /// Prior weight in bits, log2 of the odds that a candidate drawn by chance is right.
    pub prior: f64,
    /// Total weight in bits.
    pub total: f64,
    /// Total of the next best candidate, where there is one.
    pub runner_up: Option<f64>,
    /// Number of index records when it was judged.
    pub index_size: u64,
    /// Rules that spoke beside the weights, such as `chi exact, demographics agree`.
    pub rules: Vec<String>,
}

/// A link of a record to a person. Its own row: undoing it touches nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The record.
    pub record: SourceRecord,
    /// The person.
    pub person: PersonId,
    /// How sure.
    pub status: LinkStatus,
    /// Why.
    pub evidence: LinkEvidence,
    /// Who or what decided.
    pub decided_by: Decider,
    /// When.
    pub decided_at: Timestamp,
    /// The version of the record that was judged.
    pub judged_version: RecordVersion,
}

/// One person who may be whom a record is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The person.
    pub person: PersonId,
    /// The index record that was compared.
    pub record: SourceRecord,
    /// Field by field.
    pub evidence: LinkEvidence,
}

/// A question for clerical review: whose record is this?
#[derive(Debug, Clone, PartialEq)]
pub struct ClericalReview {
    /// The question.
    pub id: ReviewId,
    /// The record asked about.
    pub record: SourceRecord,
    /// The version that was judged.
    pub judged_version: RecordVersion,
    /// Why a person must decide, such as `two candidates fit`.
    pub reason: String,
    /// Candidates by total weight, at most three.
    pub candidates: Vec<Candidate>,
    /// When it was asked.
    pub raised_at: Timestamp,
}

/// How a review ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewOutcome {
    /// The record is this person's.
    Linked(PersonId),
    /// The record is none of the candidates'; they are never proposed again for it.
    Never(Vec<PersonId>),
    /// The question lapsed: the record changed, or was linked otherwise.
    Superseded,
}

/// What the links stream tells.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkEvent {
    /// A record is linked to a person.
    RecordLinked(Link),
    /// A record's link is gone.
    RecordUnlinked {
        /// The record.
        record: SourceRecord,
        /// The person whom it was linked to.
        person: PersonId,
        /// Who undid it.
        decided_by: Decider,
        /// When.
        decided_at: Timestamp,
        /// These two are never to be linked again.
        never_again: bool,
    },
    /// A record belongs to another one from now on.
    RecordRedirected {
        /// What moves where.
        redirect: crate::Redirect,
        /// The record event that said so.
        cause: EventId,
        /// When.
        decided_at: Timestamp,
    },
    /// A question was put to clerical review.
    ReviewRaised(ClericalReview),
    /// A review ended.
    ReviewDecided {
        /// The question.
        review: ReviewId,
        /// The record asked about.
        record: SourceRecord,
        /// How it ended.
        outcome: ReviewOutcome,
        /// Who ended it.
        decided_by: Decider,
        /// When.
        decided_at: Timestamp,
    },
    /// An assignment of an index identifier was sent to the source system, confirmed or refused.
    AssignmentAnswered {
        /// The record that got the identifier.
        record: SourceRecord,
        /// The person whose identifier it is.
        person: PersonId,
        /// What the source system said: `None` when confirmed, the reason when refused.
        refused_because: Option<String>,
        /// When.
        answered_at: Timestamp,
    },
}

impl LinkEvent {
    /// The record that the event is about, which is its key in the log.
    pub fn record(&self) -> &SourceRecord {
        match self {
            Self::RecordLinked(link) => &link.record,
            Self::RecordRedirected { redirect, .. } => &redirect.from,
            Self::ReviewRaised(review) => &review.record,
            Self::RecordUnlinked { record, .. }
            | Self::ReviewDecided { record, .. }
            | Self::AssignmentAnswered { record, .. } => record,
        }
    }

    /// The key in the log.
    pub fn key(&self) -> RecordKey {
        self.record().key()
    }
}
