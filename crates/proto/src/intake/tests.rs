//! What a sender may submit, and what is answered where it is wrong.

use super::*;
use crate::samples;
use domain::{Change, ChiNumber, FieldViolation, HeldChi, RecordVersion};
use proptest::prelude::*;
use v1::record_version::Version;

type Submission = v1::RecordSubmission;

fn wire_record(local_id: &str) -> v1::SourceRecord {
    v1::SourceRecord { authority: "strathorr-case-system".to_owned(), local_id: local_id.to_owned() }
}

fn submission() -> Submission {
    Submission {
        message_id: "m-1".to_owned(),
        record: Some(wire_record("P-1")),
        occurred_at: Some(prost_types::Timestamp { seconds: 1_767_225_600, nanos: 0 }),
        ..Submission::default()
    }
}

fn with_patch(patch: v1::DemographicsPatch) -> Submission {
    Submission { demographics: Some(patch), ..submission() }
}

fn field(name: &str, value: v1::field_value::Value) -> v1::ItemField {
    v1::ItemField { name: name.to_owned(), value: Some(v1::FieldValue { value: Some(value) }) }
}

fn service(words: &str) -> v1::ItemField {
    let code = v1::Code { display: words.to_owned(), ..v1::Code::default() };
    field("service", v1::field_value::Value::Code(code))
}

fn care_package(fields: Vec<v1::ItemField>) -> v1::Item {
    v1::Item {
        kind: "care_package".to_owned(),
        instance: "CP-9".to_owned(),
        as_of: Some(prost_types::Timestamp { seconds: 1_767_225_600, nanos: 0 }),
        fields,
        ..v1::Item::default()
    }
}

fn refused(submission: Submission) -> Vec<String> {
    told(&record_change(submission).unwrap_err())
}

fn told(violations: &[FieldViolation]) -> Vec<String> {
    violations.iter().map(ToString::to_string).collect()
}

fn chi(number: &str) -> v1::DemographicsPatch {
    let chi = Some(v1::HeldChi { number: number.to_owned(), padded: false });
    v1::DemographicsPatch { chi, protected: Some(true), ..v1::DemographicsPatch::default() }
}

fn valid_chi(date: &str) -> HeldChi {
    let found = (0..10_000).find_map(|n| ChiNumber::parse(&format!("{date}{n:04}")).ok());
    let (number, scheme) = found.unwrap();
    HeldChi { number, scheme, padded: false }
}

#[test]
fn a_submission_without_a_version_leaves_it_to_the_order_of_the_log() {
    let empty = Submission { version: Some(v1::RecordVersion { version: None }), ..submission() };
    for sent in [submission(), empty] {
        assert_eq!(record_change(sent).unwrap().change.version, RecordVersion::Arrival(0));
    }
}

#[test]
fn a_place_in_the_log_is_refused_from_a_sender() {
    let version = Some(v1::RecordVersion { version: Some(Version::Arrival(7)) });
    let answer = refused(Submission { version, ..submission() });
    assert_eq!(answer, ["version.arrival: must not be sent: leave the version out instead"]);
}

#[test]
fn an_invalid_chi_is_left_out_and_reported_and_the_rest_is_taken() {
    let read = record_change(with_patch(chi("0308581"))).unwrap();
    assert_eq!(told(&read.left_out), ["demographics.chi.number: must have ten digits"]);
    assert_eq!(read.change.demographics.chi, Change::Unchanged);
    assert_eq!(read.change.demographics.protected, Change::Set(true));
}

#[test]
fn an_untidy_chi_is_mended_and_a_lost_zero_is_marked() {
    let expected = valid_chi("030858");
    let spaced = format!(" {} ", expected.number.grouped());
    let read = record_change(with_patch(chi(&spaced))).unwrap();
    assert_eq!(read.change.demographics.chi, Change::Set(expected.clone()));
    let read = record_change(with_patch(chi(expected.number.as_str().strip_prefix('0').unwrap()))).unwrap();
    assert_eq!(read.change.demographics.chi, Change::Set(HeldChi { padded: true, ..expected }));
    assert!(read.left_out.is_empty());
}

#[test]
fn an_invalid_chi_does_not_save_an_invalid_record() {
    let answer = refused(Submission { record: Some(wire_record(" P-1")), ..with_patch(chi("12")) });
    assert_eq!(answer.len(), 1);
    assert!(answer[0].starts_with("record.local_id: must be 1 to 64 characters"));
}

