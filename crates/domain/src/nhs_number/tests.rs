//! Published test numbers, the corpus of untidy ones, and the ranges.

use super::*;
use crate::text::corpus;

fn range_title(range: NumberRange) -> &'static str {
    match range {
        NumberRange::Scotland => "Scotland (CHI)",
        NumberRange::NorthernIreland => "Northern Ireland",
        NumberRange::EnglandWalesIsleOfMan => "England, Wales, Isle of Man",
        NumberRange::Synthetic => "synthetic",
    }
}

fn reason(violation: Violation) -> &'static str {
    match violation.rule {
        "must not be empty" => "blank",
        "must be digits only" => "characters",
        "must have ten digits" => "length",
        "must have a check digit right under modulus 11" => "check digit",
        "must be in an allocated range" => "range",
        other => other,
    }
}

#[test]
fn numbers_are_classified_by_their_range() {
    for (text, range) in [
        ("9000000009", NumberRange::Synthetic),
        ("4505577104", NumberRange::EnglandWalesIsleOfMan),
        ("3942214121", NumberRange::NorthernIreland),
        ("1904851231", NumberRange::Scotland),
    ] {
        let (number, found) = NhsNumber::parse(text).unwrap();
        assert_eq!((found, number.range()), (range, range), "{text}");
    }
}

#[test]
fn numbers_outside_the_ranges_are_refused() {
    for text in ["0000000000", "5555555555", "8888888888"] {
        assert_eq!(reason(NhsNumber::parse(text).unwrap_err()), "range", "{text}");
    }
}

#[test]
fn the_scheme_of_ten_digits_is_inferred() {
    assert_eq!(IdentifierScheme::infer("1904851231"), Some(IdentifierScheme::ChiNumber));
    assert_eq!(IdentifierScheme::infer("0101201234"), Some(IdentifierScheme::ChiNumber));
    assert_eq!(IdentifierScheme::infer("4505577104"), Some(IdentifierScheme::NhsNumber));
    assert_eq!(IdentifierScheme::infer("9000000009"), Some(IdentifierScheme::NhsNumber));
    assert_eq!(IdentifierScheme::infer("3942214121"), Some(IdentifierScheme::HealthAndCareNumber));
    assert_eq!(IdentifierScheme::infer("4505577105"), None);
    assert_eq!(IdentifierScheme::infer("450557710"), None);
}

#[test]
fn the_corpus_gets_its_verdict_reason_and_range() {
    let Some(rows) = corpus::rows("nhs_number.csv") else { return };
    assert!(rows.len() > 400, "{} rows", rows.len());
    for row in rows {
        let (verdict, why) = match NhsNumber::parse(&row["input"]) {
            Ok(_) => ("valid", "ok"),
            Err(violation) => ("invalid", reason(violation)),
        };
        assert_eq!((verdict, why), (&*row["strict"], &*row["reason"]), "{row:?}");
        let range = NhsNumber::clean(&row["input"]).map(|(_, range)| range_title(range));
        let expected = if row["range"] == "unallocated" { "" } else { &row["range"] };
        assert_eq!(range.unwrap_or_default(), expected, "{row:?}");
    }
}

#[test]
fn the_corpus_is_cleaned_exactly_or_refused() {
    let Some(rows) = corpus::rows("nhs_number.csv") else { return };
    for row in rows {
        let expected = if row["strict"] == "valid" { &row["input"] } else { &row["cleaned"] };
        let cleaned = NhsNumber::clean(&row["input"]);
        assert_eq!(cleaned.as_ref().map_or("", |(number, _)| number.as_str()), expected, "{row:?}");
    }
}

#[test]
fn people_read_the_digits_in_three_groups_and_debug_prints_none() {
    let (number, _) = NhsNumber::parse("9876543210").unwrap();
    assert_eq!(number.grouped(), "987 654 3210");
    assert_eq!(format!("{number:?}"), "NhsNumber(…)");
}

#[test]
fn a_number_of_one_digit_is_a_filler_though_it_is_valid() {
    assert!(NhsNumber::parse("9999999999").unwrap().0.is_filler());
    assert!(!NhsNumber::parse("9876543210").unwrap().0.is_filler());
}
