//! The thread that moves what was committed from the write-ahead file into the main file, so that the writer need not.

use crate::{Shared, schema};
use event_log::Error;
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A checkpoint is due after so many bytes of payload.
const EVERY_BYTES: usize = 2 << 20;
/// … and when nothing was heard for so long, if anything was written at all.
const IDLE: Duration = Duration::from_secs(5);
/// Pages in the write-ahead file from which on it is begun again from the front, while the writer waits.
const RESTART_PAGES: i64 = 4096;

/// How often, and how far apart, settling is tried while others are in the way.
const SETTLE_TRIES: u32 = 20;
const SETTLE_PAUSE: Duration = Duration::from_millis(50);

/// How the writer tells how much it wrote. Dropping it ends the thread.
pub(crate) struct Hints {
    hint: SyncSender<()>,
    bytes: usize,
}

impl Hints {
    /// So many bytes of payload were committed.
    pub(crate) fn written(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes >= EVERY_BYTES {
            self.room_is_short();
        }
    }

    /// Have a checkpoint now: it may make room.
    pub(crate) fn room_is_short(&mut self) {
        self.bytes = 0;
        // One that is due already is enough.
        self.hint.try_send(()).ok();
    }
}

/// Writes all that the write-ahead file holds to the main file, syncs that, and empties the write-ahead file.
///
/// After a sync failed, the system may take pages for written that are not on the disk, and a second sync then says
/// nothing of it. What was committed before and after would hang on such a page. Written again, they are synced again.
pub(crate) fn settle(connection: &Connection) -> Result<(), Error> {
    for _ in 0..SETTLE_TRIES {
        let busy: i64 = connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(|failure| schema::error(&failure))?;
        if busy == 0 {
            return Ok(());
        }
        // Another checkpoint is under way, or a reader is in the middle of a batch.
        std::thread::sleep(SETTLE_PAUSE);
    }
    Err(Error::Unavailable("its write-ahead file is in use".to_owned()))
}

/// Starts the thread.
pub(crate) fn start(path: &Path, shared: Arc<Shared>) -> Result<(Hints, JoinHandle<()>), Error> {
    let (hint, hints) = sync_channel(1);
    let path = path.to_owned();
    let thread = std::thread::Builder::new()
        .name("log-checkpoint".to_owned())
        .spawn(move || run(&path, &shared, &hints))
        .map_err(|failure| {
            Error::Unavailable(format!("a thread could not be started: {}", failure.kind()))
        })?;
    Ok((Hints { hint, bytes: 0 }, thread))
}

fn run(path: &Path, shared: &Shared, hints: &Receiver<()>) {
    let mut connection = None;
    let mut commits_seen = 0;
    loop {
        let hint = hints.recv_timeout(IDLE);
        let last = hint == Err(RecvTimeoutError::Disconnected);
        let commits = shared.counts.commits.load(Ordering::Relaxed);
        if last || hint.is_ok() || commits != commits_seen {
            match checkpoint(path, shared, connection.take(), last) {
                Ok(used) => (connection, commits_seen) = (Some(used), commits),
                Err(_) => {
                    shared.counts.checkpoint_failures.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        if last {
            return;
        }
    }
}

/// Moves what it can without holding anybody up; begins the write-ahead file again if it has grown long, and cuts it
/// off at the end. A connection on which it failed is not used again.
fn checkpoint(
    path: &Path,
    shared: &Shared,
    kept: Option<Connection>,
    last: bool,
) -> Result<Connection, Error> {
    let connection = kept.map_or_else(|| schema::connect_to_write(path), Ok)?;
    let pragma = |mode: &str| -> Result<i64, Error> {
        let statement = format!("PRAGMA wal_checkpoint({mode})");
        connection.query_row(&statement, [], |row| row.get(1)).map_err(|failure| schema::error(&failure))
    };
    let pages = pragma("PASSIVE")?;
    if last || pages >= RESTART_PAGES {
        let _turn = shared.turn.lock().unwrap_or_else(PoisonError::into_inner);
        pragma(if last { "TRUNCATE" } else { "RESTART" })?;
    }
    Ok(connection)
}
