//! The gRPC door of social care: decode, call the intake, answer.

use crate::handlers::take_extract::{Taking, take_extract};
use crate::known::{KnownRecords, ReadModelRecords};
use event_log::EventLog;
use intake::{Door as Through, Feed, WireIntake};
use proto::intake::v1::social_care_intake_service_server::{
    SocialCareIntakeService, SocialCareIntakeServiceServer,
};
use proto::intake::v1::{
    SocialCareIntakeServiceSendHeartbeatRequest as HeartbeatRequest,
    SocialCareIntakeServiceSendHeartbeatResponse as HeartbeatResponse,
    SocialCareIntakeServiceSubmitExtractRequest as ExtractRequest,
    SocialCareIntakeServiceSubmitExtractResponse as ExtractResponse,
    SocialCareIntakeServiceSubmitRecordRequest as SubmitRequest,
    SocialCareIntakeServiceSubmitRecordResponse as SubmitResponse,
    SocialCareIntakeServiceSubmitRecordsRequest as StreamRequest,
    SocialCareIntakeServiceSubmitRecordsResponse as StreamResponse,
};
use std::sync::Arc;
use storage::Store;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

/// Answers that wait to be sent.
const WAITING: usize = 64;

/// What extracts are compared with.
#[derive(Clone)]
pub struct ExtractGround {
    /// The read model.
    pub store: Arc<dyn Store>,
    /// The log, to know whether the read model has everything.
    pub log: Arc<dyn EventLog>,
    /// Largest share of known records, in percent, that a full extract may remove without asking.
    pub removal_stop_percent: u8,
}

impl std::fmt::Debug for ExtractGround {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ExtractGround")
    }
}

/// The service over an intake; frames of more than `most_bytes` are refused.
pub fn service(
    intake: WireIntake,
    ground: ExtractGround,
    most_bytes: usize,
) -> SocialCareIntakeServiceServer<impl SocialCareIntakeService> {
    let ExtractGround { store, log, removal_stop_percent } = ground;
    let known = Arc::new(ReadModelRecords { store, log });
    SocialCareIntakeServiceServer::new(Door { intake, known, removal_stop_percent })
        .max_decoding_message_size(most_bytes)
}

struct Door {
    intake: WireIntake,
    known: Arc<dyn KnownRecords>,
    removal_stop_percent: u8,
}

#[tonic::async_trait]
impl SocialCareIntakeService for Door {
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

    type SubmitExtractStream = ReceiverStream<Result<ExtractResponse, Status>>;

    async fn submit_extract(
        &self,
        request: Request<Streaming<ExtractRequest>>,
    ) -> Result<Response<Self::SubmitExtractStream>, Status> {
        let feed = Feed { door: Through::Csv, ..self.intake.feed(&request)? };
        let (answers, waiting) = mpsc::channel(WAITING);
        let (intake, known) = (Arc::clone(self.intake.intake()), Arc::clone(&self.known));
        let stop_percent = self.removal_stop_percent;
        tokio::spawn(async move {
            let taking =
                Taking { intake: intake.as_ref(), known: known.as_ref(), feed, stop_percent, answers };
            take_extract(taking, request.into_inner()).await;
        });
        Ok(Response::new(ReceiverStream::new(waiting)))
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
