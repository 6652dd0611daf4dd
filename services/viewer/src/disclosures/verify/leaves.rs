//! Builds the tree again from the log, and holds it against the store's leaves and every signed checkpoint.

use crate::disclosures::checkpoint::CheckpointVerifier;
use crate::disclosures::tree::{Frontier, Hash};
use crate::disclosures::{Error, Report, hashes};
use domain::Leaf;
use event_log::{LogPosition, StoredEvent, Stream, leaf_hash};
use proto::event::{DecodeError, Event, decode};
use std::collections::{BTreeSet, VecDeque};
use storage::{CheckpointRow, LeafReads, LeafRow};

const STREAM: Stream = Stream::Disclosures;
/// Rows read at once.
const PAGE: u32 = 512;

/// Decodes a leaf, and puts into the report what is wrong with it. One of a later version than this is let be: the
/// tree holds it all the same.
pub(super) fn leaf(event: &StoredEvent, bytes: &[u8], report: &mut Report) -> Option<Leaf> {
    let envelope = &event.envelope;
    match decode(&envelope.event_type, envelope.type_version, bytes) {
        Ok(Event::Leaf(leaf)) if leaf.id.0 == event.id.0 => return Some(leaf),
        Ok(Event::Leaf(_)) => report.find(STREAM, event.position, "it is the leaf of another disclosure"),
        Ok(Event::Record(_) | Event::Link(_) | Event::Sharing(_)) => {
            report.find(STREAM, event.position, "it is not a leaf");
        }
        Err(DecodeError::UnknownType { .. }) => {}
        Err(DecodeError::Malformed { .. }) => {
            report.find(STREAM, event.position, "its payload cannot be read");
        }
    }
    None
}

/// The tree on its way, and what it is held against.
pub(super) struct TreeCheck<'a, S: ?Sized> {
    store: &'a S,
    key: &'a CheckpointVerifier,
    /// Sizes and roots that somebody kept elsewhere.
    kept: BTreeSet<(u64, Hash)>,
    tree: Frontier,
    /// Leaves in the store when the check began.
    stored: u64,
    /// The newest checkpoint when the check began.
    newest: Option<CheckpointRow>,
    rows: VecDeque<LeafRow>,
    checkpoints: VecDeque<CheckpointRow>,
    /// Where to read checkpoints on; `None`: there are no more.
    next_checkpoint: Option<u64>,
}

impl<'a, S: LeafReads + Sync + ?Sized> TreeCheck<'a, S> {
    /// Begins with an empty tree. What the store holds is noted first, and the log's end is asked for afterwards: the
    /// log is always ahead.
    pub(super) async fn begin(
        store: &'a S,
        key: &'a CheckpointVerifier,
        kept: BTreeSet<(u64, Hash)>,
    ) -> Result<Self, Error> {
        Ok(Self {
            stored: store.leaf_count().await?,
            newest: store.latest_checkpoint().await?,
            store,
            key,
            kept,
            tree: Frontier::default(),
            rows: VecDeque::new(),
            checkpoints: VecDeque::new(),
            next_checkpoint: Some(0),
        })
    }

    /// Number of leaves in the tree.
    pub(super) fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Its root.
    pub(super) fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Takes the leaves before the newest checkpoint from the store, and has the checkpoint speak for them.
    pub(super) async fn rest_on_the_newest_checkpoint(&mut self, report: &mut Report) -> Result<(), Error> {
        let Some(newest) = self.newest.clone() else { return Ok(()) };
        hashes::grow(self.store, &mut self.tree, newest.size.min(self.stored)).await?;
        self.next_checkpoint = Some(newest.size);
        if self.tree.size() == newest.size {
            self.compare_checkpoints(report).await?;
        } else {
            let what = format!(
                "the store holds {} leaves, a checkpoint was signed over {}",
                self.stored, newest.size
            );
            report.find(STREAM, at(self.stored), what);
        }
        Ok(())
    }

