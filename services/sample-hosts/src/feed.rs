//! The two feeds: the council's by gRPC, the board's by HL7 v2 over MLLP and, for what ADT does not carry, by gRPC.

use crate::wire::{self, timestamp};
use crate::{Acknowledgement, Error, MllpClient, Settings};
use jiff::Timestamp;
use proto::intake::v1;
use proto::intake::v1::clinical_intake_service_client::ClinicalIntakeServiceClient;
use proto::intake::v1::social_care_intake_service_client::SocialCareIntakeServiceClient;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};

const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// A channel to Yett that shows a credential with every call.
pub(crate) type CredentialedChannel = InterceptedService<Channel, Bearer>;

/// Puts the credential into every call.
#[derive(Clone)]
pub(crate) struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: tonic::Request<()>) -> Result<tonic::Request<()>, tonic::Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// A channel that connects when it is first used. Streams have no end, so a timeout is set call by call.
pub(crate) fn channel(
    settings: &Settings,
    secret: &str,
    what: &'static str,
) -> Result<CredentialedChannel, Error> {
    let endpoint =
        Endpoint::from_shared(format!("http://{}", settings.yett_grpc)).map_err(|_| Error::Address)?;
    let endpoint = endpoint
        .connect_timeout(Duration::from_secs(5))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_while_idle(true);
    let value = format!("Bearer {}", secret.trim()).parse().map_err(|_| Error::Credential(what))?;
    Ok(InterceptedService::new(endpoint.connect_lazy(), Bearer(value)))
}

pub(crate) fn timed<T>(message: T) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.set_timeout(CALL_TIMEOUT);
    request
}

/// Ids of messages: those of one start of the hosts never meet those of another.
#[derive(Debug)]
pub(crate) struct MessageIds {
    start: String,
    next: AtomicU64,
}

impl MessageIds {
    pub(crate) fn new(name: &str, started: Timestamp) -> Self {
        Self { start: format!("{name}-{}", started.as_microsecond()), next: AtomicU64::new(1) }
    }

    pub(crate) fn next(&self) -> String {
        format!("{}-{}", self.start, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// The council's feed.
#[derive(Clone)]
pub(crate) struct CouncilFeed(SocialCareIntakeServiceClient<CredentialedChannel>);

impl CouncilFeed {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let channel = channel(settings, &settings.council_credentials.feed, "council's feed")?;
        Ok(Self(SocialCareIntakeServiceClient::new(channel)))
    }

    /// Sends one submission; answers its receipt.
    pub(crate) async fn submit(&self, submission: v1::RecordSubmission) -> Result<v1::Receipt, Error> {
        let request = v1::SocialCareIntakeServiceSubmitRecordRequest { submission: Some(submission) };
        let response = self.0.clone().submit_record(timed(request)).await?;
        Ok(response.into_inner().receipt.unwrap_or_default())
    }

    pub(crate) async fn heartbeat(&self, at: Timestamp) -> Result<(), Error> {
        let heartbeat = heartbeat(world::COUNCIL_AUTHORITY, at);
        let request = v1::SocialCareIntakeServiceSendHeartbeatRequest { heartbeat: Some(heartbeat) };
        self.0.clone().send_heartbeat(timed(request)).await?;
        Ok(())
    }
}

/// The board's feed.
#[derive(Clone)]
pub(crate) struct BoardFeed {
    clinical: ClinicalIntakeServiceClient<CredentialedChannel>,
    mllp: std::sync::Arc<MllpClient>,
}

impl BoardFeed {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let channel = channel(settings, &settings.portal_credentials.feed, "board's feed")?;
        Ok(Self {
            clinical: ClinicalIntakeServiceClient::new(channel),
            mllp: std::sync::Arc::new(MllpClient::new(settings.yett_mllp)),
        })
    }

    /// The same feed with a connection of its own.
    pub(crate) fn beside(&self, settings: &Settings) -> Self {
        let mllp = std::sync::Arc::new(MllpClient::new(settings.yett_mllp));
        Self { clinical: self.clinical.clone(), mllp }
    }

    /// Sends one HL7 v2 message.
    pub(crate) async fn send(&self, message: &str) -> Result<Acknowledgement, Error> {
        self.mllp.send(message).await
    }

    /// Sends items of one record.
    pub(crate) async fn items(
        &self,
        id: (String, Timestamp),
        local_id: &str,
        items: &[domain::DataItem],
    ) -> Result<v1::Receipt, Error> {
        let mut submission = wire::submission(id.0, world::HEALTH_AUTHORITY, local_id, id.1);
        submission.upserts = items.iter().map(wire::item).collect();
        let request = v1::ClinicalIntakeServiceSubmitRecordRequest { submission: Some(submission) };
        let response = self.clinical.clone().submit_record(timed(request)).await?;
        Ok(response.into_inner().receipt.unwrap_or_default())
    }

    pub(crate) async fn heartbeat(&self, at: Timestamp) -> Result<(), Error> {
        let heartbeat = heartbeat(world::HEALTH_AUTHORITY, at);
        let request = v1::ClinicalIntakeServiceSendHeartbeatRequest { heartbeat: Some(heartbeat) };
        self.clinical.clone().send_heartbeat(timed(request)).await?;
        Ok(())
    }
}

fn heartbeat(authority: &str, at: Timestamp) -> v1::Heartbeat {
    v1::Heartbeat { authority: authority.to_owned(), sent_at: Some(timestamp(at)) }
}
