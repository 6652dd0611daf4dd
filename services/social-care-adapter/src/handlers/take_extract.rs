//! Takes one extract: compares it with what is known, stores what differs, removes who is missing from a full one.
//!
//! Before anything is stored it is known how many would be removed: a file that was cut off must not empty the system.

use crate::compare::says_nothing_new;
use crate::known::{KnownRecords, NotKnown};
use domain::{
    Authority, FieldViolation, LocalIdentifier, RecordChange, RecordKey, RecordVersion, SourceRecord,
};
use intake::{Feed, Intake, Submission, failure, read_submission, wire_violations};
use jiff::Timestamp;
use proto::intake::v1;
use proto::intake::v1::{
    SocialCareIntakeServiceSubmitExtractRequest as Part,
    SocialCareIntakeServiceSubmitExtractResponse as Answer,
    social_care_intake_service_submit_extract_request::Part as Is,
    social_care_intake_service_submit_extract_response::Answer as Says,
};
use std::collections::HashSet;
use tokio::sync::mpsc;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;
use transport::Failure;

/// Rows that are compared and appended together.
const CHUNK: usize = 64;
/// Most rows of one extract.
const MOST: u64 = 5_000_000;
/// Most identifiers in one message.
const MOST_PRESENT: usize = 1000;

/// What an extract says of itself.
struct Header {
    authority: Authority,
    as_of: Timestamp,
    sent: v1::ExtractHeader,
}

/// One extract on its way in.
pub(crate) struct Taking<'a> {
    pub(crate) intake: &'a dyn Intake,
    pub(crate) known: &'a dyn KnownRecords,
    pub(crate) feed: Feed,
    pub(crate) stop_percent: u8,
    pub(crate) answers: mpsc::Sender<Result<Answer, Status>>,
}

/// What is known while it comes in.
#[derive(Default)]
struct Course {
    present: HashSet<RecordKey>,
    missing: Vec<SourceRecord>,
    seen: HashSet<RecordKey>,
    summary: v1::ExtractSummary,
    rows: u64,
}

/// Nobody listens to the answers any more.
struct Gone;

/// Why it went no further.
enum Ended {
    Gone,
    Failed(Status),
}

impl From<Gone> for Ended {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl<F: Into<Status>> From<F> for Ended {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

/// Takes an extract to its end, or to the first thing that stops it; what was stored by then stays.
pub(crate) async fn take_extract(
    taking: Taking<'_>,
    parts: impl Stream<Item = Result<Part, Status>> + Unpin + Send,
) {
    if let Err(Ended::Failed(status)) = taking.run(parts).await {
        // Nobody may be left to hear it.
        taking.answers.send(Err(status)).await.ok();
    }
}

impl Taking<'_> {
    async fn run(
        &self,
        mut parts: impl Stream<Item = Result<Part, Status>> + Unpin + Send,
    ) -> Result<(), Ended> {
        let first = parts.next().await.transpose()?.and_then(|part| part.part);
        let header = self.header(first)?;
        self.known.catch_up().await.map_err(unavailable)?;
        let mut course = Course::default();
        let mut next = self.presences(&mut parts, &header, &mut course).await?;
        if !self.plan(&header, &mut course).await? {
            return Ok(());
        }
        let mut waiting = Vec::new();
        while let Some(row) = next {
            waiting.push(row);
            if waiting.len() >= CHUNK {
                self.rows(&header, &mut course, std::mem::take(&mut waiting)).await?;
            }
            next = match parts.next().await.transpose()? {
                None => None,
                Some(part) => Some(row_of(part)?),
            };
        }
        self.rows(&header, &mut course, waiting).await?;
        self.remove(&header, &mut course).await?;
        if !header.sent.dry_run {
            let feed = Feed { authorities: vec![header.authority.clone()], ..self.feed.clone() };
            self.intake.heartbeat(&feed).await.map_err(failure)?;
        }
        Ok(self.answer(Says::Summary(course.summary)).await?)
    }

    async fn answer(&self, answer: Says) -> Result<(), Gone> {
        self.answers.send(Ok(Answer { answer: Some(answer) })).await.map_err(|_| Gone)
    }

