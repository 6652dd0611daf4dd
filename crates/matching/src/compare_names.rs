//! Sets the names of two profiles side by side: forms of one name, initials, double, former and swapped names.
//!
//! Must not treat two common names that look alike as a slip of the pen: twins are often named so.

use strsim::{damerau_levenshtein, jaro_winkler};

use crate::compare::{ComparisonLevel, Field, FieldComparison, plain};
use crate::frequency::{TermCounts, hash};
use crate::nicknames::are_used_for_one_another;
use crate::normalise::sound;
use crate::profile::{NormalName, Profile};

/// Alike enough to be a slip of the pen.
const CLOSE: f64 = 0.92;
/// Somewhat alike.
const ALIKE: f64 = 0.84;

/// Forename, middle name and surname, in this order.
pub(crate) fn compare_names(a: &Profile, b: &Profile, counts: &TermCounts) -> [FieldComparison; 3] {
    let forename = best(a, b, Field::Forename, |x, y| compare_forenames(x, y, counts));
    let surname = best(a, b, Field::Surname, compare_surnames);
    if is_worse_than_close(forename.level) && is_worse_than_close(surname.level) && are_swapped(a, b) {
        let swapped = |field| plain(field, ComparisonLevel::NamesSwapped);
        return [
            swapped(Field::Forename),
            plain(Field::MiddleName, ComparisonLevel::Missing),
            swapped(Field::Surname),
        ];
    }
    let middle = if forename.level == ComparisonLevel::MiddleAsFirst {
        plain(Field::MiddleName, ComparisonLevel::Missing)
    } else {
        best(a, b, Field::MiddleName, |x, y| Some((compare_middle_names(x, y)?, None)))
    };
    [forename, middle, surname]
}

type Outcome = Option<(ComparisonLevel, Option<u64>)>;

fn best(
    a: &Profile,
    b: &Profile,
    field: Field,
    compare: impl Fn(&NormalName, &NormalName) -> Outcome,
) -> FieldComparison {
    let pairs = a.names.iter().flat_map(|x| b.names.iter().map(move |y| (x, y)));
    let (level, term) =
        pairs.filter_map(|(x, y)| compare(x, y)).min().unwrap_or((ComparisonLevel::Missing, None));
    FieldComparison { field, level, term }
}

fn is_worse_than_close(level: ComparisonLevel) -> bool {
    matches!(level, ComparisonLevel::Alike | ComparisonLevel::Different | ComparisonLevel::Missing)
}

fn are_swapped(a: &Profile, b: &Profile) -> bool {
    let known = |name: &&NormalName| !name.forename.is_empty() && !name.surname.is_empty();
    a.names.iter().filter(known).any(|x| {
        b.names
            .iter()
            .filter(known)
            .any(|y| is_same_word(&x.forename, &y.surname) && is_same_word(&x.surname, &y.forename))
    })
}

/// The same but for `Mac` and `Mc`, which only family names have been rid of.
fn is_same_word(a: &str, b: &str) -> bool {
    a == b || (a.starts_with('m') && a.replacen("mac", "mc", 1) == b.replacen("mac", "mc", 1))
}

fn compare_forenames(a: &NormalName, b: &NormalName, counts: &TermCounts) -> Outcome {
    if a.forename.is_empty() || b.forename.is_empty() {
        return None;
    }
    if a.forename == b.forename || a.given.concat() == b.given.concat() {
        return Some((ComparisonLevel::Exact, Some(hash(&[&a.forename.clone().min(b.forename.clone())]))));
    }
    Some((compare_unequal_forenames(a, b, counts), None))
}

fn compare_unequal_forenames(a: &NormalName, b: &NormalName, counts: &TermCounts) -> ComparisonLevel {
    if are_used_for_one_another(&a.forename, &b.forename) {
        return ComparisonLevel::Nickname;
    }
    if is_initial_of(&a.forename, &b.forename) || is_initial_of(&b.forename, &a.forename) {
        return ComparisonLevel::Initial;
    }
    let long = |word: &String| word.chars().count() > 1;
    if b.given.iter().any(|w| long(w) && *w == a.forename)
        || a.given.iter().any(|w| long(w) && *w == b.forename)
    {
        return ComparisonLevel::MiddleAsFirst;
    }
    let both_are_names = [a, b].iter().all(|name| counts.is_name_of_its_own(hash(&[&name.forename])));
    let level = how_alike(&a.forename, &b.forename);
    if level == ComparisonLevel::Close && both_are_names { ComparisonLevel::Alike } else { level }
}

fn is_initial_of(initial: &str, name: &str) -> bool {
    initial.chars().count() == 1 && name.starts_with(initial)
}

fn compare_surnames(a: &NormalName, b: &NormalName) -> Outcome {
    if a.surname.is_empty() || b.surname.is_empty() {
        return None;
    }
    if a.surname == b.surname {
        return Some(if a.former || b.former {
            (ComparisonLevel::FormerName, None)
        } else {
            (ComparisonLevel::Exact, Some(hash(&[&a.surname])))
        });
    }
    let shared =
        a.surname_parts.iter().any(|part| part.chars().count() > 2 && b.surname_parts.contains(part));
    let alike = how_alike(&a.surname, &b.surname);
    let level = if shared {
        ComparisonLevel::PartOfDouble
    } else if alike == ComparisonLevel::Different && sound(&a.surname) == sound(&b.surname) {
        ComparisonLevel::Alike
    } else {
        alike
    };
    Some((level, None))
}

/// The further given names; an initial there counts as one.
fn compare_middle_names(a: &NormalName, b: &NormalName) -> Option<ComparisonLevel> {
    let further = |name: &NormalName| name.given.get(1..).map(<[String]>::to_vec).unwrap_or_default();
    let (a, b) = (further(a), further(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    pairs.map(|(x, y)| compare_middle_pair(x, y)).min()
}

fn compare_middle_pair(a: &str, b: &str) -> ComparisonLevel {
    if a == b && a.chars().count() > 1 {
        ComparisonLevel::Exact
    } else if is_initial_of(a, b) || is_initial_of(b, a) {
        ComparisonLevel::Initial
    } else if are_used_for_one_another(a, b) || how_alike(a, b) == ComparisonLevel::Close {
        ComparisonLevel::Close
    } else {
        ComparisonLevel::Different
    }
}

/// Close, alike or different. The order of the two is settled first, since Jaro–Winkler is not quite symmetric.
fn how_alike(a: &str, b: &str) -> ComparisonLevel {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let shorter = a.chars().count().min(b.chars().count());
    if shorter < 3 {
        return ComparisonLevel::Different;
    }
    let measure = jaro_winkler(a, b);
    if measure >= CLOSE || (shorter >= 4 && damerau_levenshtein(a, b) == 1) {
        ComparisonLevel::Close
    } else if measure >= ALIKE {
        ComparisonLevel::Alike
    } else {
        ComparisonLevel::Different
    }
}
