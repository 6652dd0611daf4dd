//! What the operators' services are made of, and what they need from whoever puts them together.

use crate::grpc::{quarantine, status};
use async_trait::async_trait;
use domain::{Clock, Entropy, QuarantinedMessage, SourceRecord};
use event_log::Stream;
use gate::{Gate, SharingSnapshot};
use pipeline::{Commands, Error, Ground};
use proto::operations::v1::quarantine_service_server::{QuarantineService, QuarantineServiceServer};
use proto::operations::v1::status_service_server::{StatusService, StatusServiceServer};
use std::sync::Arc;
use transport::CallerCheck;

/// Role of the operators' commands: its outbox is not the consumer's.
const ROLE: &str = "operations";

/// What came of reading a kept message again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reread {
    /// It is understood now and durable as a change.
    Taken,
    /// It is still refused: field and rule, never a value.
    Refused(String),
}

/// It cannot be read again just now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a kept message cannot be read again now: {0}")]
pub struct NotRead(pub String);

/// Gives kept messages to the doors that they came through, by the name of the door.
#[async_trait]
pub trait Rereading: Send + Sync + 'static {
    /// Reads a message as if it had been sent again. A repeat of what was taken meanwhile is taken too.
    async fn read_again(&self, message: &QuarantinedMessage) -> Result<Reread, NotRead>;

    /// The record that a message speaks of, where its door can read so far; nothing is changed.
    fn record_of(&self, message: &QuarantinedMessage) -> Option<SourceRecord>;
}

/// Says what does not work, in words; nothing where all is well.
pub type NotReady = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// A consumer whose progress is told and whose parked events are worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsumerRole {
    /// Its role.
    pub role: &'static str,
    /// Streams that it reads.
    pub streams: &'static [Stream],
}

/// What the services are made of.
#[derive(Clone)]
pub struct Parts {
    /// Log, store, codec, clock.
    pub ground: Ground,
    /// The one exit.
    pub gate: Arc<Gate>,
    /// The register.
    pub snapshot: Arc<SharingSnapshot>,
    /// Knows callers.
    pub callers: CallerCheck,
    /// Randomness for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Every consumer that runs.
    pub roles: Vec<ConsumerRole>,
    /// The doors of kept messages.
    pub rereading: Arc<dyn Rereading>,
    /// What does not work.
    pub not_ready: NotReady,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Parts")
    }
}

/// The services for operators.
#[derive(Debug, Clone)]
pub struct Operations {
    pub(crate) parts: Parts,
    pub(crate) commands: Commands,
}

impl Operations {
    /// Takes over the role of the operators' commands.
    pub async fn start(parts: Parts) -> Result<Self, Error> {
        let commands = Commands::claim(parts.ground.clone(), ROLE).await?;
        Ok(Self { parts, commands })
    }

    /// What is parked.
    pub fn quarantine_service(&self) -> QuarantineServiceServer<impl QuarantineService> {
        QuarantineServiceServer::new(quarantine::Door(self.clone()))
    }

    /// How far everything is.
    pub fn status_service(&self) -> StatusServiceServer<impl StatusService> {
        StatusServiceServer::new(status::Door(self.clone()))
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.parts.ground.clock.as_ref()
    }
}
