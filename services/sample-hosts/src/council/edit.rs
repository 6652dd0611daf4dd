//! What a posted form changes of a case. Fields that the form does not have stay as they are.

use super::Case;
use crate::Error;
use crate::dates::day_of;
use crate::form::{Fields, address_lines};
use domain::{
    Code, ContactKind, ContactPoint, DataItem, FieldValue, FieldViolation, InField, ItemKind, PartialDate,
};
use domain::{PersonName, Postcode};
use jiff::Timestamp;
use proto::intake::v1;
use world::{Draft, staff};

/// Statuses of a care package that the form offers.
pub(crate) const PACKAGE_STATUSES: [&str; 3] = ["Active", "On hold", "Ended"];
/// Statuses of a task that the form offers.
pub(crate) const TASK_STATUSES: [&str; 4] = ["Asked for", "Waiting", "Delivered", "Cancelled"];
/// Workers that the form offers, with their telephone numbers.
pub(crate) const WORKERS: [(&str, &str); 2] =
    [("Catriona Fenwick", "01632 960 142"), ("Angus Pettigrew", "01632 960 144")];
/// No worker.
pub(crate) const NOBODY: &str = "Nobody";

/// A case as it will be, and what of it to send.
pub(crate) struct Edit {
    pub(crate) case: Case,
    pub(crate) demographics: bool,
    pub(crate) upserts: Vec<DataItem>,
    pub(crate) removals: Vec<v1::ItemRemoval>,
}

/// The case as the form has it; `None` where nothing changes.
pub(crate) fn edited(case: &Case, fields: &Fields, now: Timestamp) -> Result<Option<Edit>, Error> {
    let mut edit =
        Edit { case: case.clone(), demographics: false, upserts: Vec::new(), removals: Vec::new() };
    let changes = [
        edit_person(&mut edit, fields),
        edit_worker(&mut edit, fields, now),
        edit_statuses(&mut edit, fields, now),
        add_package(&mut edit, fields, now),
        edit_staff_risk(&mut edit, fields, now),
    ];
    let violations: Vec<FieldViolation> = changes.into_iter().filter_map(Result::err).flatten().collect();
    if !violations.is_empty() {
        return Err(Error::Refused { reason: "the form".to_owned(), violations });
    }
    let changed = edit.demographics || !edit.upserts.is_empty() || !edit.removals.is_empty();
    Ok(changed.then_some(edit))
}

type Checked = Result<(), Vec<FieldViolation>>;

fn edit_person(edit: &mut Edit, fields: &Fields) -> Checked {
    let mut who = edit.case.record.demographics.clone();
    let one = |violation| vec![violation];
    if let Some(name) = who.names.first_mut() {
        let mut parts = name.parts();
        if let Some(family) = fields.value("family") {
            family.clone_into(&mut parts.family);
        }
        if let Some(given) = fields.value("given") {
            parts.given = given.split_whitespace().map(str::to_owned).collect();
        }
        *name = PersonName::new(&parts).in_field("Surname").map_err(one)?;
    }
    if let Some(address) = who.addresses.first_mut() {
        let present = address.lines.join(", ");
        if let Some(lines) = fields.changed("address", &present) {
            address.lines = address_lines(lines);
            // Another place: its property number and its date are not known yet.
            address.uprn = None;
            address.from = PartialDate::Unknown;
        }
        if let Some(postcode) = fields.value("postcode") {
            let read = || Postcode::parse(postcode).in_field("Postcode").map_err(one);
            address.postcode = if postcode.is_empty() { None } else { Some(read()?) };
        }
    }
    if let Some(telephone) = fields.value("telephone") {
        let contact = ContactPoint { kind: ContactKind::Telephone, value: telephone.to_owned() };
        who.contacts.retain(|contact| contact.kind != ContactKind::Telephone);
        who.contacts.splice(0..0, (!telephone.is_empty()).then_some(contact));
    }
    edit.demographics = who != edit.case.record.demographics;
    edit.case.record.demographics = who;
    Ok(())
}

