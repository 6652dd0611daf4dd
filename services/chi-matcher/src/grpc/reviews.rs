//! The worklist over gRPC. Every call needs an operator's credential; what shows people is released by the gate.

use crate::Doors;
use crate::desk::Desk;
use crate::handlers::{decide_review, get_review, list_reviews, unlink_record};
use crate::shared::Shared;
use crate::sight::Sight;
use domain::{CredentialKind, Exit, ReasonCode};
use gate::{Gate, OperatorRefused, Showing, Wire};
use policy::{Body, Released};
use proto::matching::v1::review_service_server::ReviewService;
use proto::matching::v1::{
    DecideReviewRequest, DecideReviewResponse, GetReviewRequest, GetReviewResponse, ListReviewsRequest,
    ListReviewsResponse, UnlinkRecordRequest, UnlinkRecordResponse,
};
use std::sync::Arc;
use storage::PersonQuery;
use tonic::{Request, Response, Status};
use transport::{Caller, CallerCheck, Failure};

/// The service.
pub(crate) struct Reviews {
    shared: Arc<Shared>,
    desk: Desk,
    gate: Arc<Gate>,
    callers: CallerCheck,
}

/// Who works on the list.
struct Operator {
    caller: Caller,
    secret: Vec<u8>,
    sight: Sight,
}

impl Reviews {
    pub(crate) fn new(shared: &Arc<Shared>, doors: &Doors) -> Self {
        Self {
            shared: Arc::clone(shared),
            desk: Desk::new(Arc::clone(shared), doors.commands.clone()),
            gate: Arc::clone(&doors.gate),
            callers: doors.callers.clone(),
        }
    }

    fn operator<T>(&self, request: &Request<T>) -> Result<Operator, Failure> {
        let (caller, secret) = super::caller(&self.callers, request, CredentialKind::Operator)?;
        let sight = Sight::of(&self.gate.snapshot().state, &caller.organisation)?;
        Ok(Operator { caller, secret, sight })
    }

    async fn show<B: Body>(
        &self,
        operator: &Operator,
        exit: Exit,
        person: Vec<u8>,
        body: B,
    ) -> Result<Released<B>, Failure> {
        let shown =
            self.gate.disclose_to_operator(&operator.secret, Showing::of(exit, person), |_| body).await;
        shown.map_err(super::gate_failure)?.map_err(refused)
    }

    async fn get(&self, operator: &Operator, id: &str) -> Result<GetReviewResponse, Failure> {
        let (record, page) = {
            let memory = self.shared.read().await?;
            let review = get_review::find(&memory, &operator.sight, id)?;
            (review.record.clone(), get_review::present(&memory, &operator.sight, review))
        };
        let about = self.gate.key().asked(&PersonQuery::Record(record));
        let released = self.show(operator, Exit::Review, about, Wire::of(page)).await?;
        let reference = released.disclosure().to_string();
        Ok(GetReviewResponse { reference, ..released.into_body().into_message() })
    }

    /// Undoes first and tells then: where the telling fails, the same request again tells.
    async fn unlink(
        &self,
        operator: &Operator,
        request: UnlinkRecordRequest,
    ) -> Result<UnlinkRecordResponse, Failure> {
        let wanted = unlink_record::read(&operator.sight, &operator.caller, request)?;
        let undone = unlink_record::handle(&self.desk, &wanted).await?;
        let person = undone.person;
        let now = self.shared.read().await?.matcher().graph().resolve_person(person);
        let key = self.gate.key();
        let shown_to = unlink_record::shown_to(&self.shared.ground, key, &[person, now], undone).await?;
        let answer = UnlinkRecordResponse { event_id: wanted.event_id(), shown_to };
        let released = self.show(operator, Exit::WhoSaw, key.person(person), Wire::of(answer)).await?;
        Ok(released.into_body().into_message())
    }
}

/// The rules that cannot be checked now will be; whoever is not permitted stays so.
fn refused(OperatorRefused(reasons): OperatorRefused) -> Failure {
    let passing = [ReasonCode::SysAudit, ReasonCode::SysPolicy, ReasonCode::SysClock];
    match reasons.first() {
        Some(reason) if !passing.contains(reason) => Failure::Forbidden { reason: reason.as_str() },
        Some(_) | None => Failure::unavailable(),
    }
}

#[tonic::async_trait]
impl ReviewService for Reviews {
    async fn list_reviews(
        &self,
        request: Request<ListReviewsRequest>,
    ) -> Result<Response<ListReviewsResponse>, Status> {
        let operator = self.operator(&request)?;
        let memory = self.shared.read().await?;
        Ok(Response::new(list_reviews::handle(&memory, &operator.sight, request.get_ref())?))
    }

    async fn get_review(
        &self,
        request: Request<GetReviewRequest>,
    ) -> Result<Response<GetReviewResponse>, Status> {
        let operator = self.operator(&request)?;
        Ok(Response::new(self.get(&operator, &request.get_ref().review_id).await?))
    }

    async fn decide_review(
        &self,
        request: Request<DecideReviewRequest>,
    ) -> Result<Response<DecideReviewResponse>, Status> {
        let Operator { caller, sight, .. } = self.operator(&request)?;
        let answer = decide_review::handle(&self.desk, &sight, &caller, request.into_inner()).await?;
        Ok(Response::new(answer))
    }

    async fn unlink_record(
        &self,
        request: Request<UnlinkRecordRequest>,
    ) -> Result<Response<UnlinkRecordResponse>, Status> {
        let operator = self.operator(&request)?;
        Ok(Response::new(self.unlink(&operator, request.into_inner()).await?))
    }
}
