//! The floor of freshness: one row appended to a log in SQLite, on the disk before it counts (`synchronous=FULL`), at
//! the same even pace. One thread keeps the pace, another writes, as between a sender and the product.
//!
//! Prints the milliseconds of each append from when it was due, and on the last line those of the processor.

use crate::arguments::Append;
use crate::figures::millis;
use crate::pace::Pace;
use crate::process::processor_time;
use anyhow::{Result, anyhow};
use rusqlite::{Connection, params};
use std::io::Write;
use std::path::Path;
use std::sync::mpsc;
use std::time::Instant;

/// Runs it.
pub(super) fn run(append: &Append) -> Result<()> {
    let log = open(&append.file)?;
    let payload = vec![0x5a_u8; append.payload_bytes];
    let (sender, due) = mpsc::channel::<Instant>();
    let writer = std::thread::spawn(move || write(&log, &payload, &due));
    let pace = Pace::begin();
    for number in 0..append.count {
        pace.wait(number);
        sender.send(pace.due(number)).map_err(|_| anyhow!("the writer has gone"))?;
    }
    drop(sender);
    let latencies = writer.join().map_err(|_| anyhow!("the writer broke down"))??;
    let mut out = std::io::stdout().lock();
    for latency in latencies {
        writeln!(out, "{latency}")?;
    }
    writeln!(out, "{}", millis(processor_time(std::process::id())?))?;
    Ok(out.flush()?)
}

fn open(file: &Path) -> Result<Connection> {
    let log = Connection::open(file)?;
    log.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    log.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
         CREATE TABLE IF NOT EXISTS log (place INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT;",
    )?;
    Ok(log)
}

fn write(log: &Connection, payload: &[u8], due: &mpsc::Receiver<Instant>) -> Result<Vec<f64>> {
    let mut insert = log.prepare("INSERT INTO log (payload) VALUES (?1)")?;
    let mut latencies = Vec::new();
    for due in due {
        insert.execute(params![payload])?;
        latencies.push(millis(due.elapsed()));
    }
    Ok(latencies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_append_that_is_timed_is_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log");
        let log = open(&file).unwrap();
        let (sender, due) = mpsc::channel();
        for _ in 0..3 {
            sender.send(Instant::now()).unwrap();
        }
        drop(sender);
        assert_eq!(write(&log, &[1, 2, 3], &due).unwrap().len(), 3);
        let count: u32 = log.query_row("SELECT count(*) FROM log", [], |row| row.get(0)).unwrap();
        let level: u32 = log.query_row("PRAGMA synchronous", [], |row| row.get(0)).unwrap();
        assert_eq!((count, level), (3, 2));
    }
}
