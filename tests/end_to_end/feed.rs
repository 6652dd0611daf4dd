//! Feeds over gRPC: what a case system sends, built piece by piece so that a test can get any piece wrong.

use crate::node::Node;
use domain::{Clock, SystemClock};
use jiff::Timestamp;
use proto::intake::v1::social_care_intake_service_client::SocialCareIntakeServiceClient;
use proto::intake::v1::{self, field_value::Value};
use proto::operations::v1::status_service_client::StatusServiceClient;
use proto::operations::v1::{FeedStatus, GetStatusRequest, GetStatusResponse};
use std::time::{Duration, Instant};
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt;

/// A channel to a node.
pub fn channel(node: &Node) -> Channel {
    Channel::from_shared(format!("http://{}", node.grpc))
        .unwrap()
        .timeout(Duration::from_secs(15))
        .connect_lazy()
}

/// A message with a credential.
pub fn request<T>(message: T, secret: &str) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {secret}").parse().unwrap());
    request
}

/// The council's feed.
#[derive(Clone)]
pub struct Council {
    client: SocialCareIntakeServiceClient<Channel>,
    secret: String,
}

impl Council {
    pub fn of(node: &Node) -> Self {
        Self {
            client: SocialCareIntakeServiceClient::new(channel(node)),
            secret: node.secret("council-feed"),
        }
    }

    pub async fn submit(&self, submission: v1::RecordSubmission) -> Result<v1::Receipt, Status> {
        let message = v1::SocialCareIntakeServiceSubmitRecordRequest { submission: Some(submission) };
        let answer = self.client.clone().submit_record(request(message, &self.secret)).await?;
        Ok(answer.into_inner().receipt.unwrap())
    }

    pub async fn submit_all(
        &self,
        submissions: Vec<v1::RecordSubmission>,
    ) -> Result<Vec<v1::SubmissionOutcome>, Status> {
        let message = |one| v1::SocialCareIntakeServiceSubmitRecordsRequest { submission: Some(one) };
        let stream = tokio_stream::iter(submissions.into_iter().map(message).collect::<Vec<_>>());
        let answer = self.client.clone().submit_records(request(stream, &self.secret)).await?;
        Ok(answer.into_inner().outcomes)
    }
}

/// A submission about a council's record that says nothing yet.
pub fn submission(message_id: &str, local_id: &str) -> v1::RecordSubmission {
    let now = SystemClock.now();
    v1::RecordSubmission {
        message_id: message_id.to_owned(),
        record: Some(v1::SourceRecord {
            authority: world::COUNCIL_AUTHORITY.to_owned(),
            local_id: local_id.to_owned(),
        }),
        version: Some(version(now)),
        occurred_at: Some(proto::timestamp(now)),
        ..v1::RecordSubmission::default()
    }
}

pub fn version(at: Timestamp) -> v1::RecordVersion {
    v1::RecordVersion { version: Some(v1::record_version::Version::SourceTime(proto::timestamp(at))) }
}

/// An item of any kind.
pub fn item(kind: &str, instance: &str, fields: &[(&str, Value)]) -> v1::Item {
    let field = |(name, value): &(&str, Value)| v1::ItemField {
        name: (*name).to_owned(),
        value: Some(v1::FieldValue { value: Some(value.clone()) }),
    };
    v1::Item {
        kind: kind.to_owned(),
        instance: instance.to_owned(),
        as_of: Some(proto::timestamp(SystemClock.now())),
        fields: fields.iter().map(field).collect(),
        ..v1::Item::default()
    }
}

pub fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

pub fn code(words: &str) -> Value {
    Value::Code(v1::Code { system: String::new(), code: words.to_owned(), display: words.to_owned() })
}

/// Care at home that somebody gives.
pub fn care(instance: &str, provider: &str) -> v1::Item {
    item("care_package", instance, &[("service", code("Home care")), ("provider", text(provider))])
}

pub fn name(family: &str, given: &str) -> v1::PersonName {
    v1::PersonName {
        family: family.to_owned(),
        given: vec![given.to_owned()],
        r#use: v1::NameUse::Usual.into(),
        ..v1::PersonName::default()
    }
}

pub fn home(lines: &[&str]) -> v1::Address {
    v1::Address {
        r#use: v1::AddressUse::Home.into(),
        lines: lines.iter().map(|&line| line.to_owned()).collect(),
        ..v1::Address::default()
    }
}

/// The fields that a refusal names, with their rules.
pub fn violations(status: &Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let found = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    found.into_iter().map(|one| (one.field, one.description)).collect()
}

/// How far the node is, as its operator sees it.
pub async fn status(node: &Node) -> GetStatusResponse {
    let mut client = StatusServiceClient::new(channel(node));
    client.get_status(request(GetStatusRequest {}, &node.secret("operator"))).await.unwrap().into_inner()
}

/// One feed of it.
pub async fn ledger(node: &Node, authority: &str) -> FeedStatus {
    let found = status(node).await.feeds.into_iter().find(|feed| feed.authority == authority);
    found.unwrap_or_default()
}

/// Waits until every consumer has read everything.
pub async fn settle(node: &Node) -> GetStatusResponse {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = status(node).await;
        if found.consumers.iter().all(|one| one.offset == one.end_offset) {
            return found;
        }
        assert!(Instant::now() < deadline, "the consumers do not catch up: {:?}", found.consumers);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