fn edit_worker(edit: &mut Edit, fields: &Fields, now: Timestamp) -> Checked {
    let held = edit.find(ItemKind::ALLOCATED_WORKER, |_| true);
    let present = held.as_ref().and_then(|item| item.text("worker")).unwrap_or(NOBODY).to_owned();
    let Some(wanted) = fields.changed("worker", &present) else { return Ok(()) };
    if let Some(held) = held {
        edit.remove(&held);
    }
    let Some((name, telephone)) = WORKERS.iter().find(|(name, _)| *name == wanted) else { return Ok(()) };
    let draft = Draft::new(ItemKind::ALLOCATED_WORKER, &instance("worker", now), now)
        .staff("worker", [name, "Allocated social worker", staff::ADULTS_NORTH, telephone])
        .flag("lead", true)
        .period(day_of(now), None);
    edit.put_draft(draft)
}

/// `package.<instance>` and `task.<instance>`: a status.
fn edit_statuses(edit: &mut Edit, fields: &Fields, now: Timestamp) -> Checked {
    let kinds = [("package.", ItemKind::CARE_PACKAGE), ("task.", ItemKind::DISCHARGE_PLANNING)];
    for (start, kind) in kinds {
        for (name, status) in fields.beginning_with(start) {
            let Some(mut item) = edit.find(kind, |item| item.instance.as_str() == name) else { continue };
            if status.is_empty() || item.text("status") == Some(status) {
                continue;
            }
            set(&mut item, "status", code(status));
            if status == "Ended" {
                end_period(&mut item, now);
            }
            item.as_of = now;
            edit.put(item)?;
        }
    }
    Ok(())
}

fn add_package(edit: &mut Edit, fields: &Fields, now: Timestamp) -> Checked {
    let service = fields.text("new_service");
    if service.is_empty() {
        return Ok(());
    }
    let draft = Draft::new(ItemKind::CARE_PACKAGE, &instance("package", now), now)
        .code("service", service)
        .text("provider", fields.text("new_provider"))
        .text("frequency", fields.text("new_frequency"))
        .code("status", "Active")
        .period(day_of(now), None);
    edit.put_draft(draft)
}

fn edit_staff_risk(edit: &mut Edit, fields: &Fields, now: Timestamp) -> Checked {
    let held = edit.find(ItemKind::RISK_OR_HAZARD, |item| item.text("risk_to") == Some("Staff"));
    let present = held.as_ref().and_then(|item| item.text("risk")).unwrap_or_default().to_owned();
    match (fields.changed("staff_risk", &present), held) {
        (None, _) => Ok(()),
        (Some(""), None) => Ok(()),
        (Some(""), Some(held)) => {
            edit.remove(&held);
            Ok(())
        }
        (Some(risk), Some(mut held)) => {
            set(&mut held, "risk", FieldValue::Text(risk.to_owned()));
            held.as_of = now;
            edit.put(held)
        }
        (Some(risk), None) => {
            let draft = Draft::new(ItemKind::RISK_OR_HAZARD, &instance("risk", now), now)
                .code("risk_to", "Staff")
                .text("risk", risk)
                .period(day_of(now), None);
            edit.put_draft(draft)
        }
    }
}

impl Edit {
    fn find(&self, kind: ItemKind, fits: impl Fn(&DataItem) -> bool) -> Option<DataItem> {
        self.case.record.items.iter().find(|item| item.kind == kind && fits(item)).cloned()
    }

    fn remove(&mut self, gone: &DataItem) {
        let same = |item: &DataItem| item.kind == gone.kind && item.instance == gone.instance;
        self.case.record.items.retain(|item| !same(item));
        self.removals.push(v1::ItemRemoval {
            kind: gone.kind.id().to_owned(),
            instance: gone.instance.as_str().to_owned(),
        });
    }

    fn put(&mut self, item: DataItem) -> Checked {
        let item = item.checked("form")?;
        let items = &mut self.case.record.items;
        match items.iter_mut().find(|held| held.kind == item.kind && held.instance == item.instance) {
            Some(held) => held.clone_from(&item),
            None => items.push(item.clone()),
        }
        self.upserts.push(item);
        Ok(())
    }

    fn put_draft(&mut self, draft: Draft) -> Checked {
        let item = draft.build().map_err(|error| vec![wrong_item(error)])?;
        self.put(item)
    }
}

