//! What a posted form changes of a patient, and which messages tell of it. Fields that the form does not have stay
//! as they are.

use crate::Error;
use crate::council::edit::wrong_item;
use crate::dates::{day_of, local, parse};
use crate::form::{Fields, address_lines};
use domain::{ContactKind, ContactPoint, DataItem, FieldViolation, InField, ItemKind, PartialDate, Postcode};
use jiff::Timestamp;
use world::{Allergy, Draft, HealthRecord, Stay};

/// Wards that the form offers.
pub(crate) const WARDS: [&str; 3] = ["Ward 4", "Ward 6", "Discharge lounge"];
/// Practices that the form offers, with telephone number and GP.
pub(crate) const PRACTICES: [(&str, &str, (&str, &str)); 3] = [
    ("Harbour Street Practice", "01632 960 210", ("Rhona", "Abercairn")),
    ("Old Mill Surgery", "01632 960 220", ("Imran", "Rashid")),
    ("Inverfyne Medical Practice", "01632 960 230", ("Keir", "Whithorn")),
];
/// The hospital of these wards.
const HOSPITAL: &str = "Kilmorran Infirmary";

/// One message to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    UpdatePerson,
    UpdateAllergies,
    Admit(Stay),
    Discharge(Stay),
    /// This patient number is retired.
    Merge(String),
    /// What ADT messages do not carry.
    Items(Vec<DataItem>),
}

/// A patient as they will be, and what tells of it, in order.
pub(crate) struct Edit {
    pub(crate) patient: HealthRecord,
    pub(crate) messages: Vec<Message>,
}

type Checked = Result<(), Vec<FieldViolation>>;

/// The patient as the form has them.
pub(crate) fn edited(patient: &HealthRecord, fields: &Fields, now: Timestamp) -> Result<Edit, Error> {
    let mut edit = Edit { patient: patient.clone(), messages: Vec::new() };
    let person = edit_person(&mut edit, fields);
    edit_allergies(&mut edit, fields);
    let changes = [
        person,
        edit_practice(&mut edit, fields, now),
        edit_stay(&mut edit, fields, now),
        merge(&mut edit, fields),
    ];
    let violations: Vec<FieldViolation> = changes.into_iter().filter_map(Result::err).flatten().collect();
    if violations.is_empty() {
        Ok(edit)
    } else {
        Err(Error::Refused { reason: "the form".to_owned(), violations })
    }
}

fn edit_person(edit: &mut Edit, fields: &Fields) -> Checked {
    let mut who = edit.patient.demographics.clone();
    if let Some(address) = who.addresses.first_mut() {
        let present = address.lines.join(", ");
        if let Some(lines) = fields.changed("address", &present) {
            address.lines = address_lines(lines);
            address.uprn = None;
            address.from = PartialDate::Unknown;
        }
        if let Some(postcode) = fields.value("postcode") {
            let read = || Postcode::parse(postcode).in_field("Postcode").map_err(|one| vec![one]);
            address.postcode = if postcode.is_empty() { None } else { Some(read()?) };
        }
    }
    if let Some(telephone) = fields.value("telephone") {
        let contact = ContactPoint { kind: ContactKind::Telephone, value: telephone.to_owned() };
        who.contacts.retain(|contact| contact.kind != ContactKind::Telephone);
        who.contacts.splice(0..0, (!telephone.is_empty()).then_some(contact));
    }
    if who != edit.patient.demographics {
        edit.patient.demographics = who;
        edit.messages.push(Message::UpdatePerson);
    }
    Ok(())
}

