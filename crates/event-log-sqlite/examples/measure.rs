//! Prints what the log does per second on this machine; asserts nothing about time.
//!
//! `cargo run --release -p event-log-sqlite --example measure -- [FOLDER]`. The folder should lie on the disk that is
//! meant: a log on a memory file system measures nothing.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measuring tool, not part of the product"
)]

use event_log::conformance::{event, keys_of_every_partition};
use event_log::{Entry, EventLog, NewEvent, Stream};
use event_log_sqlite::{Options, SqliteLog};
use futures::StreamExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PAYLOAD: usize = 600;

fn events(from: usize, count: usize) -> Vec<NewEvent> {
    let keys = keys_of_every_partition(Stream::Records);
    (from..from + count).map(|number| event(number, keys[number % 4], &[7; PAYLOAD])).collect()
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() - 1) * percent / 100]
}

/// One caller, one call after another.
async fn alone(log: &SqliteLog, next: &mut usize, batch: usize) {
    let calls = 3000 / batch.min(10);
    let mut times = Vec::with_capacity(calls);
    let begun = Instant::now();
    for _ in 0..calls {
        let call = events(*next, batch);
        *next += batch;
        let sent = Instant::now();
        log.append(Stream::Records, call).await.unwrap();
        times.push(sent.elapsed());
    }
    let rate = (calls * batch) as f64 / begun.elapsed().as_secs_f64();
    let (half, most) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!("one caller, {batch:>3} a call: {rate:>8.0} events/s, p50 {half:?}, p99 {most:?}");
}

/// Many callers, one event a call.
async fn together(log: &Arc<SqliteLog>, next: &mut usize, callers: usize) {
    let before = log.counts();
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (log, from) = (Arc::clone(log), *next);
        *next += 500;
        tasks.push(tokio::spawn(async move {
            for number in from..from + 500 {
                log.append(Stream::Records, events(number, 1)).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let (rate, after) = ((callers * 500) as f64 / begun.elapsed().as_secs_f64(), log.counts());
    let commits = after.commits - before.commits;
    let per_event = commits as f64 / (after.events - before.events) as f64;
    println!("{callers:>3} callers, 1 a call: {rate:>8.0} events/s, {per_event:.3} commits an event");
}

/// From the call to an open reader, a call every 5 ms.
async fn fresh(log: &SqliteLog, next: &mut usize) {
    let mut entries = log.read(Stream::Records, log.end(Stream::Records).await.unwrap());
    let mut times = Vec::new();
    for _ in 0..400 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        while let Entry::Event(_) = entries.next().await.unwrap().unwrap() {}
        let call = events(*next, 1);
        *next += 1;
        let sent = Instant::now();
        let (_, ()) = tokio::join!(log.append(Stream::Records, call), async {
            while let Entry::CaughtUp(_) = entries.next().await.unwrap().unwrap() {}
            times.push(sent.elapsed());
        });
    }
    let (half, most) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!("append to open reader, every 5 ms: p50 {half:?}, p99 {most:?}");
}

#[tokio::main]
async fn main() {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder).unwrap();
    let log = Arc::new(SqliteLog::open(&folder.path().join("log.db"), &Options::default()).unwrap());
    let mut next = 0;
    for batch in [1, 10, 100] {
        alone(&log, &mut next, batch).await;
    }
    for callers in [8, 64] {
        together(&log, &mut next, callers).await;
    }
    fresh(&log, &mut next).await;
    let begun = Instant::now();
    let mut entries = log.read(Stream::Records, Vec::new());
    let mut count = 0_usize;
    while let Entry::Event(_) = entries.next().await.unwrap().unwrap() {
        count += 1;
    }
    println!("reading {count} events: {:.0} events/s", count as f64 / begun.elapsed().as_secs_f64());
    drop(log);
    let size = std::fs::metadata(folder.path().join("log.db")).unwrap().len();
    println!("file: {:.0} bytes an event of {PAYLOAD} bytes payload", size as f64 / count as f64);
}
