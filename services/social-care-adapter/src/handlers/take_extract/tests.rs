//! Whole extracts against records in memory: what is stored, what is not, and when it stops.

use super::*;
use crate::extract::{Extract, Mapping};
use async_trait::async_trait;
use domain::{EventId, OrganisationId, Side};
use intake::{Door, Receipt};
use projection::{Arrival, RecordModel};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const MAPPING: &str = r#"
authority = "case-system"
extract = "full"
date_format = "day/month/year"
yes = ["Y"]
[columns]
local_id = "Id"
family = "Last"
[items]
"known_to_social_work.status" = "Case"
"#;

/// Applies what it takes at once, and remembers ids.
#[derive(Default)]
struct Node {
    records: Mutex<BTreeMap<RecordKey, RecordModel>>,
    taken: Mutex<HashSet<String>>,
    heartbeats: Mutex<u32>,
}

fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

#[async_trait]
impl Intake for Node {
    async fn submit(&self, feed: &Feed, submission: Submission) -> Result<Receipt, intake::Error> {
        self.submit_all(feed, vec![submission]).await.remove(0)
    }

    async fn submit_all(
        &self,
        _: &Feed,
        submissions: Vec<Submission>,
    ) -> Vec<Result<Receipt, intake::Error>> {
        let take = |Submission { message_id, change }| {
            let repeat = !self.taken.lock().unwrap().insert(message_id.clone());
            let received_at = moment(9);
            if !repeat {
                let mut records = self.records.lock().unwrap();
                let model = records.entry(change.record.key());
                let model = model.or_insert_with(|| RecordModel::new(change.record.clone()));
                model.apply(&change, Arrival { received_at, offset: 0 });
            }
            Ok(Receipt { event_id: EventId::of_message("x", &message_id), repeat, received_at })
        };
        submissions.into_iter().map(take).collect()
    }

    fn check(&self, _: &Feed, _: &Submission) -> Result<(), Vec<FieldViolation>> {
        Ok(())
    }

    async fn quarantine(&self, _: &Feed, _: &str, _: &str, _: &[u8]) -> Result<Receipt, intake::Error> {
        Err(intake::Error::Full)
    }

    async fn heartbeat(&self, _: &Feed) -> Result<Receipt, intake::Error> {
        *self.heartbeats.lock().unwrap() += 1;
        let event_id = EventId::of_message("x", "heartbeat");
        Ok(Receipt { event_id, repeat: false, received_at: moment(9) })
    }
}

#[async_trait]
impl KnownRecords for Node {
    async fn catch_up(&self) -> Result<(), NotKnown> {
        Ok(())
    }

    async fn present(&self, authority: &Authority) -> Result<Vec<(SourceRecord, RecordVersion)>, NotKnown> {
        let records = self.records.lock().unwrap();
        let there = records
            .values()
            .filter(|model| !model.is_removed() && model.state.record.authority == *authority);
        Ok(there.map(|model| (model.state.record.clone(), model.state.version)).collect())
    }

    async fn find(&self, key: RecordKey) -> Result<Option<RecordModel>, NotKnown> {
        Ok(self.records.lock().unwrap().get(&key).cloned())
    }
}

impl Node {
    fn family(&self, local_id: &str) -> Option<String> {
        let key = SourceRecord::parse("case-system", local_id).unwrap().key();
        let records = self.records.lock().unwrap();
        let name = records.get(&key)?.state.demographics.names.first()?;
        name.family().map(str::to_owned)
    }
}

struct Sent {
    plan: Option<v1::ExtractPlan>,
    summary: Option<v1::ExtractSummary>,
    refused: Vec<u64>,
    failed: Option<Status>,
}

impl Sent {
    fn counts(&self) -> (u64, u64, u64, u64) {
        let one = self.summary.unwrap();
        (one.accepted_count, one.unchanged_count, one.refused_count, one.removed_count)
    }
}

