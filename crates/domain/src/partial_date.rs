//! Dates as records know them: a day, a month, a year, or nothing. Must not invent the missing part.

use jiff::civil::Date;

use crate::text::Violation;

#[cfg(test)]
mod tests;

const FIRST_YEAR: i16 = 1800;
const LAST_YEAR: i16 = 2199;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A calendar year, 1800 to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Year(i16);

/// A month of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct YearMonth {
    year: i16,
    month: i8,
}

/// A date as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PartialDate {
    /// Nothing is known.
    #[default]
    Unknown,
    /// The year only.
    Year(Year),
    /// The month and the year.
    YearMonth(YearMonth),
    /// The day.
    Full(Date),
}

/// How two dates stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateAgreement {
    /// The same day.
    Exact,
    /// Nothing contradicts, and one of them or both do not know the day.
    Compatible,
    /// The same but for day and month, which stand in each other's place.
    DayMonthSwapped,
    /// Both know the day, and exactly one of day, month and year differs.
    OnePartDiffers,
    /// They differ.
    Differs,
    /// One of them is unknown.
    NotComparable,
}

impl DateAgreement {
    /// Whether the two cannot both be right.
    pub fn is_contradiction(self) -> bool {
        match self {
            Self::Exact | Self::Compatible | Self::NotComparable => false,
            Self::DayMonthSwapped | Self::OnePartDiffers | Self::Differs => true,
        }
    }
}

impl Year {
    /// Takes a year of 1800 to 2199.
    pub fn new(year: i16) -> Result<Self, Violation> {
        if (FIRST_YEAR..=LAST_YEAR).contains(&year) {
            Ok(Self(year))
        } else {
            Err(Violation::of("must be in a year from 1800 to 2199"))
        }
    }

    /// The year's number.
    pub fn number(self) -> i16 {
        self.0
    }
}

impl YearMonth {
    /// Takes a year of 1800 to 2199 and a month of 1 to 12.
    pub fn new(year: i16, month: i8) -> Result<Self, Violation> {
        let year = Year::new(year)?.number();
        if (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(Violation::of("must be a date that exists"))
        }
    }

    /// The year's number.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.month
    }
}

impl PartialDate {
    /// A known year.
    pub fn from_year(year: i16) -> Result<Self, Violation> {
        Year::new(year).map(Self::Year)
    }

    /// A known month.
    pub fn from_year_month(year: i16, month: i8) -> Result<Self, Violation> {
        YearMonth::new(year, month).map(Self::YearMonth)
    }

    /// A known day: a year of 1800 to 2199 and a day that exists.
    pub fn from_day(year: i16, month: i8, day: i8) -> Result<Self, Violation> {
        let year = Year::new(year)?.number();
        Date::new(year, month, day).map(Self::Full).map_err(|_| Violation::of("must be a date that exists"))
    }

