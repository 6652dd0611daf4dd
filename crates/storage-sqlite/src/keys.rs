//! The data keys' salts in a file of their own, which loses nothing at a power cut: a salt that is gone is a record
//! that nobody can read again.

use crate::connection::{Durability, failed, open_writer};
use crate::sql::{Bytes16, column, execute, first, uuid};
use async_trait::async_trait;
use domain::{Entropy, RecordKey};
use event_log::{DataKey, KeyError, KeyId, Keys, MasterKeys, Salt};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use storage::Error;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS keys (
        record BLOB PRIMARY KEY, epoch INTEGER NOT NULL, salt_id BLOB NOT NULL UNIQUE, salt BLOB NOT NULL
    ) STRICT, WITHOUT ROWID";

/// Data keys over a file of salts.
pub struct SqliteKeys {
    masters: MasterKeys,
    entropy: Arc<dyn Entropy>,
    connection: Mutex<Connection>,
    /// Keys that were used lately: each event takes its key three times. One process owns the file, so a key that is
    /// destroyed is destroyed through this, and forgotten.
    recent: Mutex<HashMap<RecordKey, DataKey>>,
}

/// Most keys that are kept; beyond them all are forgotten and derived again.
const MOST_RECENT: usize = 8192;

impl SqliteKeys {
    /// Opens the file, and makes it if there is none.
    pub fn open(path: &Path, masters: MasterKeys, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        let connection = open_writer(Some(path), Durability::LosesNothing)?;
        // A destroyed salt must not stay readable in a page that is free.
        connection.pragma_update(None, "secure_delete", true).map_err(failed)?;
        connection.execute_batch(SCHEMA).map_err(failed)?;
        Ok(Self { masters, entropy, connection: Mutex::new(connection), recent: Mutex::default() })
    }

    fn kept(&self, owner: RecordKey) -> Option<DataKey> {
        self.lock_recent().get(&owner).cloned()
    }

    /// Keeps a key. The connection is held meanwhile, so that no key is kept that was destroyed since it was read.
    fn keep(&self, _connection: &Connection, owner: RecordKey, key: &DataKey) {
        let mut recent = self.lock_recent();
        if recent.len() >= MOST_RECENT {
            recent.clear();
        }
        recent.insert(owner, key.clone());
    }

    fn lock_recent(&self) -> MutexGuard<'_, HashMap<RecordKey, DataKey>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stored_or_made(&self, connection: &Connection, owner: RecordKey) -> Result<DataKey, KeyError> {
        if let Some(stored) = find(connection, owner).map_err(unavailable)? {
            return self.derive(&stored);
        }
        let id = KeyId { epoch: self.masters.current_epoch(), salt: self.entropy.uuid() };
        let salt = Salt::random(self.entropy.as_ref());
        let sql = "INSERT INTO keys (record, epoch, salt_id, salt) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (record) DO NOTHING";
        let values = params![owner.bytes(), id.epoch, id.salt.as_bytes(), salt.as_bytes()];
        execute(connection, sql, values).map_err(unavailable)?;
        // Another process may have been first: what is stored counts.
        let stored = find(connection, owner).map_err(unavailable)?;
        self.derive(
            &stored
                .ok_or_else(|| KeyError::Unavailable("the key was destroyed while it was made".to_owned()))?,
        )
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn derive(&self, stored: &(KeyId, Salt)) -> Result<DataKey, KeyError> {
        self.masters.derive(stored.0, &stored.1)
    }
}

impl std::fmt::Debug for SqliteKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SqliteKeys")
    }
}

#[async_trait]
impl Keys for SqliteKeys {
    async fn data_key(&self, owner: RecordKey) -> Result<DataKey, KeyError> {
        if let Some(key) = self.kept(owner) {
            return Ok(key);
        }
        let connection = self.lock();
        let key = self.stored_or_made(&connection, owner)?;
        self.keep(&connection, owner, &key);
        Ok(key)
    }

    async fn existing(&self, owner: RecordKey) -> Result<Option<DataKey>, KeyError> {
        if let Some(key) = self.kept(owner) {
            return Ok(Some(key));
        }
        let connection = self.lock();
        let stored = find(&connection, owner).map_err(unavailable)?;
        let key = stored.map(|stored| self.derive(&stored)).transpose()?;
        if let Some(key) = &key {
            self.keep(&connection, owner, key);
        }
        Ok(key)
    }

    async fn named(&self, id: KeyId) -> Result<Option<DataKey>, KeyError> {
        let sql = "SELECT epoch, salt_id, salt FROM keys WHERE salt_id = ?1 AND epoch = ?2";
        let found =
            first(&self.lock(), sql, params![id.salt.as_bytes(), id.epoch], stored).map_err(unavailable)?;
        found.map(|stored| self.derive(&stored)).transpose()
    }

    async fn destroy(&self, owner: RecordKey) -> Result<(), KeyError> {
        let connection = self.lock();
        self.lock_recent().remove(&owner);
        execute(&connection, "DELETE FROM keys WHERE record = ?1", [owner.bytes()]).map_err(unavailable)?;
        // The salt must leave the write-ahead log too.
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            .map_err(failed)
            .map_err(unavailable)
    }
}

fn find(connection: &Connection, owner: RecordKey) -> Result<Option<(KeyId, Salt)>, Error> {
    first(connection, "SELECT epoch, salt_id, salt FROM keys WHERE record = ?1", [owner.bytes()], stored)
}

fn stored(row: &Row<'_>) -> Result<(KeyId, Salt), Error> {
    let id = KeyId { epoch: column(row, 0)?, salt: uuid(row, 1)? };
    Ok((id, Salt::from_bytes(column(row, 2)?)))
}

#[allow(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn unavailable(error: Error) -> KeyError {
    KeyError::Unavailable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use event_log::SystemEntropy;
    use uuid::Uuid;

    const OWNER: RecordKey = RecordKey(Uuid::from_u128(5));

    fn open(path: &Path) -> SqliteKeys {
        SqliteKeys::open(path, MasterKeys::new(1, [3; 32]), Arc::new(SystemEntropy::new())).unwrap()
    }

    #[tokio::test]
    async fn a_key_outlives_the_process_and_is_found_by_owner_and_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.db");
        let made = open(&path).data_key(OWNER).await.unwrap();
        let keys = open(&path);
        assert_eq!(keys.data_key(OWNER).await.unwrap().hash(b"x"), made.hash(b"x"));
        assert_eq!(keys.existing(OWNER).await.unwrap().unwrap().id(), made.id());
        assert_eq!(keys.named(made.id()).await.unwrap().unwrap().hash(b"x"), made.hash(b"x"));
        let other = KeyId { epoch: made.id().epoch + 1, ..made.id() };
        assert!(keys.named(other).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_destroyed_key_is_gone_for_good_also_where_it_was_used_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.db");
        let keys = open(&path);
        let made = keys.data_key(OWNER).await.unwrap();
        assert_eq!(keys.data_key(OWNER).await.unwrap().id(), made.id());
        keys.destroy(OWNER).await.unwrap();
        assert!(keys.existing(OWNER).await.unwrap().is_none());
        assert!(keys.named(made.id()).await.unwrap().is_none());
        assert_ne!(keys.data_key(OWNER).await.unwrap().id(), made.id());
    }
}
