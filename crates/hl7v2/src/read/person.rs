//! PID: names, birth date, sex, telephone, death. An empty field says nothing; `""` deletes.

use super::{Context, Report, address};
use crate::{Error, Segment, Value};
use domain::{
    Change, ContactKind, ContactPoint, Deceased, DemographicsPatch, NameParts, NameUse, PartialDate,
    PersonName, Sex,
};

/// Most names, addresses or contacts that are taken of one message.
pub(super) const MOST_REPEATS: usize = 20;

pub(super) fn read(
    pid: &Segment<'_>,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<DemographicsPatch, Error> {
    Ok(DemographicsPatch {
        names: list(pid, 5, name)?,
        birth_date: birth_date(pid)?,
        sex: sex(pid, report),
        addresses: address::read(pid, context, report)?,
        contacts: list(pid, 13, contact)?,
        deceased: deceased(pid)?,
        ..DemographicsPatch::default()
    })
}

/// A repeating field as a whole list: empty says nothing, a lone `""` deletes the list.
pub(super) fn list<T>(
    segment: &Segment<'_>,
    number: usize,
    read: impl Fn(&Value<'_>) -> Result<Option<T>, domain::Violation>,
) -> Result<Change<Vec<T>>, Error> {
    let field = segment.field(number);
    if field.is_null() {
        return Ok(Change::Deleted);
    }
    let location = segment.at(number);
    let mut values = Vec::new();
    for one in field.repeats().filter(|one| !one.is_null()) {
        values.extend(read(&one).map_err(|rule| Error::invalid(&location, rule))?);
    }
    if values.len() > MOST_REPEATS {
        return Err(Error::Invalid {
            location,
            rule: format!("must have at most {MOST_REPEATS} repetitions"),
        });
    }
    Ok(if values.is_empty() { Change::Unchanged } else { Change::Set(values) })
}

/// XPN; `None` where it has neither family nor given name, as the entries of anonymous people have not.
pub(super) fn name(one: &Value<'_>) -> Result<Option<PersonName>, domain::Violation> {
    let given: Vec<String> = std::iter::once(one.part(2))
        .chain(one.part(3).split(' ').map(str::to_owned))
        .filter(|part| !part.is_empty())
        .collect();
    let parts = NameParts {
        family: one.part(1),
        given,
        suffix: one.part(4),
        prefix: one.part(5),
        name_use: name_use(&one.part(7)),
    };
    if parts.family.is_empty() && parts.given.is_empty() {
        return Ok(None);
    }
    PersonName::new(&parts).map(Some)
}

/// HL7 table 0200. What it does not list is taken as the usual name.
fn name_use(code: &str) -> NameUse {
    match code {
        "L" | "C" => NameUse::Official,
        "N" => NameUse::Nickname,
        "A" | "S" | "P" | "I" => NameUse::Alias,
        "M" => NameUse::Maiden,
        "B" | "BAD" | "PREVIOUS" => NameUse::Previous,
        "NB" | "T" => NameUse::Temporary,
        _ => NameUse::Usual,
    }
}

fn birth_date(pid: &Segment<'_>) -> Result<Change<PartialDate>, Error> {
    let field = pid.field(7);
    if field.is_null() {
        return Ok(Change::Deleted);
    }
    match field.part(1).as_str() {
        "" => Ok(Change::Unchanged),
        text => {
            PartialDate::parse_hl7(text).map(Change::Set).map_err(|rule| Error::invalid(&pid.at(7), rule))
        }
    }
}

/// HL7 table 0001, and the figures of the NHS data dictionary that some senders put in its place.
fn sex(pid: &Segment<'_>, report: &mut Report) -> Change<Sex> {
    let field = pid.field(8);
    if field.is_null() {
        return Change::Deleted;
    }
    match field.part(1).to_ascii_uppercase().as_str() {
        "" => Change::Unchanged,
        "F" | "2" => Change::Set(Sex::Female),
        "M" | "1" => Change::Set(Sex::Male),
        "O" | "A" | "X" | "9" => Change::Set(Sex::Other),
        "U" | "N" | "0" => Change::Set(Sex::Unknown),
        _ => {
            report.note(pid.at(8), "left out: must be one of F M O A U N");
            Change::Unchanged
        }
    }
}

/// XTN. Senders before version 2.3 write the whole number in the first component.
fn contact(one: &Value<'_>) -> Result<Option<ContactPoint>, domain::Violation> {
    let (use_code, equipment) = (one.part(2), one.part(3).to_ascii_uppercase());
    let (number, email) = (one.line(1), one.line(4));
    let is_email = use_code == "NET" || equipment == "INTERNET" || (number.is_empty() && email.contains('@'));
    let (kind, value) = match (is_email, equipment.as_str()) {
        (true, _) => (ContactKind::Email, if email.is_empty() { number } else { email }),
        (false, "CP") => (ContactKind::Mobile, number),
        (false, _) => (ContactKind::Telephone, number),
    };
    let value = match (value.is_empty(), kind) {
        (false, _) => value,
        (true, ContactKind::Email) => return Ok(None),
        (true, ContactKind::Telephone | ContactKind::Mobile) => pieced_together(one),
    };
    if value.is_empty() {
        return Ok(None);
    }
    if value.chars().count() > 200 || value.chars().any(char::is_control) {
        return Err(domain::Violation::of("must be at most 200 characters, without control characters"));
    }
    Ok(Some(ContactPoint { kind, value }))
}

/// Country, area and local number, where the number as a whole is not given.
fn pieced_together(one: &Value<'_>) -> String {
    let whole = one.line(12);
    if !whole.is_empty() {
        return whole;
    }
    let country = one.line(5);
    let country =
        if country.is_empty() || country.starts_with('+') { country } else { format!("+{country}") };
    let parts = [country, one.line(6), one.line(7)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// PID-29 (when) and PID-30 (whether). A date of death means dead, unless PID-30 says no.
fn deceased(pid: &Segment<'_>) -> Result<Change<Deceased>, Error> {
    let (when, whether) = (pid.field(29), pid.field(30));
    let date = match when.part(1).as_str() {
        "" => None,
        text => Some(PartialDate::parse_hl7(text).map_err(|rule| Error::invalid(&pid.at(29), rule))?),
    };
    let dead = |date: Option<PartialDate>| Change::Set(Deceased::Yes(date.unwrap_or(PartialDate::Unknown)));
    match (whether.part(1).to_ascii_uppercase().as_str(), date) {
        ("Y", date) => Ok(dead(date)),
        ("N", _) => Ok(Change::Set(Deceased::No)),
        (_, Some(date)) => Ok(dead(Some(date))),
        (_, None) if whether.is_null() || when.is_null() => Ok(Change::Deleted),
        ("", None) => Ok(Change::Unchanged),
        _ => {
            let rule = domain::Violation::of("must be Y or N");
            Err(Error::invalid(&pid.at(30), rule))
        }
    }
}
