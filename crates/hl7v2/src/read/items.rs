//! Segments that become data items: PD1 practice, NK1 next of kin, AL1 allergies, DG1 conditions.
//!
//! NK1 and AL1 stand in a message as the whole list (snapshot mode), so what is not among them is gone. DG1 belongs
//! to one stay and is not the whole list. A lone segment whose value is `""` deletes all of its kind.

use super::{Context, Report};
use crate::{Error, Location, Message, Segment, Value};
use domain::{
    Code, DataItem, FieldValue, Instance, ItemKind, Labels, PartialDate, Practitioner, RecordChange,
    RelatedPerson,
};

/// The instance of an item of which a record holds one.
const ONLY: &str = "current";

/// An item that is being put together.
pub(super) struct Draft {
    kind: ItemKind,
    instance: String,
    fields: Vec<(String, FieldValue)>,
}

impl Draft {
    pub(super) fn new(kind: ItemKind, instance: &str) -> Self {
        // Instances are at most 100 characters; a longer key keeps its beginning.
        let instance = instance.chars().filter(|c| !c.is_control()).take(100).collect();
        Self { kind, instance, fields: Vec::new() }
    }

    pub(super) fn text(&mut self, name: &str, text: String) {
        if !text.is_empty() {
            self.fields.push((name.to_owned(), FieldValue::Text(text)));
        }
    }

    pub(super) fn date(&mut self, name: &str, date: Option<PartialDate>) {
        if let Some(date) = date {
            self.fields.push((name.to_owned(), FieldValue::Date(date)));
        }
    }

    pub(super) fn value(&mut self, name: &str, value: FieldValue) {
        self.fields.push((name.to_owned(), value));
    }

    /// Checks the item and adds it to the change. An instance that the message holds already gets a number.
    pub(super) fn add(
        mut self,
        location: &Location,
        context: &Context<'_>,
        change: &mut RecordChange,
    ) -> Result<(), Error> {
        let taken =
            |name: &str| change.upserts.iter().any(|i| i.kind == self.kind && i.instance.as_str() == name);
        if taken(&self.instance) {
            let start: String = self.instance.chars().take(90).collect();
            let free = (2..1000_u32).map(|n| format!("{start}#{n}")).find(|name| !taken(name));
            self.instance = free.ok_or_else(|| too_many(location))?;
        }
        let item = DataItem {
            kind: self.kind,
            instance: Instance::parse(&self.instance).map_err(|rule| Error::invalid(location, rule))?,
            as_of: context.occurred_at,
            fields: self.fields,
            labels: Labels::NONE,
            source_reference: None,
        };
        let item = item.checked(&location.segment).map_err(|violations| first(location, violations))?;
        change.upserts.push(item);
        Ok(())
    }
}

fn too_many(location: &Location) -> Error {
    Error::Invalid {
        location: location.clone(),
        rule: "must not stand more than 1000 times alike".to_owned(),
    }
}

fn first(location: &Location, violations: Vec<domain::FieldViolation>) -> Error {
    let rule = violations.into_iter().next().map_or_else(
        || "must fit the catalogue".to_owned(),
        |violation| format!("{} {}", violation.field.rsplit('.').next().unwrap_or_default(), violation.rule),
    );
    Error::Invalid { location: location.clone(), rule }
}

/// PD1-3 (the practice as an organisation) and PD1-4 (the GP, and in older messages of the United Kingdom a second
/// repetition that is the practice).
pub(super) fn registered_practice(
    segment: &Segment<'_>,
    context: &Context<'_>,
    change: &mut RecordChange,
) -> Result<(), Error> {
    let (organisation, provider) = (segment.field(3), segment.field(4));
    if provider.is_null() || organisation.is_null() {
        let instance = Instance::parse(ONLY).map_err(|rule| Error::invalid(&segment.location(), rule))?;
        change.removals.push((ItemKind::REGISTERED_PRACTICE, instance));
        return Ok(());
    }
    let gp = provider.first();
    let named_gp = staff_name(&gp);
    let second = provider.repeats().nth(1);
    let practice = [
        second.map(|one| one.line(2)).unwrap_or_default(),
        organisation.first().line(1),
        second.map(|one| one.line(1)).unwrap_or_default(),
        gp.line(14),
        if named_gp.is_empty() { gp.line(1) } else { format!("Practice of {named_gp}") },
    ];
    let Some(practice) = practice.into_iter().find(|name| !name.is_empty()) else { return Ok(()) };
    let mut draft = Draft::new(ItemKind::REGISTERED_PRACTICE, ONLY);
    draft.text("practice", practice);
    if !named_gp.is_empty() {
        let practitioner = Practitioner { name: named_gp, role: "GP".to_owned(), ..Practitioner::default() };
        draft.value("named_gp", FieldValue::Practitioner(practitioner));
    }
    draft.add(&segment.at(4), context, change)
}