    /// Takes the next event of the log.
    pub(super) async fn take(
        &mut self,
        event: &StoredEvent,
        leaf: Option<&Leaf>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let hash = leaf_hash(event.id, &event.envelope.payload_hash);
        if let Some(row) = self.next_row().await? {
            if row.hash != hash || row.position != event.position {
                report.find(STREAM, event.position, "it is not the event that the tree was built from");
            } else if leaf.is_some_and(|leaf| *leaf != row.leaf) {
                report.find(STREAM, event.position, "the store's leaf says something else than the log's");
            }
        }
        self.tree.push(hash);
        self.compare_checkpoints(report).await?;
        self.compare_kept(report);
        Ok(())
    }

    fn compare_kept(&mut self, report: &mut Report) {
        let size = self.tree.size();
        while self.kept.first().is_some_and(|(kept, _)| *kept <= size) {
            let Some((kept, root)) = self.kept.pop_first() else { return };
            if kept == size && root != self.tree.root() {
                report.find(STREAM, at(size), format!("a kept checkpoint of {size} leaves has another root"));
            }
        }
    }

    /// Sees whether the log ends where the store and the checkpoints say that it goes on.
    pub(super) fn finish(&mut self, end: LogPosition, report: &mut Report) {
        let held = end.offset;
        if self.stored > held {
            report.find(STREAM, end, format!("the store holds {} leaves, the log only {held}", self.stored));
        }
        let newest = self.newest.as_ref().map(|newest| newest.size);
        for size in
            newest.into_iter().chain(self.kept.iter().map(|(size, _)| *size)).filter(|size| *size > held)
        {
            report.find(
                STREAM,
                end,
                format!("a checkpoint was signed over {size} leaves, the log holds only {held}"),
            );
        }
    }

    /// The store's row of the next leaf, if it held one when the check began.
    async fn next_row(&mut self) -> Result<Option<LeafRow>, Error> {
        let index = self.tree.size();
        if index >= self.stored {
            return Ok(None);
        }
        if self.rows.is_empty() {
            self.rows = self.store.leaves(index, PAGE).await?.into();
        }
        let row = self.rows.pop_front().filter(|row| row.index == index);
        row.map(Some).ok_or_else(|| storage::Error::Corrupt("a disclosure leaf is missing".to_owned()).into())
    }

    /// Holds the tree against the checkpoints of its present size.
    async fn compare_checkpoints(&mut self, report: &mut Report) -> Result<(), Error> {
        loop {
            if self.checkpoints.is_empty() {
                self.read_checkpoints().await?;
            }
            let size = self.tree.size();
            let Some(row) = self.checkpoints.pop_front_if(|row| row.size <= size) else { return Ok(()) };
            self.compare(&row, report);
        }
    }

    async fn read_checkpoints(&mut self) -> Result<(), Error> {
        let Some(from) = self.next_checkpoint else { return Ok(()) };
        self.checkpoints = self.store.checkpoints(from, PAGE).await?.into();
        self.next_checkpoint = self.checkpoints.back().map(|row| row.size.saturating_add(1));
        Ok(())
    }

    fn compare(&self, row: &CheckpointRow, report: &mut Report) {
        let (size, root) = (self.tree.size(), self.tree.root());
        let what = match self.key.open(&row.note) {
            Ok(signed) if (signed.size, signed.root) != (row.size, row.root) => {
                format!("the checkpoint of {} leaves is stored as another than it was signed", row.size)
            }
            Ok(_) if (row.size, row.root) == (size, root) => {
                report.checkpoints = report.checkpoints.saturating_add(1);
                return;
            }
            Ok(_) => format!("the first {size} leaves do not give the root that was signed for them"),
            Err(error) => format!("the checkpoint of {} leaves: {error}", row.size),
        };
        report.find(STREAM, at(size), what);
    }
}

/// The place after so many leaves.
fn at(size: u64) -> LogPosition {
    LogPosition { partition: 0, offset: size }
}
