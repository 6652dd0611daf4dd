//! What the health board holds of people who are not of the cast.

use crate::days::start_of;
use crate::draft::{Draft, build_all};
use crate::people::Person;
use crate::places::PRACTICES;
use crate::random::Random;
use crate::{Allergy, Condition, Days, Error, HealthRecord, NextOfKin, Practice, Stay};
use domain::ItemKind;

const PROBLEMS: &[(&str, &str)] = &[
    ("I10", "High blood pressure"),
    ("E11.9", "Type 2 diabetes"),
    ("J45.9", "Asthma"),
    ("M19.9", "Arthritis"),
];
const MEDICINES: &[(&str, &str)] = &[
    ("Amlodipine 5 mg", "Once a day"),
    ("Metformin 500 mg", "Twice a day"),
    ("Salbutamol inhaler", "When needed"),
    ("Paracetamol 500 mg", "Four times a day"),
];
const SUBSTANCES: &[(&str, &str)] =
    &[("91936005", "Penicillin"), ("300913006", "Shellfish"), ("1003755004", "Latex")];

/// Makes records.
pub(crate) struct HealthFile<'a> {
    pub(crate) random: &'a Random,
    pub(crate) days: Days,
}

impl HealthFile<'_> {
    /// The record of a person under a patient number, with the next of kin that is given.
    pub(crate) fn record(
        &self,
        person: &Person,
        local_id: String,
        kin: Option<&Person>,
    ) -> Result<HealthRecord, Error> {
        let old = person.age(self.days.today()) >= 50;
        let kin = kin.map(|kin| NextOfKin {
            family: kin.family.clone(),
            given: kin.first_name().to_owned(),
            relationship: ("EXF", "Family"),
            telephone: kin.telephone.clone(),
        });
        let mut record = plain(person, local_id, self.practice())?;
        record.kin = kin.into_iter().collect();
        if self.random.percent(15) {
            record.allergies = self.random.pick(SUBSTANCES).map(allergy).into_iter().collect();
        }
        if old && self.random.percent(60) {
            let problem = self.random.pick(PROBLEMS).copied().unwrap_or(("I10", "High blood pressure"));
            let since = self.days.ago(200 + i32::try_from(self.random.below(3000)).unwrap_or_default())?;
            record.conditions = vec![Condition { problem, since: Some(since) }];
        }
        if self.random.percent(if old { 6 } else { 1 }) {
            record.stay = Some(self.stay(&record.local_id)?);
        }
        record.items = build_all(self.items(&record.practice, old)?)?;
        Ok(record)
    }

    fn practice(&self) -> Practice {
        let (name, telephone) = self.random.pick(PRACTICES).copied().unwrap_or_default();
        let (given, family) = match name {
            "Harbour Street Practice" => ("Rhona", "Abercairn"),
            "Old Mill Surgery" => ("Imran", "Rashid"),
            _ => ("Keir", "Whithorn"),
        };
        Practice {
            name: name.to_owned(),
            gp_family: family.to_owned(),
            gp_given: given.to_owned(),
            telephone: telephone.to_owned(),
        }
    }

    fn stay(&self, local_id: &str) -> Result<Stay, Error> {
        let day = self.days.ago(1 + i32::try_from(self.random.below(9)).unwrap_or_default())?;
        Ok(Stay {
            visit: format!("V-{local_id}"),
            hospital: "Kilmorran Infirmary".to_owned(),
            ward: self.random.one(&["Ward 4", "Ward 6"]).to_owned(),
            admitted: day.at(10, 30, 0, 0),
            expected: Some(self.days.ago(-2)?),
            discharged: None,
        })
    }

    fn items(&self, practice: &Practice, old: bool) -> Result<Vec<Draft>, Error> {
        let day = self.days.ago(5 + i32::try_from(self.random.below(300)).unwrap_or_default())?;
        let as_of = start_of(day)?;
        let mut drafts = vec![practice_item(practice, as_of)];
        if old {
            let (medicine, often) = self.random.pick(MEDICINES).copied().unwrap_or_default();
            drafts.push(
                Draft::new(ItemKind::MEDICATION, "medicine-1", as_of)
                    .code("medicine", medicine)
                    .text("how_often", often)
                    .code("type", "Repeat")
                    .code("status", "Active")
                    .date("since", day),
            );
        }
        if self.random.percent(25) {
            drafts.push(
                Draft::new(ItemKind::APPOINTMENT, "appointment-1", as_of)
                    .text("clinic", self.random.one(&["Audiology", "Falls clinic", "Eye clinic"]))
                    .date(
                        "date",
                        self.days.ago(-3 - i32::try_from(self.random.below(60)).unwrap_or_default())?,
                    )
                    .text("place", "Kilmorran Infirmary")
                    .code("status", "Booked"),
            );
        }
        Ok(drafts)
    }
}

/// A record that holds who the person is and the practice, and nothing else.
pub(crate) fn plain(person: &Person, local_id: String, practice: Practice) -> Result<HealthRecord, Error> {
    Ok(HealthRecord {
        local_id,
        demographics: person.demographics(None)?,
        chi: Some(person.chi.as_str().to_owned()),
        practice,
        kin: Vec::new(),
        allergies: Vec::new(),
        conditions: Vec::new(),
        stay: None,
        items: Vec::new(),
    })
}

/// The practice as an item, with its telephone number, which an ADT message has no place for.
pub(crate) fn practice_item(practice: &Practice, as_of: jiff::Timestamp) -> Draft {
    let gp = format!("Dr {} {}", practice.gp_given, practice.gp_family);
    Draft::new(ItemKind::REGISTERED_PRACTICE, "current", as_of)
        .text("practice", &practice.name)
        .staff("named_gp", [&gp, "GP", &practice.name, &practice.telephone])
        .text("telephone", &practice.telephone)
}

fn allergy((code, words): &(&str, &str)) -> Allergy {
    Allergy {
        substance: ((*code).to_owned(), (*words).to_owned()),
        severity: "MO",
        reaction: "Rash".to_owned(),
        confirmed: String::new(),
    }
}
