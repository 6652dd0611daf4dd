//! Dates as people at these hosts write and read them: `12 Mar 1941`.

use domain::PartialDate;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// Reads `12 Mar 1941`, `12 March 1941`, `12/03/1941` or `1941-03-12`.
pub(crate) fn parse(text: &str) -> Option<Date> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    ["%d %b %Y", "%d %B %Y", "%d/%m/%Y", "%Y-%m-%d"].iter().find_map(|form| Date::strptime(form, &text).ok())
}

/// `12 Mar 1941`.
pub(crate) fn show(date: Date) -> String {
    PartialDate::Full(date).display()
}

/// `14 Nov 2026, 16:20`.
pub(crate) fn show_time(at: DateTime) -> String {
    format!("{}, {:02}:{:02}", show(at.date()), at.hour(), at.minute())
}

/// The same of an instant, by the time of the United Kingdom.
pub(crate) fn show_instant(at: Timestamp) -> String {
    show_time(at.to_zoned(london()).datetime())
}

/// Today, by the time of the United Kingdom.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(london()).date()
}

/// The local time of an instant.
pub(crate) fn local(at: Timestamp) -> DateTime {
    at.to_zoned(london()).datetime()
}

/// The instant of a local time.
pub(crate) fn instant(at: DateTime) -> Option<Timestamp> {
    at.to_zoned(london()).ok().map(|zoned| zoned.timestamp())
}

/// For the `datetime` attribute of `time`.
pub(crate) fn machine(at: DateTime) -> String {
    strtime::format("%Y-%m-%dT%H:%M", at).unwrap_or_default()
}

/// By the present rule, which needs no zone database on the machine.
fn london() -> TimeZone {
    TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["12 Mar 1941", " 12  March 1941", "12/03/1941", "1941-03-12"] {
            assert_eq!(parse(text), Some(date(1941, 3, 12)), "{text}");
        }
        for text in ["", "31 Feb 1941", "Mar 1941", "x"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn summer_time_counts() {
        assert_eq!(show_instant("2026-07-01T12:00:00Z".parse().unwrap()), "1 Jul 2026, 13:00");
        assert_eq!(show_instant("2026-11-24T12:05:00Z".parse().unwrap()), "24 Nov 2026, 12:05");
    }
}
