//! Groups of people for whom automatic matching is switched on or off, and for whom match rates are told apart.

use std::collections::BTreeSet;

use domain::PartialDate;
use jiff::civil::Date;

use crate::profile::Profile;

/// Age in whole years from which a person counts as an adult for matching.
pub const ADULT_FROM: u8 = 18;

/// A group of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cohort {
    /// Surely of age.
    Adult,
    /// Not surely of age: under age, or possibly so, or of unknown birth date.
    Child,
    /// A child looked after by a council, as its records say.
    LookedAfter,
    /// Without a fixed address.
    NoFixedAddress,
}

impl Cohort {
    /// The word for reports.
    pub fn title(self) -> &'static str {
        match self {
            Self::Adult => "adults",
            Self::Child => "children",
            Self::LookedAfter => "looked after",
            Self::NoFixedAddress => "no fixed address",
        }
    }

    /// Adult or child by a birth date on a day. What is not known counts as a child: the stricter of the two.
    pub fn by_age(birth_date: &PartialDate, on: Date) -> Self {
        match birth_date.age_bounds(on) {
            Some((youngest, _)) if youngest >= ADULT_FROM => Self::Adult,
            Some(_) | None => Self::Child,
        }
    }

    /// All cohorts that somebody belongs to.
    pub fn of(person: &Profile, looked_after: bool, on: Date) -> BTreeSet<Self> {
        let mut cohorts = BTreeSet::from([Self::by_age(&person.birth_date, on)]);
        if looked_after {
            cohorts.insert(Self::LookedAfter);
        }
        if person.no_fixed_address {
            cohorts.insert(Self::NoFixedAddress);
        }
        cohorts
    }
}

/// The cohorts for which links are made without asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortSwitches {
    /// Those switched on.
    pub on: BTreeSet<Cohort>,
}

impl Default for CohortSwitches {
    /// Adults on, children off.
    fn default() -> Self {
        Self { on: BTreeSet::from([Cohort::Adult, Cohort::NoFixedAddress]) }
    }
}

impl CohortSwitches {
    /// Every cohort on.
    pub fn all_on() -> Self {
        Self {
            on: BTreeSet::from([Cohort::Adult, Cohort::Child, Cohort::LookedAfter, Cohort::NoFixedAddress]),
        }
    }

    /// Whether a member of all these cohorts may be linked without asking.
    pub fn allow(&self, cohorts: &BTreeSet<Cohort>) -> bool {
        cohorts.is_subset(&self.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::person;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn whoever_is_not_surely_of_age_counts_as_a_child() {
        let born = |text: &str| PartialDate::parse(text).unwrap();
        assert_eq!(Cohort::by_age(&born("2008-11-24"), day("2026-11-24")), Cohort::Adult);
        assert_eq!(Cohort::by_age(&born("2008-11-25"), day("2026-11-24")), Cohort::Child);
        assert_eq!(Cohort::by_age(&born("2008"), day("2026-11-24")), Cohort::Child);
        assert_eq!(Cohort::by_age(&PartialDate::Unknown, day("2026-11-24")), Cohort::Child);
    }

    #[test]
    fn every_cohort_of_a_person_must_be_switched_on() {
        let adult = person("Baird", "Ailsa", "1958-08-03").profile();
        let child = person("Baird", "Ailsa", "2015-08-03").profile();
        let on = day("2026-11-24");
        let switches = CohortSwitches::default();
        assert!(switches.allow(&Cohort::of(&adult, false, on)));
        assert!(!switches.allow(&Cohort::of(&child, false, on)));
        assert!(CohortSwitches::all_on().allow(&Cohort::of(&child, true, on)));
    }

    #[test]
    fn nobody_at_a_fixed_address_is_a_cohort_of_its_own() {
        let roaming = person("Baird", "Ailsa", "1958-08-03").at("ZZ99 3VZ", "").profile();
        assert!(Cohort::of(&roaming, false, day("2026-11-24")).contains(&Cohort::NoFixedAddress));
    }
}
