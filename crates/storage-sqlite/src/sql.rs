//! How values of the domain stand in columns, and the few ways in which statements are run.

use crate::codec::{Coded, corrupt, decode};
use crate::connection::failed;
use domain::{EventId, PersonId, RecordKey, ReviewId};
use event_log::{LogPosition, Stream};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use storage::Error;
use uuid::Uuid;

pub(crate) fn execute(connection: &Connection, sql: &str, values: impl Params) -> Result<usize, Error> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(failed)
}

/// The first row, if any.
pub(crate) fn first<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.query_row(values, |row| Ok(read(row))).optional().map_err(failed)?.transpose()
}

/// Every row.
pub(crate) fn all<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(values).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// A column of a plain type.
pub(crate) fn column<T: rusqlite::types::FromSql>(row: &Row<'_>, place: usize) -> Result<T, Error> {
    row.get(place).map_err(failed)
}

/// A coded column.
pub(crate) fn body<T: Coded>(row: &Row<'_>, place: usize) -> Result<T, Error> {
    let bytes =
        row.get_ref(place).map_err(failed)?.as_blob().map_err(|_| corrupt("a body that is no blob"))?;
    decode(bytes)
}

pub(crate) fn record_key(row: &Row<'_>, place: usize) -> Result<RecordKey, Error> {
    uuid(row, place).map(RecordKey)
}

pub(crate) fn person(row: &Row<'_>, place: usize) -> Result<PersonId, Error> {
    uuid(row, place).map(PersonId)
}

pub(crate) fn uuid(row: &Row<'_>, place: usize) -> Result<Uuid, Error> {
    column::<[u8; 16]>(row, place).map(Uuid::from_bytes)
}

/// The 16 bytes of a key.
pub(crate) trait Bytes16 {
    fn bytes(&self) -> &[u8];
}

macro_rules! bytes_16 {
    ($($name:ident),*) => {
        $(impl Bytes16 for $name {
            fn bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }
        })*
    };
}

bytes_16!(RecordKey, PersonId, EventId, ReviewId);

pub(crate) fn stream_number(stream: Stream) -> u8 {
    u8::try_from(stream.index()).unwrap_or(u8::MAX)
}

pub(crate) fn stream(row: &Row<'_>, place: usize) -> Result<Stream, Error> {
    let number: u8 = column(row, place)?;
    Stream::ALL.get(usize::from(number)).copied().ok_or_else(|| corrupt("an unknown stream"))
}

/// Two columns: partition, offset.
pub(crate) fn position(row: &Row<'_>, place: usize) -> Result<LogPosition, Error> {
    Ok(LogPosition { partition: column(row, place)?, offset: number(column(row, place + 1)?) })
}

/// SQLite keeps signed numbers; ours stay far below where it matters.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn number(signed: i64) -> u64 {
    u64::try_from(signed).unwrap_or(0)
}

pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

pub(crate) fn time(micros: i64) -> Result<Timestamp, Error> {
    Timestamp::from_microsecond(micros).map_err(|_| corrupt("a bad time"))
}
