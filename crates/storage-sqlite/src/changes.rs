//! The change feed. One writer at a time, so a lower sequence never commits after a higher one.

use crate::sql::{self, Bytes16, all, column, execute, first, signed};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::{PersonId, RecordKey};
use rusqlite::{Connection, Row, params};
use storage::{ChangeReads, ChangeRow, Changes, Error};

#[async_trait]
impl Changes for SqliteUnit {
    async fn push_change(&mut self, record: RecordKey, person: Option<PersonId>) -> Result<(), Error> {
        let sql = "INSERT INTO changes (record, person) VALUES (?1, ?2)";
        execute(&self.connection, sql, params![record.bytes(), person.as_ref().map(Bytes16::bytes)])?;
        self.newest_change = sql::number(self.connection.last_insert_rowid());
        Ok(())
    }

    async fn prune_changes(&mut self, through: u64) -> Result<(), Error> {
        execute(&self.connection, "DELETE FROM changes WHERE sequence <= ?1", [signed(through)]).map(drop)
    }
}

#[async_trait]
impl ChangeReads for SqliteStore {
    async fn changes_since(&self, sequence: u64, limit: u32) -> Result<Vec<ChangeRow>, Error> {
        let sql =
            "SELECT sequence, record, person FROM changes WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
        self.read(|connection| all(connection, sql, params![signed(sequence), limit], change_row)).await
    }

    async fn newest_change(&self) -> Result<u64, Error> {
        self.read(newest).await
    }
}

/// The newest sequence ever given, pruned or not.
pub(crate) fn newest(connection: &Connection) -> Result<u64, Error> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'changes'";
    Ok(first(connection, sql, (), |row| column(row, 0))?.map_or(0, sql::number))
}

fn change_row(row: &Row<'_>) -> Result<ChangeRow, Error> {
    let person: Option<[u8; 16]> = column(row, 2)?;
    Ok(ChangeRow {
        sequence: sql::number(column(row, 0)?),
        record: sql::record_key(row, 1)?,
        person: person.map(|bytes| PersonId(uuid::Uuid::from_bytes(bytes))),
    })
}
