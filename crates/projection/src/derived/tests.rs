//! What the demographics tell as items.

use super::*;
use crate::{Arrival, RecordModel};
use domain::{Change, NameParts, Postcode, RecordChange, RecordVersion, Sex, SourceRecord};
use jiff::Timestamp;

fn told(fill: impl FnOnce(&mut RecordChange)) -> RecordModel {
    let record = SourceRecord::parse("case-system", "P-1").unwrap();
    let mut change = RecordChange::new(record.clone(), RecordVersion::Sequence(1), Timestamp::UNIX_EPOCH);
    fill(&mut change);
    let mut model = RecordModel::new(record);
    model.apply(&change, Arrival { received_at: Timestamp::UNIX_EPOCH, offset: 0 });
    model
}

fn name(family: &str, given: &str, name_use: NameUse) -> PersonName {
    let parts = NameParts {
        family: family.to_owned(),
        given: vec![given.to_owned()],
        name_use,
        ..NameParts::default()
    };
    PersonName::new(&parts).unwrap()
}

fn address(lines: &[&str], protected: bool) -> Address {
    Address {
        used_as: AddressUse::Home,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        postcode: Postcode::parse("ZZ99 3VZ").ok(),
        uprn: None,
        from: PartialDate::Unknown,
        to: PartialDate::Unknown,
        protected,
    }
}

#[test]
fn identity_has_usual_preferred_and_other_names() {
    let model = told(|change| {
        change.demographics.names = Change::Set(vec![
            name("Dunbrae", "Elspeth", NameUse::Usual),
            name("Raeburn", "Elspeth", NameUse::Maiden),
            name("Dunbrae", "Elsie", NameUse::Nickname),
        ]);
        change.demographics.sex = Change::Set(Sex::Female);
        change.demographics.deceased = Change::Set(Deceased::Yes(PartialDate::Unknown));
    });
    let identity = model.held().next().unwrap();
    assert_eq!(identity.text("name"), Some("DUNBRAE, Elspeth"));
    assert_eq!(identity.text("preferred_name"), Some("Elsie Dunbrae"));
    assert_eq!(identity.text("other_names"), Some("Elspeth Raeburn"));
    assert_eq!(identity.text("sex"), Some("Female"));
    assert_eq!(identity.field("deceased"), Some(&FieldValue::Flag(true)));
    assert_eq!(identity.field("death_date"), None);
    assert!(identity.clone().checked("identity").is_ok());
}

#[test]
fn a_protected_address_carries_its_label_and_marks_the_person() {
    let model = told(|change| {
        let addresses = vec![address(&["1 Any Street", "Anytown"], false), address(&["2 Any Street"], true)];
        change.demographics.addresses = Change::Set(addresses);
    });
    let items: Vec<_> = model.held().collect();
    assert_eq!(
        items.iter().map(|item| item.instance.as_str()).collect::<Vec<_>>(),
        ["address-1", "address-2"]
    );
    assert_eq!(items[0].text("address"), Some("1 Any Street, Anytown"));
    assert_eq!(items[0].labels, Labels::NONE);
    assert!(items[1].labels.contains(Label::ProtectedAddress));
    assert!(model.state.is_protected());
    assert!(items.iter().all(|item| (*item).clone().checked("address").is_ok()));
}

#[test]
fn second_numbers_stand_in_a_second_item() {
    let contact = |kind, value: &str| ContactPoint { kind, value: value.to_owned() };
    let model = told(|change| {
        change.demographics.contacts = Change::Set(vec![
            contact(ContactKind::Mobile, "1"),
            contact(ContactKind::Telephone, "2"),
            contact(ContactKind::Mobile, "3"),
        ]);
    });
    let items: Vec<_> = model.held().collect();
    assert_eq!((items[0].text("mobile"), items[0].text("telephone")), (Some("1"), Some("2")));
    assert_eq!((items[1].text("mobile"), items[1].text("telephone")), (Some("3"), None));
}

#[test]
fn a_deleted_address_is_gone_from_the_items() {
    let mut model =
        told(|change| change.demographics.addresses = Change::Set(vec![address(&["1 Any Street"], false)]));
    let mut change =
        RecordChange::new(model.state.record.clone(), RecordVersion::Sequence(2), Timestamp::UNIX_EPOCH);
    change.demographics.addresses = Change::Deleted;
    let outcome = model.apply(&change, Arrival { received_at: Timestamp::UNIX_EPOCH, offset: 1 });
    assert!(outcome.changed && model.items.is_empty() && outcome.touched.len() == 1);
}
