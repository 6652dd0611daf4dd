//! The log: what the whole of Yett is rebuilt from.
//!
//! Here stand the trait that every backend implements, its contract, the sealing of payloads, the in-memory log and
//! the suite of tests that holds every backend to the contract. A log carries sealed bytes; what they mean is not
//! known here and must not be.

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod entropy;
mod error;
mod event;
mod keys;
mod leaf;
mod memory;
mod sealing;
mod stream;

use async_trait::async_trait;
use futures::stream::BoxStream;

pub use entropy::SystemEntropy;
pub use error::Error;
pub use event::{Appended, Entry, Envelope, NewEvent, StoredEvent, instant_of};
pub use keys::{DataKey, InMemoryKeys, KeyError, KeyId, Keys, MasterKeys, Salt};
pub use leaf::leaf_hash;
pub use memory::{Fault, MemoryLog};
pub use sealing::{Draft, OpenError, Sealed, Sealer, open_with};
pub use stream::{LogPosition, Stream};

/// How long an idle reader waits at most before it looks again and says `CaughtUp`.
pub const IDLE_TICK: std::time::Duration = std::time::Duration::from_millis(500);

/// A durable log of four streams, each divided into partitions.
///
/// Every backend holds this contract, and the conformance suite proves it:
///
/// - An event is in the partition [`Stream::partition_of`] its key; offsets in a partition start at 0 and have no gap.
/// - Events of one call with one key keep their order. Across calls, one that began after another returned comes later.
/// - An id is stored once per stream. The second time answers [`Appended::Repeat`], inside one call too.
/// - Times are kept to the microsecond.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Appends events and answers each in its place. Durable when it returns `Ok`.
    ///
    /// Waits while the queue is full. After an error, any of the events may be stored or not: append the same ones
    /// again, with the same ids. A call that is dropped half-way counts as an error.
    async fn append(&self, stream: Stream, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error>;

    /// Reads from these positions on, for ever; a partition that is not named is read from its start.
    ///
    /// Order holds within a partition only. `CaughtUp` comes each time the end is reached, and again at least once a
    /// second while nothing new comes; the log was really looked at for each of them, between the poll that asked and
    /// the answer. An error is the last thing that the reader says: begin again from the last position.
    fn read(&self, stream: Stream, from: Vec<LogPosition>) -> BoxStream<'static, Result<Entry, Error>>;

    /// The position after the last event of every partition, in order of partitions.
    async fn end(&self, stream: Stream) -> Result<Vec<LogPosition>, Error>;
}
