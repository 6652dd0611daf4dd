//! Launch codes and sessions, by the digests of their secrets.

use crate::codec::encode;
use crate::sql::{self, body, column, execute, first, micros};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::SessionId;
use jiff::Timestamp;
use rusqlite::params;
use storage::{Error, Launch, LaunchReads, Launches, SecretDigest};

#[async_trait]
impl Launches for SqliteUnit {
    async fn save_launch_code(
        &mut self,
        code: &SecretDigest,
        launch: &Launch,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO launch_codes (code, body, expires_at) VALUES (?1, ?2, ?3)";
        execute(&self.connection, sql, params![code, encode(launch), micros(expires_at)]).map(drop)
    }

    async fn take_launch_code(
        &mut self,
        code: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<Launch>, Error> {
        let sql =
            "UPDATE launch_codes SET used_at = ?2 WHERE code = ?1 AND used_at IS NULL AND expires_at > ?2
                   RETURNING body";
        first(&self.connection, sql, params![code, micros(now)], |row| body(row, 0))
    }

    async fn save_session(
        &mut self,
        token: &SecretDigest,
        launch: &Launch,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO sessions (token, session, body, expires_at) VALUES (?1, ?2, ?3, ?4)";
        let session = launch.request.session.0;
        execute(&self.connection, sql, params![token, session.as_bytes(), encode(launch), micros(expires_at)])
            .map(drop)
    }

    async fn end_session(&mut self, session: SessionId) -> Result<(), Error> {
        execute(&self.connection, "DELETE FROM sessions WHERE session = ?1", [session.0.as_bytes()]).map(drop)
    }

    async fn prune_launches(&mut self, now: Timestamp) -> Result<(), Error> {
        execute(&self.connection, "DELETE FROM launch_codes WHERE expires_at <= ?1", [micros(now)])?;
        execute(&self.connection, "DELETE FROM sessions WHERE expires_at <= ?1", [micros(now)]).map(drop)
    }
}

#[async_trait]
impl LaunchReads for SqliteStore {
    async fn session(
        &self,
        token: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<(Launch, Timestamp)>, Error> {
        let sql = "SELECT body, expires_at FROM sessions WHERE token = ?1 AND expires_at > ?2";
        self.read(|connection| {
            first(connection, sql, params![token, micros(now)], |row| {
                Ok((body(row, 0)?, sql::time(column(row, 1)?)?))
            })
        })
        .await
    }
}
