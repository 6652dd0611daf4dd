//! Links, redirects and pairs that are never to be linked.

use crate::codec::encode;
use crate::sql::{Bytes16, all, body, execute, first, person};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::{Decider, Link, LinkStatus, PersonId, RecordKey, RedirectScope, SourceRecord};
use rusqlite::{Connection, params};
use storage::{Error, LinkReads, Links, RedirectRow};

#[async_trait]
impl Links for SqliteUnit {
    async fn link(&mut self, record: RecordKey) -> Result<Option<Link>, Error> {
        find_link(&self.connection, record)
    }

    async fn save_link(&mut self, link: &Link) -> Result<Option<PersonId>, Error> {
        self.touched.links = true;
        let key = link.record.key();
        let before = find_link(&self.connection, key)?.map(|before| before.person);
        let by_index = matches!(link.decided_by, Decider::Index);
        let sql = "INSERT INTO links (record, person, status, by_index, body) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (record) DO UPDATE SET person = excluded.person, status = excluded.status,
                   by_index = excluded.by_index, body = excluded.body";
        let values =
            params![key.bytes(), link.person.bytes(), status_number(link.status), by_index, encode(link)];
        execute(&self.connection, sql, values)?;
        Ok(before.filter(|before| *before != link.person))
    }

    async fn remove_link(&mut self, record: RecordKey, person: PersonId) -> Result<bool, Error> {
        self.touched.links = true;
        let sql = "DELETE FROM links WHERE record = ?1 AND person = ?2";
        Ok(execute(&self.connection, sql, [record.bytes(), person.bytes()])? > 0)
    }

    async fn save_redirect(&mut self, row: &RedirectRow) -> Result<(), Error> {
        self.touched.links = true;
        let scope = match row.redirect.scope {
            RedirectScope::Record => 0,
            RedirectScope::Data => 1,
        };
        let sql = "INSERT INTO redirects (origin, scope, survivor, body) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (origin, scope) DO UPDATE SET survivor = excluded.survivor, body = excluded.body";
        let (origin, survivor) = (row.redirect.from.key(), row.redirect.to.key());
        execute(&self.connection, sql, params![origin.bytes(), scope, survivor.bytes(), encode(row)])
            .map(drop)
    }

    async fn save_never(&mut self, record: &SourceRecord, person: PersonId) -> Result<(), Error> {
        let sql = "INSERT INTO never_links (record, person) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        execute(&self.connection, sql, [record.key().bytes(), person.bytes()]).map(drop)
    }

    async fn remove_never(&mut self, record: RecordKey, person: PersonId) -> Result<(), Error> {
        let sql = "DELETE FROM never_links WHERE record = ?1 AND person = ?2";
        execute(&self.connection, sql, [record.bytes(), person.bytes()]).map(drop)
    }
}

#[async_trait]
impl LinkReads for SqliteStore {
    async fn find_link(&self, record: RecordKey) -> Result<Option<Link>, Error> {
        self.read(|connection| find_link(connection, record)).await
    }

    async fn person_of(&self, record: RecordKey) -> Result<Option<PersonId>, Error> {
        let sql = "WITH RECURSIVE up (record) AS (
                       SELECT ?1 UNION SELECT r.survivor FROM up JOIN redirects r ON r.origin = up.record AND r.scope = 0)
                   SELECT l.person FROM up JOIN links l ON l.record = up.record
                   WHERE NOT EXISTS (SELECT 1 FROM redirects r WHERE r.origin = up.record AND r.scope = 0)";
        self.read(|connection| first(connection, sql, [record.bytes()], |row| person(row, 0))).await
    }

    async fn records_of(&self, person: PersonId) -> Result<Vec<SourceRecord>, Error> {
        let resolved = storage::ViewReads::resolve_person(self, person).await?;
        Ok(resolved
            .map(|person| person.records)
            .unwrap_or_default()
            .into_iter()
            .map(|record| record.record)
            .collect())
    }

    async fn links_after(&self, record: Option<RecordKey>, limit: u32) -> Result<Vec<Link>, Error> {
        let sql = "SELECT body FROM links WHERE record > ?1 ORDER BY record LIMIT ?2";
        let after = record.as_ref().map_or(&[][..], Bytes16::bytes);
        self.read(|connection| all(connection, sql, params![after, limit], |row| body(row, 0))).await
    }

    async fn never_of(&self, record: RecordKey) -> Result<Vec<PersonId>, Error> {
        let sql = "SELECT person FROM never_links WHERE record = ?1 ORDER BY person";
        self.read(|connection| all(connection, sql, [record.bytes()], |row| person(row, 0))).await
    }

    async fn redirects(&self) -> Result<Vec<RedirectRow>, Error> {
        let sql = "SELECT body FROM redirects ORDER BY origin, scope";
        self.read(|connection| all(connection, sql, (), |row| body(row, 0))).await
    }
}

fn find_link(connection: &Connection, record: RecordKey) -> Result<Option<Link>, Error> {
    first(connection, "SELECT body FROM links WHERE record = ?1", [record.bytes()], |row| body(row, 0))
}

fn status_number(status: LinkStatus) -> u8 {
    match status {
        LinkStatus::Confirmed => 0,
        LinkStatus::Possible => 1,
        LinkStatus::Disputed => 2,
    }
}