    fn header(&self, first: Option<Is>) -> Result<Header, Failure> {
        let Some(Is::Header(sent)) = first else {
            return Err(Failure::field("header", "must be the first message"));
        };
        let authority = Authority::parse(&sent.authority);
        let authority = authority.map_err(|violation| Failure::field("header.authority", violation.rule))?;
        if !self.feed.covers(&authority) {
            let rule = "is not an authority of the organisation that this credential is bound to";
            return Err(Failure::field("header.authority", rule));
        }
        let as_of = sent.as_of.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
        let as_of = as_of.ok_or_else(|| Failure::field("header.as_of", "must be an instant"))?;
        Ok(Header { authority, as_of, sent })
    }

    /// Reads who stands in the extract; gives the first row.
    async fn presences(
        &self,
        parts: &mut (impl Stream<Item = Result<Part, Status>> + Unpin + Send),
        header: &Header,
        course: &mut Course,
    ) -> Result<Option<v1::ExtractRow>, Ended> {
        while let Some(part) = parts.next().await.transpose()? {
            let Some(Is::Presence(presence)) = part.part else { return Ok(Some(row_of(part)?)) };
            let many = course.present.len() as u64 >= MOST || presence.local_ids.len() > MOST_PRESENT;
            if many || !header.sent.full {
                let rule = "must be at most 1000 in one message, 5 million in all, and of a full extract";
                return Err(Failure::field("presence.local_ids", rule).into());
            }
            for local_id in presence.local_ids {
                let local_id = LocalIdentifier::parse(&local_id)
                    .map_err(|violation| Failure::field("presence.local_ids", violation.rule))?;
                course.present.insert(SourceRecord { authority: header.authority.clone(), local_id }.key());
            }
        }
        Ok(None)
    }

    /// Says what would be removed; gives whether to go on.
    async fn plan(&self, header: &Header, course: &mut Course) -> Result<bool, Ended> {
        let mut plan =
            v1::ExtractPlan { stop_percent: u32::from(self.stop_percent), ..v1::ExtractPlan::default() };
        if header.sent.full {
            let known = self.known.present(&header.authority).await.map_err(unavailable)?;
            plan.known_count = known.len() as u64;
            let as_of = RecordVersion::SourceTime(header.as_of);
            // Of what is newer than the extract, the extract cannot tell that it is gone.
            let missing = known.into_iter().filter(|(record, version)| {
                !course.present.contains(&record.key()) && as_of.is_not_older_than(*version)
            });
            course.missing = missing.map(|(record, _)| record).collect();
            plan.missing_count = course.missing.len() as u64;
        }
        let too_many = plan.missing_count.saturating_mul(100)
            > plan.known_count.saturating_mul(u64::from(self.stop_percent));
        let may_remove = header.sent.unnamed_rows == 0;
        plan.stopped = too_many && may_remove && !header.sent.allow_removals;
        plan.removes = plan.missing_count > 0 && may_remove && !plan.stopped;
        if !plan.removes {
            course.missing.clear();
        }
        self.answer(Says::Plan(plan)).await?;
        Ok(!plan.stopped)
    }

    async fn rows(
        &self,
        header: &Header,
        course: &mut Course,
        rows: Vec<v1::ExtractRow>,
    ) -> Result<(), Ended> {
        course.rows += rows.len() as u64;
        if course.rows > MOST {
            return Err(Failure::field("row", "must be at most 5 million in one extract").into());
        }
        let (mut fresh, mut notes) = (Vec::new(), Vec::new());
        for v1::ExtractRow { line, submission } in rows {
            match self.read(header, course, submission) {
                Err(violations) => self.refuse(course, line, &violations).await?,
                Ok((submission, left_out)) if self.is_news(&submission.change).await? => {
                    fresh.push(submission);
                    notes.push((line, left_out));
                }
                Ok(_) => course.summary.unchanged_count += 1,
            }
        }
        if header.sent.dry_run {
            course.summary.accepted_count += fresh.len() as u64;
        } else {
            self.store(course, fresh, notes).await?;
        }
        Ok(self.answer(Says::Progress(v1::ExtractProgress { row_count: course.rows })).await?)
    }

