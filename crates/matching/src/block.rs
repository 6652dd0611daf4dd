//! Whom to look at: keys under which records of one person are likely to meet.
//!
//! Must not judge. A protected record is given no key of a place or a contact, so nobody finds it by them.

use jiff::civil::Date;

use crate::frequency::hash;
use crate::nicknames::heads;
use crate::normalise::sound;
use crate::profile::{NormalName, Profile};

/// One way to meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockingRule {
    /// The same CHI number.
    Chi,
    /// The same NHS number.
    NhsNumber,
    /// Surnames that sound alike, and the birth date.
    SurnameSoundAndBirthDate,
    /// The forename or a form of it, and the birth date.
    ForenameAndBirthDate,
    /// The birth date and the postcode.
    BirthDateAndPostcode,
    /// Surname, forename and birth year: common names parted by year.
    FullNameAndBirthYear,
    /// Surname and forename, where one of the two knows no birth date; rare enough to look at.
    FullName,
    /// Forename and postcode.
    ForenameAndPostcode,
    /// Surnames that sound alike, and the postcode.
    SurnameSoundAndPostcode,
    /// Telephone number or e-mail address.
    Contact,
}

impl BlockingRule {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Chi,
        Self::NhsNumber,
        Self::SurnameSoundAndBirthDate,
        Self::ForenameAndBirthDate,
        Self::BirthDateAndPostcode,
        Self::FullNameAndBirthYear,
        Self::FullName,
        Self::ForenameAndPostcode,
        Self::SurnameSoundAndPostcode,
        Self::Contact,
    ];

    /// A prefix that keeps the keys of the rules apart.
    fn tag(self) -> &'static str {
        match self {
            Self::Chi => "c",
            Self::NhsNumber => "n",
            Self::SurnameSoundAndBirthDate => "sd",
            Self::ForenameAndBirthDate => "fd",
            Self::BirthDateAndPostcode => "dp",
            Self::FullNameAndBirthYear => "sfy",
            Self::FullName => "sf",
            Self::ForenameAndPostcode => "fp",
            Self::SurnameSoundAndPostcode => "sp",
            Self::Contact => "t",
        }
    }

    /// The keys of a profile under this rule, swapped names and dates included.
    pub(crate) fn keys(self, person: &Profile) -> Vec<u64> {
        let key = |parts: &[&str]| hash(&[&[self.tag()], parts].concat());
        match self {
            Self::Chi => person.chi.iter().map(|chi| key(&[chi.number.as_str()])).collect(),
            Self::NhsNumber => person.nhs_number.iter().map(|number| key(&[number.as_str()])).collect(),
            Self::SurnameSoundAndBirthDate => pairs(&sounds(person), &days(person), key),
            Self::ForenameAndBirthDate => pairs(&forenames(person), &days(person), key),
            Self::BirthDateAndPostcode => pairs(&postcodes(person), &days(person), key),
            Self::FullNameAndBirthYear => match person.birth_date.year_number() {
                Some(year) => pairs(&full_names(person), &[year.to_string()], key),
                None => Vec::new(),
            },
            Self::FullName => full_names(person).iter().map(|name| key(&[name])).collect(),
            Self::ForenameAndPostcode => pairs(&forenames(person), &postcodes(person), key),
            Self::SurnameSoundAndPostcode => pairs(&sounds(person), &postcodes(person), key),
            Self::Contact if person.protected => Vec::new(),
            Self::Contact => person.contacts.iter().map(|contact| key(&[contact])).collect(),
        }
    }

    /// Whether a profile looks others up by this rule: by the name alone only where the birth date is not known.
    pub(crate) fn is_asked_by(self, person: &Profile) -> bool {
        self != Self::FullName || person.birth_date.is_unknown()
    }
}

/// All keys under which a profile is filed; each once.
pub(crate) fn filed_under(person: &Profile) -> Vec<u64> {
    collect(person, |_| true)
}

/// All keys by which a profile looks others up; each once.
pub(crate) fn looked_up_by(person: &Profile) -> Vec<u64> {
    collect(person, |rule| rule.is_asked_by(person))
}

