//! Directives on the wire.

use super::{Door, code, event_id, instant, read};
use crate::desk::Command;
use domain::{DirectiveId, SharingEvent};
use proto::governance as wire;
use proto::governance::v1::directive_service_server::DirectiveService;
use proto::governance::v1::{
    LiftDirectiveRequest, LiftDirectiveResponse, SetDirectiveRequest, SetDirectiveResponse,
};
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl DirectiveService for Door {
    async fn set_directive(
        &self,
        request: Request<SetDirectiveRequest>,
    ) -> Result<Response<SetDirectiveResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        // From the request, so that a repeat of the request chooses the same one.
        let chosen = event_codec::directive_id(&caller.organisation, &id.to_string());
        let directive = read("directive", asked.directive, |directive, field| {
            wire::new_directive(directive, field, chosen)
        })?;
        let directive_id = directive.id.to_string();
        let event = SharingEvent::DirectiveSet(directive);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(SetDirectiveResponse { event_id: done.id.to_string(), directive_id }))
    }

    async fn lift_directive(
        &self,
        request: Request<LiftDirectiveRequest>,
    ) -> Result<Response<LiftDirectiveResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let directive = code("directive_id", &asked.directive_id, DirectiveId::parse)?;
        let told = instant("at", asked.at.map(|at| (at.seconds, at.nanos)))?;
        let event = SharingEvent::DirectiveLifted { directive, at: told.unwrap_or_else(|| self.now()) };
        let command = Command { caller, id, event, told_when: told.is_some() };
        let done = self.desk.carry_out(command).await?;
        Ok(Response::new(LiftDirectiveResponse { event_id: done.id.to_string() }))
    }
}
