//! The store as a whole, and the unit of work that changes it.

use crate::{
    ChangeReads, ChangeWatch, Changes, Error, FeedReads, Feeds, LaunchReads, Launches, LeafReads, Leaves,
    LinkReads, Links, Outbox, OutboxReads, Parked, ParkedReads, PositionReads, Positions, RecordReads,
    Records, ReviewReads, Reviews, SeenEvents, ViewReads,
};
use async_trait::async_trait;

/// A store: reads by noun, and units of work. Held as `Arc<dyn Store>`.
#[async_trait]
pub trait Store:
    ViewReads
    + RecordReads
    + LinkReads
    + ReviewReads
    + ChangeReads
    + PositionReads
    + OutboxReads
    + ParkedReads
    + FeedReads
    + LeafReads
    + LaunchReads
    + Send
    + Sync
    + 'static
{
    /// Takes the role over: every unit of work of an older epoch fails `Fenced` from now on. Durable.
    async fn claim(&self, role: &str) -> Result<u64, Error>;

    /// Begins a unit of work. A role that nobody ever claimed is not fenced: give epoch 0.
    ///
    /// Waits until the unit before it has ended: keep it short, and never await anything but the unit itself.
    async fn begin(&self, role: &str, epoch: u64) -> Result<Box<dyn UnitOfWork>, Error>;

    /// A watch that rings after commits that added changes.
    fn changes(&self) -> ChangeWatch;

    /// The whole read model as text, a line a row, in key order: two stores with the same dump show the same.
    ///
    /// Holds personal values in a coded form: for tests and `rebuild --check`, never for a log.
    async fn dump(&self) -> Result<String, Error>;
}

/// Changes that are stored together or not at all. Dropped without a commit, it leaves nothing.
#[async_trait]
pub trait UnitOfWork:
    Positions
    + SeenEvents
    + Outbox
    + Changes
    + Records
    + Links
    + Reviews
    + Leaves
    + Launches
    + Parked
    + Feeds
    + Send
{
    /// The role that it was begun for.
    fn role(&self) -> &str;

    /// Stores everything, unless the role was taken over meanwhile (`Fenced`).
    async fn commit(self: Box<Self>) -> Result<(), Error>;

    /// Empties the read model (records, items, links, redirects, assertions, reviews, assignments, feeds, ledger) and
    /// the positions, seen events and parked events of the unit's own role, for a rebuild. Old views serve until the
    /// commit.
    async fn clear_read_model(&mut self) -> Result<(), Error>;
}
