//! The area `yett.viewing.v1`: whom a caller means, and what its screen says of them, read from the wire.
//!
//! Views themselves are written by the viewer, which alone knows what is permitted.

pub use crate::generated::yett::viewing::v1;
use crate::intake;
use crate::reading::{Part, whole};
use domain::{ChiNumber, FieldViolation, NhsNumber, PartialDate, Postcode, Sex, SourceRecord, Text};
use v1::person_identifier::Identifier;

#[cfg(test)]
mod tests;

/// How a caller says which person it means. Personal, like what it holds: `Debug` prints no number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PersonIdentifier {
    /// By CHI number.
    Chi(ChiNumber),
    /// By NHS number.
    NhsNumber(NhsNumber),
    /// By a record of some source system.
    Record(SourceRecord),
}

/// What the host's screen says of the person, each part checked.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HostDemographics {
    /// Date of birth as far as known.
    pub birth_date: Option<PartialDate>,
    /// Family name.
    pub family: Option<Text>,
    /// First given name.
    pub given: Option<Text>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Postcode.
    pub postcode: Option<Postcode>,
}

impl std::fmt::Debug for HostDemographics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HostDemographics(…)")
    }
}

/// Reads one identifier.
pub fn person_identifier(
    value: v1::PersonIdentifier,
    path: &str,
) -> Result<PersonIdentifier, Vec<FieldViolation>> {
    whole(path, |part| read_identifier(value, part))
}

/// Reads the identifiers of one person: at least one.
pub fn person_identifiers(
    values: Vec<v1::PersonIdentifier>,
    path: &str,
) -> Result<Vec<PersonIdentifier>, Vec<FieldViolation>> {
    whole(path, |part| {
        part.limit("", values.is_empty(), "must name the person in at least one way");
        part.each("", values, read_identifier)
    })
}

/// An identifier on the wire.
pub fn wire_person_identifier(identifier: &PersonIdentifier) -> v1::PersonIdentifier {
    let identifier = match identifier {
        PersonIdentifier::Chi(number) => Identifier::ChiNumber(number.as_str().to_owned()),
        PersonIdentifier::NhsNumber(number) => Identifier::NhsNumber(number.as_str().to_owned()),
        PersonIdentifier::Record(record) => Identifier::Record(intake::wire_source_record(record)),
    };
    v1::PersonIdentifier { identifier: Some(identifier) }
}

/// Reads what the host's screen says. Every part may be empty; one that is not must be right.
pub fn host_demographics(
    value: v1::HostDemographics,
    path: &str,
) -> Result<HostDemographics, Vec<FieldViolation>> {
    whole(path, |part| {
        let born = Some(value.birth_date).filter(|text| !text.is_empty());
        let read_date = |text: String, part: &mut Part<'_>| {
            part.with("birth_date", |at, reading| intake::partial_date(&text, at, reading))
        };
        Some(HostDemographics {
            birth_date: born.and_then(|text| read_date(text, part)),
            family: part.optional("family", &value.family, Text::parse),
            given: part.optional("given", &value.given, Text::parse),
            sex: value.sex.and_then(|sex| part.with("sex", |at, reading| intake::sex(sex, at, reading))),
            postcode: part.optional("postcode", &value.postcode, Postcode::parse),
        })
    })
}

/// What a host's screen says, on the wire.
pub fn wire_host_demographics(host: &HostDemographics) -> v1::HostDemographics {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default();
    v1::HostDemographics {
        birth_date: host.birth_date.map(|date| date.to_iso()).unwrap_or_default(),
        family: text(&host.family),
        given: text(&host.given),
        sex: host.sex.map(|sex| intake::wire_sex(sex).into()),
        postcode: host.postcode.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default(),
    }
}

fn read_identifier(value: v1::PersonIdentifier, part: &mut Part<'_>) -> Option<PersonIdentifier> {
    part.inner("", value.identifier, |identifier, part| match identifier {
        Identifier::ChiNumber(text) => {
            let number = part.checked("chi_number", ChiNumber::parse(&text));
            number.map(|(number, _)| PersonIdentifier::Chi(number))
        }
        Identifier::NhsNumber(text) => {
            let number = part.checked("nhs_number", NhsNumber::parse(&text));
            number.map(|(number, _)| PersonIdentifier::NhsNumber(number))
        }
        Identifier::Record(record) => {
            let record = part.with("record", |at, reading| intake::source_record(Some(record), at, reading));
            record.map(PersonIdentifier::Record)
        }
    })
}
