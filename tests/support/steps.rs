//! Crash points: a log and keys at which a process can be made to die between any two steps of its work.
//!
//! A process that died is a future that never goes on and is dropped: its unit of work is undone, as by `kill -9`.

use async_trait::async_trait;
use domain::RecordKey;
use event_log::{
    Appended, DataKey, Entry, Error, EventLog, KeyError, KeyId, Keys, LogPosition, NewEvent, Stream,
};
use futures::StreamExt;
use futures::stream::BoxStream;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Notify;

const NO_LIMIT: i64 = i64::MAX;

/// Counts the steps that are left until the crash.
#[derive(Debug)]
pub struct Steps {
    left: AtomicI64,
    crashed: Notify,
}

impl Steps {
    /// Steps without a limit.
    pub fn new() -> Arc<Self> {
        Arc::new(Self { left: AtomicI64::new(NO_LIMIT), crashed: Notify::new() })
    }

    /// Runs some work that dies at this step, if it gets so far. `None`: it died.
    pub async fn run<T>(&self, steps: u32, work: impl Future<Output = T>) -> Option<T> {
        self.left.store(i64::from(steps), Ordering::SeqCst);
        let outcome = tokio::select! {
            biased;
            outcome = work => Some(outcome),
            () = self.crashed.notified() => None,
        };
        self.left.store(NO_LIMIT, Ordering::SeqCst);
        outcome
    }

    async fn step(&self) {
        if self.left.load(Ordering::SeqCst) == NO_LIMIT {
            return;
        }
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            self.crashed.notify_one();
            futures::future::pending::<()>().await;
        }
    }
}

/// A log with a step before each entry, and before and after each append.
#[derive(Clone)]
pub struct SteppedLog {
    inner: Arc<dyn EventLog>,
    steps: Arc<Steps>,
}

impl SteppedLog {
    /// Over this log.
    pub fn new(inner: Arc<dyn EventLog>, steps: Arc<Steps>) -> Self {
        Self { inner, steps }
    }
}

#[async_trait]
impl EventLog for SteppedLog {
    async fn append(&self, stream: Stream, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error> {
        self.steps.step().await;
        let appended = self.inner.append(stream, events).await;
        self.steps.step().await;
        appended
    }

    fn read(&self, stream: Stream, from: Vec<LogPosition>) -> BoxStream<'static, Result<Entry, Error>> {
        let steps = Arc::clone(&self.steps);
        let stepped = self.inner.read(stream, from).then(move |entry| {
            let steps = Arc::clone(&steps);
            async move {
                steps.step().await;
                entry
            }
        });
        stepped.boxed()
    }

    async fn end(&self, stream: Stream) -> Result<Vec<LogPosition>, Error> {
        self.inner.end(stream).await
    }
}

/// Keys with a step before each use: in the middle of a unit of work, between two events of a batch.
pub struct SteppedKeys {
    inner: Arc<dyn Keys>,
    steps: Arc<Steps>,
}

impl SteppedKeys {
    /// Over these keys.
    pub fn new(inner: Arc<dyn Keys>, steps: Arc<Steps>) -> Self {
        Self { inner, steps }
    }
}

#[async_trait]
impl Keys for SteppedKeys {
    async fn data_key(&self, owner: RecordKey) -> Result<DataKey, KeyError> {
        self.steps.step().await;
        self.inner.data_key(owner).await
    }

    async fn existing(&self, owner: RecordKey) -> Result<Option<DataKey>, KeyError> {
        self.steps.step().await;
        self.inner.existing(owner).await
    }

    async fn named(&self, id: KeyId) -> Result<Option<DataKey>, KeyError> {
        self.inner.named(id).await
    }

    async fn destroy(&self, owner: RecordKey) -> Result<(), KeyError> {
        self.inner.destroy(owner).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use event_log::MemoryLog;

    #[tokio::test]
    async fn work_dies_at_its_step_and_work_without_a_limit_does_not() {
        let steps = Steps::new();
        let log = SteppedLog::new(Arc::new(MemoryLog::new()), Arc::clone(&steps));
        let append = || log.append(Stream::Records, Vec::new());
        assert!(steps.run(0, append()).await.is_none());
        assert!(steps.run(1, append()).await.is_none(), "after the append, before its answer");
        assert!(steps.run(2, append()).await.is_some());
        assert!(append().await.is_ok());
    }
}
