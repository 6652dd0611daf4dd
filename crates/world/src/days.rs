//! Days of the invented world, told as they stand on the design's screens (where today is 17 November 2026) and
//! moved so that they lie as far from the real today.

use crate::Error;
use domain::PartialDate;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

const TODAY_ON_SCREENS: Date = date(2026, 11, 17);

/// Tells days relative to a today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    today: Date,
}

impl Days {
    /// Days around a today.
    pub fn around(today: Date) -> Self {
        Self { today }
    }

    /// Today.
    pub fn today(self) -> Date {
        self.today
    }

    /// The day that stands to today as the one written stands to 17 November 2026.
    pub fn like(self, written: &str) -> Result<Date, Error> {
        let written: Date = written.parse()?;
        Ok(self.today.checked_add(written - TODAY_ON_SCREENS)?)
    }

    /// So many days before today; a negative figure lies ahead.
    pub fn ago(self, days: i32) -> Result<Date, Error> {
        Ok(self.today.checked_sub(days.days())?)
    }

    /// The first instant of a day that is like the one written: when something was true.
    pub fn as_of(self, written: &str) -> Result<Timestamp, Error> {
        start_of(self.like(written)?)
    }

    /// A known day, like the one written.
    pub fn known(self, written: &str) -> Result<PartialDate, Error> {
        Ok(PartialDate::Full(self.like(written)?))
    }
}

/// The first instant of a day, by UTC.
pub(crate) fn start_of(day: Date) -> Result<Timestamp, Error> {
    Ok(day.to_zoned(TimeZone::UTC)?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_keep_their_distance_from_today() {
        let days = Days::around(date(2027, 3, 2));
        assert_eq!(days.like("2026-11-17").unwrap(), date(2027, 3, 2));
        assert_eq!(days.like("2026-11-14").unwrap(), date(2027, 2, 27));
        assert_eq!(days.ago(-2).unwrap(), date(2027, 3, 4));
        assert!(days.like("17 Nov 2026").is_err());
    }
}
