//! The one consumer loop (read, open, handle, commit) with quarantine, the outbox relay, and the command door.
//!
//! A handler decides; everything that makes its effects happen exactly once stands here: repeats are dropped by event
//! id, rows and position and outbox commit together, a poison event parks its record and nothing else.

mod commands;
mod consumer;
mod error;
mod handler;
mod process;
mod relay;
mod replay;

pub use commands::{BegunCommand, Commands};
pub use consumer::{Consumer, Stopped};
pub use error::Error;
pub use handler::{Decoded, Derived, Handler, HandlerError};
pub use relay::Relay;
pub use replay::parked_event;

use domain::Clock;
use event_codec::Codec;
use event_log::EventLog;
use std::sync::Arc;
use storage::Store;

/// What every consumer, relay and command works on.
#[derive(Clone)]
pub struct Ground {
    /// The log.
    pub log: Arc<dyn EventLog>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Seals and opens events.
    pub codec: Codec,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Ground {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ground")
    }
}
