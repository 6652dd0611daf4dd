//! The gRPC door of clinical systems: decode, call the intake, answer.

use intake::WireIntake;
use proto::intake::v1::clinical_intake_service_server::{ClinicalIntakeService, ClinicalIntakeServiceServer};
use proto::intake::v1::{
    ClinicalIntakeServiceSendHeartbeatRequest as HeartbeatRequest,
    ClinicalIntakeServiceSendHeartbeatResponse as HeartbeatResponse,
    ClinicalIntakeServiceSubmitRecordRequest as SubmitRequest,
    ClinicalIntakeServiceSubmitRecordResponse as SubmitResponse,
    ClinicalIntakeServiceSubmitRecordsRequest as StreamRequest,
    ClinicalIntakeServiceSubmitRecordsResponse as StreamResponse,
};
use tonic::{Request, Response, Status, Streaming};

/// The service over an intake; frames of more than `most_bytes` are refused.
pub fn service(
    intake: WireIntake,
    most_bytes: usize,
) -> ClinicalIntakeServiceServer<impl ClinicalIntakeService> {
    ClinicalIntakeServiceServer::new(Door { intake }).max_decoding_message_size(most_bytes)
}

struct Door {
    intake: WireIntake,
}

#[tonic::async_trait]
impl ClinicalIntakeService for Door {
    async fn submit_record(
        &self,
        request: Request<SubmitRequest>,
    ) -> Result<Response<SubmitResponse>, Status> {
        let feed = self.intake.feed(&request)?;
        let receipt = self.intake.submit(&feed, request.into_inner().submission).await?;
        Ok(Response::new(SubmitResponse { receipt: Some(receipt) }))
    }

    async fn submit_records(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        let feed = self.intake.feed(&request)?;
        let outcomes = self.intake.submit_stream(&feed, request.into_inner(), |one| one.submission).await?;
        Ok(Response::new(StreamResponse { outcomes }))
    }

    async fn send_heartbeat(
        &self,
        request: Request<HeartbeatRequest>,
    ) -> Result<Response<HeartbeatResponse>, Status> {
        let feed = self.intake.feed(&request)?;
        let heard_at = self.intake.heartbeat(&feed, request.into_inner().heartbeat).await?;
        Ok(Response::new(HeartbeatResponse { heard_at: Some(proto::timestamp(heard_at)) }))
    }
}
