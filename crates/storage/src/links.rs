//! Links of records to persons, redirects between records, and pairs that are never to be linked.

use crate::Error;
use async_trait::async_trait;
use domain::{EventId, Link, PersonId, RecordKey, Redirect, SourceRecord};
use jiff::Timestamp;

/// A redirect as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectRow {
    /// What moves where.
    pub redirect: Redirect,
    /// The record event that said so.
    pub cause: EventId,
    /// When it was decided.
    pub decided_at: Timestamp,
}

/// Writing side.
#[async_trait]
pub trait Links {
    /// The record's own link, as the unit sees it.
    async fn link(&mut self, record: RecordKey) -> Result<Option<Link>, Error>;

    /// Makes this the record's only link; gives the person whom it was linked to before, if another one.
    async fn save_link(&mut self, link: &Link) -> Result<Option<PersonId>, Error>;

    /// Removes the record's link, if it is to this person; says whether it was.
    async fn remove_link(&mut self, record: RecordKey, person: PersonId) -> Result<bool, Error>;

    /// Stores a redirect; a record has one of each scope.
    async fn save_redirect(&mut self, row: &RedirectRow) -> Result<(), Error>;

    /// These two are never to be linked by the machine.
    async fn save_never(&mut self, record: &SourceRecord, person: PersonId) -> Result<(), Error>;

    /// The two may be linked again.
    async fn remove_never(&mut self, record: RecordKey, person: PersonId) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait LinkReads {
    /// The record's own link.
    async fn find_link(&self, record: RecordKey) -> Result<Option<Link>, Error>;

    /// The person whom a record belongs to, redirects followed, whatever the link's status.
    async fn person_of(&self, record: RecordKey) -> Result<Option<PersonId>, Error>;

    /// Records of a person, those redirected to them included, in order of keys.
    async fn records_of(&self, person: PersonId) -> Result<Vec<SourceRecord>, Error>;

    /// Every link, in order of record keys after this one.
    async fn links_after(&self, record: Option<RecordKey>, limit: u32) -> Result<Vec<Link>, Error>;

    /// Persons whom a record is never to be linked to by the machine.
    async fn never_of(&self, record: RecordKey) -> Result<Vec<PersonId>, Error>;

    /// Every redirect.
    async fn redirects(&self) -> Result<Vec<RedirectRow>, Error>;
}
