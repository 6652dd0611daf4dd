//! Repeatable choices. Never for secrets.

use domain::SeededEntropy;

/// A source of choices.
pub(crate) struct Random(SeededEntropy);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A number below `end`; 0 where there is none.
    pub(crate) fn below(&self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.0.next_u64() % end).unwrap_or_default()
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of a list; the empty text of an empty one.
    pub(crate) fn one<'a>(&self, list: &[&'a str]) -> &'a str {
        list.get(self.below(list.len())).copied().unwrap_or_default()
    }

    /// One of a list of anything.
    pub(crate) fn pick<'a, T>(&self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}
