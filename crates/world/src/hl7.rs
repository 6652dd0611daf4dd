//! HL7 v2 ADT messages, as a hospital's patient administration system writes them: text from templates of our own.
//!
//! Must not use the code that reads such messages: a mistake in both would not be seen.

use crate::{HEALTH_AUTHORITY, HealthRecord, Stay};
use domain::{Demographics, PersonName, Sex};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::strtime};

#[cfg(test)]
mod tests;

/// The message is of no stay.
const NO_VISIT: &str = "PV1|1|N";

/// Id and time of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// MSH-10.
    pub control_id: String,
    /// MSH-7 and EVN-2: when it is told.
    pub at: Timestamp,
    /// EVN-6: when it happened, where that was earlier.
    pub occurred: Option<Timestamp>,
}

/// A28: a person is new. Everything that the message has a place for.
pub fn add_person(record: &HealthRecord, stamp: &Stamp) -> String {
    let mut all = vec![head("A28^ADT_A05", stamp), event(stamp), person(record), additional(record)];
    all.extend(kin(record));
    all.push(NO_VISIT.to_owned());
    all.extend(allergies(record));
    all.extend(conditions(record));
    segments(&all)
}

/// A31: who a person is has changed: name, address, telephone, protection. Says nothing of anything else.
pub fn update_person(record: &HealthRecord, stamp: &Stamp) -> String {
    let mark = fields("PD1", &[(12, protection(record).to_owned())]);
    segments(&[head("A31^ADT_A05", stamp), event(stamp), person(record), mark, NO_VISIT.to_owned()])
}

/// A31: the allergies have changed; all of them are told, or that there are none any more.
pub fn update_allergies(record: &HealthRecord, stamp: &Stamp) -> String {
    let mut all = vec![head("A31^ADT_A05", stamp), event(stamp), person(record), NO_VISIT.to_owned()];
    all.extend(allergies(record));
    if record.allergies.is_empty() {
        all.push("AL1|1||\"\"".to_owned());
    }
    segments(&all)
}

/// A01: a stay begins, or its ward changes.
pub fn admit(record: &HealthRecord, stay: &Stay, stamp: &Stamp) -> String {
    segments(&[head("A01^ADT_A01", stamp), event(stamp), person(record), visit(stay)])
}

/// A03: a stay ends.
pub fn discharge(record: &HealthRecord, stay: &Stay, stamp: &Stamp) -> String {
    segments(&[head("A03^ADT_A03", stamp), event(stamp), person(record), visit(stay)])
}

/// A40: the record survives, the other patient number is retired for good.
pub fn merge(survivor: &HealthRecord, retired: &str, stamp: &Stamp) -> String {
    let merged = format!("MRG|{}", own_number(retired));
    segments(&[head("A40^ADT_A39", stamp), event(stamp), person(survivor), merged])
}

/// Text as it may stand in a field: separators escaped, line ends as hexadecimal, other controls left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' => out.push_str("\\F\\"),
            '^' => out.push_str("\\S\\"),
            '&' => out.push_str("\\T\\"),
            '~' => out.push_str("\\R\\"),
            '\\' => out.push_str("\\E\\"),
            '\r' | '\n' => out.push_str("\\X0D\\"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn segments(all: &[String]) -> String {
    all.join("\r") + "\r"
}

/// Fields of a segment, by their numbers; those between are empty.
fn fields(name: &str, numbered: &[(usize, String)]) -> String {
    let last = numbered.iter().map(|(number, _)| *number).max().unwrap_or_default();
    let field = |number: usize| {
        let value = numbered.iter().find(|(n, _)| *n == number).map(|(_, value)| value.as_str());
        format!("|{}", value.unwrap_or_default())
    };
    format!("{name}{}", (1..=last).map(field).collect::<String>())
}

fn head(event_type: &str, stamp: &Stamp) -> String {
    format!(
        "MSH|^~\\&|PAS|STRATHORR|YETT|YETT|{}||ADT^{event_type}|{}|P|2.5.1||||||UNICODE UTF-8",
        instant(stamp.at),
        escaped(&stamp.control_id)
    )
}

fn event(stamp: &Stamp) -> String {
    let occurred = stamp.occurred.map(instant).unwrap_or_default();
    fields("EVN", &[(2, instant(stamp.at)), (6, occurred)])
}

fn person(record: &HealthRecord) -> String {
    let who = &record.demographics;
    let chi = record.chi.as_ref().map(|chi| format!("~{}^^^CHI^NH", escaped(chi))).unwrap_or_default();
    let names: Vec<String> = who.names.iter().map(name).collect();
    fields(
        "PID",
        &[
            (1, "1".to_owned()),
            (3, format!("{}{chi}", own_number(&record.local_id))),
            (5, names.join("~")),
            (7, who.birth_date.map(|born| born.to_iso().replace('-', "")).unwrap_or_default()),
            (8, sex(who.sex).to_owned()),
            (11, addresses(who)),
            (13, telephones(who)),
        ],
    )
}

fn own_number(local_id: &str) -> String {
    format!("{}^^^{HEALTH_AUTHORITY}^MR", escaped(local_id))
}

fn name(name: &PersonName) -> String {
    let given: Vec<&str> = name.given().collect();
    let (first, further) = given.split_first().map_or(("", ""), |(first, _)| (*first, ""));
    let further = if given.len() > 1 {
        given.iter().skip(1).copied().collect::<Vec<_>>().join(" ")
    } else {
        further.to_owned()
    };
    let parts = [
        name.family().unwrap_or_default(),
        first,
        &further,
        name.suffix().unwrap_or_default(),
        name.prefix().unwrap_or_default(),
        "",
        "L",
    ];
    parts.map(escaped).join("^")
}

fn sex(sex: Option<Sex>) -> &'static str {
    match sex {
        Some(Sex::Female) => "F",
        Some(Sex::Male) => "M",
        Some(Sex::Other) => "O",
        Some(Sex::Unknown) | None => "U",
    }
}

