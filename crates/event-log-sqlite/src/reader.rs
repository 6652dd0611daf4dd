//! Reading: batches from a connection of the reader's own, then one event at a time.

use crate::{Shared, closed, row, schema};
use event_log::{Entry, Error, IDLE_TICK, LogPosition, StoredEvent, Stream};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use rusqlite::Connection;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use tokio::sync::watch;

/// Most events of a partition in one batch …
const BATCH_EVENTS: usize = 512;
/// … and most bytes of payload, of which one event may be more.
const BATCH_BYTES: usize = 1 << 20;

struct Reader {
    path: PathBuf,
    stream: Stream,
    connection: Option<Connection>,
    /// The next to look for, one a partition: after the batch at hand.
    places: Vec<LogPosition>,
    batch: VecDeque<StoredEvent>,
    caught_up: bool,
    ended: bool,
    commits: watch::Receiver<u64>,
    /// Knows how far each partition has been committed. Weak: a reader does not keep the log open.
    shared: Weak<Shared>,
    /// A look at every place has come to the end.
    looked: bool,
}

/// How far behind a reader may be for its look to be short enough to wait for it on the spot.
const NEAR: u64 = 16;

pub(crate) fn read(
    path: PathBuf,
    stream: Stream,
    from: &[LogPosition],
    shared: &Arc<Shared>,
) -> BoxStream<'static, Result<Entry, Error>> {
    let places = match stream.places(from) {
        Ok(places) => places,
        Err(error) => return stream::iter([Err(error)]).boxed(),
    };
    let reader = Reader {
        path,
        stream,
        connection: None,
        places,
        batch: VecDeque::new(),
        caught_up: false,
        ended: false,
        commits: shared.commits_of(stream).subscribe(),
        shared: Arc::downgrade(shared),
        looked: false,
    };
    stream::unfold(reader, |mut reader| async move {
        if reader.ended {
            return None;
        }
        let entry = reader.next().await;
        reader.ended = entry.is_err();
        Some((entry, reader))
    })
    .boxed()
}

impl Reader {
    async fn next(&mut self) -> Result<Entry, Error> {
        loop {
            if let Some(event) = self.batch.pop_front() {
                return Ok(Entry::Event(event));
            }
            if self.caught_up {
                match tokio::time::timeout(IDLE_TICK, self.commits.changed()).await {
                    // Woken by a commit, or by the tick: either way, look again.
                    Ok(Ok(())) | Err(_) => self.caught_up = false,
                    Ok(Err(_)) => return Err(closed()),
                }
            }
            // Before the look, so that a commit during it is not missed.
            self.commits.mark_unchanged();
            self.look().await?;
            // Only if this very look found nothing: the end that a batch reached may be long past when it is read.
            if self.batch.is_empty() {
                self.caught_up = true;
                return Ok(Entry::CaughtUp(self.places.clone()));
            }
        }
    }

    /// Fetches the next batch, and says an error of it only after the events that came before.
    async fn look(&mut self) -> Result<(), Error> {
        let (behind, waiting) = self.waiting()?;
        if waiting.is_empty() {
            self.batch.clear();
            return Ok(());
        }
        let (path, stream) = (self.path.clone(), self.stream);
        let kept = self.connection.take();
        let look = move || -> Result<_, Error> {
            let connection = kept.map_or_else(|| schema::connect_to_read(&path), Ok)?;
            let events = look(&connection, stream, &waiting, BATCH_EVENTS)?;
            Ok((connection, events))
        };
        let (connection, events) = if behind <= NEAR && self.looked {
            look()?
        } else {
            tokio::task::spawn_blocking(look).await.map_err(|_| closed())??
        };
        // Only a look at everything that found nothing, and nothing wrong, has seen the end.
        self.looked |= events.is_empty();
        self.connection = Some(connection);
        for event in &events {
            if let Some(place) = self.places.get_mut(usize::from(event.position.partition)) {
                *place = event.position.next();
            }
        }
        self.batch = events.into();
        Ok(())
    }

    /// The places at which something waits, and how much in all. Until the end was seen every place is looked at, so
    /// that damage, and a log which ends before one of them, is noticed.
    fn waiting(&self) -> Result<(u64, Vec<LogPosition>), Error> {
        if !self.looked {
            return Ok((u64::MAX, self.places.clone()));
        }
        let shared = self.shared.upgrade().ok_or_else(closed)?;
        let ends = shared.ends_of(self.stream);
        let mut behind = 0;
        let mut waiting = Vec::new();
        for place in &self.places {
            let end = ends.get(usize::from(place.partition)).map_or(0, |end| end.load(Ordering::Acquire));
            if end != place.offset {
                behind += end.saturating_sub(place.offset);
                waiting.push(*place);
            }
        }
        Ok((behind, waiting))
    }
}

/// The next events of every partition, each partition's in order; none at all is the end. What precedes a gap or a
/// damaged event is given first; the look that finds nothing else fails.
pub(crate) fn look(
    connection: &Connection,
    stream: Stream,
    places: &[LogPosition],
    limit: usize,
) -> Result<Vec<StoredEvent>, Error> {
    let mut events = Vec::new();
    let mut failed = None;
    for place in places {
        let outcome = look_in(connection, stream, (*place, limit), &mut events);
        failed = failed.or(outcome.err());
    }
    match failed {
        Some(error) if events.is_empty() => Err(error),
        Some(_) | None => Ok(events),
    }
}

fn look_in(
    connection: &Connection,
    stream: Stream,
    (place, limit): (LogPosition, usize),
    events: &mut Vec<StoredEvent>,
) -> Result<(), Error> {
    let sqlite = |failure: rusqlite::Error| schema::error_at(&failure, place);
    let (columns, table) = (row::COLUMNS, schema::events_table(stream, place.partition));
    let sql = format!("SELECT {columns} FROM {table} WHERE place >= ?1 ORDER BY place");
    let mut statement = connection.prepare_cached(&sql).map_err(sqlite)?;
    let mut rows = statement.query([place.offset.cast_signed()]).map_err(sqlite)?;
    let (mut expected, mut bytes, mut count) = (place, 0, 0);
    while let Some(row) = rows.next().map_err(sqlite)? {
        if count >= limit || bytes >= BATCH_BYTES {
            return Ok(());
        }
        let event = row::event(place.partition, row)?;
        if event.position != expected {
            return Err(Error::Gap { expected, found: event.position });
        }
        bytes += event.payload.length();
        count += 1;
        expected = expected.next();
        events.push(event);
    }
    if count > 0 {
        return Ok(());
    }
    let found = end_of(connection, stream, place.partition)?;
    if found < place { Err(Error::Gap { expected: place, found }) } else { Ok(()) }
}

/// The place after the last event of every partition.
pub(crate) fn end(connection: &Connection, stream: Stream) -> Result<Vec<LogPosition>, Error> {
    (0..stream.partitions()).map(|partition| end_of(connection, stream, partition)).collect()
}

fn end_of(connection: &Connection, stream: Stream, partition: u16) -> Result<LogPosition, Error> {
    let sql = format!("SELECT max(place) FROM {}", schema::events_table(stream, partition));
    let last: Option<i64> = connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(|failure| schema::error_at(&failure, LogPosition { partition, offset: 0 }))?;
    Ok(LogPosition { partition, offset: last.map_or(0, |last| last.cast_unsigned().saturating_add(1)) })
}