#[test]
fn a_field_that_is_both_set_and_cleared_is_refused() {
    let both = |mut patch: v1::DemographicsPatch, field: &str| {
        patch.cleared_fields = vec![field.to_owned()];
        refused(with_patch(patch))
    };
    assert_eq!(both(chi("12"), "protected"), ["demographics.protected: must not be both set and cleared"]);
    assert_eq!(both(chi("12"), "chi"), ["demographics.chi: must not be both set and cleared"]);
}

#[test]
fn cleared_fields_are_deleted_and_unknown_ones_are_refused() {
    let cleared_fields = patch::CLEARABLE.map(str::to_owned).to_vec();
    let sent = v1::DemographicsPatch { cleared_fields, ..v1::DemographicsPatch::default() };
    let read = record_change(with_patch(sent)).unwrap().change.demographics;
    assert_eq!(
        (&read.names, &read.birth_date, &read.sex),
        (&Change::Deleted, &Change::Deleted, &Change::Deleted)
    );
    assert_eq!((&read.chi, &read.nhs_number), (&Change::Deleted, &Change::Deleted));
    assert_eq!((&read.addresses, &read.contacts), (&Change::Deleted, &Change::Deleted));
    assert_eq!((&read.deceased, &read.protected), (&Change::Deleted, &Change::Deleted));
    let cleared_fields = vec!["sex".to_owned(), "shoe_size".to_owned()];
    let answer = refused(with_patch(v1::DemographicsPatch { cleared_fields, ..Default::default() }));
    assert!(answer[0].starts_with("demographics.cleared_fields[1]: must be one of names, birth_date"));
}

#[test]
fn an_empty_birth_date_says_that_it_is_not_known_and_an_impossible_one_is_refused() {
    let born = |text: &str| {
        let birth_date = Some(text.to_owned());
        with_patch(v1::DemographicsPatch { birth_date, ..v1::DemographicsPatch::default() })
    };
    let read = record_change(born("")).unwrap();
    assert_eq!(read.change.demographics.birth_date, Change::Set(domain::PartialDate::Unknown));
    assert_eq!(refused(born("1958-02-30")), ["demographics.birth_date: must be a date that exists"]);
    // The wire has one written form; HL7's is for HL7.
    assert_eq!(refused(born("19580803")).len(), 1);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let patch = v1::DemographicsPatch {
        sex: Some(0),
        nhs_number: Some("9434765910".to_owned()),
        names: Some(v1::PersonNames { names: vec![v1::PersonName::default()] }),
        contacts: Some(v1::ContactPoints {
            contacts: vec![v1::ContactPoint { kind: 9, value: "\u{7}".to_owned() }],
        }),
        addresses: Some(v1::Addresses {
            addresses: vec![v1::Address { uprn: u64::MAX, ..Default::default() }],
        }),
        deceased: Some(v1::Deceased { deceased: false, death_date: "2024".to_owned() }),
        ..v1::DemographicsPatch::default()
    };
    let answer = refused(Submission { record: None, occurred_at: None, ..with_patch(patch) });
    let mut fields: Vec<&str> = answer.iter().filter_map(|line| Some(line.split_once(':')?.0)).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "demographics.addresses.addresses[0].uprn",
            "demographics.addresses.addresses[0].use",
            "demographics.contacts.contacts[0].kind",
            "demographics.contacts.contacts[0].value",
            "demographics.deceased.death_date",
            "demographics.names.names[0]",
            "demographics.names.names[0].use",
            "demographics.nhs_number",
            "demographics.sex",
            "occurred_at",
            "record",
        ]
    );
}

