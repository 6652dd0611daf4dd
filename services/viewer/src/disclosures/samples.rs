//! A small log with its leaves, for tests: in memory, and changed where a test says.

use super::checkpoint::CheckpointKey;
use super::tree::{Frontier, Hash};
use async_trait::async_trait;
use domain::{
    Authority, DisclosureId, EventId, Exit, ItemMask, Leaf, OrganisationId, Purpose, RecordChange,
    RecordEvent, RecordVersion, SessionId, SourceRecord, UserId,
};
use event_codec::{Codec, Event, Heading, stream_of};
use event_log::{
    Appended, Entry, Error, EventLog, InMemoryKeys, Keys, LogPosition, MemoryLog, NewEvent, Sealer,
    StoredEvent, Stream, SystemEntropy, leaf_hash,
};
use futures::StreamExt;
use futures::stream::BoxStream;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;
use std::sync::Arc;
use storage::{CheckpointRow, LeafReads, LeafRow, PositionReads};
use uuid::Uuid;

/// A change to an event on its way to the reader, as if its bytes were changed on the disk.
pub(super) type Tamper = fn(&mut StoredEvent);

/// A log that can be changed behind its back.
pub(super) struct Log {
    pub(super) honest: MemoryLog,
    pub(super) changed: Option<(Stream, LogPosition, Tamper)>,
}

#[async_trait]
impl EventLog for Log {
    async fn append(&self, stream: Stream, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error> {
        self.honest.append(stream, events).await
    }

    fn read(&self, stream: Stream, from: Vec<LogPosition>) -> BoxStream<'static, Result<Entry, Error>> {
        let changed = self.changed.filter(|(of, ..)| *of == stream);
        let change = move |entry| match (entry, changed) {
            (Ok(Entry::Event(mut event)), Some((_, at, tamper))) if event.position == at => {
                tamper(&mut event);
                Ok(Entry::Event(event))
            }
            (entry, _) => entry,
        };
        self.honest.read(stream, from).map(change).boxed()
    }

    async fn end(&self, stream: Stream) -> Result<Vec<LogPosition>, Error> {
        self.honest.end(stream).await
    }
}

/// Leaves, checkpoints and positions as a store holds them.
pub(super) struct StoredLeaves {
    pub(super) leaves: Vec<LeafRow>,
    pub(super) checkpoints: Vec<CheckpointRow>,
    pub(super) read: Vec<(Stream, LogPosition)>,
    pub(super) key: CheckpointKey,
}

impl StoredLeaves {
    /// Signs a checkpoint.
    pub(super) fn sign(&mut self, size: u64, root: Hash) {
        let note = self.key.sign(size, root);
        self.checkpoints.push(CheckpointRow { size, root, note, signed_at: Timestamp::UNIX_EPOCH });
    }

    /// Signs a checkpoint over the first leaves.
    pub(super) fn sign_first(&mut self, size: u64) {
        self.sign(size, self.root(size));
    }

    pub(super) fn root(&self, size: u64) -> Hash {
        let mut tree = Frontier::default();
        self.leaves.iter().take(usize::try_from(size).unwrap()).for_each(|row| tree.push(row.hash));
        tree.root()
    }

    pub(super) fn leaf(&self, index: u64) -> &Leaf {
        &self.leaves[usize::try_from(index).unwrap()].leaf
    }

    fn page(&self, from: u64, limit: u32) -> impl Iterator<Item = &LeafRow> {
        self.leaves.iter().filter(move |row| row.index >= from).take(usize::try_from(limit).unwrap())
    }
}

#[async_trait]
impl LeafReads for StoredLeaves {
    async fn leaf_count(&self) -> Result<u64, storage::Error> {
        Ok(self.leaves.len() as u64)
    }

    async fn leaf_hashes(&self, from: u64, limit: u32) -> Result<Vec<[u8; 32]>, storage::Error> {
        Ok(self.page(from, limit.min(3)).map(|row| row.hash).collect())
    }

    async fn leaves(&self, from: u64, limit: u32) -> Result<Vec<LeafRow>, storage::Error> {
        Ok(self.page(from, limit.min(3)).cloned().collect())
    }

    async fn find_leaf(&self, disclosure: DisclosureId) -> Result<Option<LeafRow>, storage::Error> {
        Ok(self.leaves.iter().find(|row| row.leaf.id == disclosure).cloned())
    }

    async fn leaves_of(&self, pseudonym: &[u8]) -> Result<Vec<LeafRow>, storage::Error> {
        Ok(self.leaves.iter().filter(|row| row.leaf.person == pseudonym).cloned().collect())
    }

