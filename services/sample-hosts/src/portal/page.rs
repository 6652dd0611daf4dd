//! The patient pages: what of a patient stands where.

use super::Portal;
use super::edit::{PRACTICES, WARDS, allergy_lines};
use crate::form::{Choice, Fields, Form, Label, choices};
use crate::http::Host;
use crate::shell::{Chrome, Frame, PersonLine, Query, ResultRow};
use crate::{Error, dates};
use askama::Template;
use domain::{DataItem, Demographics, FieldValue, ItemKind};
use world::{HealthRecord, Stay};

/// The stay as the page shows it.
struct StayLines {
    place: String,
    admitted_machine: String,
    admitted: String,
    expected: String,
    discharged: String,
}

struct ResultLine {
    test: String,
    result: String,
    when: String,
}

struct AppointmentLine {
    clinic: String,
    when: String,
    place: String,
}

#[derive(Template)]
#[template(path = "patient.html")]
struct PatientPage {
    chrome: Chrome,
    frame: Frame,
    who: PersonLine,
    /// Substances.
    allergies: String,
    stay: Option<StayLines>,
    results: Vec<ResultLine>,
    appointments: Vec<AppointmentLine>,
    practice: String,
    protected: bool,
}

#[derive(Template)]
#[template(path = "patient_edit.html")]
struct PatientEditPage {
    chrome: Chrome,
    form: Form,
    who: PersonLine,
    wards: Vec<Choice>,
    practices: Vec<Choice>,
    expected: String,
    allergies: String,
}

const LABELS: &[Label] = &[
    Label { name: "ward", words: "Ward", places: &["PV1-1-3"] },
    Label {
        name: "expected",
        words: "Expected home",
        places: &["Expected home", "fields.expected_discharge"],
    },
    Label { name: "discharged", words: "Discharged", places: &["Discharged", "PV1-1-45"] },
    Label { name: "telephone", words: "Phone", places: &["PID-1-13"] },
    Label { name: "postcode", words: "Postcode", places: &["Postcode"] },
    Label { name: "address", words: "Address", places: &["PID-1-11"] },
    Label { name: "practice", words: "GP practice", places: &["GP practice", "fields.practice"] },
    Label { name: "retired", words: "Number to retire", places: &["Other patient number", "MRG-1"] },
    Label { name: "allergies", words: "Allergies:", places: &["AL1"] },
];

impl Host for Portal {
    type Record = HealthRecord;

    fn find(&self, local_id: &str) -> Option<HealthRecord> {
        self.find(local_id)
    }

    fn search(&self, query: &Query, most: usize) -> Vec<ResultRow> {
        let row = |patient: HealthRecord| ResultRow { who: self.line(&patient), local_id: patient.local_id };
        self.search(query, most).into_iter().map(row).collect()
    }

    fn who<'a>(&self, patient: &'a HealthRecord) -> &'a Demographics {
        &patient.demographics
    }

    fn chi<'a>(&self, patient: &'a HealthRecord) -> Option<&'a str> {
        patient.chi.as_deref()
    }

    async fn save(&self, patient: &HealthRecord, fields: &Fields) -> Result<Option<String>, Error> {
        let said = self.edit(patient, fields).await?;
        Ok((!said.is_empty()).then(|| format!("Saved and sent. {}.", said.join(". "))))
    }

    fn record_page(&self, patient: &HealthRecord, chrome: Chrome, frame: Frame) -> impl Template {
        let substances: Vec<String> =
            patient.allergies.iter().map(|allergy| allergy.substance.1.to_lowercase()).collect();
        PatientPage {
            chrome,
            frame,
            who: self.line(patient),
            allergies: substances.join(", "),
            stay: patient.stay.as_ref().map(stay_lines),
            results: results(&patient.items),
            appointments: appointments(&patient.items),
            practice: patient.practice.name.clone(),
            protected: patient.demographics.protected,
        }
    }

    fn edit_page(&self, patient: &HealthRecord, chrome: Chrome, form: Form) -> impl Template {
        let present = patient.stay.as_ref().filter(|stay| stay.discharged.is_none());
        let ward = form.shown("ward", present.map_or("", |stay| stay.ward.as_str()));
        let wards = present.is_none().then_some("").into_iter().chain(WARDS);
        let expected = present.and_then(|stay| stay.expected);
        let practice = form.shown("practice", &patient.practice.name);
        PatientEditPage {
            chrome,
            who: self.line(patient),
            wards: choices(wards, ward),
            practices: choices(PRACTICES.iter().map(|(words, ..)| *words), practice),
            expected: expected.map(dates::show).unwrap_or_default(),
            allergies: allergy_lines(&patient.allergies),
            form,
        }
    }

    fn labels() -> &'static [Label] {
        LABELS
    }
}

impl Portal {
    fn line(&self, patient: &HealthRecord) -> PersonLine {
        PersonLine::of(&patient.demographics, patient.chi.as_deref(), dates::day_of(self.clock.now()))
    }
}

fn stay_lines(stay: &Stay) -> StayLines {
    StayLines {
        place: format!("{}, {}", stay.ward, stay.hospital),
        admitted_machine: dates::machine(stay.admitted),
        admitted: dates::show_time(stay.admitted),
        expected: stay.expected.map(dates::show).unwrap_or_default(),
        discharged: stay.discharged.map(dates::show_time).unwrap_or_default(),
    }
}

fn results(items: &[DataItem]) -> Vec<ResultLine> {
    let line = |item: &DataItem| {
        let value = match item.field("value") {
            Some(FieldValue::Quantity { value, unit }) => format!("{value} {unit}"),
            Some(_) | None => item.text("finding").unwrap_or_default().to_owned(),
        };
        ResultLine { test: words(item, "test"), result: value, when: day(item) }
    };
    items.iter().filter(|item| item.kind == ItemKind::INVESTIGATION_RESULT).map(line).collect()
}

fn appointments(items: &[DataItem]) -> Vec<AppointmentLine> {
    let line = |item: &DataItem| {
        let time = item.text("time").map(|time| format!(", {time}")).unwrap_or_default();
        AppointmentLine {
            clinic: words(item, "clinic"),
            when: format!("{}{time}", day(item)),
            place: words(item, "place"),
        }
    };
    items.iter().filter(|item| item.kind == ItemKind::APPOINTMENT).map(line).collect()
}

fn words(item: &DataItem, field: &str) -> String {
    item.text(field).unwrap_or_default().to_owned()
}

fn day(item: &DataItem) -> String {
    match item.field("date") {
        Some(FieldValue::Date(date)) => date.display(),
        Some(_) | None => String::new(),
    }
}
