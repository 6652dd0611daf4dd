//! The Community Health Index number of Scotland, what it says of its holder, and how far that may be trusted.
//!
//! Must not decide a link: it gives evidence. Never a key, a log line or a label; `Debug` prints no digits.

use std::fmt;

use jiff::civil::Date;

use crate::partial_date::{DateAgreement, PartialDate};
use crate::text::{TenDigitRules, Violation, modulus_11_check_digit, ten_digits, without_separators};

#[cfg(test)]
mod tests;

const RULES: TenDigitRules = TenDigitRules {
    blank: "must not be empty",
    characters: "must be digits only",
    length: "must have ten digits",
};

/// Sex as a record system states it, for comparing and showing; says nothing of gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Stated, and neither female nor male.
    Other,
    /// Not stated, or not known.
    #[default]
    Unknown,
}

impl Sex {
    /// The word shown on a screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Female => "Female",
            Self::Male => "Male",
            Self::Other => "Other",
            Self::Unknown => "Not known",
        }
    }
}

/// Which check digit rule a CHI number passed. Kept as evidence: accepting either lets about 8 % of one-digit
/// slips through, modulus 11 alone none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckScheme {
    /// Modulus 11 only: the rule of every number issued before August 2026.
    Modulus11,
    /// Modulus 10 (Luhn) only: weak evidence by itself.
    Modulus10,
    /// Both.
    Both,
}

impl CheckScheme {
    /// Whether a one-digit slip would have been found.
    pub fn catches_every_slip(self) -> bool {
        match self {
            Self::Modulus11 | Self::Both => true,
            Self::Modulus10 => false,
        }
    }
}

/// A CHI number: `DDMMYY`, two digits, a sex digit (even female, odd male) and a check digit.
///
/// Always a real calendar date of 1900+YY or 2000+YY with a check digit right under modulus 11 or modulus 10.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChiNumber([u8; 10]);

/// What a tolerant intake made of an untidy CHI number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleaned {
    /// The number.
    pub number: ChiNumber,
    /// The check digit rule it passed.
    pub scheme: CheckScheme,
    /// A leading zero was lost and restored: weaker evidence, to be kept with the record.
    pub padded: bool,
}

impl Cleaned {
    /// The ten digits.
    pub fn text(&self) -> &str {
        self.number.as_str()
    }
}

/// How one fact in a CHI number stands to the same fact in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SexAgreement {
    /// Both are known and the same.
    Agrees,
    /// Both are known and differ.
    Disagrees,
    /// The record does not know.
    NotComparable,
}

/// What a CHI number's own digits say beside a stated date of birth and sex: evidence to review, never truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChiEvidence {
    /// The date of birth, the century left out: a CHI number does not hold it.
    pub birth_date: DateAgreement,
    /// The sex digit.
    pub sex: SexAgreement,
}

impl ChiEvidence {
    /// Whether anything known contradicts the number. A number that passed modulus 10 only and is contradicted
    /// goes to clerical review.
    pub fn contradicts(&self) -> bool {
        self.birth_date.is_contradiction() || self.sex == SexAgreement::Disagrees
    }
}

impl ChiNumber {
    /// Reads exactly ten ASCII digits.
    ///
    /// Refused, in this order: nothing at all, other characters than digits, another length, no real date, a
    /// wrong check digit.
    pub fn parse(text: &str) -> Result<(Self, CheckScheme), Violation> {
        let number = Self(ten_digits(text, &RULES)?);
        if number.date_in(1900).or(number.date_in(2000)).is_none() {
            return Err(Violation::of("must begin with a real date as DDMMYY"));
        }
        let scheme = number
            .scheme()
            .ok_or(Violation::of("must have a check digit right under modulus 11 or modulus 10"))?;
        Ok((number, scheme))
    }

