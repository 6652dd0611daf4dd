//! Reading whole messages: what each event changes, what deletes, what is left out, what is refused.

use super::*;
use crate::{Answer, receive};
use domain::{
    AddressUse, Authority, ContactKind, Deceased, DemographicsPatch, FieldValue, ItemKind, NameUse, Sex,
};
use proptest::prelude::*;

fn settings() -> Settings {
    Settings::new("STR", Authority::parse("strathorr-pas").unwrap())
}

fn message(trigger: &str, segments: &[&str]) -> Vec<u8> {
    let header = format!("MSH|^~\\&|PAS|STRATHORR|YETT|BROKER|20261117093000||ADT^{trigger}|C-1|P|2.4");
    let event = format!("EVN|{trigger}|20261117092900");
    let lines = [vec![header.as_str(), event.as_str()], segments.to_vec()].concat();
    lines.join("\r").into_bytes()
}

fn read_ok(trigger: &str, segments: &[&str]) -> Reading {
    receive(&message(trigger, segments), &settings()).outcome.unwrap()
}

fn refused(trigger: &str, segments: &[&str]) -> (Answer, u16, String) {
    let error = receive(&message(trigger, segments), &settings()).outcome.unwrap_err();
    (error.answer(), error.condition(), error.to_string())
}

const PID: &str = "PID|1||P-77^^^STR^PI~0211165794^^^CHI^NH||Dunbrae^Elspeth^Ann^^Mrs^^L~Raeburn^Elspeth^^^^^M||\
    19650211|F|||4 Kirk Wynd&Kirk Wynd^Flat 2^Orrbridge^^ST9 4QX^GBR^H||01387 555010^PRN^PH~07700 900123^PRN^CP\
    ~^NET^Internet^e@example.org";

#[test]
fn an_update_changes_every_demographic_that_it_names() {
    let Reading { change, report } = read_ok("A31", &[PID]);
    assert_eq!(
        (change.record.authority.as_str(), change.record.local_id.as_str()),
        ("strathorr-pas", "P-77")
    );
    let at: Timestamp = "2026-11-17T09:29:00Z".parse().unwrap();
    assert_eq!((change.version, change.occurred_at), (RecordVersion::SourceTime(at), at));
    assert_eq!(report, Report::default());

    let DemographicsPatch { names: Change::Set(names), addresses: Change::Set(addresses), contacts, .. } =
        change.demographics.clone()
    else {
        panic!("names and addresses are set")
    };
    assert_eq!(names[0].display_banner(), "DUNBRAE, Elspeth Ann (Mrs)");
    assert_eq!((names[0].name_use(), names[1].name_use()), (NameUse::Official, NameUse::Maiden));
    assert_eq!(addresses[0].lines, ["4 Kirk Wynd", "Flat 2", "Orrbridge"]);
    assert_eq!(addresses[0].postcode.as_ref().unwrap().as_str(), "ST9 4QX");
    assert!(!addresses[0].protected);
    let Change::Set(contacts) = contacts else { panic!("contacts are set") };
    let kinds: Vec<ContactKind> = contacts.iter().map(|contact| contact.kind).collect();
    assert_eq!(kinds, [ContactKind::Telephone, ContactKind::Mobile, ContactKind::Email]);
    assert_eq!(contacts[2].value, "e@example.org");
    let Change::Set(chi) = &change.demographics.chi else { panic!("the CHI number is set") };
    assert_eq!(chi.number.as_str(), "0211165794");
    assert_eq!(change.demographics.sex, Change::Set(Sex::Female));
    assert_eq!(change.demographics.deceased, Change::Unchanged);
    assert!(change.upserts.is_empty() && change.complete_kinds.is_empty());
}

