//! Extracts and the quarantine whole: over real gRPC, with a log and a store in memory.

mod house;

use domain::{EventId, Leaf, PersonId, SourceRecord};
use event_log::Stream;
use house::{FEED, House, board, request};
use intake::Intake;
use jiff::Timestamp;
use proto::operations::v1::{
    GetStatusRequest, ListParkedRequest, Parked, ParkedKind, ReplayParkedRequest, ShowParkedRequest,
    SkipParkedRequest,
};
use social_care_adapter::extract::{Extract, Mapping, Options, Report, Step, send};
use std::sync::Arc;
use storage::{ParkedState, PersonQuery};
use tonic::Code;

const MAPPING: &str = r#"
authority = "case-system"
extract = "full"
date_format = "day/month/year"
yes = ["Y"]
[columns]
local_id = "Id"
family = "Last"
birth_date = "Born"
"#;

fn extract(rows: &[&str], second: i64) -> Arc<Extract> {
    let text = format!("Id,Last,Born\n{}\n", rows.join("\n"));
    let as_of = Timestamp::from_second(1_760_000_000 + second).unwrap();
    Arc::new(Extract::open(text.into_bytes(), Mapping::parse(MAPPING).unwrap(), as_of).unwrap())
}

async fn import(house: &House, extract: Arc<Extract>, options: Options) -> Report {
    let report = send(house.channel.clone(), FEED, extract, options, |_| {}).await.unwrap();
    house.settle().await;
    report
}

fn counts(report: &Report) -> (u64, u64, usize, u64) {
    (report.accepted, report.unchanged, report.rejected.len(), report.removed)
}

async fn family(house: &House, local_id: &str) -> Option<String> {
    let key = SourceRecord::parse("case-system", local_id).unwrap().key();
    let model = house.ground.store.find_record(key).await.unwrap()?;
    model.state.demographics.names.first()?.family().map(str::to_owned)
}

#[tokio::test]
async fn an_extract_is_imported_once_and_what_is_missing_from_the_next_is_removed_when_allowed() {
    let house = House::open().await;
    let mut rows: Vec<String> = (0..300).map(|n| format!("W-{n},Name{n},03/08/1958")).collect();
    rows.push("W-300,Broken,31/02/1958".to_owned());
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    let mut steps = Vec::new();
    let first =
        send(house.channel.clone(), FEED, extract(&lines, 0), Options::default(), |step| steps.push(step));
    let first = first.await.unwrap();
    assert_eq!(counts(&first), (300, 0, 1, 0));
    assert_eq!(first.rejected.get(&302).unwrap()[0].column, "Born");
    assert!(steps.contains(&Step::Done(300)), "{steps:?}");
    assert_eq!(counts(&import(&house, extract(&lines, 0), Options::default()).await), (0, 300, 1, 0));
    let end: u64 =
        house.ground.log.end(Stream::Records).await.unwrap().iter().map(|place| place.offset).sum();
    assert_eq!(end, 302, "300 records, and the feed was heard twice");

    let fewer = || extract(&lines[..200], 10);
    let dry = import(&house, fewer(), Options { dry_run: true, allow_removals: true }).await;
    assert_eq!(counts(&dry), (0, 200, 0, 100));
    let stopped = import(&house, fewer(), Options::default()).await;
    assert!(stopped.plan.stopped);
    assert_eq!((stopped.plan.known, stopped.plan.missing), (300, 100));
    assert_eq!(family(&house, "W-299").await.as_deref(), Some("Name299"));
    let allowed = import(&house, fewer(), Options { allow_removals: true, ..Options::default() }).await;
    assert_eq!(counts(&allowed), (0, 200, 0, 100));
    assert_eq!(family(&house, "W-299").await, None);
    assert_eq!(family(&house, "W-0").await.as_deref(), Some("Name0"));
    let feeds = house.ground.store.feeds().await.unwrap();
    assert!(feeds[0].ledger.balances() && feeds[0].last_heard.is_some());
}

#[tokio::test]
async fn an_extract_without_a_credential_is_refused() {
    let house = House::open().await;
    let refused =
        send(house.channel.clone(), "other", extract(&["W-1,One,"], 0), Options::default(), |_| {}).await;
    assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
}

const UNKNOWN: &[u8] =
    b"MSH|^~\\&|PAS|B|YETT|B|20261117093000||ADT^A45|C-1|P|2.4\rEVN||20261117093000\rPID|1||P-1^^^pas||Sample^Mary\r";

async fn park(house: &House, body: &[u8]) -> String {
    let id = EventId::of_message("kept", &String::from_utf8_lossy(body)).to_string();
    let receipt =
        house.intake.quarantine(&board(), &id, "MSH-9: event ADT^A45 is not taken", body).await.unwrap();
    house.settle().await;
    receipt.event_id.to_string()
}

async fn list(house: &House) -> Vec<Parked> {
    let answer = house.quarantine().list_parked(request(ListParkedRequest::default())).await.unwrap();
    answer.into_inner().parked
}

fn skip(event_id: &str) -> SkipParkedRequest {
    let request_id = EventId::of_message("x", "skip").to_string();
    SkipParkedRequest { request_id, event_id: event_id.to_owned(), reason: "sent by mistake".to_owned() }
}

fn replay(event_id: &str) -> ReplayParkedRequest {
    let request_id = EventId::of_message("x", "replay").to_string();
    ReplayParkedRequest {
        request_id,
        event_id: event_id.to_owned(),
        reason: "the port was mended".to_owned(),
    }
}

