//! The same statements in any order give the same record.

use super::*;
use domain::{
    Address, AddressUse, Change, ContactKind, ContactPoint, Deceased, FieldValue, Instance, ItemKind, Labels,
    PartialDate, PersonName, Sex, SourceRecord,
};
use proptest::prelude::*;

const KINDS: [ItemKind; 3] = [ItemKind::CARE_PACKAGE, ItemKind::INPATIENT_STAY, ItemKind::ALLOCATED_WORKER];

fn record() -> SourceRecord {
    SourceRecord::parse("case-system", "P-1").unwrap()
}

fn arrival(offset: u64) -> Arrival {
    Arrival { received_at: second(1000 + i64::try_from(offset).unwrap()), offset }
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn item(kind: ItemKind, instance: u8, year: i16) -> DataItem {
    let date = FieldValue::Date(PartialDate::from_year(year).unwrap());
    DataItem {
        kind,
        instance: Instance::parse(&instance.to_string()).unwrap(),
        as_of: second(i64::from(year)),
        fields: vec![("admitted".to_owned(), date)],
        labels: Labels::NONE,
        source_reference: None,
    }
}

fn change(sequence: u64) -> RecordChange {
    RecordChange::new(record(), RecordVersion::Sequence(sequence), second(i64::try_from(sequence).unwrap()))
}

fn with_item(sequence: u64, instance: u8) -> RecordChange {
    RecordChange { upserts: vec![item(KINDS[0], instance, 2000)], ..change(sequence) }
}

fn fold(changes: &[RecordChange]) -> RecordModel {
    let mut model = RecordModel::new(record());
    for change in changes {
        let RecordVersion::Sequence(offset) = change.version else { panic!("sequences only") };
        model.apply(change, arrival(offset));
    }
    model
}

/// What one message may say, before it has a version.
fn some_change() -> impl Strategy<Value = RecordChange> {
    let field = || prop_oneof![Just(0_u8), Just(1), Just(2), Just(3)];
    let key = || (0..KINDS.len(), 1..4_u8);
    (
        (field(), field(), field(), field()),
        prop::collection::vec((key(), 1990..2020_i16), 0..4),
        prop::collection::vec(key(), 0..3),
        prop::collection::vec(0..KINDS.len(), 0..2),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(fields, upserts, removals, complete, removed)| {
            let mut change = change(0);
            change.demographics = patch(fields);
            change.upserts =
                upserts.into_iter().map(|((kind, n), year)| item(KINDS[kind], n, year)).collect();
            change.upserts.dedup_by_key(|item| (item.kind, item.instance.clone()));
            change.removals = removals
                .into_iter()
                .map(|(kind, n)| (KINDS[kind], Instance::parse(&n.to_string()).unwrap()))
                .collect();
            change.complete_kinds = complete.into_iter().map(|kind| KINDS[kind]).collect();
            change.record_removed = removed;
            change
        })
}

fn of<T>(number: u8, value: T) -> Change<T> {
    match number {
        0 | 1 => Change::Unchanged,
        2 => Change::Deleted,
        _ => Change::Set(value),
    }
}

fn patch((names, sex, addresses, deceased): (u8, u8, u8, u8)) -> DemographicsPatch {
    let address = Address {
        used_as: AddressUse::Home,
        lines: vec!["1 Any Street".to_owned()],
        postcode: None,
        uprn: None,
        from: PartialDate::Unknown,
        to: PartialDate::Unknown,
        protected: false,
    };
    DemographicsPatch {
        names: of(names, vec![PersonName::simple("Dunbrae", "Elspeth").unwrap()]),
        sex: of(sex, Sex::Female),
        addresses: of(addresses, vec![address]),
        deceased: of(deceased, Deceased::No),
        ..DemographicsPatch::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_order_of_the_same_statements_gives_the_same_record(
        mut changes in prop::collection::vec(some_change(), 1..7),
        seed in any::<u64>(),
    ) {
        for (sequence, change) in (1_u64..).zip(&mut changes) {
            change.version = RecordVersion::Sequence(sequence);
            change.occurred_at = second(i64::try_from(sequence).unwrap());
        }
        let in_order = fold(&changes);
        let mut shuffled = changes.clone();
        let mut state = seed | 1;
        for place in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
            shuffled.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
        }
        prop_assert_eq!(&fold(&shuffled), &in_order);
    }

    #[test]
    fn a_repeat_changes_nothing(mut changes in prop::collection::vec(some_change(), 1..6), again in any::<prop::sample::Index>()) {
        for (sequence, change) in (1_u64..).zip(&mut changes) {
            change.version = RecordVersion::Sequence(sequence);
        }
        let before = fold(&changes);
        let repeat = &changes[again.index(changes.len())];
        let RecordVersion::Sequence(offset) = repeat.version else { panic!("sequences only") };
        let mut after = before.clone();
        let outcome = after.apply(repeat, arrival(offset));
        prop_assert!(!outcome.changed && outcome.touched.is_empty());
        prop_assert_eq!(after, before);
    }

    #[test]
    fn what_is_touched_is_exactly_what_differs(mut changes in prop::collection::vec(some_change(), 2..6)) {
        let mut model = RecordModel::new(record());
        for (sequence, change) in (1_u64..).zip(&mut changes) {
            change.version = RecordVersion::Sequence(sequence);
            let before = model.clone();
            let outcome = model.apply(change, arrival(sequence));
            let keys = before.items.keys().chain(model.items.keys()).collect::<BTreeSet<_>>();
            for key in keys {
                let differs = before.items.get(key) != model.items.get(key);
                prop_assert!(!differs || outcome.touched.contains(key));
            }
        }
    }
}

#[test]
fn a_late_older_message_does_not_bring_back_a_removed_item() {
    let mut model = fold(&[with_item(1, 1)]);
    let mut removal = change(3);
    removal.removals = vec![(KINDS[0], Instance::parse("1").unwrap())];
    assert!(model.apply(&removal, arrival(3)).changed);
    let late = model.apply(&with_item(2, 1), arrival(4));
    assert!(late.superseded && !late.changed && late.touched.is_empty());
    assert_eq!(model.held().count(), 0);
}

#[test]
fn a_complete_list_removes_what_it_does_not_name() {
    let mut model = fold(&[with_item(1, 1), with_item(2, 2)]);
    let mut whole = with_item(3, 2);
    whole.complete_kinds = vec![KINDS[0]];
    model.apply(&whole, arrival(3));
    assert_eq!(model.held().map(|item| item.instance.as_str()).collect::<Vec<_>>(), ["2"]);
    assert!(model.apply(&with_item(2, 9), arrival(4)).superseded);
}

#[test]
fn an_older_message_still_tells_the_fields_that_nobody_told_since() {
    let mut newer = change(2);
    newer.demographics.sex = Change::Set(Sex::Female);
    let mut older = change(1);
    older.demographics.sex = Change::Set(Sex::Male);
    older.demographics.birth_date = Change::Set(PartialDate::from_year(1958).unwrap());
    let model = fold(&[newer, older]);
    assert_eq!(model.state.demographics.sex, Some(Sex::Female));
    assert_eq!(model.state.demographics.birth_date, Some(PartialDate::from_year(1958).unwrap()));
}

#[test]
fn a_removed_record_comes_back_only_by_something_newer() {
    let mut model = fold(&[with_item(1, 1)]);
    let removal = RecordChange { record_removed: true, ..change(3) };
    assert!(model.apply(&removal, arrival(3)).changed);
    assert!(model.is_removed());
    assert!(model.apply(&with_item(2, 2), arrival(4)).superseded);
    assert!(model.apply(&with_item(4, 3), arrival(5)).changed);
    assert!(!model.is_removed());
}

#[test]
fn without_a_number_or_a_time_the_place_in_the_log_counts() {
    let mut one = with_item(0, 1);
    one.version = RecordVersion::Arrival(0);
    let mut other = change(0);
    other.version = RecordVersion::Arrival(0);
    other.removals = vec![(KINDS[0], Instance::parse("1").unwrap())];
    let mut model = RecordModel::new(record());
    model.apply(&other, arrival(8));
    assert!(model.apply(&one, arrival(7)).superseded);
    assert_eq!(model.state.version, RecordVersion::Arrival(8));
}

#[test]
fn items_of_kinds_that_the_demographics_tell_are_passed_over() {
    let mut message = change(1);
    message.upserts = vec![item(ItemKind::IDENTITY, 1, 2000)];
    let contact = ContactPoint { kind: ContactKind::Mobile, value: "07700 900123".to_owned() };
    message.demographics.contacts = Change::Set(vec![contact]);
    let mut model = RecordModel::new(record());
    let outcome = model.apply(&message, arrival(1));
    assert_eq!((outcome.passed_over, outcome.superseded), (1, false));
    assert_eq!(model.held().map(|item| item.kind).collect::<Vec<_>>(), [ItemKind::CONTACT_DETAILS]);
}