#[test]
fn an_empty_field_changes_nothing_and_two_quotes_delete() {
    let quiet = read_ok("A31", &["PID|1||P-77^^^STR"]).change;
    assert!(quiet.demographics.is_empty());
    let patch = read_ok(
        "A31",
        &["PID|1||P-77^^^STR~\"\"^^^CHI||\"\"||\"\"|\"\"|||\"\"||\"\"||||||||||||||||\"\"|\"\""],
    )
    .change
    .demographics;
    assert_eq!(patch.names, Change::Deleted);
    assert_eq!(patch.birth_date, Change::Deleted);
    assert_eq!(patch.sex, Change::Deleted);
    assert_eq!(patch.addresses, Change::Deleted);
    assert_eq!(patch.contacts, Change::Deleted);
    assert_eq!(patch.chi, Change::Deleted);
    assert_eq!(patch.nhs_number, Change::Unchanged);
    assert_eq!(patch.deceased, Change::Deleted);
}

#[test]
fn an_invalid_chi_is_dropped_and_reported_and_the_rest_is_taken() {
    let Reading { change, report } = read_ok("A31", &["PID|1||P-77^^^STR~0211165795^^^CHI^NH||Dunbrae^E"]);
    assert_eq!(change.demographics.chi, Change::Unchanged);
    assert!(change.demographics.names.is_change());
    assert_eq!(report.dropped[0].location.to_string(), "PID-3.1");
    assert!(report.dropped[0].rule.starts_with("CHI number left out: must"));
    assert!(!report.dropped[0].rule.contains("0211"));
}

#[test]
fn the_assigning_authority_decides_which_identifier_is_which() {
    let by_oid = "PID|1||9434765919^^^NHS^NH~0211165794^^^&2.16.840.1.113883.2.1.3.2.4.16.53&ISO~X-1^^^OTHER~P-77^^^str";
    let change = read_ok("A28", &[by_oid]).change;
    assert_eq!(change.record.local_id.as_str(), "P-77");
    assert!(change.demographics.chi.is_change());
    assert!(change.demographics.nhs_number.is_change());
    let inferred = read_ok("A28", &["PID|1||P-77^^^STR~0211165794^^^^NH"]).change;
    assert!(inferred.demographics.chi.is_change());
    let (answer, condition, text) = refused("A28", &["PID|1||X-1^^^OTHER~0211165794^^^CHI^NH"]);
    assert_eq!((answer, condition), (Answer::Error, 204));
    assert!(text.starts_with("PID-3: no identifier"));
}

#[test]
fn a_sender_that_names_no_authority_can_be_allowed_one_numbering() {
    let loose = Settings { otherwise: Some(Authority::parse("old-pas").unwrap()), ..settings() };
    let bytes = message("A28", &["PID|1||P-9"]);
    let reading = receive(&bytes, &loose).outcome.unwrap();
    assert_eq!(reading.change.record.authority.as_str(), "old-pas");
    assert!(receive(&bytes, &settings()).outcome.is_err());
}

#[test]
fn a_nine_digit_chi_is_padded_and_marked() {
    let change = read_ok("A28", &["PID|1||P-77^^^STR~211165794^^^CHI"]).change;
    let Change::Set(chi) = change.demographics.chi else { panic!("the CHI number is set") };
    assert!(chi.padded);
}

#[test]
fn death_is_told_by_either_field() {
    let told = |date: &str, whether: &str| {
        let pid = format!("PID|1||P-77^^^STR{}{date}|{whether}", "|".repeat(26));
        read_ok("A08", &[&pid]).change.demographics.deceased
    };
    assert!(
        matches!(told("20260301", "Y"), Change::Set(Deceased::Yes(date)) if date.to_iso() == "2026-03-01")
    );
    assert!(matches!(told("", "Y"), Change::Set(Deceased::Yes(date)) if date.is_unknown()));
    assert!(matches!(told("2026", ""), Change::Set(Deceased::Yes(_))));
    assert_eq!(told("", "N"), Change::Set(Deceased::No));
    assert_eq!(told("", ""), Change::Unchanged);
}

