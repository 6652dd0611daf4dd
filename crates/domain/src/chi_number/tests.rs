//! The published vectors, the corpus of untidy numbers, and what the digits may be believed for.

use super::*;
use crate::text::corpus;

fn chi(text: &str) -> ChiNumber {
    ChiNumber::parse(text).unwrap().0
}

fn day(year: i16, month: i8, day: i8) -> PartialDate {
    PartialDate::from_day(year, month, day).unwrap()
}

fn reason(violation: Violation) -> &'static str {
    match violation.rule {
        "must not be empty" => "blank",
        "must be digits only" => "characters",
        "must have ten digits" => "length",
        "must begin with a real date as DDMMYY" => "date",
        "must have a check digit right under modulus 11 or modulus 10" => "check digit",
        other => other,
    }
}

#[test]
fn numbers_that_pass_modulus_11_are_accepted_as_such() {
    for text in ["0211165794", "0402070763", "0101336489", "1904851231", "2902201230"] {
        assert_eq!(ChiNumber::parse(text).unwrap().1, CheckScheme::Modulus11, "{text}");
    }
}

#[test]
fn numbers_that_pass_both_rules_are_accepted_as_such() {
    for text in ["0101011237", "2902960018"] {
        assert_eq!(ChiNumber::parse(text).unwrap().1, CheckScheme::Both, "{text}");
    }
}

#[test]
fn numbers_that_pass_modulus_10_only_are_accepted_as_such() {
    for text in ["0101201234", "0101850006"] {
        let (number, scheme) = ChiNumber::parse(text).unwrap();
        assert_eq!(scheme, CheckScheme::Modulus10, "{text}");
        assert_eq!(number.check_scheme(), scheme);
        assert!(!scheme.catches_every_slip());
    }
}

#[test]
fn a_wrong_check_digit_is_refused() {
    for text in ["0101201233", "1904851232", "0101010000"] {
        assert_eq!(reason(ChiNumber::parse(text).unwrap_err()), "check digit", "{text}");
    }
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    for text in ["2902191230", "0113201234", "9999999999", "0000000000"] {
        assert_eq!(reason(ChiNumber::parse(text).unwrap_err()), "date", "{text}");
    }
}

#[test]
fn the_corpus_gets_its_verdict_scheme_reason_and_sex() {
    let Some(rows) = corpus::rows("chi.csv") else { return };
    assert!(rows.len() > 600, "{} rows", rows.len());
    for row in rows {
        let input = &row["input"];
        let (verdict, scheme, why) = match ChiNumber::parse(input) {
            Ok((_, CheckScheme::Modulus11)) => ("valid", "mod11", "ok"),
            Ok((_, CheckScheme::Modulus10)) => ("valid", "mod10", "ok"),
            Ok((_, CheckScheme::Both)) => ("valid", "both", "ok"),
            Err(violation) => ("invalid", "none", reason(violation)),
        };
        assert_eq!((verdict, scheme, why), (&*row["strict"], &*row["scheme"], &*row["reason"]), "{row:?}");
        if let Ok(cleaned) = ChiNumber::clean(input) {
            let sex = if cleaned.number.sex() == Sex::Female { "F" } else { "M" };
            assert_eq!(sex, row["sex"], "{row:?}");
        }
    }
}

#[test]
fn the_corpus_is_cleaned_exactly_or_refused() {
    let Some(rows) = corpus::rows("chi.csv") else { return };
    for row in rows {
        let expected = if row["strict"] == "valid" { &row["input"] } else { &row["cleaned"] };
        let cleaned = ChiNumber::clean(&row["input"]);
        assert_eq!(cleaned.as_ref().map_or("", Cleaned::text), expected, "{row:?}");
        let zero_lost = row["note"].starts_with("leading zero lost");
        assert_eq!(cleaned.is_ok_and(|c| c.padded), zero_lost, "{row:?}");
    }
}

#[test]
fn cleaning_takes_separators_away_and_restores_one_leading_zero_only() {
    assert_eq!(ChiNumber::clean(" 190485-1231\t").unwrap().text(), "1904851231");
    let restored = ChiNumber::clean("402070763").unwrap();
    assert_eq!((restored.text(), restored.padded), ("0402070763", true));
    for bad in
        ["", "02070763", "-1904851231", "CHI1904851231", "19O4851231", "1904851231.0", "１９０４８５１２３１"]
    {
        assert!(ChiNumber::clean(bad).is_err(), "{bad:?}");
    }
    assert_eq!(reason(ChiNumber::clean("190485123").unwrap_err()), "length");
}

