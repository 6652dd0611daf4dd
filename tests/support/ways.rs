//! The ways in which a source speaks: what each can say, under which names, and how new it says that it is.

use crate::cast::{Holder, Slot};
use domain::{ItemKind, RecordVersion};
use jiff::{SignedDuration, Timestamp};

/// How the system that holds a record speaks of it for the length of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// By submissions alone, numbered.
    Numbered,
    /// By HL7 v2 messages, and by submissions for what those have no place for.
    Hl7,
    /// By extracts of one row, and by submissions for what those have no column for.
    Csv,
}

/// When the sources of a run began to speak, for those that say when.
const FIRST: &str = "2026-11-20T00:00:00Z";

impl Way {
    /// How new a statement is.
    pub fn version(self, sequence: u64) -> RecordVersion {
        match self {
            Self::Numbered => RecordVersion::Sequence(sequence),
            Self::Hl7 | Self::Csv => RecordVersion::SourceTime(told_at(sequence)),
        }
    }

    /// The name of the one item that a slot has.
    pub fn instance(self, slot: Slot) -> &'static str {
        match (self, slot.row().kind) {
            (Self::Csv, _) => "extract",
            (Self::Hl7, ItemKind::ALLERGY) => "A1",
            (Self::Hl7, ItemKind::CONDITION) => "D1",
            (Self::Hl7, ItemKind::INPATIENT_STAY) => "V1",
            (Self::Hl7, ItemKind::REGISTERED_PRACTICE) => "current",
            (Self::Hl7 | Self::Numbered, _) => "1",
        }
    }

    /// Whether its text has a place for a slot.
    pub fn has_place_for(self, slot: Slot) -> bool {
        const HL7: [ItemKind; 5] = [
            ItemKind::REGISTERED_PRACTICE,
            ItemKind::ALLERGY,
            ItemKind::INPATIENT_STAY,
            ItemKind::HEALTH_NEXT_OF_KIN,
            ItemKind::CONDITION,
        ];
        const CSV: [ItemKind; 7] = [
            ItemKind::COMMUNICATION_NEEDS,
            ItemKind::ALLOCATED_WORKER,
            ItemKind::CARE_PACKAGE,
            ItemKind::OPEN_REFERRAL,
            ItemKind::CARER,
            ItemKind::RISK_OR_HAZARD,
            ItemKind::ACCESS_INFORMATION,
        ];
        match self {
            Self::Numbered => false,
            Self::Hl7 => slot.is_demographic() || HL7.contains(&slot.row().kind),
            Self::Csv => slot.is_demographic() || CSV.contains(&slot.row().kind),
        }
    }

    /// The ways of an organisation, beside submissions.
    pub fn of(holder: Holder) -> Self {
        match holder {
            Holder::Board => Self::Hl7,
            Holder::Council => Self::Csv,
        }
    }
}

/// When a source says something, by its number.
pub fn told_at(sequence: u64) -> Timestamp {
    let first: Timestamp = FIRST.parse().expect("a time");
    first + SignedDuration::from_secs(i64::try_from(sequence).unwrap_or(0))
}
