//! The case pages: what of a case stands where.

use super::edit::{NOBODY, PACKAGE_STATUSES, TASK_STATUSES, WORKERS};
use super::{Case, CaseSystem};
use crate::form::{Choice, Fields, Form, Label, choices};
use crate::http::Host;
use crate::shell::{Chrome, Frame, PersonLine, Query, ResultRow, grouped};
use crate::{Error, dates};
use askama::Template;
use domain::{DataItem, Demographics, FieldValue, ItemKind};

/// An open step of work.
struct Step {
    what: String,
    due: String,
    worker: String,
}

/// A service and how it stands.
struct Service {
    what: String,
    how: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    chrome: Chrome,
    frame: Frame,
    who: PersonLine,
    team: String,
    /// What became of a number that Yett assigned.
    assigned: Option<String>,
    steps: Vec<Step>,
    services: Vec<Service>,
    protected: bool,
}

/// A status that can be changed.
struct StatusField {
    name: String,
    label: String,
    options: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "case_edit.html")]
struct CaseEditPage {
    chrome: Chrome,
    form: Form,
    who: PersonLine,
    given: String,
    family: String,
    workers: Vec<Choice>,
    statuses: Vec<StatusField>,
    staff_risk: String,
    new_services: Vec<Choice>,
}

/// Services that can be added, the first for none.
const NEW_SERVICES: [&str; 5] = ["", "Home care", "Day centre", "Meals at home", "Short breaks"];

const LABELS: &[Label] = &[
    Label { name: "family", words: "Surname", places: &["Surname", "names"] },
    Label { name: "telephone", words: "Phone", places: &["contacts"] },
    Label { name: "postcode", words: "Postcode", places: &["Postcode", "postcode"] },
    Label { name: "address", words: "Address", places: &["addresses"] },
    Label { name: "staff_risk", words: "Risk to staff", places: &["fields.risk"] },
    Label { name: "new_service", words: "Service", places: &["fields.service"] },
    Label { name: "new_provider", words: "Provider", places: &["fields.provider"] },
    Label { name: "new_frequency", words: "How often", places: &["fields.frequency"] },
];

impl Host for CaseSystem {
    type Record = Case;

    fn find(&self, local_id: &str) -> Option<Case> {
        self.find(local_id)
    }

    fn search(&self, query: &Query, most: usize) -> Vec<ResultRow> {
        let row = |case: Case| ResultRow { who: self.line(&case), local_id: case.record.local_id };
        self.search(query, most).into_iter().map(row).collect()
    }

    fn who<'a>(&self, case: &'a Case) -> &'a Demographics {
        &case.record.demographics
    }

    fn chi<'a>(&self, case: &'a Case) -> Option<&'a str> {
        case.shown_chi()
    }

    async fn save(&self, case: &Case, fields: &Fields) -> Result<Option<String>, Error> {
        let receipt = self.edit(case, fields).await?;
        Ok(receipt.map(|receipt| match receipt.left_out.as_slice() {
            [] => format!("Saved and sent. Receipt {}.", receipt.event_id),
            left => format!("Saved and sent, {} field left out. Receipt {}.", left.len(), receipt.event_id),
        }))
    }

    fn record_page(&self, case: &Case, chrome: Chrome, frame: Frame) -> impl Template {
        let items = &case.record.items;
        CasePage {
            chrome,
            frame,
            who: self.line(case),
            team: first_text(items, ItemKind::RESPONSIBLE_TEAM, "team"),
            assigned: case.assigned.as_ref().map(|assigned| {
                let (number, at) = (grouped(&assigned.number), dates::show_instant(assigned.at));
                match assigned.refused_because {
                    None => format!("CHI number {number} was assigned and confirmed, {at}."),
                    Some(why) => format!("CHI number {number} was assigned and refused, {at}: {why}."),
                }
            }),
            steps: steps(items),
            services: services(items),
            protected: case.record.demographics.protected,
        }
    }

    fn edit_page(&self, case: &Case, chrome: Chrome, form: Form) -> impl Template {
        let items = &case.record.items;
        let worker = first_text(items, ItemKind::ALLOCATED_WORKER, "worker");
        let worker = if worker.is_empty() { NOBODY.to_owned() } else { worker };
        let offered = WORKERS.iter().map(|(name, _)| *name).chain([NOBODY]);
        let parts = case.record.demographics.names.first().map(domain::PersonName::parts).unwrap_or_default();
        let risk = items
            .iter()
            .find(|item| item.kind == ItemKind::RISK_OR_HAZARD && item.text("risk_to") == Some("Staff"));
        CaseEditPage {
            chrome,
            who: self.line(case),
            given: parts.given.join(" "),
            family: parts.family,
            workers: choices(offered, form.shown("worker", &worker)),
            statuses: statuses(items, &form),
            staff_risk: risk.and_then(|item| item.text("risk")).unwrap_or_default().to_owned(),
            new_services: choices(NEW_SERVICES.into_iter(), form.shown("new_service", "")),
            form,
        }
    }

    fn labels() -> &'static [Label] {
        LABELS
    }
}

