//! The roles that keep the disclosure log. What they write may lie in a place of its own: every view adds a leaf, and
//! nobody who reads a record should wait for that.
//!
//! INVARIANT: their units of work touch leaves, checkpoints, and their own positions, seen and parked events; nothing
//! else may, and they may touch nothing else.

/// Numbers the leaves of the log, for the tree and for "who saw whom".
pub const DISCLOSURE_INDEX: &str = "disclosure-index";

/// Signs checkpoints over them.
pub const DISCLOSURE_TREE: &str = "disclosure-tree";

/// Whether a role keeps the disclosure log.
pub fn keeps_disclosures(role: &str) -> bool {
    role == DISCLOSURE_INDEX || role == DISCLOSURE_TREE
}