    /// Reads `1958`, `1958-08`, `1958-08-03`, or HL7's `1958`, `195808`, `19580803`, whose time of day, if any,
    /// is left out. An empty text is not a date: say [`PartialDate::Unknown`] instead.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.contains('-') && !text.bytes().take(8).all(|b| b.is_ascii_digit()) {
            return Self::parse_iso(text);
        }
        Self::parse_hl7(text)
    }

    /// Reads `1958`, `1958-08` or `1958-08-03`.
    pub fn parse_iso(text: &str) -> Result<Self, Violation> {
        let parts: Vec<&str> = text.split('-').collect();
        match *parts.as_slice() {
            [year] => Self::from_year(digits(year, 4)?),
            [year, month] => Self::from_year_month(digits(year, 4)?, small(month)?),
            [year, month, day] => Self::from_day(digits(year, 4)?, small(month)?, small(day)?),
            _ => Err(Violation::of("must be a date such as 1958, 1958-08 or 1958-08-03")),
        }
    }

    /// Reads `1958`, `195808`, `19580803` or `19580803`, time and offset.
    pub fn parse_hl7(text: &str) -> Result<Self, Violation> {
        let shape = Violation::of("must be a date such as 1958, 1958-08 or 1958-08-03");
        let (date, time) = text.split_at_checked(8.min(text.len())).ok_or(shape)?;
        if !is_hl7_time(time) {
            return Err(shape);
        }
        let (year, rest) = date.split_at_checked(4).ok_or(shape)?;
        let year = digits(year, 4)?;
        match rest.split_at_checked(2) {
            None if rest.is_empty() => Self::from_year(year),
            Some((month, "")) => Self::from_year_month(year, small(month)?),
            Some((month, day)) => Self::from_day(year, small(month)?, small(day)?),
            None => Err(shape),
        }
    }

    /// The year's number, if known.
    pub fn year_number(&self) -> Option<i16> {
        match self {
            Self::Unknown => None,
            Self::Year(year) => Some(year.0),
            Self::YearMonth(month) => Some(month.year),
            Self::Full(date) => Some(date.year()),
        }
    }

    /// The month, 1 to 12, if known.
    pub fn month_number(&self) -> Option<i8> {
        match self {
            Self::Unknown | Self::Year(_) => None,
            Self::YearMonth(month) => Some(month.month),
            Self::Full(date) => Some(date.month()),
        }
    }

    /// The day, if it is known.
    pub fn full(&self) -> Option<Date> {
        match self {
            Self::Full(date) => Some(*date),
            Self::Unknown | Self::Year(_) | Self::YearMonth(_) => None,
        }
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The first day that it can be.
    pub fn earliest(&self) -> Option<Date> {
        Date::new(self.year_number()?, self.month_number().unwrap_or(1), self.full().map_or(1, Date::day))
            .ok()
    }

    /// The last day that it can be.
    pub fn latest(&self) -> Option<Date> {
        match self {
            Self::Full(date) => Some(*date),
            Self::Unknown | Self::Year(_) | Self::YearMonth(_) => {
                let month = Date::new(self.year_number()?, self.month_number().unwrap_or(12), 1).ok()?;
                Some(month.last_of_month())
            }
        }
    }

    /// The one written form: `1958`, `1958-08`, `1958-08-03`, empty when unknown.
    pub fn to_iso(&self) -> String {
        match self {
            Self::Unknown => String::new(),
            Self::Year(year) => format!("{:04}", year.0),
            Self::YearMonth(month) => format!("{:04}-{:02}", month.year, month.month),
            Self::Full(date) => date.to_string(),
        }
    }

    /// As a screen shows it, with ordinary spaces: `1958`, `Aug 1958`, `17 Nov 2026`, `not known`.
    pub fn display(&self) -> String {
        match self {
            Self::Unknown => "not known".to_owned(),
            Self::Year(year) => year.0.to_string(),
            Self::YearMonth(month) => format!("{} {}", month_name(month.month), month.year),
            Self::Full(date) => format!("{} {} {}", date.day(), month_name(date.month()), date.year()),
        }
    }

    /// The least and the greatest age in whole years that somebody born on this date can have on a day; 0 before
    /// birth; `None` when the date is unknown. Somebody born on 29 February ages on 1 March of a common year.
    pub fn age_bounds(&self, today: Date) -> Option<(u8, u8)> {
        Some((age(self.latest()?, today), age(self.earliest()?, today)))
    }

    /// The first and the last day on which somebody born on this date can reach an age: where an age rule may
    /// change its answer.
    pub fn reaches(&self, years: u8) -> Option<(Date, Date)> {
        Some((birthday(self.earliest()?, years)?, birthday(self.latest()?, years)?))
    }

    /// Sets two dates beside each other.
    pub fn compare(&self, other: &Self) -> DateAgreement {
        if let (Self::Full(a), Self::Full(b)) = (self, other) {
            return compare_days(*a, *b);
        }
        let (Some(a), Some(b)) = (self.year_number(), other.year_number()) else {
            return DateAgreement::NotComparable;
        };
        let months_agree = match (self.month_number(), other.month_number()) {
            (Some(a), Some(b)) => a == b,
            (None, _) | (_, None) => true,
        };
        if a == b && months_agree { DateAgreement::Compatible } else { DateAgreement::Differs }
    }
}

fn compare_days(a: Date, b: Date) -> DateAgreement {
    let same = [a.year() == b.year(), a.month() == b.month(), a.day() == b.day()];
    match same.iter().filter(|part| **part).count() {
        3 => DateAgreement::Exact,
        _ if a.year() == b.year() && a.month() == b.day() && a.day() == b.month() => {
            DateAgreement::DayMonthSwapped
        }
        2 => DateAgreement::OnePartDiffers,
        _ => DateAgreement::Differs,
    }
}

fn age(born: Date, today: Date) -> u8 {
    let years = i32::from(today.year()) - i32::from(born.year());
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    let whole = (years - i32::from(before_birthday)).max(0);
    u8::try_from(whole).unwrap_or(u8::MAX)
}

fn birthday(born: Date, years: u8) -> Option<Date> {
    let year = born.year().checked_add(i16::from(years))?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

fn month_name(month: i8) -> &'static str {
    usize::try_from(month).ok().and_then(|m| MONTHS.get(m.checked_sub(1)?)).copied().unwrap_or_default()
}

fn digits(text: &str, length: usize) -> Result<i16, Violation> {
    let shape = Violation::of("must be a date such as 1958, 1958-08 or 1958-08-03");
    if text.len() != length || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(shape);
    }
    text.parse().map_err(|_| shape)
}

fn small(text: &str) -> Result<i8, Violation> {
    i8::try_from(digits(text, 2)?)
        .map_err(|_| Violation::of("must be a date such as 1958, 1958-08 or 1958-08-03"))
}

/// `HH[MM[SS[.S…]]]` with an optional `+ZZZZ`, or nothing.
fn is_hl7_time(text: &str) -> bool {
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (time, offset) = match text.find(['+', '-']) {
        Some(sign) => text.split_at_checked(sign).unwrap_or_default(),
        None => (text, ""),
    };
    let offset_fits =
        offset.is_empty() || offset.get(1..).is_some_and(|digits| digits.len() == 4 && all_digits(digits));
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let clock_fits = all_digits(clock) && matches!(clock.len(), 0 | 2 | 4 | 6);
    let fraction_fits =
        all_digits(fraction) && !fraction.is_empty() && (clock.len() == 6 || !time.contains('.'));
    offset_fits && clock_fits && fraction_fits
}
