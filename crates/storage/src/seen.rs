//! Which events a role has handled: the log delivers at least once.

use crate::Error;
use async_trait::async_trait;
use domain::EventId;

/// Whether an event was handled before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenBefore {
    /// Never: it is noted now.
    New,
    /// The same event: drop it.
    Repeat,
    /// The same id with another payload: park it as a conflict.
    Conflict,
}

/// Writing side; there is no other.
#[async_trait]
pub trait SeenEvents {
    /// Notes the event and its payload's hash for the unit's role.
    async fn note_seen(&mut self, event: EventId, hash: &[u8; 32]) -> Result<SeenBefore, Error>;
}
