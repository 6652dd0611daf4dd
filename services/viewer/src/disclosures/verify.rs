//! Checks that the log still says what it said: every payload opens and is the one that its hash names, and the leaves
//! give the roots that were signed.
//!
//! It reads, and mends nothing. What it finds is told with its place: stream, partition, offset.

mod leaves;
mod opening;
mod reading;

use super::checkpoint::CheckpointVerifier;
use super::{Error, Report, Soundness};
use event_log::{EventLog, Keys, LogPosition, Stream};
use leaves::TreeCheck;
use opening::{Opened, Opener};
use pipeline::Ground;
use reading::Reading;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use storage::{DISCLOSURE_INDEX, LeafReads, PositionReads};
use tokio_util::sync::CancellationToken;

/// Role that keeps the read model: what it has read must be there. Leaves have a role of their own.
const READ_MODEL: &str = "projector";
/// Time between two whole checks.
const EVERY: Duration = Duration::from_hours(1);
/// Wait after a check that could not be carried out.
const PAUSE: Duration = Duration::from_mins(1);

/// Checks a log against its tree.
#[derive(Clone)]
pub struct Verifier {
    ground: Ground,
    key: CheckpointVerifier,
    soundness: Arc<Soundness>,
}

impl Verifier {
    /// Checks this log, whose checkpoints this key signed.
    pub fn new(ground: Ground, key: CheckpointVerifier) -> Self {
        Self { ground, key, soundness: Arc::default() }
    }

    /// What its checks found so far.
    pub fn soundness(&self) -> Arc<Soundness> {
        Arc::clone(&self.soundness)
    }

    /// Checks the leaves since the newest checkpoint, that those before it give its root, and that no stream has lost
    /// its end. Quick.
    pub async fn verify_since_checkpoint(&self) -> Result<Report, Error> {
        let report = self.check().since_checkpoint().await;
        self.note(&report, false);
        report
    }

    /// Checks everything: each event of each stream, each checkpoint, and `kept`, checkpoints that somebody kept
    /// elsewhere, as signed notes.
    pub async fn verify_whole(&self, kept: &[String]) -> Result<Report, Error> {
        let report = self.check().whole(kept).await;
        self.note(&report, true);
        report
    }

    /// Checks since the newest checkpoint at once, then the whole once an hour, until stopped.
    pub async fn run_hourly(self, stop: CancellationToken) {
        let mut whole = false;
        loop {
            let report = tokio::select! {
                () = stop.cancelled() => return,
                report = self.either(whole) => report,
            };
            let wait = if report.is_ok() { EVERY } else { PAUSE };
            whole = whole || report.is_ok();
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    async fn either(&self, whole: bool) -> Result<Report, Error> {
        if whole { self.verify_whole(&[]).await } else { self.verify_since_checkpoint().await }
    }

    fn check(&self) -> Check<'_, dyn storage::Store> {
        Check {
            log: self.ground.log.as_ref(),
            keys: self.ground.codec.sealer().keys().as_ref(),
            store: self.ground.store.as_ref(),
            key: &self.key,
        }
    }

    fn note(&self, report: &Result<Report, Error>, whole: bool) {
        match report {
            Ok(report) => {
                report.tell();
                self.soundness.note(report.is_sound(), whole);
            }
            Err(error) if error.is_transient() => {
                tracing::warn!(error = %error, "the log could not be checked and is tried again");
            }
            Err(error) => {
                tracing::error!(error = %error, "the log could not be checked: a person must look");
                self.soundness.note(false, whole);
            }
        }
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Verifier({})", self.key)
    }
}

/// One check, on as much of log and store as it needs.
struct Check<'a, S: ?Sized> {
    log: &'a dyn EventLog,
    keys: &'a dyn Keys,
    store: &'a S,
    key: &'a CheckpointVerifier,
}

