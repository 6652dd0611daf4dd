//! The floor of intake: a bare gRPC server that reads the same message, answers a receipt of the same shape with the
//! message's own id, and keeps nothing.

use anyhow::Result;
use proto::intake::v1;
use proto::intake::v1::social_care_intake_service_server::{
    SocialCareIntakeService, SocialCareIntakeServiceServer,
};
use std::net::SocketAddr;
use tonic::{Request, Response, Status, Streaming};

/// Serves until it is ended.
pub(super) async fn run(listen: SocketAddr) -> Result<()> {
    let server = tonic::transport::Server::builder().tcp_nodelay(true);
    Ok(server.clone().add_service(SocialCareIntakeServiceServer::new(Echo)).serve(listen).await?)
}

struct Echo;

#[tonic::async_trait]
impl SocialCareIntakeService for Echo {
    type SubmitExtractStream =
        tokio_stream::Empty<Result<v1::SocialCareIntakeServiceSubmitExtractResponse, Status>>;

    async fn submit_record(
        &self,
        request: Request<v1::SocialCareIntakeServiceSubmitRecordRequest>,
    ) -> Result<Response<v1::SocialCareIntakeServiceSubmitRecordResponse>, Status> {
        let submission = request.into_inner().submission.unwrap_or_default();
        let receipt = v1::Receipt { event_id: submission.message_id, repeat: false, left_out: Vec::new() };
        Ok(Response::new(v1::SocialCareIntakeServiceSubmitRecordResponse { receipt: Some(receipt) }))
    }

    async fn submit_records(
        &self,
        _: Request<Streaming<v1::SocialCareIntakeServiceSubmitRecordsRequest>>,
    ) -> Result<Response<v1::SocialCareIntakeServiceSubmitRecordsResponse>, Status> {
        Err(Status::unimplemented("the floor takes single records only"))
    }

    async fn submit_extract(
        &self,
        _: Request<Streaming<v1::SocialCareIntakeServiceSubmitExtractRequest>>,
    ) -> Result<Response<Self::SubmitExtractStream>, Status> {
        Err(Status::unimplemented("the floor takes single records only"))
    }

    async fn send_heartbeat(
        &self,
        _: Request<v1::SocialCareIntakeServiceSendHeartbeatRequest>,
    ) -> Result<Response<v1::SocialCareIntakeServiceSendHeartbeatResponse>, Status> {
        Err(Status::unimplemented("the floor takes single records only"))
    }
}
