//! The log in one SQLite file.
//!
//! One thread writes: it takes all waiting appends into one transaction and answers them when that is on the disk
//! (`synchronous=FULL`). Another thread moves what was written from the write-ahead file into the main file. Readers
//! have connections of their own and are woken by commits. That nobody else writes to the file is the caller's care; a
//! second writer is noticed (`Fenced`) but not prevented.

mod checkpoint;
mod offline;
mod reader;
mod row;
mod schema;
mod tables;
mod writer;

use async_trait::async_trait;
use event_log::{Appended, Entry, Error, EventLog, LogPosition, NewEvent, Stream};
use futures::stream::BoxStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot, watch};

pub use offline::{OfflineLog, Verified};

/// How the log is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many calls may wait for the writer; further ones wait outside.
    pub queue: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { queue: 1024 }
    }
}

/// The log in one file. Dropping it finishes what is waiting and closes the file.
#[derive(Debug)]
pub struct SqliteLog {
    path: PathBuf,
    shared: Arc<Shared>,
    requests: Option<mpsc::Sender<writer::Request>>,
    threads: Vec<JoinHandle<()>>,
    ends: Arc<Mutex<Option<rusqlite::Connection>>>,
}

/// What the log has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Transactions; each is one sync of the disk.
    pub commits: u64,
    /// Events stored, repeats left out.
    pub events: u64,
    /// Transactions that failed.
    pub failures: u64,
    /// Checkpoints that failed. They are tried again; the write-ahead file grows meanwhile.
    pub checkpoint_failures: u64,
}

/// What the threads and the readers share.
#[derive(Debug)]
struct Shared {
    /// Count of commits of each stream, to wake its readers.
    commits: [watch::Sender<u64>; 4],
    /// The next offset of every partition of each stream, as committed: whoever has read so far need not look.
    ends: [Vec<AtomicU64>; 4],
    /// Held by whoever writes to the write-ahead file, so that the writer and the checkpoint wait in line.
    turn: Mutex<()>,
    counts: AtomicCounts,
}

#[derive(Debug, Default)]
struct AtomicCounts {
    commits: AtomicU64,
    events: AtomicU64,
    failures: AtomicU64,
    checkpoint_failures: AtomicU64,
}

impl SqliteLog {
    /// Opens the log in this file; makes the file if there is none, but not its folder.
    pub fn open(path: &Path, options: &Options) -> Result<Self, Error> {
        Self::start(path, writer::Writing::open(path)?, options)
    }

    fn start(path: &Path, writing: writer::Writing, options: &Options) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            commits: Stream::ALL.map(|_| watch::Sender::new(0)),
            ends: Stream::ALL.map(|stream| (0..stream.partitions()).map(|_| AtomicU64::new(0)).collect()),
            turn: Mutex::default(),
            counts: AtomicCounts::default(),
        });
        writing.publish_ends(&shared);
        let (requests, waiting) = mpsc::channel(options.queue.max(1));
        let (hints, checkpoint) = checkpoint::start(path, Arc::clone(&shared))?;
        let writer = writer::start(path, writing, Arc::clone(&shared), waiting, hints)?;
        Ok(Self {
            path: path.to_owned(),
            shared,
            requests: Some(requests),
            // In this order: the checkpoint ends after the writer has gone.
            threads: vec![writer, checkpoint],
            ends: Arc::default(),
        })
    }

    /// What it has done so far.
    pub fn counts(&self) -> Counts {
        let counts = &self.shared.counts;
        Counts {
            commits: counts.commits.load(Ordering::Relaxed),
            events: counts.events.load(Ordering::Relaxed),
            failures: counts.failures.load(Ordering::Relaxed),
            checkpoint_failures: counts.checkpoint_failures.load(Ordering::Relaxed),
        }
    }
}

impl Shared {
    fn commits_of(&self, stream: Stream) -> &watch::Sender<u64> {
        let [records, links, sharing, disclosures] = &self.commits;
        match stream {
            Stream::Records => records,
            Stream::Links => links,
            Stream::Sharing => sharing,
            Stream::Disclosures => disclosures,
        }
    }

    fn ends_of(&self, stream: Stream) -> &[AtomicU64] {
        let [records, links, sharing, disclosures] = &self.ends;
        match stream {
            Stream::Records => records,
            Stream::Links => links,
            Stream::Sharing => sharing,
            Stream::Disclosures => disclosures,
        }
    }
}

fn closed() -> Error {
    Error::Unavailable("it is closed".to_owned())
}

#[async_trait]
impl EventLog for SqliteLog {
    async fn append(&self, stream: Stream, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let requests = self.requests.as_ref().ok_or_else(closed)?;
        requests.send(writer::Request { stream, events, answer }).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    fn read(&self, stream: Stream, from: Vec<LogPosition>) -> BoxStream<'static, Result<Entry, Error>> {
        reader::read(self.path.clone(), stream, &from, &self.shared)
    }

    async fn end(&self, stream: Stream) -> Result<Vec<LogPosition>, Error> {
        let (path, ends) = (self.path.clone(), Arc::clone(&self.ends));
        let look = move || {
            let mut kept = ends.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // Put back only after it served, so that a broken connection is not kept.
            let connection = kept.take().map_or_else(|| schema::connect_to_read(&path), Ok)?;
            let end = reader::end(&connection, stream)?;
            *kept = Some(connection);
            Ok(end)
        };
        tokio::task::spawn_blocking(look).await.map_err(|_| closed())?
    }
}

impl Drop for SqliteLog {
    fn drop(&mut self) {
        self.requests = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing more to finish.
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests;
