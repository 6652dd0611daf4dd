//! Reading, showing, ageing and comparing dates of which a part may be missing.

use super::*;

fn parse(text: &str) -> PartialDate {
    PartialDate::parse(text).unwrap_or_else(|violation| panic!("{text}: {violation}"))
}

fn date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

#[test]
fn iso_and_hl7_forms_mean_the_same() {
    for (iso, hl7) in [("1958", "1958"), ("1958-08", "195808"), ("1958-08-03", "19580803")] {
        assert_eq!(parse(iso), parse(hl7));
        assert_eq!(parse(hl7).to_iso(), iso);
    }
}

#[test]
fn the_time_of_day_of_an_hl7_date_is_left_out() {
    for text in [
        "1958080314",
        "195808031405",
        "19580803140559",
        "19580803140559.123",
        "195808031405+0100",
        "19580803-0500",
    ] {
        assert_eq!(parse(text), PartialDate::Full(date(1958, 8, 3)), "{text}");
    }
}

#[test]
fn other_shapes_are_refused() {
    for text in [
        "",
        "58",
        "1958-8",
        "1958-08-3",
        "03/08/1958",
        "1958-08-03T10:00",
        "19580",
        "1958080",
        "195808031",
        "19580803x",
        "1958-08-03-01",
        "１９５８",
        "19580803+01",
        "19580803140559.",
        "1958080314.5",
        "-1958",
        "unknown",
    ] {
        assert_eq!(
            PartialDate::parse(text).unwrap_err().rule,
            "must be a date such as 1958, 1958-08 or 1958-08-03",
            "{text}"
        );
    }
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for text in ["1958-02-29", "1958-13", "1958-00", "19580800", "19580431"] {
        assert_eq!(PartialDate::parse(text).unwrap_err().rule, "must be a date that exists", "{text}");
    }
    assert_eq!(parse("1960-02-29").full(), Some(date(1960, 2, 29)));
}

#[test]
fn years_that_no_record_can_mean_are_refused() {
    for text in ["0001-01-01", "00000000", "1799", "2200-01"] {
        assert_eq!(
            PartialDate::parse(text).unwrap_err().rule,
            "must be in a year from 1800 to 2199",
            "{text}"
        );
    }
}

#[test]
fn a_screen_shows_what_is_known() {
    assert_eq!(parse("2026-11-17").display(), "17 Nov 2026");
    assert_eq!(parse("1958-08").display(), "Aug 1958");
    assert_eq!(parse("1958").display(), "1958");
    assert_eq!(PartialDate::Unknown.display(), "not known");
    assert_eq!(PartialDate::Unknown.to_iso(), "");
}

#[test]
fn a_partial_date_spans_the_days_that_it_can_be() {
    assert_eq!(
        (parse("1960-02").earliest(), parse("1960-02").latest()),
        (Some(date(1960, 2, 1)), Some(date(1960, 2, 29)))
    );
    assert_eq!(
        (parse("1960").earliest(), parse("1960").latest()),
        (Some(date(1960, 1, 1)), Some(date(1960, 12, 31)))
    );
    assert_eq!(PartialDate::Unknown.earliest(), None);
}

#[test]
fn age_has_bounds_as_wide_as_the_missing_part() {
    let today = date(2026, 11, 17);
    assert_eq!(parse("1941-03-12").age_bounds(today), Some((85, 85)));
    assert_eq!(parse("2010-11-17").age_bounds(today), Some((16, 16)));
    assert_eq!(parse("2010-11-18").age_bounds(today), Some((15, 15)));
    assert_eq!(parse("2010-11").age_bounds(today), Some((15, 16)));
    assert_eq!(parse("2010").age_bounds(today), Some((15, 16)));
    assert_eq!(parse("2027-02").age_bounds(today), Some((0, 0)));
    assert_eq!(PartialDate::Unknown.age_bounds(today), None);
}

#[test]
fn somebody_born_on_29_february_ages_on_1_march_of_a_common_year() {
    let born = parse("2008-02-29");
    assert_eq!(born.age_bounds(date(2026, 2, 28)), Some((17, 17)));
    assert_eq!(born.age_bounds(date(2026, 3, 1)), Some((18, 18)));
    assert_eq!(born.reaches(18), Some((date(2026, 3, 1), date(2026, 3, 1))));
    assert_eq!(born.reaches(16), Some((date(2024, 2, 29), date(2024, 2, 29))));
}

#[test]
fn an_age_is_reached_between_two_days() {
    assert_eq!(parse("2010-11").reaches(16), Some((date(2026, 11, 1), date(2026, 11, 30))));
    assert_eq!(PartialDate::Unknown.reaches(16), None);
}

#[test]
fn an_age_changes_exactly_on_the_day_it_is_reached() {
    for born in ["2008-02-29", "2010-01-01", "2010-12-31", "2010-11-17"] {
        for years in [12_u8, 16, 18] {
            let (day, _) = parse(born).reaches(years).unwrap();
            assert_eq!(parse(born).age_bounds(day), Some((years, years)), "{born}");
            assert_eq!(
                parse(born).age_bounds(day.yesterday().unwrap()),
                Some((years - 1, years - 1)),
                "{born}"
            );
        }
    }
}

#[test]
fn comparison_names_how_two_dates_differ() {
    for (a, b, expected) in [
        ("1958-08-03", "1958-08-03", DateAgreement::Exact),
        ("1958-08-03", "1958-03-08", DateAgreement::DayMonthSwapped),
        ("1958-08-03", "1958-08-13", DateAgreement::OnePartDiffers),
        ("1958-08-03", "1985-08-03", DateAgreement::OnePartDiffers),
        ("1958-08-03", "1959-09-03", DateAgreement::Differs),
        ("1958-08-03", "1958-08", DateAgreement::Compatible),
        ("1958", "1958-08-03", DateAgreement::Compatible),
        ("1958", "1958", DateAgreement::Compatible),
        ("1958-07", "1958-08-03", DateAgreement::Differs),
        ("1957", "1958-08-03", DateAgreement::Differs),
    ] {
        assert_eq!(parse(a).compare(&parse(b)), expected, "{a} {b}");
        assert_eq!(parse(b).compare(&parse(a)), expected, "{b} {a}");
    }
    assert_eq!(parse("1958").compare(&PartialDate::Unknown), DateAgreement::NotComparable);
    assert!(!DateAgreement::Compatible.is_contradiction());
    assert!(DateAgreement::DayMonthSwapped.is_contradiction());
}