/// XCN: prefix, given names, family name.
pub(super) fn staff_name(one: &Value<'_>) -> String {
    let parts = [one.line(6), one.line(3), one.line(4), one.line(2)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether the segments are one alone whose key field is `""`.
fn deletes_all(segments: &[Segment<'_>], field: usize) -> bool {
    matches!(segments, [only] if only.field(field).is_null())
}

pub(super) fn next_of_kin(
    message: &Message,
    context: &Context<'_>,
    change: &mut RecordChange,
    report: &mut Report,
) -> Result<(), Error> {
    let segments: Vec<Segment<'_>> = message.named("NK1").collect();
    let kind = ItemKind::HEALTH_NEXT_OF_KIN;
    let before = change.upserts.len();
    for segment in &segments {
        let name = segment.field(2).first();
        let shown = [name.line(5), name.line(2), name.line(3), name.line(1)];
        let shown = shown.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        if shown.is_empty() {
            note_empty(segment, 2, report);
            continue;
        }
        let own_id = segment.field(33).first().part(1);
        let mut draft = Draft::new(kind, &or_set_id(own_id, segment));
        draft.value(
            "contact",
            FieldValue::Person(RelatedPerson {
                name: shown,
                relationship: relationship(&segment.field(3)),
                telephone: segment.field(5).first().line(1),
            }),
        );
        let role = segment.field(7).first().part(1);
        if !role.is_empty() {
            draft.value("emergency_contact", FieldValue::Flag(matches!(role.as_str(), "C" | "EC" | "EMC")));
        }
        draft.add(&segment.location(), context, change)?;
    }
    mark_complete(kind, change.upserts.len() > before || deletes_all(&segments, 2), change);
    Ok(())
}

/// Words of a coded element, else those of HL7 table 0063, else the code.
fn relationship(field: &Value<'_>) -> String {
    let one = field.first();
    let (code, words) = (one.line(1), one.line(2));
    let known = match code.as_str() {
        "SPO" => "Spouse",
        "DOM" => "Life partner",
        "CHD" => "Child",
        "GCH" => "Grandchild",
        "NCH" => "Natural child",
        "SCH" => "Stepchild",
        "FCH" => "Foster child",
        "WRD" => "Ward of court",
        "PAR" => "Parent",
        "MTH" => "Mother",
        "FTH" => "Father",
        "GRP" => "Grandparent",
        "SIB" => "Sibling",
        "BRO" => "Brother",
        "SIS" => "Sister",
        "EXF" => "Extended family",
        "FND" => "Friend",
        "GRD" => "Guardian",
        "CGV" => "Care giver",
        "EMC" => "Emergency contact",
        "OTH" => "Other",
        _ => "",
    };
    [words.as_str(), known, code.as_str()]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned()
}

pub(super) fn allergies(
    message: &Message,
    context: &Context<'_>,
    change: &mut RecordChange,
    report: &mut Report,
) -> Result<(), Error> {
    let segments: Vec<Segment<'_>> = message.named("AL1").collect();
    let before = change.upserts.len();
    for segment in &segments {
        let Some(substance) = coded(&segment.field(3)) else {
            note_empty(segment, 3, report);
            continue;
        };
        let mut draft = Draft::new(ItemKind::ALLERGY, &code_key(&substance));
        draft.value("substance", FieldValue::Code(substance));
        let reactions: Vec<String> = segment.field(5).repeats().map(|one| one.line(1)).collect();
        draft.text("reaction", reactions.join(", "));
        if let Some(severity) = coded(&segment.field(4)) {
            draft.value("severity", FieldValue::Code(severity_words(severity)));
        }
        draft.date("confirmed", date(segment, 6)?);
        draft.add(&segment.location(), context, change)?;
    }
    mark_complete(ItemKind::ALLERGY, change.upserts.len() > before || deletes_all(&segments, 3), change);
    Ok(())
}

/// HL7 table 0128.
fn severity_words(code: Code) -> Code {
    let words = match code.code.as_str() {
        "SV" => "Severe",
        "MO" => "Moderate",
        "MI" => "Mild",
        "U" => "Not known",
        _ => return code,
    };
    if code.display == code.code { Code { display: words.to_owned(), ..code } } else { code }
}

pub(super) fn conditions(
    message: &Message,
    context: &Context<'_>,
    change: &mut RecordChange,
    report: &mut Report,
) -> Result<(), Error> {
    let segments: Vec<Segment<'_>> = message.named("DG1").collect();
    if deletes_all(&segments, 3) {
        mark_complete(ItemKind::CONDITION, true, change);
        return Ok(());
    }
    for segment in &segments {
        let Some(problem) = diagnosis(segment) else {
            note_empty(segment, 3, report);
            continue;
        };
        let own_id = segment.field(20).first().part(1);
        let instance = if own_id.is_empty() { code_key(&problem) } else { own_id };
        if segment.field(21).part(1) == "D" {
            let instance =
                Instance::parse(&instance).map_err(|rule| Error::invalid(&segment.at(20), rule))?;
            change.removals.push((ItemKind::CONDITION, instance));
            continue;
        }
        let mut draft = Draft::new(ItemKind::CONDITION, &instance);
        draft.value("problem", FieldValue::Code(problem));
        draft.date("onset", date(segment, 5)?);
        draft.add(&segment.location(), context, change)?;
    }
    Ok(())
}

/// DG1-3, with the words of DG1-4 where it has none.
fn diagnosis(segment: &Segment<'_>) -> Option<Code> {
    let words = segment.field(4).line(1);
    match coded(&segment.field(3)) {
        Some(code) if code.display == code.code && !words.is_empty() => Some(Code { display: words, ..code }),
        Some(code) => Some(code),
        None if words.is_empty() => None,
        None => Some(Code { system: String::new(), code: String::new(), display: words }),
    }
}

/// CE, CWE: code, words, system. `None` where it has neither code nor words.
fn coded(field: &Value<'_>) -> Option<Code> {
    let one = field.first();
    let (code, words) = (one.line(1), one.line(2));
    let original = one.line(9);
    let display = [words, original, code.clone()].into_iter().find(|text| !text.is_empty())?;
    Some(Code { system: system(&one.line(3)), code, display })
}

/// HL7 table 0396, as far as other standards give it one name.
fn system(name: &str) -> String {
    match name {
        "SCT" | "SNM" | "SNOMED" | "SNOMED CT" => "http://snomed.info/sct".to_owned(),
        "I10" | "ICD10" => "http://hl7.org/fhir/sid/icd-10".to_owned(),
        "LN" => "http://loinc.org".to_owned(),
        other => other.to_owned(),
    }
}

fn code_key(code: &Code) -> String {
    let key = if code.code.is_empty() { &code.display } else { &code.code };
    key.clone()
}

fn or_set_id(own_id: String, segment: &Segment<'_>) -> String {
    let set_id = segment.field(1).part(1);
    let position = segment.location().occurrence.to_string();
    [own_id, set_id, position].into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

pub(super) fn date(segment: &Segment<'_>, field: usize) -> Result<Option<PartialDate>, Error> {
    match segment.field(field).part(1).as_str() {
        "" => Ok(None),
        text => {
            PartialDate::parse_hl7(text).map(Some).map_err(|rule| Error::invalid(&segment.at(field), rule))
        }
    }
}

fn mark_complete(kind: ItemKind, complete: bool, change: &mut RecordChange) {
    if complete {
        change.complete_kinds.push(kind);
    }
}

fn note_empty(segment: &Segment<'_>, field: usize, report: &mut Report) {
    if !segment.field(field).is_null() {
        report.note(segment.at(field), "segment left out: the field must not be empty");
    }
}
