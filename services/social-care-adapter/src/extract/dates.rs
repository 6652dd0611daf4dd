//! Dates as an extract writes them, whole or in part.

use domain::PartialDate;
use serde::Deserialize;

/// The order of the parts of a date. Between them stands one of `/ - .`; a day, or a day and a month, may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum DateFormat {
    #[serde(rename = "day/month/year")]
    DayMonthYear,
    #[serde(rename = "month/day/year")]
    MonthDayYear,
    #[serde(rename = "year-month-day")]
    YearMonthDay,
}

impl DateFormat {
    /// What a cell must be, to follow the name of its column.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::DayMonthYear => "must be a date written as day/month/year, such as 03/08/1958",
            Self::MonthDayYear => "must be a date written as month/day/year, such as 08/03/1958",
            Self::YearMonthDay => "must be a date written as year-month-day, such as 1958-08-03",
        }
    }

    /// Reads a cell that is not empty. A year has four digits: a shorter one could mean two centuries.
    pub(super) fn read(self, cell: &str) -> Option<PartialDate> {
        let parts: Vec<&str> = cell.split(['/', '-', '.']).collect();
        if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        let (day, month, year) = match (self, parts.as_slice()) {
            (_, [year]) => ("", "", *year),
            (Self::DayMonthYear | Self::MonthDayYear, [month, year])
            | (Self::YearMonthDay, [year, month]) => ("", *month, *year),
            (Self::DayMonthYear, [day, month, year])
            | (Self::MonthDayYear, [month, day, year])
            | (Self::YearMonthDay, [year, month, day]) => (*day, *month, *year),
            (_, _) => return None,
        };
        if year.len() != 4 || day.len() > 2 || month.len() > 2 {
            return None;
        }
        let year = year.parse().ok()?;
        match (day, month) {
            ("", "") => PartialDate::from_year(year).ok(),
            ("", month) => PartialDate::from_year_month(year, month.parse().ok()?).ok(),
            (day, month) => PartialDate::from_day(year, month.parse().ok()?, day.parse().ok()?).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(format: DateFormat, cell: &str) -> Option<String> {
        format.read(cell).map(|date| date.to_iso())
    }

    #[test]
    fn dates_are_read_in_their_order_whole_or_in_part() {
        assert_eq!(iso(DateFormat::DayMonthYear, "12/03/1941").unwrap(), "1941-03-12");
        assert_eq!(iso(DateFormat::DayMonthYear, "2.3.1941").unwrap(), "1941-03-02");
        assert_eq!(iso(DateFormat::DayMonthYear, "03/1941").unwrap(), "1941-03");
        assert_eq!(iso(DateFormat::MonthDayYear, "03/12/1941").unwrap(), "1941-03-12");
        assert_eq!(iso(DateFormat::YearMonthDay, "1941-03-12").unwrap(), "1941-03-12");
        assert_eq!(iso(DateFormat::YearMonthDay, "1941").unwrap(), "1941");
    }

    #[test]
    fn impossible_and_two_digit_dates_are_refused() {
        for bad in
            ["31/02/1941", "12/03/41", "12/13/1941", "1941-03-12", "12/03/1941 10:00", "//", "x", "1/2/3/4"]
        {
            assert_eq!(iso(DateFormat::DayMonthYear, bad), None, "{bad}");
        }
    }
}