    /// Reads a CHI number as people and spreadsheets write it: with white space, with hyphens between digits, or
    /// with its leading zero lost (restored, and marked). Guesses nothing else.
    pub fn clean(text: &str) -> Result<Cleaned, Violation> {
        let mut digits = without_separators(text);
        let padded = digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit());
        if padded {
            digits.insert(0, '0');
        }
        let (number, scheme) = Self::parse(&digits)
            .map_err(|violation| if padded { Violation::of(RULES.length) } else { violation })?;
        Ok(Cleaned { number, scheme, padded })
    }

    /// The ten digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits as people read them: `DDMMYY NNNN`.
    pub fn grouped(&self) -> String {
        let (date, rest) = self.as_str().split_at_checked(6).unwrap_or_default();
        format!("{date} {rest}")
    }

    /// The check digit rule that the number passes.
    pub fn check_scheme(&self) -> CheckScheme {
        self.scheme().unwrap_or(CheckScheme::Modulus10)
    }

    /// Day of birth, 1 to 31.
    pub fn day(&self) -> i8 {
        self.pair(0)
    }

    /// Month of birth, 1 to 12.
    pub fn month(&self) -> i8 {
        self.pair(2)
    }

    /// Year of birth without its century, 0 to 99.
    pub fn two_digit_year(&self) -> i8 {
        self.pair(4)
    }

    /// Sex as the ninth digit says it.
    pub fn sex(&self) -> Sex {
        if self.digit(8).is_multiple_of(2) { Sex::Female } else { Sex::Male }
    }

    /// Date of birth, the century taken from a known date of birth; `None` without one, or where the two-digit
    /// years differ: the number alone does not tell the century.
    pub fn birth_date(&self, known: Option<&PartialDate>) -> Option<Date> {
        let year = known?.year_number()?;
        if year.rem_euclid(100) != i16::from(self.two_digit_year()) {
            return None;
        }
        Date::new(year, self.month(), self.day()).ok()
    }

    /// Sets the number's own digits beside a stated date of birth and sex.
    pub fn agrees_with(&self, born: &PartialDate, sex: Sex) -> ChiEvidence {
        let sex = match sex {
            Sex::Unknown | Sex::Other => SexAgreement::NotComparable,
            Sex::Female | Sex::Male if sex == self.sex() => SexAgreement::Agrees,
            Sex::Female | Sex::Male => SexAgreement::Disagrees,
        };
        ChiEvidence { birth_date: self.compare_birth_date(*born), sex }
    }

    /// Whether the number is one digit ten times over, a thing typed to fill a box: it may be valid, and it must
    /// never link two people.
    pub fn is_filler(&self) -> bool {
        is_filler(&self.0)
    }

    fn compare_birth_date(&self, born: PartialDate) -> DateAgreement {
        let Some(year) = born.year_number() else { return DateAgreement::NotComparable };
        let century = year - year.rem_euclid(100);
        match self.date_in(century) {
            Some(own) => PartialDate::Full(own).compare(&born),
            None => DateAgreement::Differs,
        }
    }

    fn date_in(&self, century: i16) -> Option<Date> {
        Date::new(century + i16::from(self.two_digit_year()), self.month(), self.day()).ok()
    }

    fn scheme(&self) -> Option<CheckScheme> {
        let check = self.digit(9);
        match (modulus_11_check_digit(&self.0) == Some(check), self.luhn_check_digit() == check) {
            (true, true) => Some(CheckScheme::Both),
            (true, false) => Some(CheckScheme::Modulus11),
            (false, true) => Some(CheckScheme::Modulus10),
            (false, false) => None,
        }
    }

    fn luhn_check_digit(&self) -> u8 {
        let doubled = |d: u8| if d > 4 { d * 2 - 9 } else { d * 2 };
        let sum: u8 = (0..9).map(|i| if i % 2 == 0 { doubled(self.digit(i)) } else { self.digit(i) }).sum();
        (10 - sum % 10) % 10
    }

    fn digit(&self, index: usize) -> u8 {
        self.0.get(index).map_or(0, |b| b - b'0')
    }

    fn pair(&self, index: usize) -> i8 {
        i8::try_from(self.digit(index) * 10 + self.digit(index + 1)).unwrap_or_default()
    }
}

impl fmt::Debug for ChiNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChiNumber(…)")
    }
}

/// Whether all the digits are the same.
pub(crate) fn is_filler(digits: &[u8; 10]) -> bool {
    digits.iter().zip(digits.iter().skip(1)).all(|(a, b)| a == b)
}
