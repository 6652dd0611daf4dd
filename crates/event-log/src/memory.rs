//! The log in memory: for tests, for the simulation, and for the profile that keeps nothing.
//!
//! A clone is the same log, as if it had been opened again. It can be told to fail, to be slow and to lose an event,
//! and to mix its partitions in a seeded order.

mod reader;

use crate::{Appended, Entry, Error, EventLog, LogPosition, NewEvent, StoredEvent, Stream};
use async_trait::async_trait;
use domain::{EventId, SeededEntropy};
use futures::stream::BoxStream;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What an append is made to do wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Stores nothing and answers this.
    Refuse(Error),
    /// Stores everything and answers this: what a lost acknowledgement looks like.
    StoreAndRefuse(Error),
}

/// A log in memory.
#[derive(Debug, Clone)]
pub struct MemoryLog(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    streams: [StreamOf; 4],
    faults: Mutex<Faults>,
    mixing: Option<SeededEntropy>,
}

#[derive(Debug)]
struct StreamOf {
    content: Mutex<Content>,
    /// Counts appends, to wake readers.
    appends: watch::Sender<u64>,
}

#[derive(Debug)]
struct Content {
    partitions: Vec<Vec<StoredEvent>>,
    ids: HashMap<EventId, ([u8; 32], Timestamp)>,
}

#[derive(Debug, Default)]
struct Faults {
    appends: Option<Fault>,
    remaining: u32,
    delay: Duration,
    reads: Option<Error>,
    keeps_repeats: bool,
}

impl MemoryLog {
    /// An empty log. Readers take the partitions in turn.
    pub fn new() -> Self {
        Self::build(None)
    }

    /// An empty log whose readers mix the partitions in an order that follows from the seed.
    pub fn mixing(seed: u64) -> Self {
        Self::build(Some(SeededEntropy::new(seed)))
    }

    fn build(mixing: Option<SeededEntropy>) -> Self {
        let streams = Stream::ALL.map(|stream| StreamOf {
            content: Mutex::new(Content {
                partitions: vec![Vec::new(); usize::from(stream.partitions())],
                ids: HashMap::new(),
            }),
            appends: watch::Sender::new(0),
        });
        Self(Arc::new(Shared { streams, faults: Mutex::default(), mixing }))
    }

    /// Makes the next `times` appends fail so.
    pub fn fail_appends(&self, fault: Fault, times: u32) {
        let mut faults = self.faults();
        faults.appends = Some(fault);
        faults.remaining = times;
    }

    /// Makes every append take this long before it begins.
    pub fn delay_appends(&self, delay: Duration) {
        self.faults().delay = delay;
    }

    /// Makes readers end with this error, until it is taken back with `None`.
    pub fn fail_reads(&self, error: Option<Error>) {
        self.faults().reads = error;
        for stream in &self.0.streams {
            stream.appends.send_modify(|count| *count += 1);
        }
    }

    /// Keeps repeats from now on, or again recognises them: what two writers that do not know of each other leave in
    /// a log without an index of ids. Then every consumer has to recognise them by itself.
    pub fn keep_repeats(&self, keep: bool) {
        self.faults().keeps_repeats = keep;
    }

    /// Loses an event, as a damaged disk might. Says whether it was there.
    pub fn lose(&self, stream: Stream, position: LogPosition) -> bool {
        let mut content = self.content(stream);
        let Some(events) = content.partitions.get_mut(usize::from(position.partition)) else { return false };
        let before = events.len();
        events.retain(|event| event.position != position);
        events.len() < before
    }

    fn of(&self, stream: Stream) -> &StreamOf {
        let [records, links, sharing, disclosures] = &self.0.streams;
        match stream {
            Stream::Records => records,
            Stream::Links => links,
            Stream::Sharing => sharing,
            Stream::Disclosures => disclosures,
        }
    }

    fn content(&self, stream: Stream) -> MutexGuard<'_, Content> {
        self.of(stream).content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault of this append, if it has one.
    fn next_fault(&self) -> Option<Fault> {
        let mut faults = self.faults();
        faults.remaining = faults.remaining.checked_sub(1)?;
        faults.appends.clone()
    }
}

impl Default for MemoryLog {
    fn default() -> Self {
        Self::new()
    }
}

impl Content {
    fn append(&mut self, stream: Stream, event: NewEvent, keeps_repeats: bool) -> Appended {
        let NewEvent { id, key, envelope, payload } = event;
        let envelope = envelope.to_the_microsecond();
        if let Some((hash, received_at)) = self.ids.get(&id).filter(|_| !keeps_repeats) {
            let same_payload = *hash == envelope.payload_hash;
            return Appended::Repeat { id, same_payload, received_at: *received_at };
        }
        self.ids.entry(id).or_insert((envelope.payload_hash, envelope.received_at));
        let partition = stream.partition_of(key);
        let mut position = LogPosition { partition, offset: 0 };
        if let Some(events) = self.partitions.get_mut(usize::from(partition)) {
            position = events.last().map_or(position, |last| last.position.next());
            events.push(StoredEvent { position, id, key, envelope, payload });
        }
        Appended::Stored(position)
    }

    fn end(&self) -> Vec<LogPosition> {
        let ends = (0..).zip(&self.partitions).map(|(partition, events)| {
            events.last().map_or(LogPosition { partition, offset: 0 }, |last| last.position.next())
        });
        ends.collect()
    }

    /// The event at a place, or `None` at the end.
    fn at(&self, place: LogPosition) -> Result<Option<StoredEvent>, Error> {
        let events = self.partitions.get(usize::from(place.partition)).map_or(&[][..], Vec::as_slice);
        let index = events.partition_point(|event| event.position < place);
        let found = events.get(index);
        let end = events.last().map_or(LogPosition { offset: 0, ..place }, |last| last.position.next());
        let next = found.map_or(end, |event| event.position);
        if next != place {
            return Err(Error::Gap { expected: place, found: next });
        }
        Ok(found.cloned())
    }
}

#[async_trait]
impl EventLog for MemoryLog {
    async fn append(&self, stream: Stream, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error> {
        let delay = self.faults().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let keeps_repeats = self.faults().keeps_repeats;
        let fault = self.next_fault();
        if let Some(Fault::Refuse(error)) = fault {
            return Err(error);
        }
        let appended = {
            let mut content = self.content(stream);
            events.into_iter().map(|event| content.append(stream, event, keeps_repeats)).collect()
        };
        self.of(stream).appends.send_modify(|count| *count += 1);
        match fault {
            Some(Fault::StoreAndRefuse(error) | Fault::Refuse(error)) => Err(error),
            None => Ok(appended),
        }
    }

    fn read(&self, stream: Stream, from: Vec<LogPosition>) -> BoxStream<'static, Result<Entry, Error>> {
        reader::read(self.clone(), stream, &from)
    }

    async fn end(&self, stream: Stream) -> Result<Vec<LogPosition>, Error> {
        Ok(self.content(stream).end())
    }
}

#[cfg(test)]
mod tests;
