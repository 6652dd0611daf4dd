//! From what a host holds to the messages of Yett's feeds.

use domain::{
    Address, ContactKind, ContactPoint, DataItem, Demographics, FieldValue, PartialDate, PersonName, Sex,
};
use jiff::Timestamp;
use proto::intake::v1;

/// A submission about a record that says nothing yet. Versions are the source's own times.
pub(crate) fn submission(
    message_id: String,
    authority: &str,
    local_id: &str,
    at: Timestamp,
) -> v1::RecordSubmission {
    v1::RecordSubmission {
        message_id,
        record: Some(source_record(authority, local_id)),
        version: Some(v1::RecordVersion {
            version: Some(v1::record_version::Version::SourceTime(timestamp(at))),
        }),
        occurred_at: Some(timestamp(at)),
        ..v1::RecordSubmission::default()
    }
}

pub(crate) fn source_record(authority: &str, local_id: &str) -> v1::SourceRecord {
    v1::SourceRecord { authority: authority.to_owned(), local_id: local_id.to_owned() }
}

pub(crate) fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}

/// Everything that a host knows of who a person is. The CHI number goes as it was typed.
pub(crate) fn demographics(who: &Demographics, chi: Option<&str>) -> v1::DemographicsPatch {
    v1::DemographicsPatch {
        names: Some(v1::PersonNames { names: who.names.iter().map(name).collect() }),
        birth_date: who.birth_date.map(|date| date.to_iso()),
        sex: who.sex.map(|sex| wire_sex(sex).into()),
        chi: chi.map(|number| v1::HeldChi { number: number.to_owned(), padded: false }),
        addresses: Some(v1::Addresses { addresses: who.addresses.iter().map(address).collect() }),
        contacts: Some(v1::ContactPoints { contacts: who.contacts.iter().map(contact).collect() }),
        protected: Some(who.protected),
        ..v1::DemographicsPatch::default()
    }
}

pub(crate) fn wire_sex(sex: Sex) -> v1::Sex {
    match sex {
        Sex::Female => v1::Sex::Female,
        Sex::Male => v1::Sex::Male,
        Sex::Other => v1::Sex::Other,
        Sex::Unknown => v1::Sex::Unknown,
    }
}

fn name(name: &PersonName) -> v1::PersonName {
    let parts = name.parts();
    v1::PersonName {
        family: parts.family,
        given: parts.given,
        prefix: parts.prefix,
        suffix: parts.suffix,
        r#use: v1::NameUse::Usual.into(),
    }
}

fn address(address: &Address) -> v1::Address {
    v1::Address {
        r#use: v1::AddressUse::Home.into(),
        lines: address.lines.clone(),
        postcode: address.postcode.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default(),
        uprn: address.uprn.map(domain::Uprn::value).unwrap_or_default(),
        from: address.from.to_iso(),
        to: address.to.to_iso(),
        protected: address.protected,
    }
}

fn contact(contact: &ContactPoint) -> v1::ContactPoint {
    let kind = match contact.kind {
        ContactKind::Telephone => v1::ContactKind::Telephone,
        ContactKind::Mobile => v1::ContactKind::Mobile,
        ContactKind::Email => v1::ContactKind::Email,
    };
    v1::ContactPoint { kind: kind.into(), value: contact.value.clone() }
}

/// An item, whole.
pub(crate) fn item(item: &DataItem) -> v1::Item {
    let field = |(name, value): &(String, FieldValue)| v1::ItemField {
        name: name.clone(),
        value: Some(v1::FieldValue { value: Some(field_value(value)) }),
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

fn field_value(value: &FieldValue) -> v1::field_value::Value {
    use v1::field_value::Value;
    match value {
        FieldValue::Text(text) => Value::Text(text.clone()),
        FieldValue::Date(date) => Value::Date(date.to_iso()),
        FieldValue::Period { from, to } => Value::Period(period(*from, *to)),
        FieldValue::Code(code) => Value::Code(v1::Code {
            system: code.system.clone(),
            code: code.code.clone(),
            display: code.display.clone(),
        }),
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
    }
}

fn period(from: PartialDate, to: PartialDate) -> v1::Period {
    v1::Period { from: from.to_iso(), to: to.to_iso() }
}
