//! Whom a caller means is read exactly or refused, and is never printed.

use super::*;
use crate::samples::record;

const CHI_BODY: &str = "030858";

fn chi() -> ChiNumber {
    (0..10_000).find_map(|n| ChiNumber::parse(&format!("{CHI_BODY}{n:04}")).ok()).unwrap().0
}

fn of(identifier: Identifier) -> v1::PersonIdentifier {
    v1::PersonIdentifier { identifier: Some(identifier) }
}

fn paths<T>(read: Result<T, Vec<FieldViolation>>) -> Vec<String> {
    read.err().unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

#[test]
fn every_way_to_name_a_person_reads_back() {
    let nhs_number = NhsNumber::parse("9434765919").unwrap().0;
    for sent in [
        PersonIdentifier::Chi(chi()),
        PersonIdentifier::NhsNumber(nhs_number),
        PersonIdentifier::Record(record("P-1")),
    ] {
        assert_eq!(person_identifier(wire_person_identifier(&sent), "person"), Ok(sent));
    }
}

#[test]
fn a_wrong_number_is_refused_by_its_place_and_never_repeated() {
    let wrong = (0..10_000)
        .map(|n| format!("{CHI_BODY}{n:04}"))
        .find(|text| ChiNumber::parse(text).is_err())
        .unwrap();
    let sent = vec![
        wire_person_identifier(&PersonIdentifier::Record(record("P-1"))),
        of(Identifier::ChiNumber(wrong.clone())),
        of(Identifier::NhsNumber(format!("{wrong}1"))),
        v1::PersonIdentifier { identifier: None },
    ];
    let violations = person_identifiers(sent, "person").unwrap_err();
    assert!(violations.iter().all(|violation| !violation.rule.contains(&wrong)));
    assert_eq!(paths::<()>(Err(violations)), ["person[1].chi_number", "person[2].nhs_number", "person[3]"]);
}

#[test]
fn a_person_is_named_in_at_least_one_way() {
    assert_eq!(paths(person_identifiers(Vec::new(), "person")), ["person"]);
    let one = vec![of(Identifier::ChiNumber(chi().as_str().into()))];
    assert_eq!(person_identifiers(one, "person"), Ok(vec![PersonIdentifier::Chi(chi())]));
}

#[test]
fn what_the_hosts_screen_says_is_checked_part_by_part() {
    let full = HostDemographics {
        birth_date: PartialDate::parse_iso("1958-08").ok(),
        family: Text::parse("Dunbrae").ok(),
        given: Text::parse("Elspeth").ok(),
        sex: Some(Sex::Female),
        postcode: Postcode::parse("ZZ99 3VZ").ok(),
    };
    assert_eq!(host_demographics(wire_host_demographics(&full), "host"), Ok(full.clone()));
    assert_eq!(host_demographics(v1::HostDemographics::default(), "host"), Ok(HostDemographics::default()));
    let wrong = v1::HostDemographics {
        birth_date: "1958-02-30".into(),
        family: "\u{7}".into(),
        given: "x".repeat(201),
        sex: Some(0),
        postcode: "nowhere".into(),
    };
    let fields = ["birth_date", "family", "given", "sex", "postcode"];
    assert_eq!(paths(host_demographics(wrong, "")), fields);
    assert_eq!(format!("{full:?}"), "HostDemographics(…)");
}

#[test]
fn an_identifier_is_not_printed() {
    let printed =
        format!("{:?} {:?}", PersonIdentifier::Chi(chi()), PersonIdentifier::Record(record("P-1234")));
    assert!(!printed.contains(CHI_BODY) && !printed.contains("1234"));
}
