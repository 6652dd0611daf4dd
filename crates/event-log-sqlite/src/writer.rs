//! The one thread that writes: many waiting appends, one transaction, one sync of the disk.
//!
//! INVARIANT: an append is answered with `Ok` only after the transaction that holds it was committed. A connection on
//! which anything failed is never used again: its sync is not tried a second time, the file is opened anew and what the
//! write-ahead file holds is first written to the main file afresh.

use crate::checkpoint::{self, Hints};
use crate::tables::Tables;
use crate::{Shared, schema};
use event_log::{Appended, Error, NewEvent, Stream};
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// A transaction takes no further call after so many events …
const GROUP_EVENTS: usize = 1024;
/// … or so many bytes of payload.
const GROUP_BYTES: usize = 8 << 20;

/// One call of `append`.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) stream: Stream,
    pub(crate) events: Vec<NewEvent>,
    pub(crate) answer: oneshot::Sender<Result<Vec<Appended>, Error>>,
}

/// A file open for writing.
pub(crate) struct Writing {
    connection: Connection,
    tables: Vec<Tables>,
}

struct Writer {
    path: PathBuf,
    /// `None` after a failure, until the file could be opened again.
    writing: Option<Writing>,
    shared: Arc<Shared>,
    waiting: mpsc::Receiver<Request>,
    hints: Hints,
}

/// Starts the thread. It ends when nobody can append any more.
pub(crate) fn start(
    path: &Path,
    writing: Writing,
    shared: Arc<Shared>,
    waiting: mpsc::Receiver<Request>,
    hints: Hints,
) -> Result<JoinHandle<()>, Error> {
    let mut writer = Writer { path: path.to_owned(), writing: Some(writing), shared, waiting, hints };
    std::thread::Builder::new()
        .name("log-writer".to_owned())
        .spawn(move || {
            while let Some(first) = writer.waiting.blocking_recv() {
                let group = writer.gather(first);
                writer.serve(group);
            }
        })
        .map_err(|failure| Error::Unavailable(format!("a thread could not be started: {}", failure.kind())))
}

impl Writer {
    /// Everything that waits by now, up to the limits.
    fn gather(&mut self, first: Request) -> Vec<Request> {
        let (mut events, mut bytes) = (first.events.len(), payload_bytes(&first.events));
        let mut group = vec![first];
        while events < GROUP_EVENTS && bytes < GROUP_BYTES {
            let Ok(request) = self.waiting.try_recv() else { break };
            events += request.events.len();
            bytes += payload_bytes(&request.events);
            group.push(request);
        }
        group
    }

    fn serve(&mut self, group: Vec<Request>) {
        let outcome = self.store(&group);
        let counts = &self.shared.counts;
        match outcome {
            Ok(answers) => {
                let stored =
                    answers.iter().flatten().filter(|one| matches!(one, Appended::Stored(_))).count();
                counts.commits.fetch_add(1, Ordering::Relaxed);
                counts.events.fetch_add(u64::try_from(stored).unwrap_or(0), Ordering::Relaxed);
                self.wake(&group);
                self.hints.written(group.iter().map(|request| payload_bytes(&request.events)).sum());
                for (request, answer) in group.into_iter().zip(answers) {
                    // Whoever asked may have gone.
                    drop(request.answer.send(Ok(answer)));
                }
            }
            Err(error) => {
                counts.failures.fetch_add(1, Ordering::Relaxed);
                self.hints.room_is_short();
                for request in group {
                    drop(request.answer.send(Err(error.clone())));
                }
            }
        }
    }

    /// Commits a group. After a failure the connection is closed, and with it the transaction undone.
    fn store(&mut self, group: &[Request]) -> Result<Vec<Vec<Appended>>, Error> {
        let _turn = self.shared.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writing = match self.writing.take() {
            Some(writing) => writing,
            None => Writing::open(&self.path)?,
        };
        let answers = writing.commit(group)?;
        writing.publish_ends(&self.shared);
        self.writing = Some(writing);
        Ok(answers)
    }

    fn wake(&self, group: &[Request]) {
        for stream in Stream::ALL {
            if group.iter().any(|request| request.stream == stream) {
                self.shared.commits_of(stream).send_modify(|commits| *commits += 1);
            }
        }
    }
}

impl Writing {
    /// Opens the file, makes its tables, makes sure of what they hold, and looks where every partition ends.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let mut connection = schema::connect_to_write(path)?;
        schema::prepare(&mut connection)?;
        checkpoint::settle(&connection)?;
        let tables = Stream::ALL.into_iter().map(|stream| Tables::open(&connection, stream));
        let tables = tables.collect::<Result<_, _>>()?;
        Ok(Self { connection, tables })
    }

    /// Tells readers how far they can read.
    pub(crate) fn publish_ends(&self, shared: &Shared) {
        for tables in &self.tables {
            tables.publish_ends(shared);
        }
    }

    fn commit(&mut self, group: &[Request]) -> Result<Vec<Vec<Appended>>, Error> {
        let Self { connection, tables } = self;
        let mut commit = || -> rusqlite::Result<_> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut answers = Vec::with_capacity(group.len());
            for Request { stream, events, .. } in group {
                let tables = tables.get_mut(stream.index()).ok_or(rusqlite::Error::InvalidQuery)?;
                let stored = events.iter().map(|event| tables.store(&transaction, event));
                answers.push(stored.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            transaction.commit()?;
            Ok(answers)
        };
        commit().map_err(|failure| schema::error(&failure))
    }

    /// Makes this connection see a full disk beyond so many pages.
    #[cfg(test)]
    pub(crate) fn limit_pages(&mut self, pages: i64) {
        self.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    }
}

fn payload_bytes(events: &[NewEvent]) -> usize {
    events.iter().map(|event| event.payload.length()).sum()
}
