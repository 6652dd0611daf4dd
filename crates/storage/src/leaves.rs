//! Disclosure leaves in log order, for the tree and for "who saw whom", and the checkpoints signed over them.

use crate::Error;
use async_trait::async_trait;
use domain::{DisclosureId, Leaf};
use event_log::LogPosition;
use jiff::Timestamp;

/// A leaf as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafRow {
    /// Place in the tree, from 0, without gaps.
    pub index: u64,
    /// Where its event lies in the log.
    pub position: LogPosition,
    /// Hash of the leaf in the tree.
    pub hash: [u8; 32],
    /// The leaf.
    pub leaf: Leaf,
}

/// A signed checkpoint of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRow {
    /// Number of leaves in it.
    pub size: u64,
    /// Root of the tree.
    pub root: [u8; 32],
    /// The signed note, as text.
    pub note: String,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// Writing side.
#[async_trait]
pub trait Leaves {
    /// Appends a leaf after the last one. Its index must be the number of leaves there are; else `Corrupt`.
    async fn append_leaf(&mut self, row: &LeafRow) -> Result<(), Error>;

    /// Hash of the leaf at this index, if there is one, with what this unit of work has appended.
    async fn leaf_hash(&mut self, index: u64) -> Result<Option<[u8; 32]>, Error>;

    /// Stores a checkpoint.
    async fn save_checkpoint(&mut self, row: &CheckpointRow) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait LeafReads {
    /// Number of leaves.
    async fn leaf_count(&self) -> Result<u64, Error>;

    /// Hashes from this index on, in order.
    async fn leaf_hashes(&self, from: u64, limit: u32) -> Result<Vec<[u8; 32]>, Error>;

    /// Leaves from this index on, in order.
    async fn leaves(&self, from: u64, limit: u32) -> Result<Vec<LeafRow>, Error>;

    /// The leaf of a disclosure.
    async fn find_leaf(&self, disclosure: DisclosureId) -> Result<Option<LeafRow>, Error>;

    /// Leaves about a person by their keyed pseudonym, in order.
    async fn leaves_of(&self, pseudonym: &[u8]) -> Result<Vec<LeafRow>, Error>;

    /// Checkpoints of at least this size, smallest first.
    async fn checkpoints(&self, from_size: u64, limit: u32) -> Result<Vec<CheckpointRow>, Error>;

    /// The newest checkpoint.
    async fn latest_checkpoint(&self) -> Result<Option<CheckpointRow>, Error>;
}
