//! How far a role has read each stream.

use crate::Error;
use async_trait::async_trait;
use event_log::{LogPosition, Stream};
use jiff::Timestamp;

/// Writing side.
#[async_trait]
pub trait Positions {
    /// The unit's role goes on from here: the next event to read of this partition.
    async fn advance(&mut self, stream: Stream, next: LogPosition) -> Result<(), Error>;

    /// The unit's role confirms that it had read the stream to its end at this time.
    async fn caught_up(&mut self, stream: Stream, at: Timestamp) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait PositionReads {
    /// The next event to read, for each partition that the role has read anything of.
    async fn positions(&self, role: &str, stream: Stream) -> Result<Vec<LogPosition>, Error>;

    /// When the role last confirmed the end of the stream.
    async fn caught_up_at(&self, role: &str, stream: Stream) -> Result<Option<Timestamp>, Error>;
}
