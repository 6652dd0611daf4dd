//! A data item and its fields. Whether the catalogue allows a field is not decided here: see `DataItem::checked`.

use super::demographics::partial_date;
use super::record::kind;
use super::{each, v1};
use crate::reading::{Reading, timestamp};
use domain::{
    Catalogue, Code, DataItem, FieldValue, FieldViolation, Instance, Label, Labels, PartialDate,
    Practitioner, RelatedPerson,
};
use v1::field_value::Value;

/// Reads an item; `at` is the message's name for it.
pub fn item(value: v1::Item, at: &str) -> Result<DataItem, Vec<FieldViolation>> {
    let mut reading = Reading::default();
    let item = read(value, at, &mut reading);
    reading.finish(item)
}

pub(super) fn read(value: v1::Item, at: &str, reading: &mut Reading) -> Option<DataItem> {
    let field_at = field_paths(&value, at);
    let kind = kind(&value.kind, &format!("{at}.kind"), reading);
    let instance = reading.checked(&format!("{at}.instance"), Instance::parse(&value.instance));
    let as_of = reading.instant(&format!("{at}.as_of"), value.as_of);
    let labels = each(value.labels, &format!("{at}.labels"), reading, label);
    let mut fields = Vec::with_capacity(value.fields.len());
    for (field, at) in value.fields.into_iter().zip(field_at) {
        if let Some(value) = field_value(field.value, &at, reading) {
            fields.push((field.name, value));
        }
    }
    Some(DataItem {
        kind: kind?,
        instance: instance?,
        as_of: as_of?,
        fields,
        labels: labels.into_iter().collect::<Labels>(),
        source_reference: Some(value.source_reference).filter(|text| !text.is_empty()),
    })
}

/// Writes an item.
pub fn wire_item(item: &DataItem) -> v1::Item {
    let field = |(name, value): &(String, FieldValue)| v1::ItemField {
        name: name.clone(),
        value: Some(wire_field_value(value)),
    };
    v1::Item {
        kind: item.kind.id().to_owned(),
        instance: item.instance.as_str().to_owned(),
        as_of: Some(timestamp(item.as_of)),
        fields: item.fields.iter().map(field).collect(),
        labels: item.labels.iter().map(|label| label.id().to_owned()).collect(),
        source_reference: item.source_reference.clone().unwrap_or_default(),
    }
}

/// Where each field stands: by its name where the catalogue has it, else by its place. A name that is not the
/// catalogue's may hold anything, so it is not repeated.
fn field_paths(item: &v1::Item, at: &str) -> Vec<String> {
    let spec = Catalogue::standard().by_id(&item.kind).map(|kind| Catalogue::standard().kind(kind));
    let path = |(index, field): (usize, &v1::ItemField)| match spec.and_then(|spec| spec.field(&field.name)) {
        Some(field) => format!("{at}.fields.{}", field.name),
        None => format!("{at}.fields[{index}]"),
    };
    item.fields.iter().enumerate().map(path).collect()
}

fn label(id: String, at: &str, reading: &mut Reading) -> Option<Label> {
    let label = Label::by_id(&id);
    if label.is_none() {
        let known: Vec<&str> = Label::ALL.into_iter().map(Label::id).collect();
        reading.refuse(at, format!("must be one of {}", known.join(", ")));
    }
    label
}

fn field_value(value: Option<v1::FieldValue>, at: &str, reading: &mut Reading) -> Option<FieldValue> {
    match reading.required(at, value.and_then(|value| value.value))? {
        Value::Text(text) => Some(FieldValue::Text(text)),
        Value::Date(date) => partial_date(&date, at, reading).map(FieldValue::Date),
        Value::Period(period) => {
            let (from, to) = period_ends(&period, at, reading);
            Some(FieldValue::Period { from: from?, to: to? })
        }
        Value::Code(v1::Code { system, code, display }) => {
            Some(FieldValue::Code(Code { system, code, display }))
        }
        Value::Quantity(v1::Quantity { value, unit }) => Some(FieldValue::Quantity { value, unit }),
        Value::Practitioner(v1::Practitioner { name, role, team, telephone }) => {
            Some(FieldValue::Practitioner(Practitioner { name, role, team, telephone }))
        }
        Value::Person(v1::RelatedPerson { name, relationship, telephone }) => {
            Some(FieldValue::Person(RelatedPerson { name, relationship, telephone }))
        }
        Value::Flag(flag) => Some(FieldValue::Flag(flag)),
    }
}

fn period_ends(
    period: &v1::Period,
    at: &str,
    reading: &mut Reading,
) -> (Option<PartialDate>, Option<PartialDate>) {
    let from = partial_date(&period.from, &format!("{at}.from"), reading);
    (from, partial_date(&period.to, &format!("{at}.to"), reading))
}

/// Writes the value of a field.
pub fn wire_field_value(value: &FieldValue) -> v1::FieldValue {
    let value = match value {
        FieldValue::Text(text) => Value::Text(text.clone()),
        FieldValue::Date(date) => Value::Date(date.to_iso()),
        FieldValue::Period { from, to } => Value::Period(v1::Period { from: from.to_iso(), to: to.to_iso() }),
        FieldValue::Code(Code { system, code, display }) => {
            Value::Code(v1::Code { system: system.clone(), code: code.clone(), display: display.clone() })
        }
        FieldValue::Quantity { value, unit } => {
            Value::Quantity(v1::Quantity { value: value.clone(), unit: unit.clone() })
        }
        FieldValue::Practitioner(who) => Value::Practitioner(v1::Practitioner {
            name: who.name.clone(),
            role: who.role.clone(),
            team: who.team.clone(),
            telephone: who.telephone.clone(),
        }),
        FieldValue::Person(who) => Value::Person(v1::RelatedPerson {
            name: who.name.clone(),
            relationship: who.relationship.clone(),
            telephone: who.telephone.clone(),
        }),
        FieldValue::Flag(flag) => Value::Flag(*flag),
    };
    v1::FieldValue { value: Some(value) }
}
