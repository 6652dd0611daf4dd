//! The change feed: which records an open view may have to look at again.

use crate::Error;
use async_trait::async_trait;
use domain::{PersonId, RecordKey};

/// One change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its place, rising.
    pub sequence: u64,
    /// The record that changed.
    pub record: RecordKey,
    /// A person whom the record no longer leads to, or is only now linked to.
    pub person: Option<PersonId>,
}

/// Writing side.
#[async_trait]
pub trait Changes {
    /// Adds a change. Listeners hear of it once, after the commit.
    async fn push_change(&mut self, record: RecordKey, person: Option<PersonId>) -> Result<(), Error>;

    /// Forgets changes up to and including this one.
    async fn prune_changes(&mut self, through: u64) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait ChangeReads {
    /// Changes after this one, in order; only what can no longer be overtaken by a lower sequence.
    async fn changes_since(&self, sequence: u64, limit: u32) -> Result<Vec<ChangeRow>, Error>;

    /// The newest change's sequence; 0 before the first.
    async fn newest_change(&self) -> Result<u64, Error>;
}
