//! Assignments over gRPC. Every call needs a feed's credential, and is about records of the caller's own organisation.

use crate::Doors;
use crate::desk::Desk;
use crate::handlers::confirm_assignment;
use crate::handlers::offer_assignment::Offering;
use crate::handlers::watch_assignments::{Watch, run};
use crate::shared::Shared;
use crate::sight::authorities_of;
use domain::{Authority, CredentialKind};
use proto::matching::v1::assignment_service_server::AssignmentService;
use proto::matching::v1::{
    ConfirmAssignmentRequest, ConfirmAssignmentResponse, WatchAssignmentsRequest, WatchAssignmentsResponse,
};
use std::sync::Arc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};
use transport::{Caller, CallerCheck, Failure};

/// Entries that wait for a slow reader. More are not made before it has read.
const WAITING: usize = 16;

/// The service.
pub(crate) struct Assignments {
    shared: Arc<Shared>,
    desk: Desk,
    offering: Offering,
    callers: CallerCheck,
    stop: CancellationToken,
}

impl Assignments {
    pub(crate) fn new(shared: &Arc<Shared>, doors: &Doors) -> Self {
        Self {
            shared: Arc::clone(shared),
            desk: Desk::new(Arc::clone(shared), doors.commands.clone()),
            offering: Offering {
                gate: Arc::clone(&doors.gate),
                store: Arc::clone(&shared.ground.store),
                entropy: Arc::clone(&doors.entropy),
            },
            callers: doors.callers.clone(),
            stop: doors.stop.clone(),
        }
    }

    /// The source systems that the caller's organisation controls.
    fn authorities(&self, caller: &Caller) -> Result<Vec<Authority>, Failure> {
        let snapshot = self.offering.gate.snapshot();
        if !snapshot.state.organisation(&caller.organisation).is_some_and(|one| one.active) {
            return Err(Failure::Forbidden { reason: "ORG_INACTIVE" });
        }
        Ok(authorities_of(&snapshot.state, &caller.organisation))
    }
}

/// The authorities asked for: all that are the caller's, or one of them.
fn asked_for(own: Vec<Authority>, asked: &str) -> Result<Vec<Authority>, Failure> {
    if asked.is_empty() {
        return Ok(own);
    }
    let asked = Authority::parse(asked).map_err(|violation| Failure::field("authority", violation.rule))?;
    if own.contains(&asked) {
        Ok(vec![asked])
    } else {
        Err(Failure::Forbidden { reason: "AUTHORITY_OF_ANOTHER" })
    }
}

#[tonic::async_trait]
impl AssignmentService for Assignments {
    type WatchAssignmentsStream = ReceiverStream<Result<WatchAssignmentsResponse, Status>>;

    async fn watch_assignments(
        &self,
        request: Request<WatchAssignmentsRequest>,
    ) -> Result<Response<Self::WatchAssignmentsStream>, Status> {
        let (caller, secret) = super::caller(&self.callers, &request, CredentialKind::Feed)?;
        let authorities = asked_for(self.authorities(&caller)?, &request.get_ref().authority)?;
        let (out, entries) = tokio::sync::mpsc::channel(WAITING);
        let watch = Watch {
            shared: Arc::clone(&self.shared),
            offering: self.offering.clone(),
            caller,
            secret,
            authorities,
            out,
        };
        tokio::spawn(run(watch, self.stop.child_token()));
        Ok(Response::new(ReceiverStream::new(entries)))
    }

    async fn confirm_assignment(
        &self,
        request: Request<ConfirmAssignmentRequest>,
    ) -> Result<Response<ConfirmAssignmentResponse>, Status> {
        let (caller, _) = super::caller(&self.callers, &request, CredentialKind::Feed)?;
        let authorities = self.authorities(&caller)?;
        let whose = (&caller, authorities.as_slice());
        let answer =
            confirm_assignment::handle(&self.desk, &self.shared, whose, request.into_inner()).await?;
        Ok(Response::new(answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_authorities_can_be_asked_for() {
        let own = || vec![Authority::parse("case-system").unwrap(), Authority::parse("archive").unwrap()];
        assert_eq!(asked_for(own(), "").unwrap(), own());
        assert_eq!(asked_for(own(), "archive").unwrap(), own().split_off(1));
        assert!(matches!(asked_for(own(), "board"), Err(Failure::Forbidden { .. })));
        assert!(matches!(asked_for(own(), "no such"), Err(Failure::Invalid(_))));
    }
}
