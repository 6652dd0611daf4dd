//! What each of the two systems holds of a person: the state that its feed messages are written from.

use crate::people::Person;
use domain::{DataItem, Demographics};
use jiff::civil::{Date, DateTime};

/// What the council's case system holds of one person.
#[derive(Debug, Clone)]
pub struct CouncilRecord {
    /// Case number, such as `W-20481`.
    pub local_id: String,
    /// Who the person is, as the council knows it. The CHI number stands beside it.
    pub demographics: Demographics,
    /// The CHI number as somebody typed it: right, wrong, a relative's, or none.
    pub chi: Option<String>,
    /// Items, all of the kinds that the case system sends.
    pub items: Vec<DataItem>,
}

/// A GP practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    /// Name.
    pub name: String,
    /// Family name of the named GP.
    pub gp_family: String,
    /// Given name of the named GP.
    pub gp_given: String,
    /// Telephone number.
    pub telephone: String,
}

/// Next of kin as an ADT message tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextOfKin {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Relationship: HL7 table 0063 code and words.
    pub relationship: (&'static str, &'static str),
    /// Telephone number.
    pub telephone: String,
}

/// An allergy as an ADT message tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allergy {
    /// Code and words of the substance.
    pub substance: (String, String),
    /// Severity: `SV`, `MO` or `MI`.
    pub severity: &'static str,
    /// What happens.
    pub reaction: String,
    /// When it was confirmed, as HL7 writes dates, perhaps only a year; empty: not known.
    pub confirmed: String,
}

/// A condition as an ADT message tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Code (ICD-10) and words.
    pub problem: (&'static str, &'static str),
    /// Since when.
    pub since: Option<Date>,
}

/// A stay in hospital.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Visit number.
    pub visit: String,
    /// Hospital.
    pub hospital: String,
    /// Ward.
    pub ward: String,
    /// When it began.
    pub admitted: DateTime,
    /// When it is expected to end.
    pub expected: Option<Date>,
    /// When it ended.
    pub discharged: Option<DateTime>,
}

/// What the health board's systems hold of one person.
#[derive(Debug, Clone)]
pub struct HealthRecord {
    /// Patient number, such as `S100481`.
    pub local_id: String,
    /// Who the person is, as the board knows it. The CHI number stands beside it.
    pub demographics: Demographics,
    /// The CHI number.
    pub chi: Option<String>,
    /// GP practice.
    pub practice: Practice,
    /// Next of kin.
    pub kin: Vec<NextOfKin>,
    /// Allergies.
    pub allergies: Vec<Allergy>,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// The stay in hospital, if any.
    pub stay: Option<Stay>,
    /// Items of kinds that ADT messages do not carry, sent by gRPC.
    pub items: Vec<DataItem>,
}

/// A person and what the two systems hold.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The person in truth.
    pub person: Person,
    /// What the council holds, if it knows the person.
    pub council: Option<CouncilRecord>,
    /// What the board holds, if it knows the person.
    pub health: Option<HealthRecord>,
}
