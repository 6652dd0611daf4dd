//! The intake as gRPC sees it, the same for every agency: who calls, what is submitted, what is answered.

use crate::{Door, Error, Feed, FeedRegister, Intake, Receipt, Submission};
use domain::{CredentialKind, FieldViolation};
use proto::intake::v1;
use std::sync::Arc;
use tokio_stream::StreamExt;
use tonic::{Request, Status, Streaming};
use transport::{CallerCheck, Failure};

/// Submissions of one stream that are appended together.
const CHUNK: usize = 64;
/// Most submissions of one stream.
const MOST: u64 = 1_000_000;

/// Answers submissions over gRPC for whichever service offers them.
#[derive(Clone)]
pub struct WireIntake {
    intake: Arc<dyn Intake>,
    callers: CallerCheck,
    feeds: Arc<dyn FeedRegister>,
}

impl std::fmt::Debug for WireIntake {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WireIntake")
    }
}

impl WireIntake {
    /// Over this intake, for callers and feeds of these registers.
    pub fn new(intake: Arc<dyn Intake>, callers: CallerCheck, feeds: Arc<dyn FeedRegister>) -> Self {
        Self { intake, callers, feeds }
    }

    /// The intake itself, for whoever takes more than single submissions.
    pub fn intake(&self) -> &Arc<dyn Intake> {
        &self.intake
    }

    /// The feed that a call speaks for.
    pub fn feed<T>(&self, request: &Request<T>) -> Result<Feed, Failure> {
        let caller = self.callers.grpc(request, CredentialKind::Feed)?;
        self.feeds.feed(&caller, Door::Grpc).ok_or(Failure::Forbidden { reason: "ORG_INACTIVE" })
    }

    /// Takes one submission.
    pub async fn submit(
        &self,
        feed: &Feed,
        submission: Option<v1::RecordSubmission>,
    ) -> Result<v1::Receipt, Status> {
        let submission = submission.ok_or_else(|| Failure::field("submission", "is required"))?;
        let (submission, left_out) = read_submission(submission).map_err(Failure::Invalid)?;
        let receipt = self.intake.submit(feed, submission).await.map_err(failure)?;
        Ok(wire_receipt(receipt, &left_out))
    }

    /// Takes a stream of submissions; the rest goes on when one is refused.
    pub async fn submit_stream<R: Send + 'static>(
        &self,
        feed: &Feed,
        mut stream: Streaming<R>,
        take: impl Fn(R) -> Option<v1::RecordSubmission> + Send,
    ) -> Result<Vec<v1::SubmissionOutcome>, Status> {
        let mut outcomes = Vec::new();
        let mut waiting = Vec::new();
        let mut index = 0;
        while let Some(message) = stream.next().await {
            if index >= MOST {
                let rule = "has more submissions than one stream may have: send the rest in another";
                return Err(Failure::field("stream", rule).into());
            }
            waiting.push((index, take(message?)));
            index += 1;
            if waiting.len() >= CHUNK {
                outcomes.extend(self.chunk(feed, std::mem::take(&mut waiting)).await?);
            }
        }
        outcomes.extend(self.chunk(feed, waiting).await?);
        Ok(outcomes)
    }

    /// Notes a heartbeat; gives the time of hearing.
    pub async fn heartbeat(
        &self,
        feed: &Feed,
        heartbeat: Option<v1::Heartbeat>,
    ) -> Result<jiff::Timestamp, Status> {
        let heartbeat = heartbeat.ok_or_else(|| Failure::field("heartbeat", "is required"))?;
        let authority = domain::Authority::parse(&heartbeat.authority);
        let authority =
            authority.map_err(|violation| Failure::field("heartbeat.authority", violation.rule))?;
        if !feed.covers(&authority) {
            let rule = "is not an authority of the organisation that this credential is bound to";
            return Err(Failure::field("heartbeat.authority", rule).into());
        }
        let feed = Feed { authorities: vec![authority], ..feed.clone() };
        Ok(self.intake.heartbeat(&feed).await.map_err(failure)?.received_at)
    }

    async fn chunk(
        &self,
        feed: &Feed,
        waiting: Vec<(u64, Option<v1::RecordSubmission>)>,
    ) -> Result<Vec<v1::SubmissionOutcome>, Status> {
        let mut outcomes = Vec::with_capacity(waiting.len());
        let mut ready = Vec::new();
        let mut notes = Vec::new();
        for (index, submission) in waiting {
            let read = submission
                .map_or_else(|| Err(vec![FieldViolation::new("submission", "is required")]), read_submission);
            match read {
                Ok((submission, left_out)) => {
                    notes.push((index, submission.message_id.clone(), left_out));
                    ready.push(submission);
                }
                Err(violations) => outcomes.push(refused(index, String::new(), &violations)),
            }
        }
        let answers = self.intake.submit_all(feed, ready).await;
        for ((index, message_id, left_out), answer) in notes.into_iter().zip(answers) {
            outcomes.push(match answer {
                Ok(receipt) => v1::SubmissionOutcome {
                    message_id,
                    index,
                    outcome: Some(v1::submission_outcome::Outcome::Receipt(wire_receipt(receipt, &left_out))),
                },
                Err(Error::Invalid(violations)) => refused(index, message_id, &violations),
                Err(Error::Conflict { .. }) => refused(index, message_id, &[used_before()]),
                // Not known whether stored: the whole stream is sent again, and repeats are recognised.
                Err(error @ (Error::Unavailable(_) | Error::Full)) => return Err(failure(error).into()),
            });
        }
        outcomes.sort_by_key(|outcome| outcome.index);
        Ok(outcomes)
    }
}

/// Reads a submission: what it says, and the fields that were left out; or every field that breaks a rule.
pub fn read_submission(
    submission: v1::RecordSubmission,
) -> Result<(Submission, Vec<FieldViolation>), Vec<FieldViolation>> {
    let message_id = submission.message_id.clone();
    let read = proto::intake::record_change(submission)?;
    Ok((Submission { message_id, change: read.change }, read.left_out))
}

fn used_before() -> FieldViolation {
    FieldViolation::new("message_id", "was used before for other content")
}

fn refused(index: u64, message_id: String, violations: &[FieldViolation]) -> v1::SubmissionOutcome {
    let refusal = v1::Refusal { violations: wire_violations(violations) };
    let outcome = Some(v1::submission_outcome::Outcome::Refusal(refusal));
    v1::SubmissionOutcome { message_id, index, outcome }
}

fn wire_receipt(receipt: Receipt, left_out: &[FieldViolation]) -> v1::Receipt {
    v1::Receipt {
        event_id: receipt.event_id.to_string(),
        repeat: receipt.repeat,
        left_out: wire_violations(left_out),
    }
}

/// Violations as an answer carries them.
pub fn wire_violations(violations: &[FieldViolation]) -> Vec<v1::FieldViolation> {
    let wire = |one: &FieldViolation| v1::FieldViolation { field: one.field.clone(), rule: one.rule.clone() };
    violations.iter().map(wire).collect()
}

/// An intake error as every edge tells it.
pub fn failure(error: Error) -> Failure {
    match error {
        Error::Invalid(violations) => Failure::Invalid(violations),
        Error::Conflict { .. } => {
            Failure::Conflict { rule: "the message id was used before for other content".to_owned() }
        }
        Error::Unavailable(_) | Error::Full => Failure::unavailable(),
    }
}
