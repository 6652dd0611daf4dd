//! The whole world: the cast, and as many generated people as asked for, in households.

use crate::chi::{ChiBook, slip};
use crate::council::CouncilFile;
use crate::health::HealthFile;
use crate::people::{Home, Person};
use crate::places::{self, CARE_HOMES, CareHome};
use crate::random::Random;
use crate::{CouncilRecord, Days, Entry, Error, cast, names};
use domain::{NameParts, NameUse, PartialDate, PersonName, Sex};
use jiff::ToSpan;
use jiff::civil::Date;

/// Most people who share one care home.
const CARE_HOME_SIZE: usize = 40;

/// Everyone in Strathorr, the cast first.
#[derive(Debug, Clone)]
pub struct World {
    entries: Vec<Entry>,
    days: Days,
}

impl World {
    /// The world of a seed, with `size` people beside the cast, as it is on a day. The same three give the same world.
    pub fn generate(seed: u64, size: usize, today: Date) -> Result<Self, Error> {
        let days = Days::around(today);
        let mut book = ChiBook::default();
        let mut entries = cast::entries(days, &mut book)?;
        let random = Random::new(seed);
        let households = Founder { random: &random, days, book, households: 0 }.settle(size)?;
        let mut number = 0;
        for household in households {
            for at in 0..household.people.len() {
                number += 1;
                entries.extend(Clerk { random: &random, days, number }.file(&household, at)?);
            }
        }
        Ok(Self { entries, days })
    }

    /// Everyone, the cast first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Its days.
    pub fn days(&self) -> Days {
        self.days
    }

    /// Who has this case number with the council.
    pub fn by_council_id(&self, local_id: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.council.as_ref().is_some_and(|record| record.local_id == local_id))
    }

    /// Who has this patient number with the board.
    pub fn by_health_id(&self, local_id: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.health.as_ref().is_some_and(|record| record.local_id == local_id))
    }
}

/// People who share a home.
struct Household {
    people: Vec<Person>,
    care_home: Option<&'static str>,
}

/// Makes households.
struct Founder<'a> {
    random: &'a Random,
    days: Days,
    book: ChiBook,
    households: usize,
}

impl Founder<'_> {
    fn settle(mut self, size: usize) -> Result<Vec<Household>, Error> {
        let mut all = Vec::new();
        let mut left = size;
        for home in CARE_HOMES {
            let residents = CARE_HOME_SIZE.min(left / 3);
            left -= residents;
            all.push(self.care_home(home, residents)?);
        }
        while left > 0 {
            let household = self.family(left)?;
            left = left.saturating_sub(household.people.len().max(1));
            all.push(household);
        }
        Ok(all)
    }

    fn care_home(&mut self, home: &'static CareHome, residents: usize) -> Result<Household, Error> {
        let mut people = Vec::new();
        for _ in 0..residents {
            let (sex, born) = (self.sex(), self.born(70, 99)?);
            let family = self.random.one(names::FAMILY).to_owned();
            let mut person = self.person(family, sex, born, home.home())?;
            home.telephone.clone_into(&mut person.telephone);
            people.push(person);
        }
        Ok(Household { people, care_home: Some(home.name) })
    }

    /// One or two adults, perhaps with children, perhaps twins; at most as many as are left.
    fn family(&mut self, left: usize) -> Result<Household, Error> {
        self.households += 1;
        let home = places::home(self.random, self.households);
        let family = self.random.one(names::FAMILY).to_owned();
        let with_children = self.random.percent(35);
        let (youngest, oldest) = if with_children { (26, 50) } else { (19, 95) };
        let mut people = Vec::new();
        for _ in 0..=usize::from(self.random.percent(55)) {
            let (sex, born) = (self.sex(), self.born(youngest, oldest)?);
            people.push(self.person(family.clone(), sex, born, home.clone())?);
        }
        if with_children {
            self.children(&family, &home, &mut people)?;
        }
        let telephone = places::telephone(self.random);
        let protected = self.random.percent(2);
        for person in &mut people {
            telephone.clone_into(&mut person.telephone);
            person.protected = protected;
        }
        people.truncate(left);
        Ok(Household { people, care_home: None })
    }

    fn children(&mut self, family: &str, home: &Home, people: &mut Vec<Person>) -> Result<(), Error> {
        for _ in 0..=self.random.below(3) {
            let (sex, born) = (self.sex(), self.born(0, 17)?);
            people.push(self.person(family.to_owned(), sex, born, home.clone())?);
            if self.random.percent(12) {
                let (sex, born) = (self.sex(), born);
                people.push(self.person(family.to_owned(), sex, born, home.clone())?);
            }
        }
        Ok(())
    }

    fn person(&mut self, family: String, sex: Sex, born: Date, home: Home) -> Result<Person, Error> {
        let adult = born < self.days.ago(18 * 366)?;
        let (list, title) = match sex {
            Sex::Female => (names::FEMALE, self.random.one(&["Mrs", "Miss", "Ms"])),
            Sex::Male | Sex::Other | Sex::Unknown => (names::MALE, "Mr"),
        };
        let mut given = vec![self.random.one(list).to_owned()];
        if self.random.percent(40) {
            given.push(self.random.one(list).to_owned());
        }
        Ok(Person {
            family,
            given,
            title: if adult { title.to_owned() } else { String::new() },
            born,
            sex,
            chi: self.book.next(born, sex)?,
            home,
            telephone: String::new(),
            protected: false,
        })
    }

    fn sex(&self) -> Sex {
        if self.random.percent(50) { Sex::Female } else { Sex::Male }
    }

    fn born(&self, youngest: usize, oldest: usize) -> Result<Date, Error> {
        let age = youngest + self.random.below(oldest + 1 - youngest);
        let days = age * 365 + age / 4 + 1 + self.random.below(364);
        let born = self.days.ago(i32::try_from(days).unwrap_or(i32::MAX))?;
        Ok(born.min(self.days.today().checked_sub(1.day())?))
    }
}