fn parts(rows: &[&str], second: i64, change: impl FnOnce(&mut v1::ExtractHeader)) -> Vec<Part> {
    let text = format!("Id,Last,Case\n{}\n", rows.join("\n"));
    let extract = Extract::open(text.into_bytes(), Mapping::parse(MAPPING).unwrap(), moment(second)).unwrap();
    let mut header = v1::ExtractHeader {
        authority: "case-system".to_owned(),
        as_of: Some(proto::timestamp(moment(second))),
        full: true,
        ..v1::ExtractHeader::default()
    };
    change(&mut header);
    let local_ids = extract.rows().filter_map(|row| row.local_id).map(|id| id.as_str().to_owned()).collect();
    let mut all = vec![Is::Header(header.clone())];
    if header.full {
        all.push(Is::Presence(v1::ExtractPresence { local_ids }));
    }
    for row in extract.rows() {
        let line = row.line;
        all.extend(row.reading.ok().map(|(one, _)| Is::Row(v1::ExtractRow { line, submission: Some(one) })));
    }
    all.into_iter().map(|part| Part { part: Some(part) }).collect()
}

async fn send_parts(node: &Arc<Node>, parts: Vec<Part>) -> Sent {
    let (answers, mut waiting) = mpsc::channel(1000);
    let feed = Feed {
        organisation: OrganisationId::parse("council").unwrap(),
        authorities: vec![Authority::parse("case-system").unwrap()],
        side: Side::SocialWork,
        door: Door::Csv,
    };
    let taking = Taking { intake: node.as_ref(), known: node.as_ref(), feed, stop_percent: 20, answers };
    take_extract(taking, tokio_stream::iter(parts.into_iter().map(Ok))).await;
    let mut sent = Sent { plan: None, summary: None, refused: Vec::new(), failed: None };
    while let Some(answer) = waiting.recv().await {
        match answer.map(|answer| answer.answer.unwrap()) {
            Ok(Says::Plan(plan)) => sent.plan = Some(plan),
            Ok(Says::Row(row)) => sent.refused.push(row.line),
            Ok(Says::Progress(_)) => {}
            Ok(Says::Summary(summary)) => sent.summary = Some(summary),
            Err(status) => sent.failed = Some(status),
        }
    }
    sent
}

async fn send(node: &Arc<Node>, rows: &[&str], second: i64) -> Sent {
    send_parts(node, parts(rows, second, |_| {})).await
}

const FIVE: [&str; 5] = ["W-1,One,Open", "W-2,Two,Open", "W-3,Three,Open", "W-4,Four,Open", "W-5,Five,Open"];

#[tokio::test]
async fn the_same_extract_again_changes_nothing_also_with_another_time() {
    let node = Arc::new(Node::default());
    assert_eq!(send(&node, &FIVE, 0).await.counts(), (5, 0, 0, 0));
    assert_eq!(send(&node, &FIVE, 0).await.counts(), (0, 5, 0, 0));
    assert_eq!(send(&node, &FIVE, 60).await.counts(), (0, 5, 0, 0));
    assert_eq!(node.taken.lock().unwrap().len(), 5);
    assert_eq!(*node.heartbeats.lock().unwrap(), 3, "it was heard each time");
}

#[tokio::test]
async fn a_value_that_comes_back_is_applied_and_an_older_extract_is_not() {
    let node = Arc::new(Node::default());
    let changed = ["W-1,Other,Open", "W-2,Two,Open", "W-3,Three,Open", "W-4,Four,Open", "W-5,Five,Open"];
    send(&node, &FIVE, 0).await;
    assert_eq!(send(&node, &changed, 10).await.counts(), (1, 4, 0, 0));
    assert_eq!(node.family("W-1").as_deref(), Some("Other"));
    assert_eq!(send(&node, &FIVE, 0).await.counts(), (0, 5, 0, 0), "the first file by mistake");
    assert_eq!(node.family("W-1").as_deref(), Some("Other"));
    assert_eq!(send(&node, &FIVE, 20).await.counts(), (1, 4, 0, 0));
    assert_eq!(node.family("W-1").as_deref(), Some("One"));
}

#[tokio::test]
async fn whoever_is_missing_from_a_full_extract_is_removed_and_comes_back() {
    let node = Arc::new(Node::default());
    send(&node, &FIVE, 0).await;
    assert_eq!(send(&node, &FIVE[..4], 10).await.counts(), (0, 4, 0, 1));
    assert_eq!(node.family("W-5"), None);
    assert_eq!(send(&node, &FIVE[..4], 20).await.counts(), (0, 4, 0, 0));
    assert_eq!(send(&node, &FIVE, 30).await.counts(), (1, 4, 0, 0));
    assert_eq!(node.family("W-5").as_deref(), Some("Five"));
}

