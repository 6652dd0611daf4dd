//! A log that remembers whether it could be written the last time, for readiness. It changes nothing.

use async_trait::async_trait;
use event_log::{Appended, Entry, Error, EventLog, LogPosition, NewEvent, Stream};
use futures::stream::BoxStream;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes that a probe of the disk writes.
const PROBE_BYTES: usize = 64 * 1024;

/// The log behind it, and how its last append went.
pub(crate) struct WatchedLog {
    inner: Arc<dyn EventLog>,
    folder: PathBuf,
    writable: AtomicBool,
}

impl WatchedLog {
    /// Watches this log, whose files lie in the folder.
    pub(crate) fn new(inner: Arc<dyn EventLog>, folder: PathBuf) -> Self {
        Self { inner, folder, writable: AtomicBool::new(true) }
    }

    /// Whether appends go through. After a failed one the disk itself is tried, so that readiness comes back without
    /// anybody sending anything.
    pub(crate) fn is_writable(&self) -> bool {
        if !self.writable.load(Ordering::SeqCst) && self.probe().is_ok() {
            self.writable.store(true, Ordering::SeqCst);
        }
        self.writable.load(Ordering::SeqCst)
    }

    fn probe(&self) -> std::io::Result<()> {
        let path = self.folder.join("probe");
        let written = std::fs::File::create(&path).and_then(|mut file| {
            file.write_all(&vec![0_u8; PROBE_BYTES])?;
            file.sync_all()
        });
        let removed = std::fs::remove_file(&path);
        written.and(removed)
    }
}

#[async_trait]
impl EventLog for WatchedLog {
    async fn append(&self, stream: Stream, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error> {
        let appended = self.inner.append(stream, events).await;
        let failed = matches!(appended, Err(Error::Unavailable(_) | Error::Full | Error::Fenced));
        self.writable.store(!failed, Ordering::SeqCst);
        appended
    }

    fn read(&self, stream: Stream, from: Vec<LogPosition>) -> BoxStream<'static, Result<Entry, Error>> {
        self.inner.read(stream, from)
    }

    async fn end(&self, stream: Stream) -> Result<Vec<LogPosition>, Error> {
        self.inner.end(stream).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use event_log::MemoryLog;

    #[test]
    fn readiness_comes_back_when_the_disk_can_be_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone");
        let log = WatchedLog::new(Arc::new(MemoryLog::default()), gone.clone());
        log.writable.store(false, Ordering::SeqCst);
        assert!(!log.is_writable());
        std::fs::create_dir(&gone).unwrap();
        assert!(log.is_writable());
        assert_eq!(std::fs::read_dir(&gone).unwrap().count(), 0, "the probe leaves nothing behind");
    }
}
