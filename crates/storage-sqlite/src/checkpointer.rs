//! Moves what was committed from the write-ahead log into the file, off the writer's way.

use crate::connection::{Durability, failed, open_writer};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use storage::Error;

/// Commits between two checkpoints.
const COMMITS: u32 = 256;
/// The longest that a commit waits for its checkpoint.
const PERIOD: Duration = Duration::from_secs(2);

/// The thread that checkpoints. It ends, with a last checkpoint, when this is dropped.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    commits: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(path: &Path, durability: Durability) -> Result<Self, Error> {
        let connection = open_writer(Some(path), durability)?;
        let (commits, heard) = sync_channel::<()>(usize::try_from(COMMITS).unwrap_or(1));
        let run = move || {
            let mut since = 0;
            loop {
                match heard.recv_timeout(PERIOD) {
                    Ok(()) if since < COMMITS => since += 1,
                    Ok(()) => since = checkpoint(&connection, since),
                    Err(RecvTimeoutError::Timeout) if since == 0 => {}
                    Err(RecvTimeoutError::Timeout) => since = checkpoint(&connection, since),
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            checkpoint(&connection, since);
        };
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(run)
            .map_err(|error| Error::Unavailable(format!("the checkpoint thread did not start: {error}")))?;
        Ok(Self { commits: Some(commits), thread: Some(thread) })
    }

    /// Tells of one commit; never waits.
    pub(crate) fn committed(&self) {
        if let Some(commits) = &self.commits {
            match commits.try_send(()) {
                Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
            }
        }
    }
}

/// Gives the commits that still wait: none, unless the disk refused.
fn checkpoint(connection: &rusqlite::Connection, since: u32) -> u32 {
    let done = connection
        .query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| row.get::<_, i64>(0))
        .map_err(failed);
    if done.is_ok() { 0 } else { since }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.commits.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
