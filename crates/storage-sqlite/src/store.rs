//! The store: one connection that writes, a few that read; and the same again for the disclosure log, in a file of its
//! own. Every view adds a leaf: in one file, each would make every reader of records fetch its pages anew.

use crate::checkpointer::Checkpointer;
use crate::connection::{Durability, failed, migrate, open_reader, open_writer};
use crate::unit::SqliteUnit;
use crate::view_cache::ViewCache;
use crate::{changes, dump, sql};
use async_trait::async_trait;
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use storage::{ChangeBell, ChangeWatch, Error, Store, UnitOfWork};

/// Reading connections of a file.
const READERS: usize = 4;

/// The stores of one data directory, or of memory.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    shared: Arc<Shared>,
    /// The disclosure log's file. In memory it is the same as the other.
    disclosures: Arc<Shared>,
}

/// Name of the disclosure log's file, beside the store's.
pub const DISCLOSURES_FILE: &str = "disclosures.db";

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) writer: Arc<tokio::sync::Mutex<Connection>>,
    readers: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
    pub(crate) bell: ChangeBell,
    pub(crate) checkpointer: Option<Checkpointer>,
    pub(crate) views: ViewCache,
}

impl SqliteStore {
    /// Opens the store of a file and of [`DISCLOSURES_FILE`] beside it, and makes them if there are none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let disclosures = Shared::open(&path.with_file_name(DISCLOSURES_FILE))?;
        Ok(Self { shared: Arc::new(Shared::open(path)?), disclosures: Arc::new(disclosures) })
    }

    /// A store in memory, gone when it is dropped.
    pub fn in_memory() -> Result<Self, Error> {
        let mut writer = open_writer(None, Durability::MayLoseTheLast)?;
        migrate(&mut writer)?;
        let shared = Arc::new(Shared::new(writer, Vec::new(), None)?);
        Ok(Self { disclosures: Arc::clone(&shared), shared })
    }

    /// Where a role's rows lie.
    fn of_role(&self, role: &str) -> &Arc<Shared> {
        if storage::keeps_disclosures(role) { &self.disclosures } else { &self.shared }
    }

    /// What views read, kept while it stands.
    pub(crate) fn kept_views(&self) -> &ViewCache {
        &self.shared.views
    }

    /// Reads the read model.
    pub(crate) async fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.shared.read(read).await
    }

    /// Reads a role's own rows.
    pub(crate) async fn read_of<T>(
        &self,
        role: &str,
        read: impl FnOnce(&Connection) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.of_role(role).read(read).await
    }

    /// Reads leaves and checkpoints.
    pub(crate) async fn read_disclosures<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.disclosures.read(read).await
    }
}

impl Shared {
    fn open(path: &Path) -> Result<Self, Error> {
        let mut writer = open_writer(Some(path), Durability::MayLoseTheLast)?;
        migrate(&mut writer)?;
        writer.pragma_update(None, "wal_autocheckpoint", 0).map_err(failed)?;
        let readers = (0..READERS).map(|_| open_reader(path).map(Mutex::new)).collect::<Result<_, _>>()?;
        let checkpointer = Checkpointer::start(path, Durability::MayLoseTheLast)?;
        Self::new(writer, readers, Some(checkpointer))
    }

    fn new(
        writer: Connection,
        readers: Vec<Mutex<Connection>>,
        checkpointer: Option<Checkpointer>,
    ) -> Result<Self, Error> {
        let bell = ChangeBell::new(changes::newest(&writer)?);
        let writer = Arc::new(tokio::sync::Mutex::new(writer));
        Ok(Self {
            writer,
            readers,
            turn: AtomicUsize::new(0),
            bell,
            checkpointer,
            views: ViewCache::default(),
        })
    }

    /// Reads on a connection that is free. In memory there is one connection, so it waits for the unit of work.
    async fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Error> + Send) -> Result<T, Error> {
        let readers = &self.readers;
        if readers.is_empty() {
            return read(&*self.writer.lock().await);
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let in_turn = || readers.iter().cycle().skip(turn % readers.len()).take(readers.len());
        for reader in in_turn() {
            match reader.try_lock() {
                Ok(connection) => return read(&connection),
                Err(TryLockError::Poisoned(poisoned)) => return read(&poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        let reader = in_turn().next().ok_or_else(|| Error::Unavailable("no reader".to_owned()))?;
        read(&reader.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn claim(&self, role: &str) -> Result<u64, Error> {
        let connection = self.of_role(role).writer.lock().await;
        let sql = "INSERT INTO epochs (role, epoch) VALUES (?1, 1)
                   ON CONFLICT (role) DO UPDATE SET epoch = epoch + 1 RETURNING epoch";
        let epoch = sql::first(&connection, sql, [role], |row| sql::column(row, 0))?;
        Ok(sql::number(epoch.unwrap_or_default()))
    }

    async fn begin(&self, role: &str, epoch: u64) -> Result<Box<dyn UnitOfWork>, Error> {
        let place = self.of_role(role);
        let connection = Arc::clone(&place.writer).lock_owned().await;
        let unit = SqliteUnit::begin(connection, Arc::clone(place), role, epoch)?;
        Ok(Box::new(unit))
    }

    fn changes(&self) -> ChangeWatch {
        self.shared.bell.watch()
    }

    async fn dump(&self) -> Result<String, Error> {
        self.read(dump::dump).await
    }
}

#[cfg(test)]
mod tests;
