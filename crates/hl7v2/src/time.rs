//! HL7 points in time. Must not read the machine's clock or its time zone.

use domain::Violation;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

const RULE: Violation = Violation::of("must be a time that exists, as YYYYMMDD[HH[MM[SS[.SSSS]]]][+ZZZZ]");

/// Reads `YYYYMMDD[HH[MM[SS[.SSSS]]]][+/-ZZZZ]`; without an offset it is a time of `zone`.
///
/// What is left out is zero. A time that the clocks skip in spring is read as the one an hour later; of one that
/// they repeat in autumn, the first.
pub(crate) fn timestamp(text: &str, zone: &TimeZone) -> Result<Timestamp, Violation> {
    let text = text.trim();
    let (local, offset) = match text.find(['+', '-']) {
        Some(at) => (text.get(..at).ok_or(RULE)?, text.get(at..)),
        None => (text, None),
    };
    let civil = civil(local)?;
    let zone = match offset {
        Some(offset) => fixed(offset)?,
        None => zone.clone(),
    };
    zone.to_ambiguous_zoned(civil).compatible().map(|zoned| zoned.timestamp()).map_err(|_| RULE)
}

fn civil(local: &str) -> Result<DateTime, Violation> {
    let (clock, fraction) = local.split_once('.').unwrap_or((local, ""));
    let fraction_fits = !local.contains('.') || (clock.len() == 14 && matches!(fraction.len(), 1..=9));
    if !matches!(clock.len(), 8 | 10 | 12 | 14) || !fraction_fits {
        return Err(RULE);
    }
    let year: i16 = number(clock, 0, 4)?;
    let small = |from: usize| -> Result<i8, Violation> {
        if clock.len() < from + 2 { Ok(0) } else { number(clock, from, from + 2) }
    };
    let date = Date::new(year, small(4)?, small(6)?).map_err(|_| RULE)?;
    let nanoseconds: i32 = if fraction.is_empty() { 0 } else { number(&format!("{fraction:0<9}"), 0, 9)? };
    let time = Time::new(small(8)?, small(10)?, small(12)?, nanoseconds).map_err(|_| RULE)?;
    Ok(date.to_datetime(time))
}

fn fixed(offset: &str) -> Result<TimeZone, Violation> {
    let digits = offset.get(1..).filter(|digits| digits.len() == 4).ok_or(RULE)?;
    let seconds = number::<i32>(digits, 0, 2)? * 3600 + number::<i32>(digits, 2, 4)? * 60;
    let seconds = if offset.starts_with('-') { -seconds } else { seconds };
    Offset::from_seconds(seconds).map(TimeZone::fixed).map_err(|_| RULE)
}

fn number<T: std::str::FromStr>(text: &str, from: usize, to: usize) -> Result<T, Violation> {
    let digits =
        text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit())).ok_or(RULE)?;
    digits.parse().map_err(|_| RULE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::london;

    fn read(text: &str) -> Option<String> {
        timestamp(text, &london()).ok().map(|time| time.to_string())
    }

    #[test]
    fn a_time_without_offset_is_local_to_the_feed() {
        assert_eq!(read("20260115093000").as_deref(), Some("2026-01-15T09:30:00Z"));
        assert_eq!(read("20260715093000").as_deref(), Some("2026-07-15T08:30:00Z"));
        assert_eq!(read("202607150930").as_deref(), Some("2026-07-15T08:30:00Z"));
        assert_eq!(read("20260715").as_deref(), Some("2026-07-14T23:00:00Z"));
    }

    #[test]
    fn an_offset_and_a_fraction_count() {
        assert_eq!(read("20260715093000+0215").as_deref(), Some("2026-07-15T07:15:00Z"));
        assert_eq!(read("20260715093000.25-0500").as_deref(), Some("2026-07-15T14:30:00.25Z"));
    }

    #[test]
    fn skipped_and_repeated_hours_have_one_reading() {
        assert_eq!(read("20260329013000").as_deref(), Some("2026-03-29T01:30:00Z"));
        assert_eq!(read("20261025013000").as_deref(), Some("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn times_that_do_not_exist_are_refused() {
        for bad in [
            "",
            "2026",
            "20260230",
            "20261301",
            "2026070125",
            "202607010960",
            "20260701093000.",
            "2026070109300x",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        for bad in [
            "20260701+01",
            "20260701+2600",
            "+0100",
            "20260701093000+0100+0100",
            "２0260701",
            "20260701 0930",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