    fn read(
        &self,
        header: &Header,
        course: &mut Course,
        submission: Option<v1::RecordSubmission>,
    ) -> Result<(Submission, Vec<FieldViolation>), Vec<FieldViolation>> {
        let refuse = |field: &str, rule: &str| Err(vec![FieldViolation::new(field, rule)]);
        let Some(submission) = submission else { return refuse("submission", "is required") };
        let (submission, left_out) = read_submission(submission)?;
        let record = &submission.change.record;
        if record.authority != header.authority {
            return refuse("record.authority", "must be the authority of the extract");
        }
        if header.sent.full && !course.present.contains(&record.key()) {
            return refuse("record.local_id", "must be among those present in the extract");
        }
        self.intake.check(&self.feed, &submission)?;
        if !course.seen.insert(record.key()) {
            return refuse("record.local_id", "stands in the extract already");
        }
        Ok((submission, left_out))
    }

    async fn is_news(&self, change: &RecordChange) -> Result<bool, Ended> {
        let known = self.known.find(change.record.key()).await.map_err(unavailable)?;
        Ok(known.is_none_or(|known| !says_nothing_new(&known, change)))
    }

    async fn refuse(
        &self,
        course: &mut Course,
        line: u64,
        violations: &[FieldViolation],
    ) -> Result<(), Gone> {
        course.summary.refused_count += 1;
        let violations = wire_violations(violations);
        self.answer(Says::Row(v1::ExtractRowOutcome { line, violations, left_out: Vec::new() })).await
    }

    async fn store(
        &self,
        course: &mut Course,
        fresh: Vec<Submission>,
        notes: Vec<(u64, Vec<FieldViolation>)>,
    ) -> Result<(), Ended> {
        let outcomes = self.intake.submit_all(&self.feed, fresh).await;
        for ((line, left_out), outcome) in notes.into_iter().zip(outcomes) {
            match outcome {
                Ok(receipt) if receipt.repeat => course.summary.unchanged_count += 1,
                Ok(_) => {
                    course.summary.accepted_count += 1;
                    if !left_out.is_empty() {
                        let left_out = wire_violations(&left_out);
                        let row = v1::ExtractRowOutcome { line, violations: Vec::new(), left_out };
                        self.answer(Says::Row(row)).await?;
                    }
                }
                Err(intake::Error::Invalid(violations)) => self.refuse(course, line, &violations).await?,
                Err(intake::Error::Conflict { .. }) => {
                    let rule = FieldViolation::new("message_id", "was used before for other content");
                    self.refuse(course, line, &[rule]).await?;
                }
                Err(error @ (intake::Error::Unavailable(_) | intake::Error::Full)) => {
                    return Err(failure(error).into());
                }
            }
        }
        Ok(())
    }

    async fn remove(&self, header: &Header, course: &mut Course) -> Result<(), Ended> {
        let missing = std::mem::take(&mut course.missing);
        for some in missing.chunks(CHUNK) {
            if !header.sent.dry_run {
                let removals = some.iter().map(|record| removal(record, header.as_of)).collect();
                for outcome in self.intake.submit_all(&self.feed, removals).await {
                    outcome.map_err(failure)?;
                }
            }
            course.summary.removed_count += some.len() as u64;
        }
        Ok(())
    }
}

/// The record is gone at the source, as an extract of this time says.
fn removal(record: &SourceRecord, as_of: Timestamp) -> Submission {
    let version = RecordVersion::SourceTime(as_of);
    let change = RecordChange::new(record.clone(), version, as_of);
    let message_id = format!("extract of {as_of} without {}", record.key());
    Submission { message_id, change: RecordChange { record_removed: true, ..change } }
}

fn row_of(part: Part) -> Result<v1::ExtractRow, Failure> {
    match part.part {
        Some(Is::Row(row)) => Ok(row),
        Some(Is::Header(_) | Is::Presence(_)) | None => {
            Err(Failure::field("part", "must be a header first, then presences, then rows"))
        }
    }
}

fn unavailable(error: NotKnown) -> Failure {
    tracing::warn!(door = "csv", error = %error, "an extract was not taken");
    Failure::unavailable()
}

#[cfg(test)]
mod tests;
