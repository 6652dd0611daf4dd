//! A stream's tables as the writer uses them: the statements, and the next offset of every partition.

use crate::{Shared, reader, row, schema};
use event_log::{Appended, Error, LogPosition, NewEvent, Stream, instant_of};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::sync::atomic::Ordering;

/// The tables of one stream. Good until a transaction fails; then open them again.
pub(crate) struct Tables {
    stream: Stream,
    insert_id: String,
    find_id: String,
    partitions: Vec<Partition>,
}

struct Partition {
    next: LogPosition,
    insert: String,
    find: String,
}

impl Tables {
    /// Looks where every partition ends.
    pub(crate) fn open(connection: &Connection, stream: Stream) -> Result<Self, Error> {
        let ids = schema::ids_table(stream);
        let partition = |next: LogPosition| {
            let events = schema::events_table(stream, next.partition);
            let (columns, parameters) = (row::COLUMNS, row::PARAMETERS);
            Partition {
                next,
                insert: format!("INSERT INTO {events} ({columns}) VALUES ({parameters})"),
                find: format!("SELECT payload_hash, received_at FROM {events} WHERE place = ?1"),
            }
        };
        Ok(Self {
            stream,
            insert_id: format!("INSERT INTO {ids} VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"),
            find_id: format!("SELECT part, place FROM {ids} WHERE event_id = ?1"),
            partitions: reader::end(connection, stream)?.into_iter().map(partition).collect(),
        })
    }

    /// Stores an event, or recognises that it is there already.
    pub(crate) fn store(
        &mut self,
        transaction: &Transaction<'_>,
        event: &NewEvent,
    ) -> rusqlite::Result<Appended> {
        let number = self.stream.partition_of(event.key);
        let partition = self.partitions.get_mut(usize::from(number)).ok_or(rusqlite::Error::InvalidQuery)?;
        let place = partition.next;
        let id = event.id.0.as_bytes();
        let new = transaction.prepare_cached(&self.insert_id)?.execute(params![
            id,
            place.partition,
            place.offset.cast_signed()
        ])?;
        if new == 0 {
            return self.repeat(transaction, event);
        }
        row::insert(&mut transaction.prepare_cached(&partition.insert)?, place.offset, event)?;
        partition.next = place.next();
        Ok(Appended::Stored(place))
    }

    /// Tells how far each partition has been committed.
    pub(crate) fn publish_ends(&self, shared: &Shared) {
        for (end, partition) in shared.ends_of(self.stream).iter().zip(&self.partitions) {
            end.store(partition.next.offset, Ordering::Release);
        }
    }

    fn repeat(&self, transaction: &Transaction<'_>, event: &NewEvent) -> rusqlite::Result<Appended> {
        let (part, place): (u16, i64) = transaction
            .prepare_cached(&self.find_id)?
            .query_row([event.id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let partition = self.partitions.get(usize::from(part)).ok_or(rusqlite::Error::InvalidQuery)?;
        let held: Option<([u8; 32], i64)> = transaction
            .prepare_cached(&partition.find)?
            .query_row([place], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (hash, received_at) = held.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        Ok(Appended::Repeat {
            id: event.id,
            same_payload: hash == event.envelope.payload_hash,
            received_at: instant_of(received_at).unwrap_or(Timestamp::UNIX_EPOCH),
        })
    }
}
