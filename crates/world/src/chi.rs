//! CHI numbers of invented people: valid under modulus 11, each given once.

use crate::Error;
use domain::{ChiNumber, Sex};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Gives CHI numbers and remembers them.
#[derive(Default)]
pub(crate) struct ChiBook(BTreeSet<ChiNumber>);

impl ChiBook {
    /// Takes a number that the cast has.
    pub(crate) fn take(&mut self, digits: &str) -> Result<ChiNumber, Error> {
        let (number, _) = ChiNumber::parse(digits)?;
        self.0.insert(number);
        Ok(number)
    }

    /// The next free number of a birth date and sex.
    pub(crate) fn next(&mut self, born: Date, sex: Sex) -> Result<ChiNumber, Error> {
        let day = format!("{:02}{:02}{:02}", born.day(), born.month(), born.year().rem_euclid(100));
        let wanted = |number: &ChiNumber| number.sex() == sex && !self.0.contains(number);
        let strong = |serial: u16| {
            let (number, scheme) = ChiNumber::parse(&format!("{day}{serial:04}")).ok()?;
            scheme.catches_every_slip().then_some(number)
        };
        // From 4000 on, so that the cast's own numbers rarely stand in the way.
        let found =
            (4000..10_000).chain(0..4000).filter_map(strong).find(wanted).ok_or(Error::NoChiNumber)?;
        self.0.insert(found);
        Ok(found)
    }
}

/// The number with one digit wrong, so that no check digit rule is passed; the number itself where none is found.
pub(crate) fn slip(number: ChiNumber) -> String {
    let digits = number.as_str();
    let wrong = |last: u8| digits.get(..9).map(|start| format!("{start}{last}"));
    (0..10)
        .filter_map(wrong)
        .find(|text| ChiNumber::parse(text).is_err())
        .unwrap_or_else(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_are_valid_of_the_right_day_and_sex_and_given_once() {
        let mut book = ChiBook::default();
        let numbers: BTreeSet<ChiNumber> =
            (0..300).map(|_| book.next(date(1958, 8, 3), Sex::Male).unwrap()).collect();
        assert_eq!(numbers.len(), 300);
        assert!(numbers.iter().all(|n| n.as_str().starts_with("030858") && n.sex() == Sex::Male));
        assert!(numbers.iter().all(|n| n.check_scheme().catches_every_slip()));
    }

    #[test]
    fn a_slip_is_no_valid_number() {
        let (number, _) = ChiNumber::parse("1203414749").unwrap();
        assert!(ChiNumber::parse(&slip(number)).is_err());
    }
}
