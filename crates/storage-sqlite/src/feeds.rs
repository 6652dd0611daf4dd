//! Feeds: when they were heard, and their books.

use crate::codec::corrupt;
use crate::sql::{self, all, column, execute, micros};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::Authority;
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::sync::Arc;
use storage::{Error, FeedReads, FeedRow, Feeds, Ledger};

#[async_trait]
impl Feeds for SqliteUnit {
    async fn feed_heard(&mut self, authority: &Authority, at: Timestamp) -> Result<(), Error> {
        self.touched.feeds = true;
        let sql = "INSERT INTO feeds (authority, last_heard) VALUES (?1, ?2) ON CONFLICT (authority)
                   DO UPDATE SET last_heard = MAX(COALESCE(last_heard, excluded.last_heard), excluded.last_heard)";
        execute(&self.connection, sql, params![authority.as_str(), micros(at)]).map(drop)
    }

    async fn add_to_ledger(&mut self, authority: &Authority, figures: Ledger) -> Result<(), Error> {
        self.touched.feeds = true;
        let sql =
            "INSERT INTO feeds (authority, accepted, applied, superseded, parked) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (authority) DO UPDATE SET accepted = accepted + excluded.accepted,
                   applied = applied + excluded.applied, superseded = superseded + excluded.superseded,
                   parked = parked + excluded.parked";
        let Ledger { accepted, applied, superseded, parked } = figures;
        execute(&self.connection, sql, params![authority.as_str(), accepted, applied, superseded, parked])
            .map(drop)
    }
}

#[async_trait]
impl FeedReads for SqliteStore {
    async fn feeds(&self) -> Result<Arc<[FeedRow]>, Error> {
        let since = match self.kept_views().feeds() {
            Ok(feeds) => return Ok(feeds),
            Err(since) => since,
        };
        let sql = "SELECT authority, last_heard, accepted, applied, superseded, parked FROM feeds ORDER BY authority";
        let feeds = Arc::from(self.read(|connection| all(connection, sql, (), feed_row)).await?);
        self.kept_views().put_feeds(since, &feeds);
        Ok(feeds)
    }
}

fn feed_row(row: &Row<'_>) -> Result<FeedRow, Error> {
    let authority: String = column(row, 0)?;
    let last_heard: Option<i64> = column(row, 1)?;
    Ok(FeedRow {
        authority: Authority::parse(&authority).map_err(|_| corrupt("a bad authority"))?,
        last_heard: last_heard.map(sql::time).transpose()?,
        ledger: Ledger {
            accepted: column(row, 2)?,
            applied: column(row, 3)?,
            superseded: column(row, 4)?,
            parked: column(row, 5)?,
        },
    })
}
