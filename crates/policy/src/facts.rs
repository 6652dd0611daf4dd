//! What a decision is told about the person and the system, and the settings of the rule itself.

use domain::{AssuranceRank, Ceiling, PartialDate, PersonId, SourceRecord, Window};
use jiff::Timestamp;

/// How a record is linked to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkState {
    /// The record is the person's.
    Confirmed,
    /// The record may be the person's.
    Possible,
    /// Somebody disputes the link.
    Disputed,
    /// No link.
    None,
}

/// What is known of one record of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFacts {
    /// The record. Its authority tells who controls it.
    pub record: SourceRecord,
    /// How it is linked to the person.
    pub link: LinkState,
    /// The source marks where the person lives as protected.
    pub protected: bool,
    /// Times in which the record tells of a relationship: a stay, an allocated worker. Counts on a record of the
    /// requester's own organisation only.
    pub relationships: Vec<Window>,
}

/// What is known of the person asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonFacts {
    /// The person, where any is known.
    pub person: Option<PersonId>,
    /// Date of birth, as far as known.
    pub birth_date: Option<PartialDate>,
    /// Every record that has anything to do with the person, possible and disputed links included.
    pub records: Vec<RecordFacts>,
}

/// What is known of the system at this instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemFacts {
    /// The disclosure log takes leaves.
    pub audit_writable: bool,
    /// The policy snapshot is verified and not stale.
    pub lease_valid: bool,
    /// The clock can be trusted.
    pub clock_sane: bool,
    /// When any of this ends at the latest, such as the end of the lease.
    pub valid_until: Option<Timestamp>,
}

impl SystemFacts {
    /// A system in order, with no end in sight.
    pub const HEALTHY: Self =
        Self { audit_writable: true, lease_valid: true, clock_sane: true, valid_until: None };
}

/// The settings of the rule that no agreement carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Highest level for an organisation that assessed itself.
    pub self_assessed_cap: Ceiling,
    /// Highest level for an organisation that somebody else reviewed.
    pub reviewed_cap: Ceiling,
    /// How long an override lasts, in seconds.
    pub override_lasts_s: i64,
    /// How long before an override its requester may have proved who they are, in seconds.
    pub override_authentication_s: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            self_assessed_cap: Ceiling::new(2).unwrap_or(Ceiling::NONE),
            reviewed_cap: Ceiling::FULL,
            override_lasts_s: 30 * 60,
            override_authentication_s: 5 * 60,
        }
    }
}

impl Rules {
    /// The cap that an assurance rank sets.
    pub fn assurance_cap(&self, rank: AssuranceRank) -> Ceiling {
        match rank {
            AssuranceRank::NeverSubmitted => Ceiling::NONE,
            AssuranceRank::SelfAssessed => self.self_assessed_cap,
            AssuranceRank::Reviewed => self.reviewed_cap,
        }
    }
}
