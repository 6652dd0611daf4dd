//! An event as a row, and back. `record` and `key_id` are left out where they say the same as their neighbours do.

use domain::{EventId, RecordKey};
use event_log::{Envelope, Error, KeyId, LogPosition, NewEvent, Sealed, StoredEvent, instant_of};
use rusqlite::{CachedStatement, Row, params};
use uuid::Uuid;

/// The columns in the order in which both directions use them.
pub(crate) const COLUMNS: &str = "place, event_id, key, record, event_type, type_version, source, sequence, \
     occurred_at, received_at, correlation_id, causation_id, traceparent, key_id, payload_hash, payload";

/// Their parameters.
pub(crate) const PARAMETERS: &str = "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16";

/// Runs the statement that inserts an event.
pub(crate) fn insert(
    statement: &mut CachedStatement<'_>,
    offset: u64,
    event: &NewEvent,
) -> rusqlite::Result<usize> {
    let envelope = &event.envelope;
    let record = (envelope.record != event.key).then(|| envelope.record.0.into_bytes());
    let key_id = (envelope.key_id != event.payload.key_id).then(|| envelope.key_id.to_bytes());
    statement.execute(params![
        offset.cast_signed(),
        event.id.0.as_bytes(),
        event.key.0.as_bytes(),
        record,
        envelope.event_type,
        envelope.type_version,
        envelope.source,
        envelope.sequence.map(u64::cast_signed),
        envelope.occurred_at.as_microsecond(),
        envelope.received_at.as_microsecond(),
        envelope.correlation_id.map(Uuid::into_bytes),
        envelope.causation_id.map(|id| id.0.into_bytes()),
        envelope.traceparent,
        key_id,
        envelope.payload_hash,
        event.payload.to_bytes(),
    ])
}

/// Reads a row of [`COLUMNS`]. A row that is not an event is `Corrupt`.
pub(crate) fn event(partition: u16, row: &Row<'_>) -> Result<StoredEvent, Error> {
    let offset: i64 = row.get(0).map_err(|failure| crate::schema::error(&failure))?;
    let position = LogPosition { partition, offset: offset.cast_unsigned() };
    decode(position, row).map_err(|failure| {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
        };
        let (InvalidColumnType(column, ..)
        | FromSqlConversionFailure(column, ..)
        | IntegralValueOutOfRange(column, _)
        | Utf8Error(column, _)) = failure
        else {
            return crate::schema::error_at(&failure, position);
        };
        Error::Corrupt { position, what: format!("column {column} cannot be read") }
    })
}

fn decode(position: LogPosition, row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    let uuid = |column| row.get(column).map(Uuid::from_bytes);
    let optional =
        |column| -> rusqlite::Result<_> { Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(Uuid::from_bytes)) };
    let time = |column| instant_of(row.get(column)?).ok_or_else(|| unreadable(column));
    let key = RecordKey(uuid(2)?);
    let payload = Sealed::from_bytes(row.get_ref(15)?.as_blob().map_err(|_| unreadable(15))?);
    let payload = payload.ok_or_else(|| unreadable(15))?;
    let key_id = match row.get::<_, Option<[u8; KeyId::LENGTH]>>(13)? {
        Some(bytes) => KeyId::from_bytes(&bytes).ok_or_else(|| unreadable(13))?,
        None => payload.key_id,
    };
    let envelope = Envelope {
        event_type: row.get(4)?,
        type_version: row.get(5)?,
        source: row.get(6)?,
        record: optional(3)?.map_or(key, RecordKey),
        sequence: row.get::<_, Option<i64>>(7)?.map(i64::cast_unsigned),
        occurred_at: time(8)?,
        received_at: time(9)?,
        correlation_id: optional(10)?,
        causation_id: optional(11)?.map(EventId),
        traceparent: row.get(12)?,
        key_id,
        payload_hash: row.get(14)?,
    };
    Ok(StoredEvent { position, id: EventId(uuid(1)?), key, envelope, payload })
}

fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, "unreadable".into())
}
