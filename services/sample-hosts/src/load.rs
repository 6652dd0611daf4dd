//! The initial load: everything that both systems hold, sent through their real feeds, in a few lanes side by side.

use crate::feed::{BoardFeed, CouncilFeed};
use crate::wire;
use crate::{Error, Progress, Settings, dates};
use futures::future::join_all;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use std::time::Duration;
use tokio::sync::watch;
use world::hl7::{self, Stamp};
use world::{CouncilRecord, HealthRecord, World};

/// Lanes of each side: records on their way at once.
const AT_ONCE: usize = 6;
/// Tries of one message while Yett does not answer, with a pause between.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

/// Sends the whole world. A message that is refused is counted and the rest goes on.
pub(crate) async fn send_all(settings: &Settings, world: &World, council: &CouncilFeed, board: &BoardFeed) {
    let records: Vec<&CouncilRecord> = world.entries().iter().filter_map(|e| e.council.as_ref()).collect();
    let patients: Vec<&HealthRecord> = world.entries().iter().filter_map(|e| e.health.as_ref()).collect();
    let total = records.len() + patients.iter().map(|patient| messages_of(patient)).sum::<usize>();
    settings.progress.send_replace(Progress { total, ..Progress::default() });
    let (mut council_lanes, mut board_lanes) = (Vec::new(), Vec::new());
    for lane in 0..AT_ONCE {
        let own: Vec<&CouncilRecord> = records.iter().copied().skip(lane).step_by(AT_ONCE).collect();
        council_lanes.push(send_cases(settings, council.clone(), own));
        let own: Vec<&HealthRecord> = patients.iter().copied().skip(lane).step_by(AT_ONCE).collect();
        board_lanes.push(send_patients(settings, board.beside(settings), own));
    }
    tokio::join!(join_all(council_lanes), join_all(board_lanes));
    let Progress { accepted, failed, .. } = *settings.progress.borrow();
    tracing::info!(accepted, failed, "the initial load is through");
}

fn messages_of(patient: &HealthRecord) -> usize {
    1 + usize::from(patient.stay.is_some()) + usize::from(!patient.items.is_empty())
}

async fn send_cases(settings: &Settings, feed: CouncilFeed, records: Vec<&CouncilRecord>) {
    for record in records {
        let result = again(|| send_case(settings, &feed, record)).await;
        count(&settings.progress, 1, &result);
    }
}

async fn send_patients(settings: &Settings, feed: BoardFeed, patients: Vec<&HealthRecord>) {
    for patient in patients {
        send_patient(settings, &feed, patient).await;
    }
}

async fn send_case(settings: &Settings, feed: &CouncilFeed, record: &CouncilRecord) -> Result<(), Error> {
    let at = settings.loaded_at;
    let id = load_id(settings, "case", &record.local_id);
    let mut submission = wire::submission(id, world::COUNCIL_AUTHORITY, &record.local_id, at);
    // Who somebody is was true from the day on which the present address began, if that is known.
    let since = record.demographics.addresses.first().and_then(|address| address.from.earliest());
    submission.occurred_at = Some(wire::timestamp(since.and_then(start_of).unwrap_or(at)));
    submission.demographics = Some(wire::demographics(&record.demographics, record.chi.as_deref()));
    submission.upserts = record.items.iter().map(wire::item).collect();
    feed.submit(submission).await.map(|_| ())
}

async fn send_patient(settings: &Settings, feed: &BoardFeed, patient: &HealthRecord) {
    let stamp = |part: &str, later_ms: i64| Stamp {
        control_id: load_id(settings, part, &patient.local_id),
        at: settings.loaded_at + jiff::SignedDuration::from_millis(later_ms),
        occurred: patient.stay.as_ref().and_then(|stay| dates::instant(stay.admitted)),
    };
    let added = hl7::add_person(patient, &stamp("a28", 0));
    count(&settings.progress, 1, &again(|| feed.send(&added)).await);
    if let Some(stay) = &patient.stay {
        let admitted = hl7::admit(patient, stay, &stamp("a01", 1));
        count(&settings.progress, 1, &again(|| feed.send(&admitted)).await);
    }
    if !patient.items.is_empty() {
        let Stamp { control_id, at, .. } = stamp("items", 2);
        let send = || feed.items((control_id.clone(), at), &patient.local_id, &patient.items);
        count(&settings.progress, 1, &again(send).await);
    }
}

fn start_of(day: Date) -> Option<Timestamp> {
    dates::instant(day.to_datetime(Time::midnight()))
}

fn load_id(settings: &Settings, part: &str, local_id: &str) -> String {
    format!("load-{}-{part}-{local_id}", settings.loaded_at.as_millisecond())
}

/// Sends the same again while Yett does not answer.
async fn again<T, F: Future<Output = Result<T, Error>>>(send: impl Fn() -> F) -> Result<T, Error> {
    for _ in 1..TRIES {
        match send().await {
            Err(error) if error.is_passing() => tokio::time::sleep(PAUSE).await,
            other => return other,
        }
    }
    send().await
}

fn count<T>(progress: &watch::Sender<Progress>, messages: usize, result: &Result<T, Error>) {
    if let Err(error) = result {
        tracing::warn!(%error, "a message of the initial load was not taken");
    }
    progress.send_modify(|progress| match result {
        Ok(_) => progress.accepted += messages,
        Err(_) => progress.failed += messages,
    });
}
