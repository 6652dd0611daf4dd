//! How common a name, a postcode or a contact is among the index records, counted as they come and go.
//!
//! Holds hashes only, never the words. Must not count records outside the index.

use std::collections::HashMap;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// First given name.
    Forename,
    /// Whole family name.
    Surname,
    /// Full postcode.
    Postcode,
    /// One house: UPRN, or postcode with number.
    Property,
    /// Telephone number or e-mail address.
    Contact,
}

/// Records at one house from which it counts as shared by many, such as a care home.
const SHARED_BY_MANY: u32 = 10;

/// Counts of terms in the index.
#[derive(Debug, Clone, Default)]
pub struct TermCounts {
    counts: HashMap<(Term, u64), u32>,
    records: u64,
}

impl TermCounts {
    /// Number of index records.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// How many index records have this term.
    pub fn count(&self, term: Term, hash: u64) -> u32 {
        self.counts.get(&(term, hash)).copied().unwrap_or(0)
    }

    /// Share of people with this term, drawn towards what is usual by `pseudo` records while the index is small.
    pub(crate) fn share(&self, term: Term, hash: u64, usual: f64, pseudo: f64) -> f64 {
        let count = f64::from(self.count(term, hash).max(1));
        (count + pseudo * usual) / (as_float(self.records) + pseudo)
    }

    /// Whether a forename stands often enough in the index to be a name of its own and no slip of the pen.
    pub(crate) fn is_name_of_its_own(&self, hash: u64) -> bool {
        let least = (self.records / 5_000).max(3);
        u64::from(self.count(Term::Forename, hash)) >= least
    }

    /// Whether a house is shared by so many that living there proves nothing.
    pub(crate) fn is_shared_by_many(&self, hash: u64) -> bool {
        self.count(Term::Property, hash) >= SHARED_BY_MANY
    }

    pub(crate) fn add(&mut self, terms: &[(Term, u64)]) {
        self.records += 1;
        for term in terms {
            *self.counts.entry(*term).or_insert(0) += 1;
        }
    }

    pub(crate) fn take_away(&mut self, terms: &[(Term, u64)]) {
        self.records = self.records.saturating_sub(1);
        for term in terms {
            let left = self.counts.get(term).map_or(0, |count| count.saturating_sub(1));
            if left == 0 {
                self.counts.remove(term);
            } else {
                self.counts.insert(*term, left);
            }
        }
    }
}

/// A count as a number to calculate with; exact below 2^53.
#[allow(clippy::cast_precision_loss, reason = "counts of people stay far below 2^53")]
pub(crate) fn as_float(count: u64) -> f64 {
    count as f64
}

/// FNV-1a over parts with a separator: the same on every machine and in every version.
pub(crate) fn hash(parts: &[&str]) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0x1f]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_and_go_and_leave_nothing_behind() {
        let terms = [(Term::Surname, hash(&["smith"])), (Term::Forename, hash(&["mary"]))];
        let mut counts = TermCounts::default();
        counts.add(&terms);
        counts.add(&terms);
        counts.take_away(&terms);
        assert_eq!((counts.records(), counts.count(Term::Surname, hash(&["smith"]))), (1, 1));
        counts.take_away(&terms);
        assert!(counts.counts.is_empty());
    }

    #[test]
    fn a_small_index_trusts_what_is_usual() {
        let mut counts = TermCounts::default();
        counts.add(&[(Term::Surname, 1)]);
        let share = counts.share(Term::Surname, 1, 0.003, 1_000.0);
        assert!((0.003..0.005).contains(&share), "{share}");
    }

    #[test]
    fn parts_of_a_hash_do_not_run_into_each_other() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
