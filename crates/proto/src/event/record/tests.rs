//! Every event of the records stream reads back as it was written, and bytes of old logs stay readable.

use super::super::{DecodeError, Event, decode, encode, golden};
use super::*;
use crate::samples;
use domain::{
    Address, AddressUse, Change, ChiNumber, Code, ContactKind, ContactPoint, DataItem, Deceased,
    DemographicsPatch, FieldValue, HeldChi, Instance, ItemKind, Label, Labels, NameParts, NameUse, NhsNumber,
    PartialDate, PersonName, Postcode, Practitioner, RecordChange, RecordVersion, Redirect, RedirectScope,
    RelatedPerson, Sex, SourceRecord, Unread, Uprn,
};
use jiff::Timestamp;
use proptest::prelude::*;

fn authority() -> Authority {
    Authority::parse("strathorr-case-system").unwrap()
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn date(text: &str) -> PartialDate {
    PartialDate::parse_iso(text).unwrap()
}

fn names() -> Vec<PersonName> {
    let parts = NameParts {
        family: "Dunbrae".to_owned(),
        given: vec!["Elspeth".to_owned(), "Mòrag".to_owned()],
        prefix: "Mrs".to_owned(),
        suffix: String::new(),
        name_use: NameUse::Usual,
    };
    let maiden = NameParts { name_use: NameUse::Maiden, family: "Orr".to_owned(), ..NameParts::default() };
    [parts, maiden].iter().map(|parts| PersonName::new(parts).unwrap()).collect()
}

fn patch() -> DemographicsPatch {
    let (number, scheme) = (0..10_000).find_map(|n| ChiNumber::parse(&format!("030858{n:04}")).ok()).unwrap();
    DemographicsPatch {
        names: Change::Set(names()),
        birth_date: Change::Set(date("1958-08-03")),
        sex: Change::Set(Sex::Female),
        chi: Change::Set(HeldChi { number, scheme, padded: true }),
        nhs_number: Change::Set(NhsNumber::parse("9434765919").unwrap().0),
        addresses: Change::Set(vec![Address {
            used_as: AddressUse::Home,
            lines: vec!["3 Mill Wynd".to_owned(), "Strathorr".to_owned()],
            postcode: Some(Postcode::parse("ZZ99 3VZ").unwrap()),
            uprn: Some(Uprn::new(123_456_789).unwrap()),
            from: date("2019-04"),
            to: PartialDate::Unknown,
            protected: true,
        }]),
        contacts: Change::Set(vec![ContactPoint {
            kind: ContactKind::Mobile,
            value: "07700 900123".to_owned(),
        }]),
        deceased: Change::Set(Deceased::Yes(date("2026"))),
        protected: Change::Deleted,
    }
}

fn values() -> Vec<(String, FieldValue)> {
    let own = str::to_owned;
    let code =
        Code { system: own("http://snomed.info/sct"), code: own("183341004"), display: own("Home help") };
    let staff =
        Practitioner { name: own("A Muir"), role: own("Worker"), team: own("East"), telephone: own("01") };
    let person = RelatedPerson { name: own("I Orr"), relationship: own("Sister"), telephone: own("02") };
    let period = FieldValue::Period { from: date("2025-01-31"), to: PartialDate::Unknown };
    let quantity = FieldValue::Quantity { value: own("7.5"), unit: own("hours") };
    [
        ("service", FieldValue::Code(code)),
        ("provider", FieldValue::Text(own("Orr Care"))),
        ("weekly_hours", quantity),
        ("period", period),
        ("since", FieldValue::Date(date("2025-01"))),
        ("worker", FieldValue::Practitioner(staff)),
        ("carer", FieldValue::Person(person)),
        ("active", FieldValue::Flag(true)),
    ]
    .map(|(name, value)| (own(name), value))
    .to_vec()
}

/// A change in which every field of every message says something.
fn full_change() -> RecordChange {
    let record = |id| SourceRecord::parse("strathorr-case-system", id).unwrap();
    RecordChange {
        record: record("P-1"),
        version: RecordVersion::SourceTime(Timestamp::new(1_767_225_600, 500).unwrap()),
        occurred_at: second(1_767_225_599),
        demographics: patch(),
        upserts: vec![DataItem {
            kind: ItemKind::CARE_PACKAGE,
            instance: Instance::parse("CP-9").unwrap(),
            as_of: second(1_767_225_000),
            fields: values(),
            labels: Labels::NONE.with(Label::ThirdParty).with(Label::SeriousHarm),
            source_reference: Some("https://case.example/CP-9".to_owned()),
        }],
        removals: vec![(ItemKind::PLACEMENT, Instance::parse("PL-1").unwrap())],
        complete_kinds: vec![ItemKind::CARE_PACKAGE],
        redirect: Some(Redirect { from: record("P-1"), to: record("P-2"), scope: RedirectScope::Data }),
        record_removed: true,
        unread: Unread(b"ZPI|1|\xe9\r".to_vec()),
    }
}

fn quarantined() -> RecordEvent {
    RecordEvent::Quarantined(QuarantinedMessage {
        door: "hl7v2".to_owned(),
        authority: authority(),
        reason: "PID-7: must be a date that exists".to_owned(),
        body: b"MSH|^~\\&|\xff\0".to_vec(),
    })
}

fn resolved(outcome: ParkedOutcome) -> RecordEvent {
    RecordEvent::ParkedResolved {
        event: EventId::of_message("strathorr-case-system", "m-1"),
        authority: authority(),
        outcome,
        reason: "sent again by the source".to_owned(),
        by: UserId::parse("operator-1").unwrap(),
    }
}

fn reads_back(event: RecordEvent) {
    let event = Event::Record(event);
    let encoded = encode(&event);
    assert_eq!(decode(encoded.event_type, encoded.version, &encoded.bytes), Ok(event));
}

#[test]
fn bytes_of_every_type_are_readable_for_ever() {
    let changed = RecordEvent::Changed(Box::new(full_change()));
    let heard = RecordEvent::FeedHeard { authority: authority(), at: second(1_767_225_600) };
    golden::holds(&Event::Record(changed), include_str!("../golden/record_changed.hex"));
    golden::holds(&Event::Record(quarantined()), include_str!("../golden/message_quarantined.hex"));
    golden::holds(&Event::Record(heard), include_str!("../golden/feed_heard.hex"));
    golden::holds(
        &Event::Record(resolved(ParkedOutcome::Skipped)),
        include_str!("../golden/parked_resolved.hex"),
    );
}

#[test]
fn every_event_that_is_no_change_reads_back() {
    reads_back(quarantined());
    reads_back(resolved(ParkedOutcome::Skipped));
    reads_back(resolved(ParkedOutcome::Replayed));
    reads_back(RecordEvent::FeedHeard { authority: authority(), at: Timestamp::new(-5, -500).unwrap() });
}

#[test]
fn a_change_that_says_nothing_reads_back() {
    let record = SourceRecord::parse("a", "1").unwrap();
    let change = RecordChange::new(record, RecordVersion::Arrival(0), Timestamp::UNIX_EPOCH);
    reads_back(RecordEvent::Changed(Box::new(change)));
}

#[test]
fn a_list_longer_than_a_sender_may_send_is_still_readable() {
    let record = SourceRecord::parse("a", "1").unwrap();
    let mut change = RecordChange::new(record, RecordVersion::Sequence(1), Timestamp::UNIX_EPOCH);
    let contact = ContactPoint { kind: ContactKind::Email, value: "x".repeat(300) };
    change.demographics.contacts = Change::Set(vec![contact; 60]);
    reads_back(RecordEvent::Changed(Box::new(change)));
}

#[test]
fn a_type_or_a_version_that_is_not_known_is_told_apart_from_bad_bytes() {
    let encoded = encode(&Event::Record(quarantined()));
    let unknown = |event_type: &str, version| {
        Err(DecodeError::UnknownType { event_type: event_type.to_owned(), version })
    };
    assert_eq!(decode("RecordSplit", 1, &encoded.bytes), unknown("RecordSplit", 1));
    assert_eq!(decode(encoded.event_type, 2, &encoded.bytes), unknown(encoded.event_type, 2));
    assert_eq!(decode(encoded.event_type, 0, &encoded.bytes), unknown(encoded.event_type, 0));
    let bad = decode(encoded.event_type, 1, &[0xff, 0xff]).unwrap_err();
    assert_eq!(bad.to_string(), "payload: must be a message of its type");
}

#[test]
fn a_payload_without_a_part_names_the_part() {
    let rule = |event_type: &str| decode(event_type, 1, &[]).unwrap_err().to_string();
    assert_eq!(rule(CHANGED), "change: is required");
    assert!(rule(QUARANTINED).starts_with("authority: must be"));
    assert!(rule(HEARD).starts_with("authority: must be"));
    assert_eq!(rule(RESOLVED), "parked_event_id: must be a UUID");
}

#[test]
fn nothing_of_a_payload_is_printed() {
    let event = Event::Record(RecordEvent::Changed(Box::new(full_change())));
    let printed = format!("{event:?} {:?}", encode(&event));
    for value in ["Dunbrae", "Elspeth", "1958", "Mill Wynd", "CP-9", "900123"] {
        assert!(!printed.contains(value), "{value} is printed");
    }
}

proptest! {
    #[test]
    fn every_change_reads_back(change in samples::change()) {
        reads_back(RecordEvent::Changed(Box::new(change)));
    }

    #[test]
    fn a_payload_that_was_cut_or_changed_makes_no_panic(
        change in samples::change(),
        place in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let event = Event::Record(RecordEvent::Changed(Box::new(change)));
        let encoded = encode(&event);
        let at = place.index(encoded.bytes.len());
        drop(decode(encoded.event_type, 1, &encoded.bytes[..at]));
        let mut bytes = encoded.bytes;
        bytes[at] ^= 1 << bit;
        if let Ok(read) = decode(encoded.event_type, 1, &bytes) {
            let again = encode(&read);
            prop_assert_eq!(decode(again.event_type, 1, &again.bytes), Ok(read));
        }
    }
}