#[test]
fn a_protected_person_and_a_protected_address_are_marked() {
    let pid = "PID|1||P-77^^^STR||||||||1 Refuge^^Orrbridge^^ST9 4QX^^CONF~2 Old^^Orrbridge^^ST9 4QX^^H";
    let pd1 = format!("PD1{}Y", "|".repeat(12));
    let patch = read_ok("A31", &[pid, &pd1]).change.demographics;
    assert_eq!(patch.protected, Change::Set(true));
    let Change::Set(addresses) = patch.addresses else { panic!("addresses are set") };
    assert_eq!(addresses.iter().map(|a| a.protected).collect::<Vec<_>>(), [true, false]);
    let unclear = read_ok("A31", &[pid, &format!("PD1{}maybe", "|".repeat(12))]);
    assert_eq!(unclear.change.demographics.protected, Change::Set(true));
    assert_eq!(unclear.report.dropped.len(), 1);
}

#[test]
fn an_address_that_ended_is_a_previous_one_and_stands_last() {
    let pid = "PID|1||P-77^^^STR||||||||1 Old^^Orrbridge^^ST9 4QX^^H^^^^^^2001^20200131~2 New^^Orrbridge^^ST9 4QX^^H";
    let Change::Set(addresses) = read_ok("A31", &[pid]).change.demographics.addresses else { panic!("set") };
    assert_eq!(addresses[0].lines[0], "2 New");
    assert_eq!(addresses[1].used_as, AddressUse::Previous);
    assert_eq!((addresses[1].from.to_iso(), addresses[1].to.to_iso()), ("2001".into(), "2020-01-31".into()));
}

#[test]
fn a_foreign_postcode_is_kept_as_a_line() {
    let reading = read_ok("A31", &["PID|1||P-77^^^STR||||||||1 Main St^^Reno^NV^89501^USA^H"]);
    let Change::Set(addresses) = reading.change.demographics.addresses else { panic!("set") };
    assert_eq!(addresses[0].lines, ["1 Main St", "Reno", "NV", "89501", "USA"]);
    assert_eq!(reading.report.dropped[0].location.to_string(), "PID-11.5");
}

fn field<'r>(reading: &'r Reading, kind: ItemKind, name: &str) -> &'r FieldValue {
    reading.change.upserts.iter().find(|item| item.kind == kind).unwrap().field(name).unwrap()
}

#[test]
fn practice_and_gp_are_one_item_whichever_way_they_are_written() {
    let practice = |pd1: &str| {
        let reading = read_ok("A31", &[PID, pd1]);
        let item = reading.change.upserts.iter().find(|i| i.kind == ItemKind::REGISTERED_PRACTICE).cloned();
        item.map(|i| {
            (i.text("practice").unwrap().to_owned(), i.text("named_gp").unwrap_or_default().to_owned())
        })
    };
    let both = |practice: &str, gp: &str| Some((practice.to_owned(), gp.to_owned()));
    assert_eq!(
        practice("PD1|||Kirk Surgery^^S1|G1^Lennox^Mairi^^^Dr"),
        both("Kirk Surgery", "Dr Mairi Lennox")
    );
    assert_eq!(
        practice("PD1||||G1^Lennox^Mairi^^^Dr~S1^Kirk Surgery^B"),
        both("Kirk Surgery", "Dr Mairi Lennox")
    );
    assert_eq!(
        practice("PD1||||G1^Lennox^Mairi^^^Dr"),
        both("Practice of Dr Mairi Lennox", "Dr Mairi Lennox")
    );
    assert_eq!(practice("PD1"), None);
    let gone = read_ok("A31", &[PID, "PD1||||\"\""]).change;
    assert_eq!(gone.removals[0].0, ItemKind::REGISTERED_PRACTICE);
}