/// XAD: the first line, the lines between, the town last.
fn addresses(who: &Demographics) -> String {
    let one = |address: &domain::Address| {
        let (town, before) =
            address.lines.split_last().map_or(("", &[][..]), |(town, before)| (town.as_str(), before));
        let (first, between) = match before.split_first() {
            Some((first, between)) => (first.as_str(), between.join(", ")),
            None => ("", String::new()),
        };
        let postcode = address.postcode.as_ref().map(domain::Postcode::as_str).unwrap_or_default();
        // Hospitals here mark a protected address by its type.
        let kind = if address.protected { "CONF" } else { "H" };
        [first, &between, town, "", postcode, "GBR", kind].map(escaped).join("^")
    };
    who.addresses.iter().map(one).collect::<Vec<_>>().join("~")
}

fn telephones(who: &Demographics) -> String {
    let one = |contact: &domain::ContactPoint| {
        let number = escaped(&contact.value);
        match contact.kind {
            domain::ContactKind::Telephone => format!("{number}^PRN^PH"),
            domain::ContactKind::Mobile => format!("{number}^PRN^CP"),
            domain::ContactKind::Email => format!("^NET^Internet^{number}"),
        }
    };
    who.contacts.iter().map(one).collect::<Vec<_>>().join("~")
}

fn additional(record: &HealthRecord) -> String {
    let practice = &record.practice;
    let gp = ["", &practice.gp_family, &practice.gp_given, "", "", "Dr"].map(escaped).join("^");
    fields("PD1", &[(3, escaped(&practice.name)), (4, gp), (12, protection(record).to_owned())])
}

fn protection(record: &HealthRecord) -> &'static str {
    if record.demographics.protected { "Y" } else { "N" }
}

fn kin(record: &HealthRecord) -> Vec<String> {
    let one = |(number, kin): (usize, &crate::NextOfKin)| {
        let (code, words) = kin.relationship;
        fields(
            "NK1",
            &[
                (1, number.to_string()),
                (2, [kin.family.as_str(), kin.given.as_str()].map(escaped).join("^")),
                (3, format!("{code}^{}^HL70063", escaped(words))),
                (5, escaped(&kin.telephone)),
                (7, "C".to_owned()),
            ],
        )
    };
    (1..).zip(&record.kin).map(one).collect()
}

fn allergies(record: &HealthRecord) -> Vec<String> {
    let one = |(number, allergy): (usize, &crate::Allergy)| {
        let (code, words) = &allergy.substance;
        fields(
            "AL1",
            &[
                (1, number.to_string()),
                (2, "DA".to_owned()),
                (3, format!("{}^{}^SCT", escaped(code), escaped(words))),
                (4, allergy.severity.to_owned()),
                (5, escaped(&allergy.reaction)),
                (6, escaped(&allergy.confirmed)),
            ],
        )
    };
    (1..).zip(&record.allergies).map(one).collect()
}

fn conditions(record: &HealthRecord) -> Vec<String> {
    let one = |(number, condition): (usize, &crate::Condition)| {
        let (code, words) = condition.problem;
        let since = condition.since.map(|day| day.to_string().replace('-', "")).unwrap_or_default();
        fields(
            "DG1",
            &[
                (1, number.to_string()),
                (3, format!("{}^{}^I10", escaped(code), escaped(words))),
                (5, since),
                (6, "F".to_owned()),
            ],
        )
    };
    (1..).zip(&record.conditions).map(one).collect()
}

fn visit(stay: &Stay) -> String {
    fields(
        "PV1",
        &[
            (1, "1".to_owned()),
            (2, "I".to_owned()),
            (3, [stay.ward.as_str(), "", "", stay.hospital.as_str()].map(escaped).join("^")),
            (19, escaped(&stay.visit)),
            (44, local(stay.admitted)),
            (45, stay.discharged.map(local).unwrap_or_default()),
        ],
    )
}

/// Local time of the hospital, to the minute.
fn local(at: DateTime) -> String {
    strtime::format("%Y%m%d%H%M", at).unwrap_or_default()
}

fn instant(at: Timestamp) -> String {
    strtime::format("%Y%m%d%H%M%S.%3f+0000", &at.to_zoned(TimeZone::UTC)).unwrap_or_default()
}
