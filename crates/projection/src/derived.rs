//! Items that the demographics tell: identity, addresses, contact details, so that a view treats everything alike.
//!
//! These kinds belong to the demographics alone. An item of such a kind in a message is passed over.

use crate::{DemographicsField, ItemKey, ItemState, RecordState, Stamp};
use domain::{
    Address, AddressUse, Code, ContactKind, ContactPoint, DataItem, Deceased, Demographics, FieldValue,
    Instance, ItemKind, Label, Labels, NameUse, PartialDate, PersonName, SHORT_TEXT_LIMIT,
};
use std::collections::BTreeMap;

const IDENTITY_FIELDS: &[DemographicsField] = &[
    DemographicsField::Names,
    DemographicsField::BirthDate,
    DemographicsField::Sex,
    DemographicsField::Chi,
    DemographicsField::NhsNumber,
    DemographicsField::Deceased,
];

type Fields = Vec<(String, FieldValue)>;

/// Whether a kind is told by the demographics and by nothing else.
pub fn is_derived(kind: ItemKind) -> bool {
    [ItemKind::IDENTITY, ItemKind::ADDRESS, ItemKind::CONTACT_DETAILS].contains(&kind)
}

/// The rows that the demographics tell.
pub(crate) fn derived_items(state: &RecordState) -> BTreeMap<ItemKey, ItemState> {
    let person = &state.demographics;
    let identity = vec![("identity".to_owned(), identity_fields(person), Labels::NONE)];
    let addresses = (1_u32..).zip(&person.addresses).map(|(number, address)| {
        let labels =
            if address.protected { Labels::NONE.with(Label::ProtectedAddress) } else { Labels::NONE };
        (format!("address-{number}"), address_fields(address), labels)
    });
    let contacts = (1_u32..)
        .zip(contact_groups(&person.contacts))
        .map(|(number, fields)| (format!("contact-{number}"), fields, Labels::NONE));
    let mut rows = BTreeMap::new();
    let groups: [(ItemKind, &[DemographicsField], Vec<_>); 3] = [
        (ItemKind::IDENTITY, IDENTITY_FIELDS, identity),
        (ItemKind::ADDRESS, &[DemographicsField::Addresses], addresses.collect()),
        (ItemKind::CONTACT_DETAILS, &[DemographicsField::Contacts], contacts.collect()),
    ];
    for (kind, sources, items) in groups {
        let Some(stamp) = newest(state, sources) else { continue };
        for (instance, fields, labels) in items {
            rows.extend(row(kind, &instance, fields, labels, stamp));
        }
    }
    rows
}

/// One row, unless it says nothing.
fn row(
    kind: ItemKind,
    instance: &str,
    fields: Fields,
    labels: Labels,
    stamp: Stamp,
) -> Option<(ItemKey, ItemState)> {
    let instance = Instance::parse(instance).ok().filter(|_| !fields.is_empty())?;
    let item = DataItem {
        kind,
        instance: instance.clone(),
        as_of: stamp.occurred_at,
        fields,
        labels,
        source_reference: None,
    };
    let state = ItemState { version: stamp.version, received_at: stamp.received_at, item: Some(item) };
    Some(((kind, instance), state))
}

/// The newest statement among the fields, with the latest of their times.
fn newest(state: &RecordState, fields: &[DemographicsField]) -> Option<Stamp> {
    fields.iter().filter_map(|field| state.stamps.get(field)).copied().reduce(|one, other| Stamp {
        version: if other.version.is_not_older_than(one.version) { other.version } else { one.version },
        occurred_at: one.occurred_at.max(other.occurred_at),
        received_at: one.received_at.max(other.received_at),
    })
}

fn identity_fields(person: &Demographics) -> Fields {
    let usual = person.names.first();
    let nickname = person.names.iter().skip(1).find(|name| name.name_use() == NameUse::Nickname);
    let others: Vec<String> = person
        .names
        .iter()
        .skip(1)
        .filter(|name| Some(*name) != nickname)
        .map(PersonName::display_plain)
        .collect();
    let sex = person.sex.map(|sex| (format!("{sex:?}").to_lowercase(), sex.title()));
    let mut fields = Fields::new();
    push_text(&mut fields, "name", usual.map(PersonName::display_banner));
    push_text(&mut fields, "preferred_name", nickname.map(PersonName::display_plain));
    push_text(&mut fields, "other_names", Some(others.join("; ")));
    push_date(&mut fields, "birth_date", person.birth_date);
    if let Some((code, title)) = sex {
        push_code(&mut fields, "sex", &code, title);
    }
    push_text(&mut fields, "chi_number", person.chi.as_ref().map(|chi| chi.number.as_str().to_owned()));
    push_text(&mut fields, "nhs_number", person.nhs_number.map(|number| number.as_str().to_owned()));
    match &person.deceased {
        None => {}
        Some(Deceased::No) => fields.push(("deceased".to_owned(), FieldValue::Flag(false))),
        Some(Deceased::Yes(date)) => {
            fields.push(("deceased".to_owned(), FieldValue::Flag(true)));
            push_date(&mut fields, "death_date", Some(*date));
        }
    }
    fields
}

fn address_fields(address: &Address) -> Fields {
    let (code, words) = match address.used_as {
        AddressUse::Home => ("home", "Home"),
        AddressUse::Temporary => ("temporary", "Temporary"),
        AddressUse::Postal => ("postal", "Postal"),
        AddressUse::Previous => ("previous", "Previous"),
    };
    let mut fields = Fields::new();
    push_code(&mut fields, "use", code, words);
    push_text(&mut fields, "address", Some(address.lines.join(", ")));
    push_text(
        &mut fields,
        "postcode",
        address.postcode.as_ref().map(|postcode| postcode.as_str().to_owned()),
    );
    push_text(&mut fields, "uprn", address.uprn.map(|uprn| uprn.value().to_string()));
    push_date(&mut fields, "since", Some(address.from));
    fields
}

/// Contacts by place in their list: the first of each kind together, then the second, and so on.
fn contact_groups(contacts: &[ContactPoint]) -> Vec<Fields> {
    let kinds = [
        (ContactKind::Telephone, "telephone"),
        (ContactKind::Mobile, "mobile"),
        (ContactKind::Email, "email"),
    ];
    let mut groups: Vec<Fields> = Vec::new();
    for (kind, field) in kinds {
        for (place, contact) in contacts.iter().filter(|contact| contact.kind == kind).enumerate() {
            if groups.len() <= place {
                groups.push(Fields::new());
            }
            if let Some(group) = groups.get_mut(place) {
                push_text(group, field, Some(contact.value.clone()));
            }
        }
    }
    groups
}

fn push_text(fields: &mut Fields, name: &str, text: Option<String>) {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return };
    let short = if text.chars().count() > SHORT_TEXT_LIMIT {
        text.chars().take(SHORT_TEXT_LIMIT - 1).chain(['…']).collect()
    } else {
        text
    };
    fields.push((name.to_owned(), FieldValue::Text(short)));
}

fn push_date(fields: &mut Fields, name: &str, date: Option<PartialDate>) {
    if let Some(date) = date.filter(|date| !date.is_unknown()) {
        fields.push((name.to_owned(), FieldValue::Date(date)));
    }
}

fn push_code(fields: &mut Fields, name: &str, code: &str, display: &str) {
    let value = Code { system: String::new(), code: code.to_owned(), display: display.to_owned() };
    fields.push((name.to_owned(), FieldValue::Code(value)));
}

#[cfg(test)]
mod tests;
