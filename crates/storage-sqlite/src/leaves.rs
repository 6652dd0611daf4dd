//! Disclosure leaves and checkpoints.

use crate::codec::{corrupt, encode};
use crate::sql::{self, all, body, column, execute, first, micros, number, signed};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::DisclosureId;
use rusqlite::{Connection, Row, params};
use storage::{CheckpointRow, Error, LeafReads, LeafRow, Leaves};

#[async_trait]
impl Leaves for SqliteUnit {
    async fn append_leaf(&mut self, row: &LeafRow) -> Result<(), Error> {
        let count = self.leaves.map_or_else(|| count(&self.connection), Ok)?;
        if count != row.index {
            return Err(corrupt("a leaf that is not the next one"));
        }
        self.leaves = Some(count.saturating_add(1));
        let sql = "INSERT INTO leaves (place, disclosure, person, hash, part, lies_at, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![
            signed(row.index),
            row.leaf.id.0.as_bytes(),
            row.leaf.person,
            row.hash,
            row.position.partition,
            signed(row.position.offset),
            encode(&row.leaf),
        ];
        execute(&self.connection, sql, values).map(drop)
    }

    async fn leaf_hash(&mut self, index: u64) -> Result<Option<[u8; 32]>, Error> {
        let sql = "SELECT hash FROM leaves WHERE place = ?1";
        first(&self.connection, sql, [signed(index)], |row| column(row, 0))
    }

    async fn save_checkpoint(&mut self, row: &CheckpointRow) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO checkpoints (size, root, note, signed_at) VALUES (?1, ?2, ?3, ?4)";
        execute(&self.connection, sql, params![signed(row.size), row.root, row.note, micros(row.signed_at)])
            .map(drop)
    }
}

#[async_trait]
impl LeafReads for SqliteStore {
    async fn leaf_count(&self) -> Result<u64, Error> {
        self.read_disclosures(count).await
    }

    async fn leaf_hashes(&self, from: u64, limit: u32) -> Result<Vec<[u8; 32]>, Error> {
        let sql = "SELECT hash FROM leaves WHERE place >= ?1 ORDER BY place LIMIT ?2";
        self.read_disclosures(|connection| {
            all(connection, sql, params![signed(from), limit], |row| column(row, 0))
        })
        .await
    }

    async fn leaves(&self, from: u64, limit: u32) -> Result<Vec<LeafRow>, Error> {
        let sql =
            "SELECT place, part, lies_at, hash, body FROM leaves WHERE place >= ?1 ORDER BY place LIMIT ?2";
        self.read_disclosures(|connection| all(connection, sql, params![signed(from), limit], leaf_row)).await
    }

    async fn find_leaf(&self, disclosure: DisclosureId) -> Result<Option<LeafRow>, Error> {
        let sql = "SELECT place, part, lies_at, hash, body FROM leaves WHERE disclosure = ?1 ORDER BY place LIMIT 1";
        self.read_disclosures(|connection| first(connection, sql, [disclosure.0.as_bytes()], leaf_row)).await
    }

    async fn leaves_of(&self, pseudonym: &[u8]) -> Result<Vec<LeafRow>, Error> {
        let sql = "SELECT place, part, lies_at, hash, body FROM leaves WHERE person = ?1 ORDER BY place";
        self.read_disclosures(|connection| all(connection, sql, [pseudonym], leaf_row)).await
    }

    async fn checkpoints(&self, from_size: u64, limit: u32) -> Result<Vec<CheckpointRow>, Error> {
        let sql =
            "SELECT size, root, note, signed_at FROM checkpoints WHERE size >= ?1 ORDER BY size LIMIT ?2";
        self.read_disclosures(|connection| {
            all(connection, sql, params![signed(from_size), limit], checkpoint_row)
        })
        .await
    }

    async fn latest_checkpoint(&self) -> Result<Option<CheckpointRow>, Error> {
        let sql = "SELECT size, root, note, signed_at FROM checkpoints ORDER BY size DESC LIMIT 1";
        self.read_disclosures(|connection| first(connection, sql, (), checkpoint_row)).await
    }
}

fn count(connection: &Connection) -> Result<u64, Error> {
    let last = first(connection, "SELECT MAX(place) FROM leaves", (), |row| column::<Option<i64>>(row, 0))?;
    Ok(last.flatten().map_or(0, |last| number(last) + 1))
}

fn leaf_row(row: &Row<'_>) -> Result<LeafRow, Error> {
    Ok(LeafRow {
        index: number(column(row, 0)?),
        position: sql::position(row, 1)?,
        hash: column(row, 3)?,
        leaf: body(row, 4)?,
    })
}

fn checkpoint_row(row: &Row<'_>) -> Result<CheckpointRow, Error> {
    Ok(CheckpointRow {
        size: number(column(row, 0)?),
        root: column(row, 1)?,
        note: column(row, 2)?,
        signed_at: sql::time(column(row, 3)?)?,
    })
}