#[test]
fn lists_and_lines_have_limits() {
    let contact = v1::ContactPoint { kind: 1, value: "01".to_owned() };
    let address = v1::Address { r#use: 1, lines: vec!["x".repeat(201); 9], ..v1::Address::default() };
    let patch = v1::DemographicsPatch {
        contacts: Some(v1::ContactPoints { contacts: vec![contact; 51] }),
        addresses: Some(v1::Addresses { addresses: vec![address] }),
        ..v1::DemographicsPatch::default()
    };
    let answer = refused(with_patch(patch));
    assert_eq!(answer.len(), 11);
    assert!(answer.contains(&"demographics.contacts.contacts: must be at most 50".to_owned()));
    assert!(
        answer.contains(&"demographics.addresses.addresses[0].lines: must be at most 8 lines".to_owned())
    );
}

#[test]
fn a_field_of_an_item_is_named_by_its_place_among_the_upserts() {
    let period = v1::Period { from: "2025-13".to_owned(), to: String::new() };
    let upserts = vec![
        care_package(vec![service("Home help")]),
        care_package(vec![service("Home help"), field("period", v1::field_value::Value::Period(period))]),
        care_package(vec![field("service", v1::field_value::Value::Flag(true))]),
        care_package(vec![service("Home help"), field("Elspeth", v1::field_value::Value::Flag(true))]),
        care_package(vec![v1::ItemField { name: "service".to_owned(), value: None }]),
        v1::Item { kind: "shoe".to_owned(), labels: vec!["secret".to_owned()], ..care_package(vec![]) },
    ];
    let answer = refused(Submission { upserts, ..submission() });
    assert_eq!(
        answer,
        [
            "upserts[1].fields.period.from: must be a date that exists",
            "upserts[2].fields.service: must be a code with its words",
            "upserts[3].fields.(unnamed): is not a field of care_package",
            "upserts[4].fields.service: is required",
            "upserts[5].kind: must be the id of a kind in the catalogue",
            "upserts[5].labels[0]: must be one of special-category, third-party, serious-harm, criminal, \
             child-protection, protected-address",
        ]
    );
}

#[test]
fn removals_and_complete_kinds_name_what_the_catalogue_has() {
    let removals = vec![v1::ItemRemoval { kind: "shoe".to_owned(), instance: String::new() }];
    let complete_kinds = vec!["care_package".to_owned(), "shoe".to_owned()];
    let answer = refused(Submission { removals, complete_kinds, ..submission() });
    assert_eq!(answer.len(), 3);
    assert!(answer[0].starts_with("removals[0].kind"));
    assert!(answer[1].starts_with("removals[0].instance"));
    assert!(answer[2].starts_with("complete_kinds[1]"));
}

#[test]
fn a_redirect_stays_within_one_authority() {
    let elsewhere = v1::SourceRecord { authority: "other".to_owned(), local_id: "P-2".to_owned() };
    let redirect = v1::Redirect { from: Some(wire_record("P-1")), to: Some(elsewhere), scope: 1 };
    let answer = refused(Submission { redirect: Some(redirect), ..submission() });
    assert_eq!(answer, ["redirect.to.authority: must be the authority of the record that is retired"]);
    let redirect = v1::Redirect { from: Some(wire_record("P-1")), to: None, scope: 0 };
    let answer = refused(Submission { redirect: Some(redirect), ..submission() });
    assert_eq!(answer, ["redirect.to: is required", "redirect.scope: must be RECORD or DATA"]);
}

#[test]
fn no_answer_repeats_a_value() {
    let canary = "Zarquon";
    let mut patch = chi(canary);
    patch.birth_date = Some(canary.to_owned());
    patch.nhs_number = Some(canary.to_owned());
    patch.cleared_fields = vec![canary.to_owned()];
    let mut item = care_package(vec![field(canary, v1::field_value::Value::Date(canary.to_owned()))]);
    item.labels = vec![canary.to_owned()];
    item.kind = canary.to_owned();
    let sent = Submission {
        record: Some(v1::SourceRecord { authority: format!("{canary} "), local_id: format!("{canary} ") }),
        upserts: vec![item],
        complete_kinds: vec![canary.to_owned()],
        ..with_patch(patch)
    };
    let answer = refused(sent);
    assert!(answer.len() > 8, "{answer:?}");
    assert!(!answer.join("\n").contains(canary), "{answer:?}");
}

#[test]
fn a_record_is_read_under_the_name_that_the_caller_gives_it() {
    let answer = read_source_record(None, "person.record").unwrap_err();
    assert_eq!(told(&answer), ["person.record: is required"]);
    assert_eq!(read_source_record(Some(wire_record("P-1")), "r"), Ok(samples::record("P-1")));
}

#[test]
fn an_instant_before_1970_counts_its_part_of_a_second_forwards() {
    let at = jiff::Timestamp::new(-5, -500_000_000).unwrap();
    assert_eq!(crate::timestamp(at), prost_types::Timestamp { seconds: -6, nanos: 500_000_000 });
}

proptest! {
    #[test]
    fn demographics_read_back(person in samples::demographics()) {
        prop_assert_eq!(demographics(wire_demographics(&person), "person"), Ok(person));
    }

    #[test]
    fn items_read_back(sample in samples::item()) {
        prop_assert_eq!(item(wire_item(&sample), "item"), Ok(sample));
    }

    #[test]
    fn a_sender_gets_taken_what_it_says_of_a_person(patch in samples::patch()) {
        let wire = patch::wire_patch(&patch);
        let over = wire.addresses.iter().flat_map(|list| &list.addresses).any(|one| one.lines.len() > 8);
        match record_change(with_patch(wire)) {
            Ok(read) => prop_assert!(read.change.demographics == patch && read.left_out.is_empty()),
            Err(_) => prop_assert!(over),
        }
    }
}