    async fn checkpoints(&self, from_size: u64, limit: u32) -> Result<Vec<CheckpointRow>, storage::Error> {
        let rows = self.checkpoints.iter().filter(|row| row.size >= from_size);
        Ok(rows.take(usize::try_from(limit.min(2)).unwrap()).cloned().collect())
    }

    async fn latest_checkpoint(&self) -> Result<Option<CheckpointRow>, storage::Error> {
        Ok(self.checkpoints.last().cloned())
    }
}

#[async_trait]
impl PositionReads for StoredLeaves {
    async fn positions(&self, _role: &str, stream: Stream) -> Result<Vec<LogPosition>, storage::Error> {
        Ok(self.read.iter().filter(|(of, _)| *of == stream).map(|(_, next)| *next).collect())
    }

    async fn caught_up_at(&self, _role: &str, _stream: Stream) -> Result<Option<Timestamp>, storage::Error> {
        Ok(None)
    }
}

/// A log, its keys, and a store that has read it.
pub(super) struct World {
    pub(super) log: Log,
    pub(super) keys: Arc<dyn Keys>,
    pub(super) store: StoredLeaves,
    codec: Codec,
}

impl World {
    pub(super) fn new() -> Self {
        let keys: Arc<dyn Keys> = Arc::new(InMemoryKeys::new());
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let key = CheckpointKey::new("yett.example/disclosures", pkcs8.as_ref()).unwrap();
        Self {
            log: Log { honest: MemoryLog::new(), changed: None },
            codec: Codec::new(Sealer::new(Arc::clone(&keys), Arc::new(SystemEntropy::new()))),
            keys,
            store: StoredLeaves { leaves: Vec::new(), checkpoints: Vec::new(), read: Vec::new(), key },
        }
    }

    /// Appends leaves, and has the store read them.
    pub(super) async fn disclose(&mut self, count: u64) {
        for _ in 0..count {
            let index = self.store.leaves.len() as u64;
            let leaf = leaf(index);
            let event = self.append(EventId(leaf.id.0), Event::Leaf(leaf.clone())).await;
            let hash = leaf_hash(event.id, &event.envelope.payload_hash);
            let position = LogPosition { partition: 0, offset: index };
            self.store.leaves.push(LeafRow { index, position, hash, leaf });
            self.store.read = vec![(Stream::Disclosures, position.next())];
        }
    }

    /// Appends a change of each of so many records.
    pub(super) async fn feed(&mut self, count: u64) {
        for number in 0..count {
            let record = SourceRecord::parse("case-system", &format!("P-{number}")).unwrap();
            let change = RecordChange::new(record, RecordVersion::Sequence(1), Timestamp::UNIX_EPOCH);
            let id = EventId::of_message("case-system", &number.to_string());
            self.append(id, Event::Record(RecordEvent::Changed(change.into()))).await;
        }
        let heard = RecordEvent::FeedHeard {
            authority: Authority::parse("case-system").unwrap(),
            at: Timestamp::UNIX_EPOCH,
        };
        self.append(EventId::of_message("case-system", "heard"), Event::Record(heard)).await;
    }

    async fn append(&self, id: EventId, event: Event) -> NewEvent {
        let heading = Heading::own(id, "gate", Timestamp::UNIX_EPOCH, None);
        let sealed = self.codec.seal(heading, &event).await.unwrap();
        self.log.append(stream_of(&event), vec![sealed.clone()]).await.unwrap();
        sealed
    }
}

/// An invented leaf.
pub(super) fn leaf(number: u64) -> Leaf {
    Leaf {
        id: DisclosureId(Uuid::from_u128(u128::from(number) + 1)),
        at: Timestamp::from_second(i64::try_from(number).unwrap()).unwrap(),
        exit: Exit::Panel,
        disclosed: true,
        bundle_hash: vec![1; 32],
        user: UserId::parse("a.strachan").unwrap(),
        position: None,
        organisation: OrganisationId::parse("board").unwrap(),
        host_organisation: OrganisationId::parse("board").unwrap(),
        session: SessionId(Uuid::from_u128(7)),
        purpose: Purpose::DirectCare,
        person: vec![3; 32],
        flows: Vec::new(),
        items: ItemMask::EMPTY,
        item_count: 0,
        reasons: Vec::new(),
        override_id: None,
        body_digest: vec![2; 32],
        trace_id: String::new(),
        stated_reason: None,
    }
}
