//! Who a person is, whole, and the parts that a patch sets: names, dates, sex, numbers, death.

use super::address::{address, contact, wire_address, wire_contact};
use super::{each, v1};
use crate::reading::Reading;
use domain::{
    ChiNumber, Deceased, Demographics, FieldViolation, HeldChi, NameParts, NameUse, NhsNumber, PartialDate,
    PersonName, Sex,
};

/// Reads who a person is; `at` is the message's name for it.
pub fn demographics(value: v1::Demographics, at: &str) -> Result<Demographics, Vec<FieldViolation>> {
    let mut reading = Reading::default();
    let place = |field: &str| format!("{at}.{field}");
    let nhs_number_sent = Some(value.nhs_number).filter(|text| !text.is_empty());
    let person = Demographics {
        names: each(value.names, &place("names"), &mut reading, name),
        birth_date: value.birth_date.and_then(|text| partial_date(&text, &place("birth_date"), &mut reading)),
        sex: value.sex.and_then(|number| sex(number, &place("sex"), &mut reading)),
        chi: value.chi.and_then(|held| chi(held, &place("chi"), &mut reading)),
        nhs_number: nhs_number_sent.and_then(|text| nhs_number(&text, &place("nhs_number"), &mut reading)),
        addresses: each(value.addresses, &place("addresses"), &mut reading, address),
        contacts: each(value.contacts, &place("contacts"), &mut reading, contact),
        deceased: value.deceased.and_then(|value| deceased(value, &place("deceased"), &mut reading)),
        protected: value.protected,
    };
    reading.finish(Some(person))
}

/// Writes who a person is.
pub fn wire_demographics(person: &Demographics) -> v1::Demographics {
    v1::Demographics {
        names: person.names.iter().map(wire_name).collect(),
        birth_date: person.birth_date.map(|date| date.to_iso()),
        sex: person.sex.map(|sex| wire_sex(sex).into()),
        chi: person.chi.as_ref().map(wire_chi),
        nhs_number: person.nhs_number.map(|number| number.as_str().to_owned()).unwrap_or_default(),
        addresses: person.addresses.iter().map(wire_address).collect(),
        contacts: person.contacts.iter().map(wire_contact).collect(),
        deceased: person.deceased.as_ref().map(wire_deceased),
        protected: person.protected,
    }
}

/// Reads a date as far as it is known; the empty text is one that is not.
pub(crate) fn partial_date(text: &str, at: &str, reading: &mut Reading) -> Option<PartialDate> {
    if text.is_empty() {
        return Some(PartialDate::Unknown);
    }
    reading.checked(at, PartialDate::parse_iso(text))
}

/// Reads a sex.
pub(crate) fn sex(value: i32, at: &str, reading: &mut Reading) -> Option<Sex> {
    match v1::Sex::try_from(value) {
        Ok(v1::Sex::Female) => Some(Sex::Female),
        Ok(v1::Sex::Male) => Some(Sex::Male),
        Ok(v1::Sex::Other) => Some(Sex::Other),
        Ok(v1::Sex::Unknown) => Some(Sex::Unknown),
        Ok(v1::Sex::Unspecified) | Err(_) => {
            reading.refuse(at, "must be FEMALE, MALE, OTHER or UNKNOWN");
            None
        }
    }
}

/// Writes a sex.
pub fn wire_sex(sex: Sex) -> v1::Sex {
    match sex {
        Sex::Female => v1::Sex::Female,
        Sex::Male => v1::Sex::Male,
        Sex::Other => v1::Sex::Other,
        Sex::Unknown => v1::Sex::Unknown,
    }
}

/// Reads a CHI number of exactly ten digits. Its check scheme follows from the digits.
pub(super) fn chi(value: v1::HeldChi, at: &str, reading: &mut Reading) -> Option<HeldChi> {
    let (number, scheme) = reading.checked(&format!("{at}.number"), ChiNumber::parse(&value.number))?;
    Some(HeldChi { number, scheme, padded: value.padded })
}

/// Writes a CHI number.
pub fn wire_chi(chi: &HeldChi) -> v1::HeldChi {
    v1::HeldChi { number: chi.number.as_str().to_owned(), padded: chi.padded }
}

/// Reads an NHS number.
pub(super) fn nhs_number(text: &str, at: &str, reading: &mut Reading) -> Option<NhsNumber> {
    reading.checked(at, NhsNumber::parse(text)).map(|(number, _)| number)
}

/// Reads whether and when somebody died.
pub(super) fn deceased(value: v1::Deceased, at: &str, reading: &mut Reading) -> Option<Deceased> {
    let date = partial_date(&value.death_date, &format!("{at}.death_date"), reading)?;
    match (value.deceased, date) {
        (true, date) => Some(Deceased::Yes(date)),
        (false, PartialDate::Unknown) => Some(Deceased::No),
        (false, PartialDate::Year(_) | PartialDate::YearMonth(_) | PartialDate::Full(_)) => {
            reading.refuse(&format!("{at}.death_date"), "must be empty where the person has not died");
            None
        }
    }
}

/// Writes whether and when somebody died.
pub fn wire_deceased(deceased: &Deceased) -> v1::Deceased {
    match deceased {
        Deceased::No => v1::Deceased { deceased: false, death_date: String::new() },
        Deceased::Yes(date) => v1::Deceased { deceased: true, death_date: date.to_iso() },
    }
}

/// Reads a name.
pub(super) fn name(value: v1::PersonName, at: &str, reading: &mut Reading) -> Option<PersonName> {
    let name_use = name_use(value.r#use, &format!("{at}.use"), reading);
    let v1::PersonName { family, given, prefix, suffix, .. } = value;
    // A name without a use is still looked at, so that the sender learns of all that is wrong with it.
    let parts = NameParts { family, given, prefix, suffix, name_use: name_use.unwrap_or_default() };
    let name = reading.checked(at, PersonName::new(&parts));
    name_use.and(name)
}

/// Writes a name.
pub fn wire_name(name: &PersonName) -> v1::PersonName {
    let NameParts { family, given, prefix, suffix, name_use } = name.parts();
    v1::PersonName { family, given, prefix, suffix, r#use: wire_name_use(name_use).into() }
}

fn name_use(value: i32, at: &str, reading: &mut Reading) -> Option<NameUse> {
    match v1::NameUse::try_from(value) {
        Ok(v1::NameUse::Usual) => Some(NameUse::Usual),
        Ok(v1::NameUse::Official) => Some(NameUse::Official),
        Ok(v1::NameUse::Nickname) => Some(NameUse::Nickname),
        Ok(v1::NameUse::Alias) => Some(NameUse::Alias),
        Ok(v1::NameUse::Maiden) => Some(NameUse::Maiden),
        Ok(v1::NameUse::Previous) => Some(NameUse::Previous),
        Ok(v1::NameUse::Temporary) => Some(NameUse::Temporary),
        Ok(v1::NameUse::Unspecified) | Err(_) => {
            let rule = "must be USUAL, OFFICIAL, NICKNAME, ALIAS, MAIDEN, PREVIOUS or TEMPORARY";
            reading.refuse(at, rule);
            None
        }
    }
}

fn wire_name_use(name_use: NameUse) -> v1::NameUse {
    match name_use {
        NameUse::Usual => v1::NameUse::Usual,
        NameUse::Official => v1::NameUse::Official,
        NameUse::Nickname => v1::NameUse::Nickname,
        NameUse::Alias => v1::NameUse::Alias,
        NameUse::Maiden => v1::NameUse::Maiden,
        NameUse::Previous => v1::NameUse::Previous,
        NameUse::Temporary => v1::NameUse::Temporary,
    }
}
