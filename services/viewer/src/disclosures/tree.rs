//! A Merkle tree as RFC 6962 shapes it: its root as it grows, and which parts of it prove what.
//!
//! Pure: knows neither the log nor the store. A proof is told as ranges of leaves; whoever holds the leaves gives the
//! roots of those ranges.

use ring::digest;
use std::ops::Range;

/// A hash of the tree.
pub type Hash = [u8; 32];

/// Hash of a node: SHA-256 over a byte 1 and the hashes of its two children.
fn node(left: &Hash, right: &Hash) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&[1]);
    context.update(left);
    context.update(right);
    whole(&context.finish())
}

fn whole(digest: &digest::Digest) -> Hash {
    let mut hash = [0; 32];
    hash.iter_mut().zip(digest.as_ref()).for_each(|(target, byte)| *target = *byte);
    hash
}

/// The right edge of a tree: enough to add leaves and to know the root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the full trees that the leaves fall into, largest first: one for each bit of the size.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let full = (0..self.size.trailing_ones()).filter_map(|_| self.peaks.pop());
        let peak = full.fold(leaf, |right, left| node(&left, &right));
        self.peaks.push(peak);
        self.size = self.size.saturating_add(1);
    }

    /// The root; of an empty tree the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return whole(&digest::digest(&digest::SHA256, b"")) };
        peaks.fold(*last, |right, left| node(left, &right))
    }
}

/// The largest power of two that is smaller than the number of leaves, of which there are at least two.
fn split(leaves: u64) -> u64 {
    1 << leaves.saturating_sub(1).max(1).ilog2()
}

/// Which ranges' roots, from the leaf up, prove that a leaf stands in a tree of this size. `None`: it does not.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    let mut ranges = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            ranges.push(middle..to);
            to = middle;
        } else {
            ranges.push(from..middle);
            from = middle;
        }
    }
    ranges.reverse();
    (index < size).then_some(ranges)
}

/// Which ranges' roots prove that a tree of this size continues one of the older size. `None`: the older is larger.
pub fn consistency(older: u64, size: u64) -> Option<Vec<Range<u64>>> {
    let mut ranges = Vec::new();
    let (mut from, mut to) = (0, size);
    while older > 0 && older < to {
        let middle = from + split(to - from);
        if older <= middle {
            ranges.push(middle..to);
            to = middle;
        } else {
            ranges.push(from..middle);
            from = middle;
        }
    }
    if from > 0 {
        ranges.push(from..to);
    }
    ranges.reverse();
    (older <= size).then_some(ranges)
}

/// The root that a proof of inclusion leads to. `None`: it is not a proof for this place.
pub fn root_of_inclusion(index: u64, size: u64, leaf: Hash, path: &[Hash]) -> Option<Hash> {
    let mut place = Place { index, last: size.checked_sub(1)? };
    if index >= size {
        return None;
    }
    let mut root = leaf;
    for sibling in path {
        root = if place.is_right()? { node(sibling, &root) } else { node(&root, sibling) };
        place.up();
    }
    (place.last == 0).then_some(root)
}

/// Whether a proof of consistency shows that the newer tree continues the older one. Sizes come with their roots.
pub fn continues(older: (u64, Hash), newer: (u64, Hash), path: &[Hash]) -> bool {
    if older.0 == 0 || older.0 == newer.0 {
        return path.is_empty() && older.0 <= newer.0 && (older.0 == 0 || older.1 == newer.1);
    }
    roots_of_consistency(older, newer.0, path) == Some((older.1, newer.1))
}

/// The older and the newer root that a proof of consistency leads to.
fn roots_of_consistency(older: (u64, Hash), size: u64, path: &[Hash]) -> Option<(Hash, Hash)> {
    // A full tree is a node of the newer one, and its root is not told again.
    let own = older.0.is_power_of_two().then_some(older.1);
    let mut nodes = own.iter().chain(path);
    let mut place = Place { index: older.0.checked_sub(1)?, last: size.checked_sub(1)? };
    if path.is_empty() || place.index >= place.last {
        return None;
    }
    place.skip(place.index.trailing_ones());
    let first = nodes.next()?;
    let (mut before, mut after) = (*first, *first);
    for sibling in nodes {
        if place.is_right()? {
            before = node(sibling, &before);
            after = node(sibling, &after);
        } else {
            after = node(&after, sibling);
        }
        place.up();
    }
    (place.last == 0).then_some((before, after))
}

/// A node's place in its row of the tree, and the place of the last node of that row.
struct Place {
    index: u64,
    last: u64,
}

impl Place {
    /// Whether its sibling stands on its left. `None` at the root, which has none.
    fn is_right(&mut self) -> Option<bool> {
        if self.last == 0 {
            return None;
        }
        if self.index.is_multiple_of(2) && self.index == self.last {
            // Alone at the edge: it is its own parent until it has a sibling.
            self.skip(self.index.trailing_zeros());
        }
        Some(self.index % 2 == 1)
    }

    fn up(&mut self) {
        self.skip(1);
    }

    fn skip(&mut self, rows: u32) {
        self.index = self.index.checked_shr(rows).unwrap_or(0);
        self.last = self.last.checked_shr(rows).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests;
