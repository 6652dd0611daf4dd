//! The policy snapshot: the sharing stream, folded and compiled, swapped whole. A revoked agreement is one swap.

use arc_swap::ArcSwap;
use domain::{Clock, SharingEvent};
use event_codec::{Codec, Event};
use event_log::{Entry, EventLog, LogPosition, StoredEvent, Stream};
use futures::StreamExt;
use jiff::Timestamp;
use policy::{Policy, SharingState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use transport::{Caller, CredentialRegister};

/// One state of sharing, with the policy compiled from it.
#[derive(Debug)]
pub struct Snapshot {
    /// The register: organisations, positions, agreements, directives.
    pub state: SharingState,
    /// The compiled rule. `None`: it could not be compiled, and nothing is permitted.
    pub policy: Option<Policy>,
    /// Events folded.
    pub version: u64,
    /// An event of the stream could not be read: nothing is permitted until a version that can runs.
    pub broken: bool,
}

/// Keeps the snapshot at the end of the stream.
pub struct SharingSnapshot {
    log: Arc<dyn EventLog>,
    codec: Codec,
    clock: Arc<dyn Clock>,
    current: ArcSwap<Snapshot>,
    caught_up_us: AtomicI64,
    changed: watch::Sender<u64>,
    publishing: Mutex<()>,
}

impl SharingSnapshot {
    /// A snapshot that knows nothing yet: it permits nothing.
    pub fn new(log: Arc<dyn EventLog>, codec: Codec, clock: Arc<dyn Clock>) -> Arc<Self> {
        let empty = Snapshot { state: SharingState::default(), policy: None, version: 0, broken: false };
        Arc::new(Self {
            log,
            codec,
            clock,
            current: ArcSwap::from_pointee(empty),
            caught_up_us: AtomicI64::new(i64::MIN),
            changed: watch::Sender::new(0),
            publishing: Mutex::default(),
        })
    }

    /// The snapshot now.
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// When the end of the stream was last read.
    pub fn caught_up_at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.caught_up_us.load(Ordering::SeqCst))
            .ok()
            .filter(|at| *at > Timestamp::MIN)
    }

    /// Rings whenever the snapshot changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until at least so many events are folded.
    pub async fn reached(&self, version: u64) {
        let mut changes = self.changed.subscribe();
        while *changes.borrow_and_update() < version {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Reads the present end of the stream, folds everything up to it, and returns.
    pub async fn catch_up(&self) -> Result<(), event_log::Error> {
        let end: u64 = self.log.end(Stream::Sharing).await?.iter().map(|position| position.offset).sum();
        if end <= self.current().version {
            self.caught_up_us.store(self.clock.now().as_microsecond(), Ordering::SeqCst);
            return Ok(());
        }
        let from = LogPosition { partition: 0, offset: self.current().version };
        let mut entries = self.log.read(Stream::Sharing, vec![from]);
        let mut next = Draft::of(&self.current());
        while let Some(entry) = entries.next().await {
            match entry? {
                Entry::Event(stored) => next.take(&self.codec, &stored).await,
                Entry::CaughtUp(_) => {
                    self.publish(next);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Follows the stream until stopped.
    pub async fn follow(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let from = LogPosition { partition: 0, offset: self.current().version };
            let mut entries = self.log.read(Stream::Sharing, vec![from]).ready_chunks(256);
            loop {
                let chunk = tokio::select! {
                    () = stop.cancelled() => return,
                    chunk = entries.next() => chunk,
                };
                let Some(chunk) = chunk else { break };
                if self.take(chunk).await.is_err() {
                    break;
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_millis(200)) => {}
            }
        }
    }

    async fn take(&self, chunk: Vec<Result<Entry, event_log::Error>>) -> Result<(), event_log::Error> {
        let mut next = None;
        let mut at_end = false;
        let mut outcome = Ok(());
        for entry in chunk {
            match entry {
                Ok(Entry::Event(stored)) => {
                    let draft = next.get_or_insert_with(|| Draft::of(&self.current()));
                    draft.take(&self.codec, &stored).await;
                    at_end = false;
                }
                Ok(Entry::CaughtUp(_)) => at_end = true,
                Err(error) => {
                    tracing::warn!(stream = "sharing", error = %error, "the sharing stream cannot be read");
                    outcome = Err(error);
                    break;
                }
            }
        }
        if let Some(draft) = next {
            self.publish(draft);
        }
        if at_end {
            self.caught_up_us.store(self.clock.now().as_microsecond(), Ordering::SeqCst);
        }
        outcome
    }

    /// Swaps the snapshot, unless another reader of the stream has got further meanwhile.
    fn publish(&self, draft: Draft) {
        let version = draft.version;
        let _turn = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        if version <= self.current().version {
            return;
        }
        let policy = match Policy::compile(&draft.state) {
            Ok(policy) => Some(policy),
            Err(error) => {
                tracing::error!(stream = "sharing", error = %error, "the policy cannot be compiled");
                None
            }
        };
        let snapshot = Snapshot { state: draft.state, policy, version, broken: draft.broken };
        self.current.store(Arc::new(snapshot));
        self.caught_up_us.store(self.clock.now().as_microsecond(), Ordering::SeqCst);
        self.changed.send_replace(version);
    }
}

/// A snapshot in the making.
struct Draft {
    state: SharingState,
    version: u64,
    broken: bool,
}

impl Draft {
    fn of(snapshot: &Snapshot) -> Self {
        Self { state: snapshot.state.clone(), version: snapshot.version, broken: snapshot.broken }
    }

    /// Folds the event that comes next; one that is folded already is passed over.
    async fn take(&mut self, codec: &Codec, stored: &StoredEvent) {
        if stored.position.offset >= self.version {
            self.fold(codec.open(Stream::Sharing, stored).await);
        }
    }

    fn fold(&mut self, opened: Result<Event, event_codec::Error>) {
        self.version += 1;
        match opened {
            Ok(Event::Sharing(event)) => self.apply(&event),
            // A directive of an erased record has nothing left to stand on.
            Err(event_codec::Error::Erased) => {}
            Ok(Event::Record(_) | Event::Link(_) | Event::Leaf(_)) | Err(_) => {
                tracing::error!(
                    stream = "sharing",
                    offset = self.version - 1,
                    "a sharing event cannot be read"
                );
                self.broken = true;
            }
        }
    }

    fn apply(&mut self, event: &SharingEvent) {
        self.state.apply(event);
    }
}

impl CredentialRegister for SharingSnapshot {
    fn caller(&self, secret_digest: &[u8]) -> Option<Caller> {
        let snapshot = self.current.load();
        let credential = snapshot.state.credential(secret_digest)?;
        Some(Caller {
            organisation: credential.organisation.clone(),
            kind: credential.kind,
            holder: credential.holder.clone(),
        })
    }
}

impl std::fmt::Debug for SharingSnapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SharingSnapshot({})", self.current().version)
    }
}
