//! Events that a role has handled.

use crate::sql::{Bytes16, column, execute, first};
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::EventId;
use rusqlite::params;
use storage::{Error, SeenBefore, SeenEvents};

#[async_trait]
impl SeenEvents for SqliteUnit {
    async fn note_seen(&mut self, event: EventId, hash: &[u8; 32]) -> Result<SeenBefore, Error> {
        let sql = "INSERT INTO seen (role, event, hash) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        if execute(&self.connection, sql, params![self.role, event.bytes(), hash])? == 1 {
            return Ok(SeenBefore::New);
        }
        let sql = "SELECT hash FROM seen WHERE role = ?1 AND event = ?2";
        let held: Option<[u8; 32]> =
            first(&self.connection, sql, params![self.role, event.bytes()], |row| column(row, 0))?;
        Ok(if held.as_ref() == Some(hash) { SeenBefore::Repeat } else { SeenBefore::Conflict })
    }
}
