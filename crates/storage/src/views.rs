//! The two reads of a view: whom does the question mean, and what is held about them.

use crate::Error;
use async_trait::async_trait;
use domain::{
    ChiNumber, DataItem, Demographics, ItemMask, LinkStatus, NhsNumber, PersonId, RecordKey, RecordVersion,
    SourceRecord, Window,
};
use jiff::Timestamp;
use std::sync::Arc;

/// How a host names a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PersonQuery {
    /// By CHI number.
    Chi(ChiNumber),
    /// By NHS number.
    NhsNumber(NhsNumber),
    /// By a record of some source system.
    Record(SourceRecord),
}

/// A person, with every record that may be theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPerson {
    /// Who.
    pub person: PersonId,
    /// Status of the link that the question led through: unless it is confirmed, the question does not mean this
    /// person for sure, and nothing may be shown.
    pub status: LinkStatus,
    /// Records linked to the person with any status, and those redirected to them, in order of keys.
    pub records: Vec<ResolvedRecord>,
}

/// One record of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedRecord {
    /// The record.
    pub record: SourceRecord,
    /// Its key.
    pub key: RecordKey,
    /// Status of the link to the person: the record's own, or that of the record it was redirected to.
    pub status: LinkStatus,
    /// Kinds that belong to this person: all, unless a redirect of data (HL7 A43) splits the record. Intersect with
    /// what is permitted.
    pub kinds: ItemMask,
    /// The newest statement about it.
    pub version: RecordVersion,
    /// Who the person is, as this source says.
    pub demographics: Demographics,
    /// Whether where the person lives is protected, as this source says.
    pub protected: bool,
    /// When the record's own agency has a relationship with the person.
    pub relationships: Vec<Window>,
    /// An event about it is parked: an update could not be shown.
    pub parked: bool,
}

/// One item for a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// The record that holds it.
    pub record: RecordKey,
    /// When it was received.
    pub received_at: Timestamp,
    /// How new the statement is.
    pub version: RecordVersion,
    /// The item.
    pub item: Arc<DataItem>,
}

/// Reads for a view. Each is one statement.
#[async_trait]
pub trait ViewReads {
    /// Whom the question means. `None` when nobody, or when it cannot be told: several persons hold the identifier and
    /// none of them by an index record alone.
    async fn resolve(&self, query: &PersonQuery) -> Result<Option<Arc<ResolvedPerson>>, Error>;

    /// The person again, by id.
    async fn resolve_person(&self, person: PersonId) -> Result<Option<ResolvedPerson>, Error>;

    /// Items of these records, of each only the kinds in its mask, by record, kind and instance.
    async fn view_rows(&self, wanted: &[(RecordKey, ItemMask)]) -> Result<Vec<ItemRow>, Error>;
}