#[tokio::test]
async fn a_delta_removes_nobody() {
    let node = Arc::new(Node::default());
    send(&node, &FIVE, 0).await;
    let delta = parts(&["W-1,Other,Open"], 10, |header| header.full = false);
    assert_eq!(send_parts(&node, delta).await.counts(), (1, 0, 0, 0));
    assert_eq!(node.family("W-5").as_deref(), Some("Five"));
}

#[tokio::test]
async fn when_too_many_are_missing_nothing_is_stored_until_it_is_allowed() {
    let node = Arc::new(Node::default());
    send(&node, &FIVE, 0).await;
    let rows = ["W-1,Other,Open", "W-2,Two,Open"];
    let stopped = send(&node, &rows, 10).await;
    let plan = stopped.plan.unwrap();
    assert!(plan.stopped && !plan.removes && stopped.summary.is_none() && stopped.failed.is_none());
    assert_eq!((plan.known_count, plan.missing_count, plan.stop_percent), (5, 3, 20));
    assert_eq!(node.family("W-1").as_deref(), Some("One"), "not even the rows");
    let empty = send(&node, &[], 10).await;
    assert!(empty.plan.unwrap().stopped);
    let allowed = send_parts(&node, parts(&rows, 10, |header| header.allow_removals = true)).await;
    assert_eq!(allowed.counts(), (1, 1, 0, 3));
}

#[tokio::test]
async fn what_is_newer_than_the_extract_is_not_missing() {
    let node = Arc::new(Node::default());
    send(&node, &FIVE, 0).await;
    let later = parts(&["W-6,Six,Open"], 50, |header| header.full = false);
    send_parts(&node, later).await;
    let sent = send(&node, &FIVE, 10).await;
    assert_eq!(sent.plan.unwrap().missing_count, 0);
    assert_eq!(node.family("W-6").as_deref(), Some("Six"));
}

#[tokio::test]
async fn while_a_row_names_nobody_nobody_is_missing() {
    let node = Arc::new(Node::default());
    send(&node, &FIVE, 0).await;
    let unnamed = parts(&FIVE[..2], 10, |header| header.unnamed_rows = 1);
    let sent = send_parts(&node, unnamed).await;
    assert!(!sent.plan.unwrap().removes && !sent.plan.unwrap().stopped);
    assert_eq!(sent.counts(), (0, 2, 0, 0));
}

#[tokio::test]
async fn a_dry_run_counts_and_stores_nothing() {
    let node = Arc::new(Node::default());
    send(&node, &FIVE, 0).await;
    let rows = ["W-1,Other,Open", "W-2,Two,Open", "W-3,Three,Open", "W-4,Four,Open"];
    let dry = send_parts(&node, parts(&rows, 10, |header| header.dry_run = true)).await;
    assert_eq!(dry.counts(), (1, 3, 0, 1));
    assert_eq!(node.family("W-1").as_deref(), Some("One"));
    assert_eq!(node.family("W-5").as_deref(), Some("Five"));
    assert_eq!(*node.heartbeats.lock().unwrap(), 1);
}

#[tokio::test]
async fn rows_of_another_authority_or_twice_are_refused_and_the_rest_goes_on() {
    let node = Arc::new(Node::default());
    let mut all = parts(&FIVE, 0, |_| {});
    all.push(all[2].clone());
    if let Some(Is::Row(row)) = &mut all[3].part {
        row.submission.as_mut().unwrap().record.as_mut().unwrap().authority = "other".to_owned();
    }
    let sent = send_parts(&node, all).await;
    assert_eq!(sent.counts(), (4, 0, 2, 0));
    assert_eq!(sent.refused, [3, 2]);
}

#[tokio::test]
async fn parts_out_of_order_and_a_foreign_authority_are_refused() {
    let node = Arc::new(Node::default());
    let headless = send_parts(&node, parts(&FIVE, 0, |_| {})[1..].to_vec()).await;
    assert!(headless.failed.unwrap().message().contains("header"));
    let foreign = send_parts(&node, parts(&FIVE, 0, |header| header.authority = "other".to_owned())).await;
    assert!(foreign.failed.unwrap().message().contains("header.authority"));
    let mut late = parts(&FIVE, 0, |_| {});
    let presence = late.remove(1);
    late.push(presence);
    assert!(send_parts(&node, late).await.failed.is_some());
}