fn collect(person: &Profile, wanted: impl Fn(BlockingRule) -> bool) -> Vec<u64> {
    let mut keys: Vec<u64> = BlockingRule::ALL
        .into_iter()
        .filter(|rule| wanted(*rule))
        .flat_map(|rule| rule.keys(person))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn pairs(one: &[String], other: &[String], key: impl Fn(&[&str]) -> u64) -> Vec<u64> {
    one.iter().flat_map(|a| other.iter().map(|b| key(&[a, b])).collect::<Vec<_>>()).collect()
}

/// The birth date, and the one with day and month swapped where that is a date.
fn days(person: &Profile) -> Vec<String> {
    let Some(day) = person.birth_day() else { return Vec::new() };
    let swapped = Date::new(day.year(), day.day(), day.month()).ok();
    let mut days: Vec<String> =
        [Some(day), swapped].into_iter().flatten().map(|day| day.to_string()).collect();
    days.dedup();
    days
}

/// Sounds of the whole surname, of the parts of a double one, and of the forename, which may be swapped in.
fn sounds(person: &Profile) -> Vec<String> {
    let of_name = |name: &NormalName| {
        let mut words = vec![name.surname.clone(), name.forename.clone()];
        if name.surname_parts.len() > 1 {
            words.extend(name.surname_parts.iter().cloned());
        }
        words
    };
    tidy(
        person
            .names
            .iter()
            .flat_map(of_name)
            .filter(|word| !word.is_empty())
            .map(|word| sound(&word))
            .collect(),
    )
}

/// Forenames, their usual full forms, further given names, and the surname, which may be swapped in.
fn forenames(person: &Profile) -> Vec<String> {
    let mut words = Vec::new();
    for name in &person.names {
        words.extend(name.given.iter().take(3).filter(|word| word.len() > 1).cloned());
        words.push(name.forename.clone());
        words.push(name.surname.clone());
        words.extend(heads(&name.forename).map(str::to_owned));
    }
    tidy(words)
}

/// Surname and forename in alphabetical order, so that swapped names meet.
fn full_names(person: &Profile) -> Vec<String> {
    let known = person.names.iter().filter(|name| !name.surname.is_empty() && !name.forename.is_empty());
    let mut all = Vec::new();
    for name in known {
        let forms: Vec<&str> =
            heads(&name.forename).map(|head| -> &str { head }).chain([name.forename.as_str()]).collect();
        for first in forms {
            let mut two = [first, name.surname.as_str()];
            two.sort_unstable();
            all.push(two.join(" "));
        }
    }
    tidy(all)
}

fn postcodes(person: &Profile) -> Vec<String> {
    if person.protected {
        return Vec::new();
    }
    tidy(
        person
            .places
            .iter()
            .filter_map(|place| place.postcode.as_ref())
            .map(|p| p.as_str().to_owned())
            .collect(),
    )
}

fn tidy(mut words: Vec<String>) -> Vec<String> {
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::person;

    fn meet(a: &Profile, b: &Profile) -> bool {
        let filed = filed_under(a);
        looked_up_by(b).iter().any(|key| filed.contains(key))
    }

    #[test]
    fn records_of_one_person_meet_in_spite_of_slips() {
        let truth = person("Baird", "Margaret", "1958-08-03").at("ST9 4QX", "3 Mill Lane").profile();
        for dirty in [
            person("Beard", "Margaret", "1958-08-03"),
            person("Baird", "Peggy", "1958-03-08"),
            person("Margaret", "Baird", "1958-08-03"),
            person("Tulloch", "Margaret", "1958-08-03"),
            person("Baird-Tulloch", "M", "1958-08-03"),
            person("Baird", "Margaret", "1958-11-19"),
            person("Baird", "Margaret", ""),
            person("Baird", "Margaret", "1961-01-01").at("ST9 4QX", ""),
        ] {
            assert!(meet(&truth, &dirty.profile()));
        }
        assert!(!meet(&truth, &person("Campbell", "Fiona", "1972-02-11").profile()));
    }

    #[test]
    fn a_protected_record_has_no_key_of_a_place() {
        let open = person("Baird", "Margaret", "1958-08-03").at("ST9 4QX", "3 Mill Lane");
        let hidden = open.clone().protected();
        let by_place = person("Baird", "Unknown", "1990-04-04").at("ST9 4QX", "3 Mill Lane").profile();
        assert!(meet(&open.profile(), &by_place));
        assert!(!meet(&hidden.profile(), &by_place));
    }
}
