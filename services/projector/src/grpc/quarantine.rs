//! What is parked, over gRPC.

use super::released;
use crate::Operations;
use crate::handlers::{list_parked, resolve_parked, show_parked};
use domain::{Exit, ParkedOutcome};
use gate::Showing;
use proto::operations::v1::quarantine_service_server::QuarantineService;
use proto::operations::v1::{
    ListParkedRequest, ListParkedResponse, ReplayParkedRequest, ReplayParkedResponse, ShowParkedRequest,
    ShowParkedResponse, SkipParkedRequest, SkipParkedResponse,
};
use tonic::{Request, Response, Status};

/// The service.
pub(crate) struct Door(pub(crate) Operations);

#[tonic::async_trait]
impl QuarantineService for Door {
    async fn list_parked(
        &self,
        request: Request<ListParkedRequest>,
    ) -> Result<Response<ListParkedResponse>, Status> {
        let operator = self.0.operator(&request)?;
        Ok(Response::new(list_parked::handle(&self.0, &operator.sight, request.into_inner()).await?))
    }

    async fn show_parked(
        &self,
        request: Request<ShowParkedRequest>,
    ) -> Result<Response<ShowParkedResponse>, Status> {
        let operator = self.0.operator(&request)?;
        let found = show_parked::find(&self.0, &operator.sight, request.into_inner()).await?;
        let showing = Showing::of(Exit::ParkedShow, found.person).because(found.reason);
        let shown = self.0.parts.gate.disclose_to_operator(&operator.secret, showing, |_| found.body).await;
        let released = released(shown)?;
        let reference = released.disclosure().to_string();
        let message = released.into_body().into_message();
        Ok(Response::new(ShowParkedResponse { reference, ..message }))
    }

    async fn replay_parked(
        &self,
        request: Request<ReplayParkedRequest>,
    ) -> Result<Response<ReplayParkedResponse>, Status> {
        let operator = self.0.operator(&request)?;
        let ReplayParkedRequest { request_id, event_id, reason } = request.into_inner();
        let command = resolve_parked::read(ParkedOutcome::Replayed, &request_id, &event_id, reason)?;
        let event = resolve_parked::handle(&self.0, &operator, command).await?;
        Ok(Response::new(ReplayParkedResponse { event_id: event.to_string() }))
    }

    async fn skip_parked(
        &self,
        request: Request<SkipParkedRequest>,
    ) -> Result<Response<SkipParkedResponse>, Status> {
        let operator = self.0.operator(&request)?;
        let SkipParkedRequest { request_id, event_id, reason } = request.into_inner();
        let command = resolve_parked::read(ParkedOutcome::Skipped, &request_id, &event_id, reason)?;
        let event = resolve_parked::handle(&self.0, &operator, command).await?;
        Ok(Response::new(SkipParkedResponse { event_id: event.to_string() }))
    }
}
