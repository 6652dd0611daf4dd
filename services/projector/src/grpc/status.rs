//! How far everything is, and what would be decided, over gRPC.

use super::released;
use crate::Operations;
use crate::handlers::{explain_decision, get_status};
use proto::operations::v1::status_service_server::StatusService;
use proto::operations::v1::{
    ExplainDecisionRequest, ExplainDecisionResponse, GetStatusRequest, GetStatusResponse,
};
use tonic::{Request, Response, Status};

/// The service.
pub(crate) struct Door(pub(crate) Operations);

#[tonic::async_trait]
impl StatusService for Door {
    async fn get_status(
        &self,
        request: Request<GetStatusRequest>,
    ) -> Result<Response<GetStatusResponse>, Status> {
        self.0.operator(&request)?;
        Ok(Response::new(get_status::handle(&self.0).await?))
    }

    async fn explain_decision(
        &self,
        request: Request<ExplainDecisionRequest>,
    ) -> Result<Response<ExplainDecisionResponse>, Status> {
        let operator = self.0.operator(&request)?;
        let question = explain_decision::read(&self.0, &operator.sight, request.into_inner())?;
        let make = |policy: &policy::Policy, request: &domain::Request, decision: &policy::Decision| {
            explain_decision::present(policy, request, decision, question.kind)
        };
        let gate = &self.0.parts.gate;
        let explained = gate.explain_to_operator(&operator.secret, &question.ask, question.at, make).await;
        let released = released(explained)?;
        let reference = released.disclosure().to_string();
        let message = released.into_body().into_message();
        Ok(Response::new(ExplainDecisionResponse { reference, ..message }))
    }
}