#[test]
fn next_of_kin_is_the_whole_list_and_a_lone_null_deletes_it() {
    let two = ["NK1|1|Dunbrae^Iain|SPO||01387 555011|||C", "NK1|2|Raeburn^Ada|MTH^Mother||||EC"];
    let reading = read_ok("A31", &[PID, two[0], two[1]]);
    assert_eq!(reading.change.complete_kinds, [ItemKind::HEALTH_NEXT_OF_KIN]);
    let FieldValue::Person(first) = field(&reading, ItemKind::HEALTH_NEXT_OF_KIN, "contact") else {
        panic!("person")
    };
    assert_eq!((first.name.as_str(), first.relationship.as_str()), ("Iain Dunbrae", "Spouse"));
    assert_eq!(first.telephone, "01387 555011");
    assert_eq!(reading.change.upserts[1].instance.as_str(), "2");
    assert_eq!(reading.change.upserts[1].field("emergency_contact"), Some(&FieldValue::Flag(true)));
    let gone = read_ok("A31", &[PID, "NK1|1|\"\""]).change;
    assert_eq!((gone.upserts.len(), gone.complete_kinds), (0, vec![ItemKind::HEALTH_NEXT_OF_KIN]));
    assert!(read_ok("A31", &[PID, "NK1|1|"]).change.complete_kinds.is_empty());
}

#[test]
fn allergies_and_conditions_become_items() {
    let reading = read_ok(
        "A31",
        &[
            PID,
            "AL1|1|DA|91936005^Penicillin allergy^SCT|SV|Rash~Swelling|20190412",
            "DG1|1||I50.9^Heart failure^I10|||F",
            "DG1|2||J45|Asthma|2011",
            "DG1|3||K21^Reflux^I10|||||||||||||||||D-9|D",
        ],
    );
    let FieldValue::Code(substance) = field(&reading, ItemKind::ALLERGY, "substance") else { panic!("code") };
    assert_eq!(
        (substance.system.as_str(), substance.display.as_str()),
        ("http://snomed.info/sct", "Penicillin allergy")
    );
    assert_eq!(reading.change.upserts[0].text("severity"), Some("Severe"));
    assert_eq!(reading.change.upserts[0].text("reaction"), Some("Rash, Swelling"));
    assert_eq!(reading.change.upserts[2].text("problem"), Some("Asthma"));
    assert_eq!(reading.change.complete_kinds, [ItemKind::ALLERGY]);
    assert_eq!(reading.change.removals[0].0, ItemKind::CONDITION);
    assert_eq!(reading.change.removals[0].1.as_str(), "D-9");
    let gone = read_ok("A08", &[PID, "AL1|1||\"\"", "DG1|1||\"\""]).change;
    assert_eq!(gone.complete_kinds, [ItemKind::ALLERGY, ItemKind::CONDITION]);
}

#[test]
fn two_items_of_one_code_are_both_kept() {
    let change = read_ok("A08", &[PID, "DG1|1||J45^Asthma", "DG1|2||J45^Asthma, child"]).change;
    let instances: Vec<&str> = change.upserts.iter().map(|item| item.instance.as_str()).collect();
    assert_eq!(instances, ["J45", "J45#2"]);
}

fn visit(class: &str, number: &str, admitted: &str, discharged: &str) -> String {
    let empty = |count: usize| "|".repeat(count);
    format!(
        "PV1|1|{class}|Ward 7^B2^1^Strathorr Royal{}{number}{}{admitted}|{discharged}",
        empty(16),
        empty(25)
    )
}

#[test]
fn admission_and_discharge_are_one_stay_under_the_visit_number() {
    let admitted = read_ok("A01", &[PID, &visit("I", "V-5", "202611170905", "")]);
    let stay = &admitted.change.upserts[0];
    assert_eq!((stay.kind, stay.instance.as_str()), (ItemKind::INPATIENT_STAY, "V-5"));
    assert_eq!((stay.text("hospital"), stay.text("ward")), (Some("Strathorr Royal"), Some("Ward 7")));
    assert_eq!((stay.text("admitted_time"), stay.text("status")), (Some("09:05"), Some("In hospital")));
    let gone = read_ok("A03", &[PID, &visit("I", "V-5", "20261117", "20261119")]);
    assert_eq!(gone.change.upserts[0].instance, stay.instance);
    assert_eq!(gone.change.upserts[0].text("status"), Some("Discharged"));
    let FieldValue::Date(day) = field(&gone, ItemKind::INPATIENT_STAY, "discharged") else { panic!("date") };
    assert_eq!(day.to_iso(), "2026-11-19");
}

