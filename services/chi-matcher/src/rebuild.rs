//! Builds the decider's memory from the log: links to their end, records to where the role has read them.
//!
//! Everything that the role decided is in the log before this begins, so links and records fit together. What was
//! parked stays left out until it comes back through the consumer.

use crate::ROLE;
use crate::memory::Memory;
use crate::shared::Shared;
use domain::{EventId, RecordEvent};
use event_codec::Event;
use event_log::{Entry, LogPosition, StoredEvent, Stream};
use futures::StreamExt;
use pipeline::{Ground, HandlerError};
use projection::Arrival;
use std::collections::{BTreeMap, HashSet};
use storage::ParkedRow;

/// Most parked events of the role that are left out.
const MOST_PARKED: u32 = 1_000_000;

/// Builds the memory anew and puts it in the place of the old one.
pub(crate) async fn rebuild(shared: &Shared) -> Result<(), HandlerError> {
    let _turn = shared.turn.lock().await;
    let ground = &shared.ground;
    if !ground.store.outbox(ROLE, 1).await?.is_empty() {
        return Err(not_now("the outbox of the decider has not been moved to the log yet"));
    }
    let parked = ground.store.parked(ROLE, MOST_PARKED).await?;
    let parked: Vec<ParkedRow> = parked.into_iter().filter(|row| row.state.is_open()).collect();
    let mut memory = Memory::new(shared.settings.for_matching());

    let end = ground.log.end(Stream::Links).await.map_err(not_now)?;
    let mut reading = Reading { ground, stream: Stream::Links, parked: &parked };
    let fold = |stored: &StoredEvent, event| {
        if let Event::Link(event) = event {
            memory.fold_link(stored.id, &event);
        }
    };
    reading.up_to(&end, fold).await?;
    memory.folded_up_to(&end, parked.iter().map(|row| row.event).collect());

    let read = ground.store.positions(ROLE, Stream::Records).await?;
    reading.stream = Stream::Records;
    let fold = |stored: &StoredEvent, event| {
        if let Event::Record(RecordEvent::Changed(change)) = event {
            let arrival =
                Arrival { received_at: stored.envelope.received_at, offset: stored.position.offset };
            memory.fold_record(&change, arrival);
        }
    };
    reading.up_to(&read, fold).await?;

    let mut held = shared.lock().await;
    memory.restore(held.take_offered());
    *held = memory;
    shared.mark_fresh();
    drop(held);
    shared.ring();
    Ok(())
}

struct Reading<'a> {
    ground: &'a Ground,
    stream: Stream,
    /// Told apart by where they lie: two events may have one id, and only one of them is parked.
    parked: &'a [ParkedRow],
}

impl Reading<'_> {
    /// Reads the stream from its start up to these places, and no further.
    async fn up_to(
        &self,
        places: &[LogPosition],
        mut take: impl FnMut(&StoredEvent, Event),
    ) -> Result<(), HandlerError> {
        let mut left: BTreeMap<u16, u64> = places
            .iter()
            .filter(|place| place.offset > 0)
            .map(|place| (place.partition, place.offset))
            .collect();
        let here = self.parked.iter().filter(|row| row.stream == self.stream);
        let parked: HashSet<LogPosition> = here.map(|row| row.position).collect();
        let mut seen: HashSet<EventId> = HashSet::new();
        let mut entries = self.ground.log.read(self.stream, Vec::new());
        while !left.is_empty() {
            let Some(entry) = entries.next().await else { return Err(not_now("the log ended")) };
            let Entry::Event(stored) = entry.map_err(not_now)? else { continue };
            let Some(end) = left.get(&stored.position.partition).copied() else { continue };
            if stored.position.offset.saturating_add(1) >= end {
                left.remove(&stored.position.partition);
            }
            // Of several events of one id the first was handled, and no other.
            let is_first = seen.insert(stored.id);
            if stored.position.offset < end && is_first && !parked.contains(&stored.position) {
                self.open(&stored, &mut take).await?;
            }
        }
        Ok(())
    }

    async fn open(
        &self,
        stored: &StoredEvent,
        take: &mut impl FnMut(&StoredEvent, Event),
    ) -> Result<(), HandlerError> {
        match self.ground.codec.open(self.stream, stored).await {
            Ok(event) => take(stored, event),
            Err(event_codec::Error::Keys(error)) => return Err(not_now(error)),
            // Erased, or skipped for good: nobody has to hear of it any more.
            Err(
                event_codec::Error::Erased
                | event_codec::Error::UnknownType { .. }
                | event_codec::Error::Malformed(_)
                | event_codec::Error::Corrupt,
            ) => {}
        }
        Ok(())
    }
}

fn not_now(why: impl ToString) -> HandlerError {
    HandlerError::Store(storage::Error::Unavailable(why.to_string()))
}
