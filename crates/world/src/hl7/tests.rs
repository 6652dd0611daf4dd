//! The shape of the messages, by rules of the standard only.

use super::*;
use crate::{World, cast};
use jiff::civil::date;

fn stamp() -> Stamp {
    Stamp { control_id: "TEST-1".to_owned(), at: "2026-11-24T05:06:07.250Z".parse().unwrap(), occurred: None }
}

fn field(message: &str, segment: &str, number: usize) -> String {
    let line = message.split('\r').find(|line| line.starts_with(segment)).unwrap();
    line.split('|').nth(number).unwrap_or_default().to_owned()
}

fn elspeth() -> HealthRecord {
    let world = World::generate(1, 0, date(2026, 11, 24)).unwrap();
    world.by_health_id(cast::ELSPETH_DUNBRAE.health).unwrap().health.clone().unwrap()
}

#[test]
fn every_message_of_the_world_is_well_formed() {
    let world = World::generate(7, 200, date(2026, 11, 24)).unwrap();
    for record in world.entries().iter().filter_map(|entry| entry.health.as_ref()) {
        let mut messages = vec![
            add_person(record, &stamp()),
            update_person(record, &stamp()),
            update_allergies(record, &stamp()),
        ];
        messages.extend(record.stay.iter().map(|stay| admit(record, stay, &stamp())));
        for message in messages {
            assert!(message.starts_with("MSH|^~\\&|PAS|STRATHORR|"), "the header comes first");
            assert!(message.ends_with('\r') && !message.contains('\n'));
            for line in message.split('\r').filter(|line| !line.is_empty()) {
                let (name, _) = line.split_once('|').unwrap();
                assert!(
                    name.len() == 3 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                );
            }
            assert_eq!(message.split('\r').next().unwrap().split('|').nth(17), Some("UNICODE UTF-8"));
        }
    }
}

#[test]
fn the_person_stands_where_the_standard_says() {
    let message = add_person(&elspeth(), &stamp());
    assert_eq!(field(&message, "MSH", 6), "20261124050607.250+0000");
    assert_eq!(field(&message, "MSH", 8), "ADT^A28^ADT_A05");
    assert_eq!(field(&message, "MSH", 9), "TEST-1");
    let earlier = Stamp { occurred: Some("2026-11-21T16:20:00Z".parse().unwrap()), ..stamp() };
    assert_eq!(field(&add_person(&elspeth(), &earlier), "EVN", 6), "20261121162000.000+0000");
    assert_eq!(field(&message, "EVN", 2), "20261124050607.250+0000");
    assert_eq!(field(&message, "PID", 3), "S100481^^^nhs-strathorr^MR~1203414749^^^CHI^NH");
    assert_eq!(field(&message, "PID", 5), "Dunbrae^Elspeth^^^Mrs^^L");
    assert_eq!(field(&message, "PID", 7), "19410312");
    assert_eq!(field(&message, "PID", 11), "27 Saltpan Wynd^^Kilmorran^^ST9 4QX^GBR^H");
    assert_eq!(field(&message, "PID", 13), "01632 960 377^PRN^PH");
    assert_eq!(field(&message, "NK1", 7), "C");
    assert_eq!(field(&message, "AL1", 3), "91936005^Penicillin^SCT");
    assert_eq!(field(&message, "PD1", 4), "^Abercairn^Rhona^^^Dr");
}

#[test]
fn a_stay_is_told_by_visit_number_ward_and_times() {
    let mut record = elspeth();
    let mut stay = record.stay.take().unwrap();
    let admitted = admit(&record, &stay, &stamp());
    assert_eq!(field(&admitted, "PV1", 3), "Ward 6^^^Kilmorran Infirmary");
    assert_eq!(field(&admitted, "PV1", 19), cast::ELSPETH_VISIT);
    assert_eq!(field(&admitted, "PV1", 44), "202611211620");
    stay.discharged = Some(date(2026, 11, 24).at(11, 0, 0, 0));
    assert_eq!(field(&discharge(&record, &stay, &stamp()), "PV1", 45), "202611241100");
}

#[test]
fn a_merge_names_both_numbers() {
    let message = merge(&elspeth(), cast::DUPLICATE_OF_LACHLAN, &stamp());
    assert_eq!(field(&message, "MRG", 1), "S100612^^^nhs-strathorr^MR");
    assert!(field(&message, "PID", 3).starts_with("S100481^"));
}

#[test]
fn separators_and_line_ends_in_a_value_stay_values() {
    assert_eq!(escaped("a|b^c&d~e\\f\r\ng\u{1}"), "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\X0D\\\\X0D\\g");
    let mut record = elspeth();
    record.practice.name = "Mill|Lane^Practice".to_owned();
    assert_eq!(field(&add_person(&record, &stamp()), "PD1", 3), "Mill\\F\\Lane\\S\\Practice");
}

#[test]
fn an_update_of_the_person_says_nothing_of_practice_allergies_or_kin() {
    let mut record = elspeth();
    let message = update_person(&record, &stamp());
    assert_eq!(field(&message, "PD1", 4), "");
    assert_eq!(field(&message, "PD1", 12), "N");
    assert!(!message.contains("\rAL1|") && !message.contains("\rNK1|"));
    record.allergies.clear();
    assert_eq!(field(&update_allergies(&record, &stamp()), "AL1", 3), "\"\"");
}

#[test]
fn a_protected_address_is_marked_in_every_message_that_holds_it() {
    let world = World::generate(1, 0, date(2026, 11, 24)).unwrap();
    let maeve = world.by_health_id(cast::MAEVE_STRUAN.health).unwrap().health.clone().unwrap();
    for message in
        [add_person(&maeve, &stamp()), update_person(&maeve, &stamp()), update_allergies(&maeve, &stamp())]
    {
        assert!(field(&message, "PID", 11).ends_with("^GBR^CONF"), "{message}");
    }
    assert_eq!(field(&add_person(&maeve, &stamp()), "PD1", 12), "Y");
}
