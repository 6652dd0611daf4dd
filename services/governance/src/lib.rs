//! Governance: organisations, posts, agreements and directives, changed by commands and kept as events.
//!
//! A command is checked against the register as it stands, submitted as an event of the sharing stream, and answered
//! once the policy snapshot has folded it, so that whoever asks next is decided on it. Nothing here decides who sees
//! what: the crate `policy` does, on what these events say. Emergency access is declared from the panel, not here.

mod desk;
pub mod documents;
mod grpc;
mod history;
mod page;
mod rights;
mod rules;
mod standing;
#[cfg(test)]
mod tests;

pub use desk::EventDoor;

use desk::Desk;
use domain::Clock;
use event_codec::Codec;
use event_log::EventLog;
use gate::SharingSnapshot;
use grpc::Door;
use proto::governance::v1::agreement_service_server::{AgreementService, AgreementServiceServer};
use proto::governance::v1::directive_service_server::{DirectiveService, DirectiveServiceServer};
use proto::governance::v1::organisation_service_server::{OrganisationService, OrganisationServiceServer};
use proto::governance::v1::position_service_server::{PositionService, PositionServiceServer};
use std::sync::Arc;
use transport::CallerCheck;

/// The name under which governance claims its outbox.
pub const ROLE: &str = "governance";

/// Largest message that a service reads, in bytes. An agreement with every kind on many flows stays far below it.
const MOST_BYTES: usize = 1024 * 1024;

/// What governance stands on.
pub struct GovernanceParts {
    /// The log that the snapshot follows.
    pub log: Arc<dyn EventLog>,
    /// Opens what was carried out before, to tell a repeat from another command.
    pub codec: Codec,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The way into the log: `pipeline::Commands`, claimed for [`ROLE`].
    pub events: Arc<dyn EventDoor>,
    /// The snapshot, kept up by [`SharingSnapshot::follow`]: a command is answered once the snapshot has it.
    pub snapshot: Arc<SharingSnapshot>,
    /// Who may call.
    pub callers: CallerCheck,
}

impl std::fmt::Debug for GovernanceParts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("GovernanceParts")
    }
}

/// The services of governance, over one desk: commands are carried out one after the other.
#[derive(Debug, Clone)]
pub struct Governance {
    door: Door,
}

impl Governance {
    /// Governance over these parts.
    pub fn new(parts: GovernanceParts) -> Self {
        let callers = parts.callers.clone();
        Self { door: Door { desk: Arc::new(Desk::new(parts)), callers } }
    }

    /// The register of organisations.
    pub fn organisation_service(&self) -> OrganisationServiceServer<impl OrganisationService> {
        OrganisationServiceServer::new(self.door.clone()).max_decoding_message_size(MOST_BYTES)
    }

    /// Posts, role maps and training.
    pub fn position_service(&self) -> PositionServiceServer<impl PositionService> {
        PositionServiceServer::new(self.door.clone()).max_decoding_message_size(MOST_BYTES)
    }

    /// Agreements.
    pub fn agreement_service(&self) -> AgreementServiceServer<impl AgreementService> {
        AgreementServiceServer::new(self.door.clone()).max_decoding_message_size(MOST_BYTES)
    }

    /// Directives on records.
    pub fn directive_service(&self) -> DirectiveServiceServer<impl DirectiveService> {
        DirectiveServiceServer::new(self.door.clone()).max_decoding_message_size(MOST_BYTES)
    }
}