#[tokio::test]
async fn a_kept_message_is_listed_shown_tried_again_and_left_out() {
    let house = House::open().await;
    let id = park(&house, UNKNOWN).await;
    let listed = list(&house).await;
    assert_eq!(
        (listed.len(), listed[0].event_id.as_str(), listed[0].authority.as_str()),
        (1, id.as_str(), "pas")
    );
    assert!(listed[0].kind() == ParkedKind::Message);

    let show = |reason: &str| request(ShowParkedRequest { event_id: id.clone(), reason: reason.to_owned() });
    assert_eq!(house.quarantine().show_parked(show("")).await.unwrap_err().code(), Code::InvalidArgument);
    let shown = house.quarantine().show_parked(show("the sender asks")).await.unwrap().into_inner();
    assert_eq!(shown.body, UNKNOWN);
    let leaves = house.ground.log.end(Stream::Disclosures).await.unwrap();
    assert_eq!(leaves[0].offset, 1, "it was recorded");
    assert!(!shown.reference.is_empty());

    let still = house.quarantine().replay_parked(request(replay(&id))).await.unwrap_err();
    assert!(still.message().contains("still not understood"), "{}", still.message());
    assert_eq!(list(&house).await.len(), 1);
    let skipped = house.quarantine().skip_parked(request(skip(&id))).await.unwrap().into_inner();
    let again = house.quarantine().skip_parked(request(skip(&id))).await.unwrap().into_inner();
    assert_eq!(skipped.event_id, again.event_id);
    assert!(list(&house).await.is_empty());
    let late = house.quarantine().replay_parked(request(replay(&id))).await.unwrap_err();
    assert_eq!(late.code(), Code::Aborted);
    let status = house.status().get_status(request(GetStatusRequest {})).await.unwrap().into_inner();
    assert!(status.ready && status.parked_count == 0);
    assert_eq!(status.consumers.len(), 8);
    assert_eq!((status.feeds[0].accepted_count, status.feeds[0].parked_count), (1, 1));
}

#[tokio::test]
async fn a_message_that_is_understood_now_becomes_a_change_and_a_rebuild_says_the_same() {
    let house = House::open().await;
    let body = String::from_utf8_lossy(UNKNOWN).replace("A45", "A31");
    let (taken, left) =
        (park(&house, body.as_bytes()).await, park(&house, &UNKNOWN[..UNKNOWN.len() - 1]).await);
    house.quarantine().replay_parked(request(replay(&taken))).await.unwrap();
    house.quarantine().skip_parked(request(skip(&left))).await.unwrap();
    house.settle().await;
    let key = SourceRecord::parse("pas", "P-1").unwrap().key();
    let there = house.ground.store.find_record(key).await.unwrap().unwrap();
    assert_eq!(there.state.demographics.names[0].family(), Some("Sample"));
    assert!(list(&house).await.is_empty());
    let (feeds, dump) = (house.ground.store.feeds().await.unwrap(), house.ground.store.dump().await.unwrap());
    assert!(feeds[0].ledger.balances());
    assert_eq!((feeds[0].ledger.accepted, feeds[0].ledger.applied, feeds[0].ledger.parked), (2, 1, 1));

    let ground = house.rebuild().await;
    assert_eq!(ground.store.feeds().await.unwrap(), feeds);
    assert_eq!(ground.store.dump().await.unwrap(), dump);
    assert!(ground.store.parked("projector", 10).await.unwrap().is_empty());
    let event = EventId::parse(&left).unwrap();
    let row = ground.store.find_parked("projector", event).await.unwrap().unwrap();
    assert_eq!(row.state, ParkedState::Skipped);
}

async fn show(house: &House, event_id: &str, reason: &str) -> Leaf {
    let asked = ShowParkedRequest { event_id: event_id.to_owned(), reason: reason.to_owned() };
    let shown = house.quarantine().show_parked(request(asked)).await.unwrap().into_inner();
    let leaf = house.leaves().await.pop().unwrap();
    assert_eq!(leaf.id.to_string(), shown.reference);
    leaf
}

#[tokio::test]
async fn what_was_shown_is_recorded_under_the_person_with_the_reason_that_was_given() {
    let house = House::open().await;
    let kept = park(&house, UNKNOWN).await;
    let text = String::from_utf8_lossy(UNKNOWN).into_owned();
    let record = SourceRecord::parse("pas", "P-1").unwrap();
    let by_record = PersonQuery::Record(record.clone());

    let unlinked = show(&house, &kept, "the sender asks").await;
    assert_eq!(unlinked.person, house.key.asked(&by_record), "nobody is linked: the record's own pseudonym");
    assert_eq!(unlinked.stated_reason.unwrap().as_str(), "the sender asks");

    let taken = park(&house, text.replace("A45", "A31").as_bytes()).await;
    house.quarantine().replay_parked(request(replay(&taken))).await.unwrap();
    let person = PersonId(uuid::Uuid::from_u128(7));
    house.link(&record, person).await;
    let linked = show(&house, &kept, "asked\nagain").await;
    assert_eq!(linked.person, house.key.person(person));
    assert_eq!(linked.stated_reason.unwrap().as_str(), "asked\nagain");

    for (of_nobody, why) in [
        (text.replace("P-1^^^pas", "P-1^^^elsewhere"), "a numbering that this feed does not have"),
        (text.replace("PID|", "ZID|"), "no patient"),
        ("hello there".to_owned(), "no message"),
    ] {
        let id = park(&house, of_nobody.as_bytes()).await;
        assert_eq!(show(&house, &id, "to see").await.person, Vec::<u8>::new(), "{why}");
    }
}
