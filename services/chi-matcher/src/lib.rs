//! Consumes demographics, emits link events, offers the clerical review worklist, and sends CHI numbers back.
//!
//! One decider: its consumer ([`Decider`]) and the commands of people share one memory and one outbox, so that the log
//! gets all decisions in the order in which they were made. Whose record is whose is decided in the crate `matching`;
//! here stands what keeps it fed, durable and answerable. It knows nothing of panels or adapters.

mod consumer;
mod desk;
mod grpc;
mod handlers;
mod memory;
mod rebuild;
mod shared;
mod sight;
#[cfg(test)]
mod tests;

pub use consumer::{Decider, ROLE};

use domain::{Authority, Entropy};
use gate::Gate;
use matching::{Cohort, CohortSwitches};
use pipeline::{Commands, Ground};
use proto::matching::v1::assignment_service_server::{AssignmentService, AssignmentServiceServer};
use proto::matching::v1::review_service_server::{ReviewService, ReviewServiceServer};
use shared::Shared;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use transport::CallerCheck;

/// What a site configures.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Authority of the index: its records stand for persons.
    pub index_authority: Authority,
    /// Link adults by machine.
    pub adults: bool,
    /// Link children by machine.
    pub children: bool,
    /// Wait between two tries of an assignment that nobody answered.
    pub assignment_retry: Duration,
}

impl Settings {
    fn for_matching(&self) -> matching::Settings {
        let adults = [Cohort::Adult, Cohort::NoFixedAddress].into_iter().filter(|_| self.adults);
        let children = [Cohort::Child, Cohort::LookedAfter].into_iter().filter(|_| self.children);
        matching::Settings {
            index_authorities: BTreeSet::from([self.index_authority.clone()]),
            switches: CohortSwitches { on: adults.chain(children).collect() },
        }
    }
}

/// What the services stand on beside the decider.
#[derive(Clone)]
pub struct Doors {
    /// What shows a person goes through it.
    pub gate: Arc<Gate>,
    /// Knows callers.
    pub callers: CallerCheck,
    /// The command door of the decider's own consumer: [`pipeline::Consumer::commands`], and no other.
    pub commands: Commands,
    /// Randomness for session ids.
    pub entropy: Arc<dyn Entropy>,
    /// Ends open streams.
    pub stop: CancellationToken,
}

impl std::fmt::Debug for Doors {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Doors")
    }
}

/// The service. Claim its [`Decider`] as a consumer first, then offer the services with that consumer's commands.
#[derive(Debug, Clone)]
pub struct ChiMatcher {
    shared: Arc<Shared>,
}

impl ChiMatcher {
    /// A matcher that knows nobody until its consumer runs.
    pub fn new(settings: Settings, ground: Ground) -> Self {
        Self { shared: Arc::new(Shared::new(settings, ground)) }
    }

    /// The handler of its consumer.
    pub fn decider(&self) -> Decider {
        Decider::new(Arc::clone(&self.shared))
    }

    /// The worklist.
    pub fn review_service(&self, doors: &Doors) -> ReviewServiceServer<impl ReviewService + use<>> {
        ReviewServiceServer::new(grpc::reviews::Reviews::new(&self.shared, doors))
    }

    /// CHI numbers sent back.
    pub fn assignment_service(
        &self,
        doors: &Doors,
    ) -> AssignmentServiceServer<impl AssignmentService + use<>> {
        AssignmentServiceServer::new(grpc::assignments::Assignments::new(&self.shared, doors))
    }
}
