//! The Unique Property Reference Number of a place. Must not be logged: it says where somebody lives.

use std::fmt;

use crate::text::Violation;

/// A Unique Property Reference Number: 1 to 12 digits, no check digit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uprn(u64);

impl Uprn {
    /// The largest possible number, twelve nines.
    pub const MAX: u64 = 999_999_999_999;

    /// Takes a number between 1 and twelve nines.
    pub fn new(value: u64) -> Result<Self, Violation> {
        if (1..=Self::MAX).contains(&value) {
            Ok(Self(value))
        } else {
            Err(Violation::of("must be from 1 to 999999999999"))
        }
    }

    /// Reads 1 to 12 ASCII digits, leading zeros and white space around allowed.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let digits = text.trim();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Violation::of("must be digits only"));
        }
        if digits.len() > 12 {
            return Err(Violation::of("must have at most 12 digits"));
        }
        Self::new(digits.parse().map_err(|_| Violation::of("must be from 1 to 999999999999"))?)
    }

    /// The number.
    pub fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for Uprn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Uprn(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_number_has_up_to_twelve_digits() {
        assert_eq!(Uprn::parse("000123456789").unwrap().value(), 123_456_789);
        assert_eq!(Uprn::parse(" 999999999999 ").unwrap().value(), Uprn::MAX);
        assert_eq!(Uprn::parse("1234567890123").unwrap_err().rule, "must have at most 12 digits");
        assert_eq!(Uprn::parse("0").unwrap_err().rule, "must be from 1 to 999999999999");
        assert_eq!(Uprn::new(Uprn::MAX + 1).unwrap_err().rule, "must be from 1 to 999999999999");
    }

    #[test]
    fn anything_but_ascii_digits_is_refused() {
        for bad in ["", "12 34", "+12", "-1", "1.0", "１２", "12a"] {
            assert_eq!(Uprn::parse(bad).unwrap_err().rule, "must be digits only", "{bad:?}");
        }
    }

    #[test]
    fn debug_prints_no_number() {
        assert_eq!(format!("{:?}", Uprn::new(7).unwrap()), "Uprn(…)");
    }
}