/// One line for each allergy, as `Penicillin: anaphylaxis`.
pub(crate) fn allergy_lines(allergies: &[Allergy]) -> String {
    let line = |allergy: &Allergy| match allergy.reaction.as_str() {
        "" => allergy.substance.1.clone(),
        reaction => format!("{}: {reaction}", allergy.substance.1),
    };
    allergies.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn edit_allergies(edit: &mut Edit, fields: &Fields) {
    let Some(text) = fields.value("allergies").map(|text| text.replace("\r\n", "\n")) else { return };
    let held = edit.patient.allergies.clone();
    if text == allergy_lines(&held) {
        return;
    }
    let one = |line: &str| {
        let (substance, reaction) = line.split_once(':').unwrap_or((line, ""));
        let (substance, reaction) = (substance.trim(), reaction.trim());
        let known = held.iter().find(|allergy| allergy.substance.1 == substance);
        let code = known.map(|allergy| allergy.substance.0.clone()).unwrap_or_default();
        Allergy {
            substance: (code, substance.to_owned()),
            severity: known.map_or("MO", |allergy| allergy.severity),
            reaction: reaction.to_owned(),
            confirmed: known.map(|allergy| allergy.confirmed.clone()).unwrap_or_default(),
        }
    };
    edit.patient.allergies = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(one).collect();
    edit.messages.push(Message::UpdateAllergies);
}

fn edit_practice(edit: &mut Edit, fields: &Fields, now: Timestamp) -> Checked {
    let Some(wanted) = fields.changed("practice", &edit.patient.practice.name) else { return Ok(()) };
    let Some((name, telephone, (given, family))) = PRACTICES.iter().find(|(name, ..)| *name == wanted) else {
        return Err(vec![FieldViolation::new("GP practice", "must be one of the list")]);
    };
    let practice = world::Practice {
        name: (*name).to_owned(),
        gp_given: (*given).to_owned(),
        gp_family: (*family).to_owned(),
        telephone: (*telephone).to_owned(),
    };
    let gp = format!("Dr {given} {family}");
    let draft = Draft::new(ItemKind::REGISTERED_PRACTICE, "current", now)
        .text("practice", name)
        .staff("named_gp", [&gp, "GP", name, telephone])
        .text("telephone", telephone);
    edit.patient.practice = practice;
    edit.tell(draft)
}

/// A ward where there is none admits; another ward transfers; a day of discharge ends the stay.
fn edit_stay(edit: &mut Edit, fields: &Fields, now: Timestamp) -> Checked {
    let day = |name: &str, words: &str| match fields.text(name) {
        "" => Ok(None),
        text => parse(text).map(Some).ok_or(FieldViolation::new(words, "must be a date such as 19 Nov 2026")),
    };
    let (expected, discharged) = match (day("expected", "Expected home"), day("discharged", "Discharged")) {
        (Ok(expected), Ok(discharged)) => (expected, discharged),
        (expected, discharged) => {
            return Err([expected.err(), discharged.err()].into_iter().flatten().collect());
        }
    };
    let present = edit.patient.stay.clone().filter(|stay| stay.discharged.is_none());
    let ward = fields.text("ward");
    let mut stay = match present {
        Some(stay) => stay,
        None if ward.is_empty() => return Ok(()),
        None => Stay {
            visit: format!("V-{}", now.as_millisecond()),
            hospital: HOSPITAL.to_owned(),
            ward: String::new(),
            admitted: local(now),
            expected: None,
            discharged: None,
        },
    };
    let moved = !ward.is_empty() && ward != stay.ward;
    let awaited = fields.value("expected").is_some() && expected != stay.expected;
    if moved {
        ward.clone_into(&mut stay.ward);
        edit.messages.push(Message::Admit(stay.clone()));
    }
    if awaited {
        stay.expected = expected;
    }
    match discharged {
        Some(day) => {
            let time = if day == day_of(now) { local(now).time() } else { jiff::civil::time(12, 0, 0, 0) };
            stay.discharged = Some(day.to_datetime(time));
            edit.messages.push(Message::Discharge(stay.clone()));
        }
        None if moved || awaited => edit.tell(stay_details(&stay, now))?,
        None => {}
    }
    edit.patient.stay = Some(stay);
    Ok(())
}

/// The stay with what an ADT message has no place for.
fn stay_details(stay: &Stay, now: Timestamp) -> Draft {
    let telephone = if stay.ward == "Ward 6" { "01632 960 260" } else { "01632 960 200" };
    let draft = Draft::new(ItemKind::INPATIENT_STAY, &stay.visit, now)
        .text("hospital", &stay.hospital)
        .text("ward", &stay.ward)
        .text("ward_telephone", telephone)
        .date("admitted", stay.admitted.date())
        .text("admitted_time", &format!("{:02}:{:02}", stay.admitted.hour(), stay.admitted.minute()))
        .code("status", "In hospital");
    match stay.expected {
        Some(day) => draft.date("expected_discharge", day),
        None => draft,
    }
}

fn merge(edit: &mut Edit, fields: &Fields) -> Checked {
    let retired = fields.text("retired");
    if retired.is_empty() {
        return Ok(());
    }
    if retired == edit.patient.local_id {
        return Err(vec![FieldViolation::new(
            "Other patient number",
            "must not be this patient's own number",
        )]);
    }
    edit.messages.push(Message::Merge(retired.to_owned()));
    Ok(())
}

impl Edit {
    fn tell(&mut self, draft: Draft) -> Checked {
        let item = draft.build().map_err(|error| vec![wrong_item(error)])?;
        self.messages.push(Message::Items(vec![item]));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use world::{World, cast};

    fn patient(local_id: &str) -> HealthRecord {
        let world = World::generate(1, 0, jiff::civil::date(2026, 11, 24)).unwrap();
        world.by_health_id(local_id).unwrap().health.clone().unwrap()
    }

    fn messages(patient: &HealthRecord, fields: &[(&str, &str)]) -> Vec<Message> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        edited(patient, &Fields(fields), "2026-11-24T10:00:00Z".parse().unwrap()).unwrap().messages
    }

    #[test]
    fn a_form_that_changes_nothing_sends_nothing() {
        let elspeth = patient(cast::ELSPETH_DUNBRAE.health);
        let lines = allergy_lines(&elspeth.allergies).replace('\n', "\r\n");
        let same = [
            ("address", "27 Saltpan Wynd, Kilmorran"),
            ("postcode", "ST9 4QX"),
            ("telephone", "01632 960 377"),
            ("ward", "Ward 6"),
            ("expected", "26 Nov 2026"),
            ("discharged", ""),
            ("practice", "Harbour Street Practice"),
            ("allergies", lines.as_str()),
            ("retired", ""),
        ];
        assert_eq!(messages(&elspeth, &same), []);
    }

    #[test]
    fn an_address_is_told_by_a31_alone() {
        let elspeth = patient(cast::ELSPETH_DUNBRAE.health);
        assert_eq!(messages(&elspeth, &[("address", "1 Rowanbank, Kilmorran")]), [Message::UpdatePerson]);
    }

    #[test]
    fn a_ward_admits_and_a_day_of_discharge_ends_the_stay() {
        let torquil = patient(cast::TORQUIL_ASKEW.health);
        let sent = messages(&torquil, &[("ward", "Ward 4")]);
        assert!(matches!(&sent[..], [Message::Admit(stay), Message::Items(_)] if stay.ward == "Ward 4"));
        let elspeth = patient(cast::ELSPETH_DUNBRAE.health);
        let sent = messages(&elspeth, &[("ward", "Ward 6"), ("discharged", "24 Nov 2026")]);
        assert!(matches!(&sent[..], [Message::Discharge(stay)] if stay.visit == cast::ELSPETH_VISIT));
    }

    #[test]
    fn a_merge_names_the_retired_number_and_never_the_own_one() {
        let lachlan = patient(cast::LACHLAN_OSWIN.health);
        let retired = Message::Merge(cast::DUPLICATE_OF_LACHLAN.to_owned());
        assert_eq!(messages(&lachlan, &[("retired", cast::DUPLICATE_OF_LACHLAN)]), [retired]);
        let own = Fields(vec![("retired".to_owned(), lachlan.local_id.clone())]);
        assert!(edited(&lachlan, &own, Timestamp::UNIX_EPOCH).is_err());
    }

    #[test]
    fn allergies_are_lines_and_keep_their_codes() {
        let elspeth = patient(cast::ELSPETH_DUNBRAE.health);
        let text = "Penicillin: anaphylaxis and rash\nLatex";
        let fields = Fields(vec![("allergies".to_owned(), text.to_owned())]);
        let edit = edited(&elspeth, &fields, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(edit.patient.allergies[0].substance.0, "91936005");
        assert_eq!(allergy_lines(&edit.patient.allergies), text);
    }
}
