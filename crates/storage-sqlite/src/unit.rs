//! The unit of work: one transaction on the writing connection, held until it ends.

use crate::connection::failed;
use crate::sql;
use crate::store::Shared;
use crate::view_cache::Touched;
use async_trait::async_trait;
use rusqlite::Connection;
use std::sync::Arc;
use storage::{Error, UnitOfWork};
use tokio::sync::OwnedMutexGuard;

pub(crate) struct SqliteUnit {
    pub(crate) connection: OwnedMutexGuard<Connection>,
    shared: Arc<Shared>,
    pub(crate) role: String,
    pub(crate) epoch: u64,
    pub(crate) newest_change: u64,
    /// Whether any event of the role is parked open, once that was looked up: mostly none is.
    pub(crate) any_parked: Option<bool>,
    /// Number of leaves, once it was looked up.
    pub(crate) leaves: Option<u64>,
    /// What was written of what views read.
    pub(crate) touched: Touched,
    /// Everything was emptied.
    cleared: bool,
    ended: bool,
}

impl SqliteUnit {
    pub(crate) fn begin(
        connection: OwnedMutexGuard<Connection>,
        shared: Arc<Shared>,
        role: &str,
        epoch: u64,
    ) -> Result<Self, Error> {
        connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
        let unit = Self {
            connection,
            shared,
            role: role.to_owned(),
            epoch,
            newest_change: 0,
            any_parked: None,
            leaves: None,
            touched: Touched::default(),
            cleared: false,
            ended: false,
        };
        unit.check_epoch()?;
        Ok(unit)
    }

    /// Refuses a role that somebody else has claimed since.
    fn check_epoch(&self) -> Result<(), Error> {
        let claimed =
            sql::first(&self.connection, "SELECT epoch FROM epochs WHERE role = ?1", [&self.role], |row| {
                sql::column(row, 0)
            })?;
        if claimed.is_some_and(|claimed| sql::number(claimed) > self.epoch) {
            return Err(Error::Fenced { role: self.role.clone() });
        }
        Ok(())
    }
}

#[async_trait]
impl UnitOfWork for SqliteUnit {
    fn role(&self) -> &str {
        &self.role
    }

    async fn commit(mut self: Box<Self>) -> Result<(), Error> {
        self.check_epoch()?;
        let committed = self.connection.execute_batch("COMMIT").map_err(failed);
        // Also after a failure, of which it may not be known whether it took effect.
        if self.cleared {
            self.shared.views.clear();
        }
        self.shared.views.forget(&self.touched);
        committed?;
        self.ended = true;
        if let Some(checkpointer) = &self.shared.checkpointer {
            checkpointer.committed();
        }
        self.shared.bell.ring(self.newest_change);
        Ok(())
    }

    async fn clear_read_model(&mut self) -> Result<(), Error> {
        let tables = [
            "records",
            "identifiers",
            "items",
            "links",
            "redirects",
            "never_links",
            "reviews",
            "assignments",
            "feeds",
        ];
        for table in tables {
            sql::execute(&self.connection, &format!("DELETE FROM {table}"), ())?;
        }
        self.any_parked = None;
        self.cleared = true;
        for table in ["positions", "progress", "seen", "parked"] {
            sql::execute(&self.connection, &format!("DELETE FROM {table} WHERE role = ?1"), [&self.role])?;
        }
        Ok(())
    }
}

impl Drop for SqliteUnit {
    fn drop(&mut self) {
        if !self.ended {
            // A transaction that a failed statement has ended already refuses this, and then there is nothing to undo.
            drop(self.connection.execute_batch("ROLLBACK"));
        }
    }
}