/// Writes down what the two systems hold of one person.
struct Clerk<'a> {
    random: &'a Random,
    days: Days,
    number: usize,
}

impl Clerk<'_> {
    fn file(&self, household: &Household, at: usize) -> Result<Option<Entry>, Error> {
        let Some(person) = household.people.get(at) else { return Ok(None) };
        let relative = household.people.iter().enumerate().find(|(other, _)| *other != at).map(|(_, p)| p);
        let known = household.care_home.is_some() || self.random.percent(35);
        let council = known.then(|| self.council(person, relative, household.care_home)).transpose()?;
        let kin = relative.filter(|_| household.care_home.is_none());
        let health = HealthFile { random: self.random, days: self.days };
        let health = health.record(person, format!("S2{:05}", self.number), kin)?;
        Ok(Some(Entry { person: person.clone(), council, health: Some(health) }))
    }

    fn council(
        &self,
        person: &Person,
        relative: Option<&Person>,
        care_home: Option<&str>,
    ) -> Result<CouncilRecord, Error> {
        let file = CouncilFile { random: self.random, days: self.days };
        let mut demographics = person.demographics(None)?;
        if self.random.percent(10) {
            demographics.names = vec![known_as(person)?];
        }
        if self.random.percent(3) {
            let swapped = Date::new(person.born.year(), person.born.day(), person.born.month()).ok();
            demographics.birth_date = Some(PartialDate::Full(swapped.unwrap_or(person.born)));
        }
        Ok(CouncilRecord {
            local_id: format!("W-3{:05}", self.number),
            demographics,
            chi: self.typed_chi(person, relative),
            items: file.items(person, care_home)?,
        })
    }

    /// None, mostly; else right, with spaces, with a slip, or a relative's.
    fn typed_chi(&self, person: &Person, relative: Option<&Person>) -> Option<String> {
        match self.random.below(100) {
            0..55 => None,
            55..90 => Some(person.chi.as_str().to_owned()),
            90..94 => Some(person.chi.grouped()),
            94..97 => Some(slip(person.chi)),
            _ => relative.map(|relative| relative.chi.as_str().to_owned()),
        }
    }
}

/// The name that a person goes by.
fn known_as(person: &Person) -> Result<PersonName, Error> {
    let short = names::short_form(person.first_name()).unwrap_or(person.first_name());
    let parts = NameParts {
        family: person.family.clone(),
        given: vec![short.to_owned()],
        prefix: person.title.clone(),
        suffix: String::new(),
        name_use: NameUse::Usual,
    };
    Ok(PersonName::new(&parts)?)
}

#[cfg(test)]
mod tests;
