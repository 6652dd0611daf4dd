//! The outbox. One writer at a time, so the order of sequences is the order of commits.

use crate::sql::{self, Bytes16, all, column, execute, signed, stream_number};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::EventId;
use rusqlite::{Row, params};
use storage::{Error, Outbox, OutboxReads, OutboxRow};

#[async_trait]
impl Outbox for SqliteUnit {
    async fn push_outbox(&mut self, row: OutboxRow) -> Result<(), Error> {
        let sql = "INSERT INTO outbox (role, stream, key, event, body) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO NOTHING";
        let values =
            params![self.role, stream_number(row.stream), row.key.bytes(), row.event.bytes(), row.body];
        execute(&self.connection, sql, values).map(drop)
    }

    async fn delete_outbox(&mut self, sequences: &[u64]) -> Result<(), Error> {
        for sequence in sequences {
            let sql = "DELETE FROM outbox WHERE sequence = ?1 AND role = ?2";
            execute(&self.connection, sql, params![signed(*sequence), self.role])?;
        }
        Ok(())
    }
}

#[async_trait]
impl OutboxReads for SqliteStore {
    async fn outbox(&self, role: &str, limit: u32) -> Result<Vec<OutboxRow>, Error> {
        let sql = "SELECT sequence, stream, key, event, body FROM outbox WHERE role = ?1 ORDER BY sequence LIMIT ?2";
        self.read_of(role, |connection| all(connection, sql, params![role, limit], outbox_row)).await
    }
}

fn outbox_row(row: &Row<'_>) -> Result<OutboxRow, Error> {
    Ok(OutboxRow {
        sequence: sql::number(column(row, 0)?),
        stream: sql::stream(row, 1)?,
        key: sql::record_key(row, 2)?,
        event: EventId(sql::uuid(row, 3)?),
        body: column(row, 4)?,
    })
}