impl CaseSystem {
    fn line(&self, case: &Case) -> PersonLine {
        PersonLine::of(&case.record.demographics, case.shown_chi(), dates::day_of(self.clock.now()))
    }
}

fn of_kind(items: &[DataItem], kind: ItemKind) -> impl Iterator<Item = &DataItem> {
    items.iter().filter(move |item| item.kind == kind)
}

fn text(item: &DataItem, field: &str) -> String {
    item.text(field).unwrap_or_default().to_owned()
}

fn first_text(items: &[DataItem], kind: ItemKind, field: &str) -> String {
    of_kind(items, kind).next().map(|item| text(item, field)).unwrap_or_default()
}

fn date(item: &DataItem, field: &str) -> String {
    match item.field(field) {
        Some(FieldValue::Date(date)) => date.display(),
        Some(_) | None => String::new(),
    }
}

fn steps(items: &[DataItem]) -> Vec<Step> {
    let worker = initialled(&first_text(items, ItemKind::ALLOCATED_WORKER, "worker"));
    let step = |what: String, due: String| Step { what, due, worker: worker.clone() };
    let tasks = of_kind(items, ItemKind::DISCHARGE_PLANNING)
        .filter(|item| !matches!(item.text("status"), Some("Delivered" | "Cancelled")))
        .map(|item| step(text(item, "task"), date(item, "expected")));
    let protection = of_kind(items, ItemKind::ADULT_PROTECTION)
        .map(|item| step(format!("Adult protection {}", text(item, "stage").to_lowercase()), String::new()));
    let reviews =
        of_kind(items, ItemKind::REVIEW_DUE).map(|item| step(text(item, "type"), date(item, "due")));
    tasks.chain(protection).chain(reviews).collect()
}

/// `Catriona Fenwick` as `C Fenwick`.
fn initialled(name: &str) -> String {
    match name.split_once(' ') {
        Some((given, family)) => format!("{} {family}", given.chars().take(1).collect::<String>()),
        None => name.to_owned(),
    }
}

fn services(items: &[DataItem]) -> Vec<Service> {
    let joined = |parts: [String; 2]| {
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        said.join(". ")
    };
    let packages = of_kind(items, ItemKind::CARE_PACKAGE).map(|i| Service {
        what: text(i, "service"),
        how: joined([text(i, "frequency"), text(i, "status")]),
    });
    let placements = of_kind(items, ItemKind::PLACEMENT)
        .map(|i| Service { what: text(i, "type"), how: joined([text(i, "place"), text(i, "status")]) });
    let equipment = of_kind(items, ItemKind::EQUIPMENT)
        .map(|i| Service { what: text(i, "item"), how: joined([text(i, "detail"), text(i, "status")]) });
    packages.chain(placements).chain(equipment).collect()
}

fn statuses(items: &[DataItem], form: &Form) -> Vec<StatusField> {
    let field = |start: &str, item: &DataItem, label: String, offered: &[&'static str]| {
        let name = format!("{start}.{}", item.instance.as_str());
        let present = form.shown(&name, item.text("status").unwrap_or_default());
        StatusField { options: choices(offered.iter().copied(), present), name, label }
    };
    let packages = of_kind(items, ItemKind::CARE_PACKAGE)
        .map(|item| field("package", item, text(item, "service"), &PACKAGE_STATUSES));
    let tasks = of_kind(items, ItemKind::DISCHARGE_PLANNING)
        .map(|item| field("task", item, text(item, "task"), &TASK_STATUSES));
    packages.chain(tasks).collect()
}
