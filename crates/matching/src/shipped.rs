//! The weights that Yett ships with: sensible for Scottish records, trained on nobody's data, to be replaced by a
//! site's own later. Must not be changed without a new version: decisions cite it.

use std::collections::BTreeMap;

use crate::compare::{ComparisonLevel as Level, Field};
use crate::weigh::{Parameters, Probabilities, Thresholds};

/// Version of the shipped parameters.
const VERSION: &str = "shipped-1";

type Row = (Field, Level, f64, f64);

/// m: share of pairs of one person; u: share of pairs of two people (for exact names, postcodes and contacts what is
/// usual: the index's own counts take over as it grows).
const NAMES: [Row; 22] = [
    (Field::Forename, Level::Exact, 0.80, 0.005),
    (Field::Forename, Level::Nickname, 0.06, 0.006),
    (Field::Forename, Level::NamesSwapped, 0.008, 0.000_03),
    (Field::Forename, Level::MiddleAsFirst, 0.02, 0.008),
    (Field::Forename, Level::Initial, 0.012, 0.001_5),
    (Field::Forename, Level::Close, 0.05, 0.005),
    (Field::Forename, Level::Alike, 0.012, 0.025),
    (Field::Forename, Level::Different, 0.03, 0.95),
    (Field::MiddleName, Level::Exact, 0.80, 0.02),
    (Field::MiddleName, Level::Initial, 0.08, 0.03),
    (Field::MiddleName, Level::Close, 0.03, 0.01),
    (Field::MiddleName, Level::Different, 0.09, 0.94),
    (Field::Surname, Level::Exact, 0.80, 0.003),
    (Field::Surname, Level::FormerName, 0.05, 0.001),
    (Field::Surname, Level::NamesSwapped, 0.008, 0.000_03),
    (Field::Surname, Level::PartOfDouble, 0.02, 0.001_5),
    (Field::Surname, Level::Close, 0.045, 0.003),
    (Field::Surname, Level::Alike, 0.01, 0.015),
    (Field::Surname, Level::Different, 0.06, 0.97),
    (Field::Sex, Level::Exact, 0.985, 0.5),
    (Field::Sex, Level::Different, 0.012, 0.5),
    (Field::Contact, Level::Different, 0.5, 0.999),
];

const DATES: [Row; 8] = [
    (Field::BirthDate, Level::Exact, 0.93, 0.000_04),
    (Field::BirthDate, Level::DayMonthSwapped, 0.01, 0.000_02),
    (Field::BirthDate, Level::FirstOfJanuary, 0.008, 0.000_15),
    (Field::BirthDate, Level::OneDigit, 0.02, 0.001_2),
    (Field::BirthDate, Level::OnePart, 0.006, 0.003),
    (Field::BirthDate, Level::SameMonth, 0.9, 0.001_2),
    (Field::BirthDate, Level::SameYear, 0.9, 0.014),
    (Field::BirthDate, Level::Different, 0.015, 0.99),
];

const PLACES: [Row; 8] = [
    (Field::Postcode, Level::Exact, 0.70, 0.000_05),
    (Field::Postcode, Level::Close, 0.03, 0.000_5),
    (Field::Postcode, Level::SameSector, 0.04, 0.004),
    (Field::Postcode, Level::Different, 0.22, 0.98),
    (Field::Property, Level::Exact, 0.90, 0.08),
    (Field::Property, Level::SameHouseElsewhere, 0.30, 0.001),
    (Field::Property, Level::Different, 0.10, 0.90),
    (Field::Contact, Level::Exact, 0.5, 0.000_2),
];

/// Numbers are keys: what agreement of one may do stands in the rules of `decide`, these only order and explain. A
/// slip weighs nothing, since the numbers of twins are a slip apart.
const NUMBERS: [Row; 5] = [
    (Field::Chi, Level::Exact, 0.97, 0.000_001),
    (Field::Chi, Level::ExactButWeak, 0.90, 0.000_2),
    (Field::Chi, Level::Different, 0.004, 0.999),
    (Field::NhsNumber, Level::Exact, 0.97, 0.000_001),
    (Field::NhsNumber, Level::Different, 0.01, 0.999),
];

impl Parameters {
    /// The shipped weights.
    pub fn shipped() -> Self {
        let rows = NAMES.iter().chain(&DATES).chain(&PLACES).chain(&NUMBERS);
        let levels: BTreeMap<(Field, Level), Probabilities> =
            rows.map(|(field, level, m, u)| ((*field, *level), Probabilities { m: *m, u: *u })).collect();
        Self {
            version: VERSION.to_owned(),
            levels,
            thresholds: Thresholds { link: 17.0, fracture: 10.0, review: 4.0, margin: 6.0 },
            smallest_population: 50_000,
            frequency_pseudo_records: 1_000.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_probability_is_one_and_the_zones_are_in_order() {
        let parameters = Parameters::shipped();
        assert_eq!(parameters.levels.len(), NAMES.len() + DATES.len() + PLACES.len() + NUMBERS.len());
        for Probabilities { m, u } in parameters.levels.values() {
            assert!(*m > 0.0 && *m < 1.0 && *u > 0.0 && *u < 1.0);
        }
        let zones = parameters.thresholds;
        assert!(zones.review < zones.fracture && zones.fracture < zones.link && zones.margin > 0.0);
    }
}
