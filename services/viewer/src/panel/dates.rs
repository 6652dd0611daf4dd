//! One form of date everywhere: `17 Nov 2026`, with a time `17 Nov 2026, 14:05`, as clocks in Scotland show it.

use domain::PartialDate;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::sync::LazyLock;

/// The rule of the United Kingdom, written out, so that no time zone files are needed.
static LONDON: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap_or(TimeZone::UTC));

/// What clocks in Scotland show.
pub(super) fn local(instant: Timestamp) -> DateTime {
    LONDON.to_datetime(instant)
}

/// The day in Scotland.
pub(crate) fn day(instant: Timestamp) -> Date {
    local(instant).date()
}

/// `17 Nov 2026`.
pub(super) fn day_text(date: Date) -> String {
    PartialDate::Full(date).display()
}

/// `14:05`.
pub(super) fn clock_text(instant: Timestamp) -> String {
    let local = local(instant);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// `17 Nov 2026, 14:05`.
pub(super) fn moment_text(instant: Timestamp) -> String {
    format!("{}, {}", day_text(day(instant)), clock_text(instant))
}

/// A moment whose source gave a day only stands at midnight, in Scotland or in UTC: the time is then left out.
pub(super) fn has_time(instant: Timestamp) -> bool {
    let midnight = |at: DateTime| (at.hour(), at.minute(), at.second()) == (0, 0, 0);
    !midnight(local(instant)) && !midnight(TimeZone::UTC.to_datetime(instant))
}

/// `2026-11-17T14:05`, for the attribute of a time element.
pub(super) fn moment_iso(instant: Timestamp) -> String {
    let local = local(instant);
    format!("{}T{:02}:{:02}", local.date(), local.hour(), local.minute())
}

/// `15 hours 55 minutes`; the two largest units, whole minutes.
pub(super) fn length_text(length: SignedDuration) -> String {
    let minutes = length.as_mins().max(0);
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    let parts = [(days, "day"), (hours, "hour"), (minutes, "minute")];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .take(2)
        .map(|(count, unit)| format!("{count} {unit}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if words.is_empty() { "less than a minute".to_owned() } else { words.join(" ") }
}

/// How often something should be heard: `5 minutes`, `30 seconds`.
pub(super) fn often_text(seconds: u32) -> String {
    match seconds {
        1 => "1 second".to_owned(),
        0..60 => format!("{seconds} seconds"),
        _ => length_text(SignedDuration::from_secs(i64::from(seconds))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_those_of_scotland_in_winter_and_in_summer() {
        assert_eq!(moment_text(at("2026-11-17T14:05:59Z")), "17 Nov 2026, 14:05");
        assert_eq!(moment_text(at("2026-06-30T23:30:00Z")), "1 Jul 2026, 00:30");
        assert_eq!(moment_text(at("2026-03-29T00:59:00Z")), "29 Mar 2026, 00:59");
        assert_eq!(moment_text(at("2026-03-29T01:00:00Z")), "29 Mar 2026, 02:00");
        assert_eq!(moment_text(at("2026-10-25T01:00:00Z")), "25 Oct 2026, 01:00");
        assert_eq!(moment_iso(at("2026-06-30T23:30:00Z")), "2026-07-01T00:30");
    }

    #[test]
    fn a_day_without_a_time_stands_at_midnight() {
        assert!(!has_time(at("2026-06-30T23:00:00Z")) && !has_time(at("2026-06-30T00:00:00Z")));
        assert!(has_time(at("2026-06-30T00:00:01Z")));
    }

    #[test]
    fn lengths_are_said_in_two_units() {
        let of = |minutes| length_text(SignedDuration::from_mins(minutes));
        assert_eq!(of(955), "15 hours 55 minutes");
        assert_eq!((of(5).as_str(), of(1).as_str(), of(60).as_str()), ("5 minutes", "1 minute", "1 hour"));
        assert_eq!((of(1505).as_str(), of(0).as_str()), ("1 day 1 hour", "less than a minute"));
        assert_eq!([1, 30, 300].map(often_text), ["1 second", "30 seconds", "5 minutes"]);
    }
}