#[test]
fn a_visit_that_is_no_stay_is_left_out_and_reported() {
    for (pv1, place) in [(visit("O", "V-5", "", ""), "PV1-2"), (visit("I", "", "", ""), "PV1-19")] {
        let reading = read_ok("A01", &[PID, &pv1]);
        assert!(reading.change.upserts.is_empty());
        assert_eq!(reading.report.dropped[0].location.to_string(), place);
    }
    assert!(read_ok("A31", &[PID, &visit("", "V-5", "", "")]).change.upserts.is_empty());
}

#[test]
fn a_merge_retires_the_record_of_mrg() {
    let change = read_ok("A40", &[PID, "MRG|P-12^^^STR~0211165794^^^CHI"]).change;
    let redirect = change.redirect.unwrap();
    assert_eq!((redirect.from.local_id.as_str(), redirect.to.local_id.as_str()), ("P-12", "P-77"));
    assert_eq!(redirect.scope, RedirectScope::Record);
    assert_eq!(change.record, redirect.to);
    assert_eq!(refused("A40", &[PID]).2, "MRG: this event needs the segment");
    assert_eq!(refused("A40", &[PID, "MRG|P-77^^^STR"]).2, "MRG-1: must be another identifier than PID-3");
    assert_eq!(refused("A40", &[PID, "MRG|P-12^^^OTHER"]).1, 204);
    let twice = refused("A40", &[PID, "MRG|P-12^^^STR", "MRG|P-13^^^STR"]);
    assert_eq!(twice.2, "MRG[2]: must stand once; send a message for each");
}

#[test]
fn other_events_and_types_are_rejected_by_name() {
    let (answer, condition, text) = refused("A45", &[PID]);
    assert_eq!((answer, condition), (Answer::Reject, 201));
    assert!(text.contains("ADT^A45"));
    let bytes = b"MSH|^~\\&|A|B|C|D|20260101||ORU^R01|7|P|2.4\rPID|1||P-1^^^STR";
    let error = receive(bytes, &settings()).outcome.unwrap_err();
    assert_eq!((error.answer(), error.condition()), (Answer::Reject, 200));
    let broken = receive(b"MSH|^~\\&|A|B|C|D|20260101||ORU^R01|7|P|2.4\rno segment", &settings());
    assert_eq!(broken.outcome.unwrap_err().condition(), 200);
    let odd = receive(b"MSH|^~\\&|A|B|C|D|20260101||Elspeth Dunbrae^A01|7|P|2.4\r", &settings());
    assert!(!odd.outcome.unwrap_err().to_string().contains("Elspeth"));
}

#[test]
fn a_fault_is_named_by_segment_and_field() {
    assert_eq!(refused("A31", &["PID|1"]), (Answer::Error, 101, "PID-3: must not be empty".into()));
    assert_eq!(refused("A31", &[]), (Answer::Error, 100, "PID: this event needs the segment".into()));
    let (answer, condition, text) = refused("A31", &["PID|1||P-1^^^STR||||19650231"]);
    assert_eq!((answer, condition, text.as_str()), (Answer::Error, 102, "PID-7: must be a date that exists"));
    let long = format!("PID|1||P-1^^^STR||{}^E", "x".repeat(201));
    assert_eq!(refused("A31", &[&long]).2, "PID-5: must be at most 200 characters");
    let control = "PID|1||P-1^^^STR||Dun\u{7}brae^E";
    assert_eq!(refused("A31", &[control]).2, "PID-5: must not hold control characters");
    let headless =
        receive(b"MSH|^~\\&|A|B|C|D|20260101||ADT^A31||P|2.4\rPID|", &settings()).outcome.unwrap_err();
    assert_eq!(
        (headless.answer(), headless.to_string().as_str()),
        (Answer::Reject, "MSH-10: must not be empty")
    );
    let timeless = receive(b"MSH|^~\\&|A|B|C|D|||ADT^A31|1|P|2.4\rPID|1||P-1^^^STR", &settings());
    assert_eq!(timeless.outcome.unwrap_err().to_string(), "MSH-7: must not be empty");
}

