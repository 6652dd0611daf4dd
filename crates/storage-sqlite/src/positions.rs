//! Positions and progress.

use crate::sql::{self, all, column, execute, first, signed, stream_number};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use event_log::{LogPosition, Stream};
use jiff::Timestamp;
use rusqlite::params;
use storage::{Error, PositionReads, Positions};

#[async_trait]
impl Positions for SqliteUnit {
    async fn advance(&mut self, stream: Stream, next: LogPosition) -> Result<(), Error> {
        let sql = "INSERT INTO positions (role, stream, part, next, epoch) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (role, stream, part) DO UPDATE SET next = excluded.next, epoch = excluded.epoch";
        let values = params![
            self.role,
            stream_number(stream),
            next.partition,
            signed(next.offset),
            signed(self.epoch)
        ];
        execute(&self.connection, sql, values).map(drop)
    }

    async fn caught_up(&mut self, stream: Stream, at: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO progress (role, stream, caught_up_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (role, stream) DO UPDATE SET caught_up_at = excluded.caught_up_at";
        execute(&self.connection, sql, params![self.role, stream_number(stream), sql::micros(at)]).map(drop)
    }
}

#[async_trait]
impl PositionReads for SqliteStore {
    async fn positions(&self, role: &str, stream: Stream) -> Result<Vec<LogPosition>, Error> {
        let sql = "SELECT part, next FROM positions WHERE role = ?1 AND stream = ?2 ORDER BY part";
        self.read_of(role, |connection| {
            all(connection, sql, params![role, stream_number(stream)], |row| sql::position(row, 0))
        })
        .await
    }

    async fn caught_up_at(&self, role: &str, stream: Stream) -> Result<Option<Timestamp>, Error> {
        let sql = "SELECT caught_up_at FROM progress WHERE role = ?1 AND stream = ?2";
        self.read_of(role, |connection| {
            first(connection, sql, params![role, stream_number(stream)], |row| sql::time(column(row, 0)?))
        })
        .await
    }
}
