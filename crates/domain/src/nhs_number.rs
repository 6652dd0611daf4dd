//! The ten-digit health numbers of the United Kingdom that pass modulus 11, and which scheme a number belongs to.
//!
//! Must not decide a link. Never a key, a log line or a label; `Debug` prints no digits.

use std::fmt;

use crate::chi_number::{ChiNumber, is_filler};
use crate::text::{TenDigitRules, Violation, modulus_11_check_digit, ten_digits, without_separators};

#[cfg(test)]
mod tests;

const RULES: TenDigitRules = TenDigitRules {
    blank: "must not be empty",
    characters: "must be digits only",
    length: "must have ten digits",
};

/// Who issues the numbers of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberRange {
    /// 010101xxxx to 311299xxxx: a CHI number.
    Scotland,
    /// 3200000000 to 3999999999: a Health and Care number.
    NorthernIreland,
    /// 4…, 6… and 7…: an NHS number.
    EnglandWalesIsleOfMan,
    /// 9…: never issued, for tests.
    Synthetic,
}

/// The scheme that a ten-digit health number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentifierScheme {
    /// CHI number, Scotland.
    ChiNumber,
    /// NHS number of England, Wales and the Isle of Man; synthetic numbers too.
    NhsNumber,
    /// Health and Care number, Northern Ireland.
    HealthAndCareNumber,
}

impl IdentifierScheme {
    /// Infers the scheme of ten digits from their range; `None` when they are valid in no scheme.
    pub fn infer(text: &str) -> Option<Self> {
        if ChiNumber::parse(text).is_ok() {
            return Some(Self::ChiNumber);
        }
        let (_, range) = NhsNumber::parse(text).ok()?;
        Some(match range {
            NumberRange::Scotland => Self::ChiNumber,
            NumberRange::NorthernIreland => Self::HealthAndCareNumber,
            NumberRange::EnglandWalesIsleOfMan | NumberRange::Synthetic => Self::NhsNumber,
        })
    }
}

/// A ten-digit number in an allocated range with a modulus 11 check digit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber([u8; 10]);

impl NhsNumber {
    /// Reads exactly ten ASCII digits.
    ///
    /// Refused, in this order: nothing at all, other characters than digits, another length, a wrong check digit,
    /// no allocated range.
    pub fn parse(text: &str) -> Result<(Self, NumberRange), Violation> {
        let number = Self(ten_digits(text, &RULES)?);
        if modulus_11_check_digit(&number.0) != number.0.last().map(|b| b - b'0') {
            return Err(Violation::of("must have a check digit right under modulus 11"));
        }
        let range = number.allocated().ok_or(Violation::of("must be in an allocated range"))?;
        Ok((number, range))
    }

    /// Reads a number as people write it: with white space, or with hyphens between digits. Restores no digit.
    pub fn clean(text: &str) -> Result<(Self, NumberRange), Violation> {
        Self::parse(&without_separators(text))
    }

    /// The ten digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits as people read them: `NNN NNN NNNN`.
    pub fn grouped(&self) -> String {
        let (first, rest) = self.as_str().split_at_checked(3).unwrap_or_default();
        let (second, third) = rest.split_at_checked(3).unwrap_or_default();
        format!("{first} {second} {third}")
    }

    /// Who issues numbers of this range.
    pub fn range(&self) -> NumberRange {
        self.allocated().unwrap_or(NumberRange::Synthetic)
    }

    /// Whether the number is one digit ten times over, a thing typed to fill a box: it may be valid, and it must
    /// never link two people.
    pub fn is_filler(&self) -> bool {
        is_filler(&self.0)
    }

    fn allocated(&self) -> Option<NumberRange> {
        match self.0.first()? {
            b'4' | b'6' | b'7' => Some(NumberRange::EnglandWalesIsleOfMan),
            b'9' => Some(NumberRange::Synthetic),
            b'3' if self.0.get(1).is_some_and(|second| *second >= b'2') => Some(NumberRange::NorthernIreland),
            b'0'..=b'3' => ChiNumber::parse(self.as_str()).ok().map(|_| NumberRange::Scotland),
            _ => None,
        }
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(…)")
    }
}