/// What a form made of an item that breaks a rule.
pub(crate) fn wrong_item(error: world::Error) -> FieldViolation {
    match error {
        world::Error::Item(violation) => violation,
        world::Error::Value(rule) => FieldViolation::new("form", rule),
        world::Error::Day | world::Error::NoChiNumber => FieldViolation::new("form", error.to_string()),
    }
}

fn instance(start: &str, now: Timestamp) -> String {
    format!("{start}-{}", now.as_millisecond())
}

fn code(words: &str) -> FieldValue {
    let code = words.to_lowercase().replace(' ', "-");
    FieldValue::Code(Code { system: String::new(), code, display: words.to_owned() })
}

pub(crate) fn set(item: &mut DataItem, name: &str, value: FieldValue) {
    match item.fields.iter_mut().find(|(field, _)| field == name) {
        Some((_, held)) => *held = value,
        None => item.fields.push((name.to_owned(), value)),
    }
}

fn end_period(item: &mut DataItem, now: Timestamp) {
    let from = match item.field("period") {
        Some(FieldValue::Period { from, .. }) => *from,
        Some(_) | None => PartialDate::Unknown,
    };
    set(item, "period", FieldValue::Period { from, to: PartialDate::Full(day_of(now)) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use world::{World, cast};

    fn elspeth() -> Case {
        let world = World::generate(1, 0, jiff::civil::date(2026, 11, 24)).unwrap();
        let record = world.by_council_id(cast::ELSPETH_DUNBRAE.council).unwrap().council.clone().unwrap();
        Case { record, assigned: None }
    }

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn form(fields: &[(&str, &str)]) -> Fields {
        Fields(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_form_that_changes_nothing_sends_nothing() {
        let same =
            form(&[("family", "Dunbrae"), ("given", "Elspeth"), ("address", "27 Saltpan Wynd, Kilmorran")]);
        assert!(edited(&elspeth(), &same, now()).unwrap().is_none());
    }

    #[test]
    fn ending_a_care_package_sends_that_item_alone_with_its_last_day() {
        let end = form(&[("package.home-care", "Ended")]);
        let edit = edited(&elspeth(), &end, now()).unwrap().unwrap();
        assert!(!edit.demographics && edit.removals.is_empty());
        assert_eq!(edit.upserts.len(), 1);
        let package = &edit.upserts[0];
        assert_eq!(
            (package.instance.as_str(), package.text("status")),
            (cast::ELSPETH_HOME_CARE, Some("Ended"))
        );
        let Some(FieldValue::Period { to, .. }) = package.field("period") else { panic!() };
        assert_eq!(to.to_iso(), "2026-11-24");
    }

    #[test]
    fn a_new_address_has_no_property_number_and_a_bad_postcode_is_named() {
        let moved = form(&[("address", "4 Netherbow Close, Kilmorran"), ("postcode", "ST9 1DD")]);
        let edit = edited(&elspeth(), &moved, now()).unwrap().unwrap();
        let address = &edit.case.record.demographics.addresses[0];
        assert_eq!((address.lines.len(), address.uprn), (2, None));
        let bad = edited(&elspeth(), &form(&[("postcode", "nowhere")]), now());
        let Err(Error::Refused { violations, .. }) = bad else { panic!() };
        assert_eq!(violations[0].field, "Postcode");
    }

    #[test]
    fn another_worker_replaces_the_one_before_and_nobody_leaves_none() {
        let edit = edited(&elspeth(), &form(&[("worker", "Angus Pettigrew")]), now()).unwrap().unwrap();
        assert_eq!((edit.removals.len(), edit.upserts.len()), (1, 1));
        let edit = edited(&elspeth(), &form(&[("worker", NOBODY)]), now()).unwrap().unwrap();
        assert_eq!((edit.removals.len(), edit.upserts.len()), (1, 0));
    }

    #[test]
    fn a_package_can_be_added_and_a_risk_taken_away() {
        let form = form(&[("new_service", "Meals at home"), ("new_frequency", "Daily"), ("staff_risk", "")]);
        let edit = edited(&elspeth(), &form, now()).unwrap().unwrap();
        assert_eq!(edit.upserts[0].text("service"), Some("Meals at home"));
        assert_eq!(edit.removals[0].instance, "dog");
    }
}