#[test]
fn digits_tell_day_month_year_and_sex() {
    let number = chi("1904851231");
    assert_eq!((number.day(), number.month(), number.two_digit_year()), (19, 4, 85));
    assert_eq!(number.sex(), Sex::Male);
    assert_eq!(chi("0402070763").sex(), Sex::Female);
    assert_eq!(number.grouped(), "190485 1231");
}

#[test]
fn the_century_comes_from_a_known_date_of_birth_or_stays_unknown() {
    let number = chi("0402070763");
    assert_eq!(number.birth_date(None), None);
    assert_eq!(number.birth_date(Some(&PartialDate::Unknown)), None);
    let old = PartialDate::from_year(1907).unwrap();
    assert_eq!(number.birth_date(Some(&old)), Date::new(1907, 2, 4).ok());
    assert_eq!(number.birth_date(Some(&day(2007, 1, 1))), Date::new(2007, 2, 4).ok());
    assert_eq!(number.birth_date(Some(&day(2008, 2, 4))), None);
    assert_eq!(chi("2902960018").birth_date(Some(&day(1896, 2, 29))), Date::new(1896, 2, 29).ok());
}

#[test]
fn agreement_with_a_record_is_evidence_part_by_part() {
    let number = chi("1904851231");
    let agrees = number.agrees_with(&day(1985, 4, 19), Sex::Male);
    assert_eq!(agrees, ChiEvidence { birth_date: DateAgreement::Exact, sex: SexAgreement::Agrees });
    assert!(!agrees.contradicts());
    let century_aside = number.agrees_with(&day(2085, 4, 19), Sex::Unknown);
    assert_eq!(century_aside.birth_date, DateAgreement::Exact);
    assert_eq!(century_aside.sex, SexAgreement::NotComparable);
    let partial = number.agrees_with(&PartialDate::from_year_month(1985, 4).unwrap(), Sex::Other);
    assert_eq!(partial.birth_date, DateAgreement::Compatible);
    assert!(!partial.contradicts());
}

#[test]
fn disagreement_with_a_record_is_named() {
    let number = chi("1904851231");
    assert!(number.agrees_with(&day(1985, 4, 19), Sex::Female).contradicts());
    assert_eq!(number.agrees_with(&day(1985, 4, 18), Sex::Male).birth_date, DateAgreement::OnePartDiffers);
    assert!(number.agrees_with(&PartialDate::from_year(1958).unwrap(), Sex::Male).contradicts());
    let (swappable, _) = ChiNumber::parse("0402070763").unwrap();
    assert_eq!(
        swappable.agrees_with(&day(2007, 4, 2), Sex::Female).birth_date,
        DateAgreement::DayMonthSwapped
    );
    assert_eq!(
        swappable.agrees_with(&PartialDate::Unknown, Sex::Female).birth_date,
        DateAgreement::NotComparable
    );
}

#[test]
fn a_number_of_one_digit_is_a_filler_though_it_may_be_valid() {
    assert!(chi("1111111111").is_filler());
    assert!(!chi("1904851231").is_filler());
}

#[test]
fn debug_prints_no_digits() {
    let cleaned = ChiNumber::clean("1904851231").unwrap();
    assert!(!format!("{cleaned:?}").contains("1904851231"));
    assert_eq!(format!("{:?}", cleaned.number), "ChiNumber(…)");
    assert!(!ChiNumber::parse("1904851232").unwrap_err().to_string().contains("19048"));
}

#[test]
fn modulus_11_finds_every_slip_of_one_digit() {
    for text in ["0211165794", "0402070763", "1904851231", "2902201230"] {
        for place in 0..10 {
            for digit in b'0'..=b'9' {
                let mut slip = text.as_bytes().to_vec();
                if slip[place] == digit {
                    continue;
                }
                slip[place] = digit;
                let slip = String::from_utf8(slip).unwrap();
                let passed = ChiNumber::parse(&slip).is_ok_and(|(_, scheme)| scheme.catches_every_slip());
                assert!(!passed, "{slip}");
            }
        }
    }
}