impl<S: LeafReads + PositionReads + Sync + ?Sized> Check<'_, S> {
    async fn since_checkpoint(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        let mut tree = TreeCheck::begin(self.store, self.key, BTreeSet::new()).await?;
        tree.rest_on_the_newest_checkpoint(&mut report).await?;
        for stream in Stream::ALL {
            self.reach(stream, &mut report).await?;
        }
        self.leaves(tree, &mut report).await?;
        Ok(report)
    }

    async fn whole(&self, kept: &[String]) -> Result<Report, Error> {
        let mut report = Report::default();
        let kept = kept.iter().map(|note| self.key.open(note).map(|known| (known.size, known.root)));
        let kept = kept.collect::<Result<BTreeSet<_>, _>>()?;
        let tree = TreeCheck::begin(self.store, self.key, kept).await?;
        for stream in Stream::ALL {
            self.reach(stream, &mut report).await?;
        }
        self.leaves(tree, &mut report).await?;
        for stream in [Stream::Records, Stream::Links, Stream::Sharing] {
            self.payloads(stream, &mut report).await?;
        }
        Ok(report)
    }

    /// Whether the stream reaches as far as the read model has read it.
    async fn reach(&self, stream: Stream, report: &mut Report) -> Result<(), Error> {
        // First what was read, then the end: the log only grows.
        let reader = if stream == Stream::Disclosures { DISCLOSURE_INDEX } else { READ_MODEL };
        let read = self.store.positions(reader, stream).await?;
        let Some(ends) = self.end(stream, report).await? else { return Ok(()) };
        for next in read {
            let end = ends.iter().find(|end| end.partition == next.partition);
            if end.is_none_or(|end| *end < next) {
                let what =
                    format!("events are missing at the end: offsets before {} were read once", next.offset);
                report.find(stream, end.copied().unwrap_or(next), what);
            }
        }
        Ok(())
    }

    /// The ends of a stream; `None` when the log itself finds it damaged.
    async fn end(&self, stream: Stream, report: &mut Report) -> Result<Option<Vec<LogPosition>>, Error> {
        match self.log.end(stream).await {
            Ok(ends) => Ok(Some(ends)),
            Err(error) => reading::damage(stream, error, report).map(|()| None),
        }
    }

    async fn leaves(&self, mut tree: TreeCheck<'_, S>, report: &mut Report) -> Result<(), Error> {
        let stream = Stream::Disclosures;
        let Some(ends) = self.end(stream, report).await? else { return Ok(()) };
        let end = ends.first().copied().unwrap_or(LogPosition { partition: 0, offset: 0 });
        let from = LogPosition { partition: 0, offset: tree.size().min(end.offset) };
        let (mut reading, mut opener) =
            (Reading::begin(self.log, stream, vec![from], ends), Opener::new(self.keys));
        while let Some(event) = reading.next(report).await? {
            let leaf = match opener.open(stream, &event).await? {
                Opened::Plain(bytes) => leaves::leaf(&event, &bytes, report),
                // The key of the leaves is the stream's own, and is never destroyed.
                Opened::Erased => {
                    report.find(stream, event.position, "its data key is destroyed or was changed");
                    None
                }
                Opened::Damaged(what) => {
                    report.find(stream, event.position, what);
                    None
                }
            };
            tree.take(&event, leaf.as_ref(), report).await?;
        }
        if reading.came_to_its_end() {
            tree.finish(end, report);
        }
        report.leaves = tree.size();
        report.root = tree.root();
        Ok(())
    }

    async fn payloads(&self, stream: Stream, report: &mut Report) -> Result<(), Error> {
        let Some(ends) = self.end(stream, report).await? else { return Ok(()) };
        let (mut reading, mut opener) =
            (Reading::begin(self.log, stream, stream.start(), ends), Opener::new(self.keys));
        while let Some(event) = reading.next(report).await? {
            match opener.open(stream, &event).await? {
                Opened::Plain(_) => {}
                Opened::Erased => report.erased = report.erased.saturating_add(1),
                Opened::Damaged(what) => report.find(stream, event.position, what),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
