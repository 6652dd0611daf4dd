//! Posts, role maps and training on the wire.

use super::{Door, code, event_id, instant, read};
use crate::desk::Command;
use domain::{PositionId, SharingEvent};
use proto::governance as wire;
use proto::governance::v1::position_service_server::PositionService;
use proto::governance::v1::{
    AssignPositionRequest, AssignPositionResponse, EndPositionRequest, EndPositionResponse, MapRoleRequest,
    MapRoleResponse, RecordTrainingRequest, RecordTrainingResponse,
};
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl PositionService for Door {
    async fn assign_position(
        &self,
        request: Request<AssignPositionRequest>,
    ) -> Result<Response<AssignPositionResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let event = SharingEvent::PositionAssigned(read("position", asked.position, wire::position)?);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(AssignPositionResponse { event_id: done.id.to_string() }))
    }

    async fn end_position(
        &self,
        request: Request<EndPositionRequest>,
    ) -> Result<Response<EndPositionResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let position = code("position", &asked.position, PositionId::parse)?;
        let told = instant("at", asked.at.map(|at| (at.seconds, at.nanos)))?;
        let event = SharingEvent::PositionEnded { position, at: told.unwrap_or_else(|| self.now()) };
        let command = Command { caller, id, event, told_when: told.is_some() };
        let done = self.desk.carry_out(command).await?;
        Ok(Response::new(EndPositionResponse { event_id: done.id.to_string() }))
    }

    async fn map_role(&self, request: Request<MapRoleRequest>) -> Result<Response<MapRoleResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let event = SharingEvent::RoleMapped(read("mapping", asked.mapping, wire::role_mapping)?);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(MapRoleResponse { event_id: done.id.to_string() }))
    }

    async fn record_training(
        &self,
        request: Request<RecordTrainingRequest>,
    ) -> Result<Response<RecordTrainingResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let event = SharingEvent::TrainingRecorded(read("training", asked.training, wire::training)?);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(RecordTrainingResponse { event_id: done.id.to_string() }))
    }
}
