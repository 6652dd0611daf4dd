//! A set of reason codes, one bit each, so that collecting reasons costs nothing.

use domain::{REASON_CODES, ReasonCode};
use std::fmt;

/// A set of reason codes, listed in the order of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ReasonSet(u64);

impl ReasonSet {
    /// No reason.
    pub const NONE: Self = Self(0);

    /// The set of one code.
    pub const fn of(code: ReasonCode) -> Self {
        Self(1 << code as u8)
    }

    /// Adds a code.
    pub const fn insert(&mut self, code: ReasonCode) {
        self.0 |= 1 << code as u8;
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the code is in the set.
    pub const fn contains(self, code: ReasonCode) -> bool {
        self.0 & 1 << code as u8 != 0
    }

    /// Whether there is no reason.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many codes are in it.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The codes in the order of the rule.
    pub fn iter(self) -> impl Iterator<Item = ReasonCode> {
        REASON_CODES.into_iter().filter(move |code| self.contains(*code))
    }

    /// The codes that do not depend on the person: what a refusal may name.
    #[must_use]
    pub fn of_reader(self) -> Self {
        self.iter().filter(|code| !code.depends_on_person()).collect()
    }

    /// The codes as a list, as a leaf holds them.
    pub fn to_vec(self) -> Vec<ReasonCode> {
        self.iter().collect()
    }
}

impl FromIterator<ReasonCode> for ReasonSet {
    fn from_iter<I: IntoIterator<Item = ReasonCode>>(codes: I) -> Self {
        codes.into_iter().fold(Self::NONE, |set, code| set.union(Self::of(code)))
    }
}

impl fmt::Debug for ReasonSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter().map(ReasonCode::as_str)).finish()
    }
}
