//! Mappings and rows, and the extract of the invented council.

use super::*;
use jiff::Timestamp;
use proto::intake::v1;
use std::collections::{BTreeMap, HashSet};

const MAPPING: &str = r#"
authority = "case-system"
extract = "full"
date_format = "day/month/year"
yes = ["Y"]
sex = { F = "female", M = "male" }

[columns]
local_id = "Id"
chi = "CHI"
given = "First"
family = "Last"
birth_date = "Born"
sex = "Sex"
address_line_1 = "Street"
address_line_2 = "Town"
postcode = "Postcode"
protected = "Hidden"

[items]
"known_to_social_work.status" = "Case"
"known_to_social_work.since" = "Since"
"allocated_worker.worker.name" = "Worker"
"allocated_worker.period.from" = "From"
"#;

const HEADER: &str = "Id,CHI,First,Last,Born,Sex,Street,Town,Postcode,Hidden,Case,Since,Worker,From";

fn as_of(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn extract_at(rows: &str, second: i64) -> Extract {
    let text = format!("{HEADER}\r\n{rows}");
    Extract::open(text.into_bytes(), Mapping::parse(MAPPING).unwrap(), as_of(second)).unwrap()
}

fn only(rows: &str) -> Row {
    let extract = extract_at(rows, 0);
    let mut rows = extract.rows();
    let row = rows.next().unwrap();
    assert!(rows.next().is_none());
    row
}

fn accepted(rows: &str) -> v1::RecordSubmission {
    only(rows).reading.unwrap().0
}

fn refused(rows: &str) -> Vec<(String, String)> {
    only(rows).reading.unwrap_err().into_iter().map(|one| (one.column, one.rule)).collect()
}

fn wrong(text: &str) -> String {
    Mapping::parse(text).unwrap_err().to_string()
}

#[test]
fn a_mistake_in_a_mapping_is_told_with_its_line() {
    let unknown = wrong(&MAPPING.replace("given = ", "forename = "));
    assert!(unknown.starts_with("the mapping, line 11: unknown field `forename`"), "{unknown}");
    assert!(
        wrong(&format!("colour = 1{MAPPING}")).starts_with("the mapping, line 1: unknown field `colour`")
    );
    assert!(
        wrong(&MAPPING.replace("\"full\"", "\"weekly\"")).starts_with("the mapping, line 3: unknown variant")
    );
    assert!(
        wrong(&MAPPING.replace("\"male\"", "\"man\"")).starts_with("the mapping, line 6: a sex is one of")
    );
    let kind = wrong(&MAPPING.replace("known_to_social_work.since", "shoe_size.since"));
    assert_eq!(kind, "the mapping, line 22: items: shoe_size.since names no kind of the catalogue");
    assert!(wrong(&MAPPING.replace("work.since", "work.colour")).contains("line 22: items"));
    assert!(wrong(&MAPPING.replace("worker.name", "worker")).contains("must name a part"));
    assert!(
        wrong(&MAPPING.replace("known_to_social_work.since", "identity.name"))
            .contains("columns of the person")
    );
    assert!(
        wrong(&MAPPING.replace("\"case-system\"", "\"case system\"")).contains("line 2: authority must be")
    );
    assert!(wrong("authority = \"x\"\n").contains("missing field"));
}

#[test]
fn a_row_says_everything_that_its_columns_say() {
    let row = "W-1,0101010001,Mary Ann,Sample,03/08/1958,F,1 Some Street,Sometown,ST9 4QX,Y,Open,2020,A. Worker,01/2021";
    let submission = accepted(row);
    let read = proto::intake::record_change(submission.clone()).unwrap();
    let who = &submission.demographics.unwrap();
    let name = &who.names.as_ref().unwrap().names[0];
    assert_eq!(
        (name.given.as_slice(), name.family.as_str()),
        (["Mary".to_owned(), "Ann".to_owned()].as_slice(), "Sample")
    );
    assert_eq!(who.birth_date.as_deref(), Some("1958-08-03"));
    assert_eq!(who.protected, Some(true));
    assert_eq!(who.addresses.as_ref().unwrap().addresses[0].lines, ["1 Some Street", "Sometown"]);
    assert_eq!(read.change.upserts.len(), 2);
    assert_eq!(read.change.complete_kinds, [domain::ItemKind::KNOWN_TO_SOCIAL_WORK]);
    assert_eq!(read.change.version, domain::RecordVersion::SourceTime(as_of(0)));
}

#[test]
fn an_empty_cell_deletes_but_never_takes_a_protection_away() {
    let submission = accepted("W-1,,,Sample,,,,,,,,,,");
    let patch = submission.demographics.unwrap();
    let cleared: HashSet<&str> = patch.cleared_fields.iter().map(String::as_str).collect();
    assert_eq!(cleared, HashSet::from(["chi", "birth_date", "sex", "addresses"]));
    assert_eq!(patch.protected, None);
    assert!(submission.upserts.is_empty());
    assert_eq!(submission.complete_kinds, ["known_to_social_work"]);
    assert_eq!(submission.removals[0].kind, "allocated_worker");
    assert_eq!(accepted("W-1,,,Sample,,,,,,n,,,,").demographics.unwrap().protected, Some(false));
}

#[test]
fn what_is_wrong_is_told_by_column_and_rule_and_without_the_value() {
    let all = refused("W-1,,Mary,Sample,31/02/1958,X,,,NOWHERE,perhaps,Open,2020,,");
    let columns: Vec<&str> = all.iter().map(|(column, _)| column.as_str()).collect();
    assert_eq!(columns, ["Born", "Sex", "Hidden"]);
    assert_eq!(refused("W-1,,Mary,Sample,,,,,NOWHERE,,,,,")[0].0, "Postcode");
    assert_eq!(refused("W-1,,Mary,Sample,,,,,,,,2020,,")[0].0, "Case", "the case has no status");
    let long = "x".repeat(201);
    assert_eq!(refused(&format!("W-1,,{long},Sample,,,,,,,,,,"))[0].0, "First");
    assert_eq!(refused(&format!("W-1,,,Sample,,,{long},Town,,,,,,"))[0].0, "Street");
    assert_eq!(refused(&format!("W-1,,,Sample,,,Street,{long},,,,,,"))[0].0, "Town");
    assert_eq!(refused("W-1,,,Sample,,,\"a\u{7}b\",,,,,,,")[0].0, "Street");
    assert!(!format!("{all:?}").contains("NOWHERE") && !format!("{all:?}").contains("perhaps"));
}

#[test]
fn an_invalid_chi_is_left_out_and_the_row_is_taken() {
    let (submission, left_out) = only("W-1,1234567890,Mary,Sample,,,,,,,,,,").reading.unwrap();
    assert_eq!(left_out[0].column, "CHI");
    assert!(proto::intake::record_change(submission).unwrap().change.demographics.names.is_change());
}

#[test]
fn rows_that_cannot_be_told_apart_or_named_are_refused_and_the_rest_goes_on() {
    let text =
        "W-1,,,One,,,,,,,,,,\r\nW-1,,,Two,,,,,,,,,,\n,,,Three,,,,,,,,,,\nW-4,short\nW-5,,,Five,,,,,,,,,,\n";
    let extract = extract_at(text, 0);
    let rows: Vec<Row> = extract.rows().collect();
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
    assert_eq!(
        rows.iter().map(|row| row.reading.is_ok()).collect::<Vec<_>>(),
        [true, false, false, false, true]
    );
    assert_eq!(rows.iter().filter(|row| row.local_id.is_none()).count(), 2);
    assert_eq!(rows[1].reading.as_ref().unwrap_err()[0].rule, "stands in line 2 already");
    let mut rejected = BTreeMap::new();
    rejected.insert(3, rows[1].reading.clone().unwrap_err());
    let mut out = Vec::new();
    extract.write_rejected(&rejected, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out, format!("line,reasons,{HEADER}\n3,Id stands in line 2 already,W-1,,,Two,,,,,,,,,,\n"));
}

#[test]
fn bytes_that_are_no_text_spoil_their_row_only() {
    let mut bytes = format!("{HEADER}\nW-1,,,").into_bytes();
    bytes.extend(b"\xFFx,,,,,,,,,,\nW-2,,,Two,,,,,,,,,,\n");
    let mapping = || Mapping::parse(MAPPING).unwrap();
    let extract = Extract::open(bytes.clone(), mapping(), as_of(0)).unwrap();
    assert_eq!(extract.rows().map(|row| row.reading.is_ok()).collect::<Vec<_>>(), [false, true]);
    let windows = Mapping::parse(&format!("encoding = \"windows-1252\"\n{MAPPING}")).unwrap();
    let extract = Extract::open(bytes, windows, as_of(0)).unwrap();
    assert!(extract.rows().all(|row| row.reading.is_ok()));
    let endless = format!("{HEADER}\nW-1,,,\"{}", "x".repeat(1 << 20));
    let extract = Extract::open(endless.into_bytes(), mapping(), as_of(0)).unwrap();
    assert!(extract.rows().all(|row| row.reading.is_err()));
}

#[test]
fn a_file_whose_columns_do_not_fit_is_refused_whole() {
    let open = |header: &str| {
        let mapping = Mapping::parse(MAPPING).unwrap();
        Extract::open(format!("{header}\n").into_bytes(), mapping, as_of(0)).unwrap_err()
    };
    assert_eq!(open(&HEADER.replace("Born", "DOB")), ExtractError::NoColumn("Born".to_owned()));
    assert_eq!(open(&HEADER.replace("CHI", "Id")), ExtractError::TwoColumns("Id".to_owned()));
    assert_eq!(open(""), ExtractError::NoHeader);
    let marked = format!("\u{FEFF}{HEADER},More\n");
    let extract = Extract::open(marked.into_bytes(), Mapping::parse(MAPPING).unwrap(), as_of(0)).unwrap();
    assert_eq!(extract.passed_over().collect::<Vec<_>>(), ["More"]);
}

#[test]
fn the_same_row_has_the_same_id_until_a_later_extract_says_it_again() {
    let id =
        |row: &str, second: i64| extract_at(row, second).rows().next().unwrap().reading.unwrap().0.message_id;
    let (one, other) = ("W-1,,,Old,,,,,,,,,,", "W-1,,,New,,,,,,,,,,");
    assert_eq!(id(one, 0), id(one, 0));
    assert_ne!(id(one, 0), id(other, 0));
    assert_ne!(id(one, 0), id(one, 1), "the value came back in a later extract");
}

#[test]
fn the_councils_extract_is_read_whole() {
    let world = world::World::generate(3, 100, jiff::civil::date(2026, 11, 24)).unwrap();
    let mapping = Mapping::parse(world::csv::MAPPING).unwrap();
    let extract = Extract::open(world::csv::extract(&world).into_bytes(), mapping, as_of(0)).unwrap();
    assert!(extract.is_full());
    assert_eq!(extract.passed_over().count(), 0);
    let mut rows = extract.rows();
    for record in world.entries().iter().filter_map(|entry| entry.council.as_ref()) {
        let row = rows.next().unwrap();
        assert_eq!(row.local_id.unwrap().as_str(), record.local_id);
        let (submission, left_out) = row.reading.unwrap();
        let change = proto::intake::record_change(submission).unwrap().change;
        let mut who = domain::Demographics::default();
        change.demographics.apply_to(&mut who);
        let held = &record.demographics;
        assert_eq!((who.birth_date, who.protected), (held.birth_date, held.protected));
        assert_eq!(
            who.names.first().and_then(|name| name.family()),
            held.names.first().and_then(|name| name.family())
        );
        let chi = record.chi.as_deref().filter(|text| domain::ChiNumber::clean(text).is_ok());
        assert_eq!(who.chi.is_some(), chi.is_some());
        assert_eq!(left_out.is_empty(), record.chi.is_none() || chi.is_some());
        assert_eq!(change.upserts.len(), 1);
    }
    assert!(rows.next().is_none());
}
