//! When a feed was last heard, and the books of what became of what it sent.

use crate::Error;
use async_trait::async_trait;
use domain::Authority;
use jiff::Timestamp;
use std::sync::Arc;

/// What became of a feed's accepted events. Accepted = applied + superseded + parked, once nothing is in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Read from the log.
    pub accepted: i64,
    /// Applied, in whole or in part.
    pub applied: i64,
    /// Everything in it was known better already.
    pub superseded: i64,
    /// Parked, waiting or quarantined.
    pub parked: i64,
}

impl Ledger {
    /// Whether nothing is missing.
    pub fn balances(&self) -> bool {
        self.accepted == self.applied + self.superseded + self.parked
    }
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Authority.
    pub authority: Authority,
    /// When it was last heard, message or heartbeat.
    pub last_heard: Option<Timestamp>,
    /// Its books.
    pub ledger: Ledger,
}

/// Writing side.
#[async_trait]
pub trait Feeds {
    /// The feed was heard at this time; an earlier time than the one known changes nothing.
    async fn feed_heard(&mut self, authority: &Authority, at: Timestamp) -> Result<(), Error>;

    /// Adds these figures, some of them perhaps negative, to the feed's books.
    async fn add_to_ledger(&mut self, authority: &Authority, figures: Ledger) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait FeedReads {
    /// Every feed, by authority.
    async fn feeds(&self) -> Result<Arc<[FeedRow]>, Error>;
}
