//! Parked events and those that wait behind them.

use crate::codec::corrupt;
use crate::sql::{self, Bytes16, all, column, execute, first, micros, signed, stream_number};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::{Authority, EventId, RecordKey};
use event_log::Stream;
use rusqlite::{Connection, Row, params};
use storage::{Error, Parked, ParkedReads, ParkedRow, ParkedState};

const SAVE: &str = "INSERT INTO parked
         (role, event, key, authority, stream, part, lies_at, event_type, reason, since, state)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
     ON CONFLICT (role, event) DO UPDATE SET key = excluded.key, authority = excluded.authority,
         stream = excluded.stream, part = excluded.part, lies_at = excluded.lies_at,
         event_type = excluded.event_type, reason = excluded.reason, since = excluded.since, state = excluded.state";

#[async_trait]
impl Parked for SqliteUnit {
    async fn is_blocked(&mut self, stream: Stream, key: RecordKey) -> Result<bool, Error> {
        if !self.any_parked()? {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM parked WHERE key = ?1 AND state <= 1 AND role = ?2 AND stream = ?3 LIMIT 1";
        let values = params![key.bytes(), self.role, stream_number(stream)];
        Ok(first(&self.connection, sql, values, |_| Ok(()))?.is_some())
    }

    async fn save_parked(&mut self, row: &ParkedRow) -> Result<(), Error> {
        let values = params![
            self.role,
            row.event.bytes(),
            row.key.bytes(),
            row.authority.as_ref().map(Authority::as_str),
            stream_number(row.stream),
            row.position.partition,
            signed(row.position.offset),
            row.event_type,
            row.reason,
            micros(row.since),
            state_number(row.state),
        ];
        self.any_parked = None;
        self.touched.records.insert(row.key);
        execute(&self.connection, SAVE, values).map(drop)
    }

    async fn parked_event(&mut self, event: EventId) -> Result<Option<ParkedRow>, Error> {
        find(&self.connection, &self.role, event)
    }

    async fn open_parked(&mut self, stream: Stream, key: RecordKey) -> Result<Vec<ParkedRow>, Error> {
        let sql = "SELECT event, key, authority, stream, part, lies_at, event_type, reason, since, state FROM parked
                   WHERE key = ?1 AND state <= 1 AND role = ?2 AND stream = ?3 ORDER BY part, lies_at";
        all(&self.connection, sql, params![key.bytes(), self.role, stream_number(stream)], parked_row)
    }
}

impl SqliteUnit {
    /// Whether anything at all is parked open: looked up once a unit, and again after something was parked.
    fn any_parked(&mut self) -> Result<bool, Error> {
        if let Some(any) = self.any_parked {
            return Ok(any);
        }
        let sql = "SELECT 1 FROM parked WHERE state <= 1 LIMIT 1";
        let any = first(&self.connection, sql, (), |_| Ok(()))?.is_some();
        self.any_parked = Some(any);
        Ok(any)
    }
}

#[async_trait]
impl ParkedReads for SqliteStore {
    async fn parked(&self, role: &str, limit: u32) -> Result<Vec<ParkedRow>, Error> {
        let sql = "SELECT event, key, authority, stream, part, lies_at, event_type, reason, since, state FROM parked
                   WHERE role = ?1 AND state <= 2 ORDER BY since, stream, part, lies_at LIMIT ?2";
        self.read_of(role, |connection| all(connection, sql, params![role, limit], parked_row)).await
    }

    async fn find_parked(&self, role: &str, event: EventId) -> Result<Option<ParkedRow>, Error> {
        self.read_of(role, |connection| find(connection, role, event)).await
    }

    async fn with_parked(&self, records: &[RecordKey]) -> Result<Vec<RecordKey>, Error> {
        let sql = "SELECT 1 FROM parked WHERE key = ?1 AND state <= 1 LIMIT 1";
        self.read(|connection| {
            let mut found = Vec::new();
            for record in records {
                if first(connection, sql, [record.bytes()], |_| Ok(()))?.is_some() {
                    found.push(*record);
                }
            }
            Ok(found)
        })
        .await
    }
}

fn find(connection: &Connection, role: &str, event: EventId) -> Result<Option<ParkedRow>, Error> {
    let sql =
        "SELECT event, key, authority, stream, part, lies_at, event_type, reason, since, state FROM parked
               WHERE role = ?1 AND event = ?2";
    first(connection, sql, params![role, event.bytes()], parked_row)
}

fn parked_row(row: &Row<'_>) -> Result<ParkedRow, Error> {
    let authority: Option<String> = column(row, 2)?;
    let authority = authority.map(|text| Authority::parse(&text)).transpose();
    Ok(ParkedRow {
        event: EventId(sql::uuid(row, 0)?),
        key: sql::record_key(row, 1)?,
        authority: authority.map_err(|_| corrupt("a bad authority"))?,
        stream: sql::stream(row, 3)?,
        position: sql::position(row, 4)?,
        event_type: column(row, 6)?,
        reason: column(row, 7)?,
        since: sql::time(column(row, 8)?)?,
        state: state_of(column(row, 9)?)?,
    })
}

fn state_number(state: ParkedState) -> u8 {
    match state {
        ParkedState::Blocking => 0,
        ParkedState::Waiting => 1,
        ParkedState::Quarantined => 2,
        ParkedState::Replayed => 3,
        ParkedState::Skipped => 4,
    }
}

fn state_of(number: u8) -> Result<ParkedState, Error> {
    match number {
        0 => Ok(ParkedState::Blocking),
        1 => Ok(ParkedState::Waiting),
        2 => Ok(ParkedState::Quarantined),
        3 => Ok(ParkedState::Replayed),
        4 => Ok(ParkedState::Skipped),
        5..=u8::MAX => Err(corrupt("an unknown state of a parked event")),
    }
}
