//! Sends an extract to Yett and gathers what became of its rows.

use super::file::{ColumnRule, Extract, Row};
use proto::intake::v1;
use proto::intake::v1::social_care_intake_service_client::SocialCareIntakeServiceClient;
use proto::intake::v1::{
    SocialCareIntakeServiceSubmitExtractRequest as Part,
    SocialCareIntakeServiceSubmitExtractResponse as Answer,
    social_care_intake_service_submit_extract_request::Part as Is,
    social_care_intake_service_submit_extract_response::Answer as Says,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::GrpcService;
use tonic::codegen::{Body, Bytes, StdError};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Request, Status};

/// Parts that wait to be sent.
const WAITING: usize = 256;
/// Identifiers in one message.
const PRESENT_AT_ONCE: usize = 1000;

/// How an extract is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Remove those missing from a full extract, however many they are.
    pub allow_removals: bool,
    /// Say what would happen and store nothing.
    pub dry_run: bool,
}

/// What the extract would remove.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plan {
    /// Records that Yett knows.
    pub known: u64,
    /// Of these, missing from the extract.
    pub missing: u64,
    /// The missing ones are removed.
    pub removes: bool,
    /// Too many are missing: nothing was stored. Ask, and send again with `allow_removals`.
    pub stopped: bool,
    /// Largest share, in percent, that is removed without asking.
    pub stop_percent: u32,
}

/// Where the sending is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The plan is known.
    Planned(Plan),
    /// So many rows are done.
    Done(u64),
}

/// What became of an extract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What it removes, or why nothing was stored.
    pub plan: Plan,
    /// Rows whose news were stored, or would be.
    pub accepted: u64,
    /// Rows that say nothing new.
    pub unchanged: u64,
    /// Records removed, or that would be.
    pub removed: u64,
    /// Rows that were refused, by line.
    pub rejected: BTreeMap<u64, Vec<ColumnRule>>,
    /// Columns left out of rows that were taken, by line.
    pub left_out: BTreeMap<u64, Vec<ColumnRule>>,
}

/// What was found in the file itself.
#[derive(Default)]
struct Found {
    rejected: BTreeMap<u64, Vec<ColumnRule>>,
    left_out: BTreeMap<u64, Vec<ColumnRule>>,
}

/// Sends an extract with a feed's secret. The same extract may be sent again at any time, also after half of it: what
/// is known already is not stored again.
///
/// `transport` leads to the door: a channel, or the door's own service where both are in one process.
pub async fn send<T>(
    transport: T,
    secret: &str,
    extract: Arc<Extract>,
    options: Options,
    mut on_step: impl FnMut(Step),
) -> Result<Report, Status>
where
    T: GrpcService<tonic::body::Body>,
    T::Error: Into<StdError>,
    T::ResponseBody: Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as Body>::Error: Into<StdError> + Send,
{
    let bearer: MetadataValue<Ascii> = format!("Bearer {}", secret.trim())
        .parse()
        .map_err(|_| Status::unauthenticated("the credential has characters that cannot be sent"))?;
    let (parts, waiting) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || feed(&extract, options, &parts));
    let mut request = Request::new(ReceiverStream::new(waiting));
    request.metadata_mut().insert("authorization", bearer);
    let mut answers =
        SocialCareIntakeServiceClient::new(transport).submit_extract(request).await?.into_inner();
    let mut report = Report::default();
    let mut is_whole = false;
    while let Some(Answer { answer }) = answers.message().await? {
        is_whole |= take(&mut report, answer, &mut on_step);
    }
    drop(answers);
    let found = reading.await.map_err(|_| Status::internal("the extract could not be read to its end"))?;
    if !is_whole {
        return Err(Status::unavailable("the answer ended early: send the extract again"));
    }
    report.rejected.extend(found.rejected);
    report.left_out.extend(found.left_out);
    Ok(report)
}

/// Notes an answer; says whether it is the last one.
fn take(report: &mut Report, answer: Option<Says>, on_step: &mut impl FnMut(Step)) -> bool {
    match answer {
        Some(Says::Plan(plan)) => {
            report.plan = Plan {
                known: plan.known_count,
                missing: plan.missing_count,
                removes: plan.removes,
                stopped: plan.stopped,
                stop_percent: plan.stop_percent,
            };
            on_step(Step::Planned(report.plan));
            return plan.stopped;
        }
        Some(Says::Row(row)) => {
            let rules = |all: Vec<v1::FieldViolation>| {
                all.into_iter().map(|one| ColumnRule::new(one.field, one.rule))
            };
            if row.violations.is_empty() {
                report.left_out.entry(row.line).or_default().extend(rules(row.left_out));
            } else {
                report.rejected.entry(row.line).or_default().extend(rules(row.violations));
            }
        }
        Some(Says::Progress(progress)) => on_step(Step::Done(progress.row_count)),
        Some(Says::Summary(summary)) => {
            report.accepted = summary.accepted_count;
            report.unchanged = summary.unchanged_count;
            report.removed = summary.removed_count;
            return true;
        }
        None => {}
    }
    false
}

/// Reads the file twice: for who stands in it, then for what it says of them. Ends early when nobody listens any more.
fn feed(extract: &Extract, options: Options, parts: &mpsc::Sender<Part>) -> Found {
    let mut found = Found::default();
    let mut present = Vec::new();
    let mut unnamed_rows = 0;
    for row in extract.rows() {
        match row.local_id {
            Some(local_id) => present.push(local_id.as_str().to_owned()),
            None => unnamed_rows += 1,
        }
        if let Err(rules) = row.reading {
            found.rejected.insert(row.line, rules);
        }
    }
    let put = |part: Is| parts.blocking_send(Part { part: Some(part) }).is_ok();
    if !put(Is::Header(header(extract, options, unnamed_rows))) {
        return found;
    }
    if extract.is_full() {
        for some in present.chunks(PRESENT_AT_ONCE) {
            if !put(Is::Presence(v1::ExtractPresence { local_ids: some.to_vec() })) {
                return found;
            }
        }
    }
    for Row { line, reading, .. } in extract.rows() {
        let Ok((submission, left_out)) = reading else { continue };
        if !left_out.is_empty() {
            found.left_out.insert(line, left_out);
        }
        if !put(Is::Row(v1::ExtractRow { line, submission: Some(submission) })) {
            break;
        }
    }
    found
}

fn header(extract: &Extract, options: Options, unnamed_rows: u64) -> v1::ExtractHeader {
    v1::ExtractHeader {
        authority: extract.mapping().authority().as_str().to_owned(),
        as_of: Some(proto::timestamp(extract.as_of())),
        full: extract.is_full(),
        unnamed_rows,
        allow_removals: options.allow_removals,
        dry_run: options.dry_run,
    }
}