#[test]
fn unknown_segments_are_reported_once_each_and_kept_as_they_came() {
    let reading = read_ok("A31", &[PID, "ROL|1", "ZPI|x\\F\\y", "ROL|2"]);
    assert_eq!(reading.report.unknown_segments, ["ROL", "ZPI"]);
    assert_eq!(reading.change.unread.0, b"ROL|1\rZPI|x\\F\\y\rROL|2\r");
    assert_eq!(read_ok("A31", &[PID]).change.unread, domain::Unread::default());
}

#[test]
fn names_are_read_in_the_character_set_that_the_message_states() {
    let mut bytes = message("A31", &["PID|1||P-1^^^STR||Dh\u{f2}mhnaill^M\\X C3\\"]);
    let latin: Vec<u8> = String::from_utf8(bytes.clone())
        .unwrap()
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    bytes = String::from_utf8_lossy(&latin).into_owned().into_bytes();
    assert!(receive(&bytes, &settings()).outcome.is_ok(), "a replacement character is still text");
    let reading = receive(&latin, &settings()).outcome.unwrap();
    assert!(reading.report.guessed_charset);
    let Change::Set(names) = reading.change.demographics.names else { panic!("set") };
    assert_eq!(names[0].family(), Some("Dh\u{f2}mhnaill"));
}

proptest! {
    #[test]
    fn any_bytes_at_all_are_read_and_answered_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let received = receive(&bytes, &settings());
        let answer = crate::ack::write(&received.header, Answer::Error, &[], Timestamp::UNIX_EPOCH);
        prop_assert!(answer.ends_with(b"\r"));
        prop_assert!(!answer.contains(&crate::mllp::END) && !answer.contains(&crate::mllp::START));
    }

    #[test]
    fn a_message_with_anything_in_its_fields_is_read_or_refused_without_panic(
        fields in proptest::collection::vec("[ -~\u{e9}\\^~&\"]{0,12}", 0..60),
        segment in "PID|PV1|NK1|AL1|DG1|PD1|MRG|EVN",
        trigger in "A01|A03|A31|A40",
    ) {
        let line = format!("{segment}|{}", fields.join("|"));
        let bytes = message(&trigger, &[PID, &line, "MRG|P-12^^^STR"]);
        let received = receive(&bytes, &settings());
        prop_assert_eq!(received.header.control_id.as_str(), "C-1");
        if let Ok(reading) = received.outcome {
            for item in reading.change.upserts {
                prop_assert!(item.checked("item").is_ok());
            }
        }
    }
}

#[test]
fn a_message_that_is_refused_still_tells_whose_record_it_speaks_of() {
    let told = |bytes: &[u8]| record_of(bytes, &settings());
    let whose = SourceRecord::parse("strathorr-pas", "P-77").ok();
    let broken_line = [message("A31", &[PID]).as_slice(), b"\rhello"].concat();
    let bad_charset =
        String::from_utf8(message("A31", &[PID])).unwrap().replace("|2.4\r", "|2.4||||||UTF-99\r");
    let not_utf8 = [bad_charset.replace("UTF-99", "UTF-8").as_bytes(), b"\rNTE|\xff"].concat();
    let refused: [&[u8]; 6] = [
        &message("A45", &[PID]),
        &message("A31", &[PID, PID]),
        &message("A31", &[&PID.replace("19650211", "19650231")]),
        &broken_line,
        bad_charset.as_bytes(),
        &not_utf8,
    ];
    for bytes in refused {
        assert!(receive(bytes, &settings()).outcome.is_err());
        assert_eq!(told(bytes), whose);
    }
}

#[test]
fn whom_a_message_is_about_is_not_guessed() {
    let told = |bytes: &[u8]| record_of(bytes, &settings());
    assert_eq!(told(&message("A31", &["PID|1||P-77^^^OTHER"])), None);
    assert_eq!(told(&message("A31", &["PID|1||0211165794^^^CHI^NH"])), None);
    assert_eq!(told(&message("A31", &["PV1|1|I"])), None);
    assert_eq!(told(PID.as_bytes()), None, "without a header nothing says how to read it");
    assert_eq!(told(b""), None);
}
