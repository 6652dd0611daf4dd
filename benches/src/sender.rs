//! A publisher: one gRPC connection to the door of a feed, one message at a time, every receipt checked.

use crate::answer::Receipts;
use anyhow::{Context, Result, anyhow};
use proto::intake::v1;
use proto::intake::v1::clinical_intake_service_client::ClinicalIntakeServiceClient;
use proto::intake::v1::social_care_intake_service_client::SocialCareIntakeServiceClient;
use std::net::SocketAddr;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};

/// One publisher of the council.
#[derive(Clone)]
pub(crate) struct Publisher {
    client: SocialCareIntakeServiceClient<Channel>,
    bearer: MetadataValue<Ascii>,
}

impl Publisher {
    /// Connects.
    pub(crate) async fn connect(to: SocketAddr, secret: &str) -> Result<Self> {
        let client = SocialCareIntakeServiceClient::new(channel(to).await?);
        Ok(Self { client, bearer: bearer(secret)? })
    }

    /// Sends one message; answers its receipt.
    pub(crate) async fn send(&mut self, submission: v1::RecordSubmission) -> Result<v1::Receipt> {
        let message = v1::SocialCareIntakeServiceSubmitRecordRequest { submission: Some(submission) };
        let answer = self.client.submit_record(request(message, &self.bearer)).await.map_err(said)?;
        answer.into_inner().receipt.context("an answer has no receipt")
    }
}

/// Registers people with the board.
pub(crate) async fn register(to: SocketAddr, secret: &str, people: Vec<v1::RecordSubmission>) -> Result<()> {
    let (mut client, bearer) = (ClinicalIntakeServiceClient::new(channel(to).await?), bearer(secret)?);
    let mut receipts = Receipts::default();
    for submission in people {
        let message = v1::ClinicalIntakeServiceSubmitRecordRequest { submission: Some(submission) };
        let answer = client.submit_record(request(message, &bearer)).await.map_err(said)?;
        receipts.new_one(&answer.into_inner().receipt.context("an answer has no receipt")?)?;
    }
    Ok(())
}

/// A connection of its own.
pub(crate) async fn channel(to: SocketAddr) -> Result<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{to}"))?.tcp_nodelay(true);
    endpoint.connect().await.with_context(|| format!("{to} takes no gRPC connection"))
}

/// A credential as calls carry it.
pub(crate) fn bearer(secret: &str) -> Result<MetadataValue<Ascii>> {
    format!("Bearer {secret}").parse().map_err(|_| anyhow!("a credential holds what a header cannot carry"))
}

/// A call with its credential.
pub(crate) fn request<T>(message: T, bearer: &MetadataValue<Ascii>) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("authorization", bearer.clone());
    request
}

/// A refusal in words.
pub(crate) fn said(status: tonic::Status) -> anyhow::Error {
    anyhow!("refused: {} ({:?})", status.message(), status.code())
}
