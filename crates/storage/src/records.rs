//! Source records with their items.

use crate::Error;
use async_trait::async_trait;
use domain::{Authority, RecordKey, RecordVersion, SourceRecord};
use projection::{ItemKey, RecordModel};
use std::collections::BTreeSet;

/// Writing side.
#[async_trait]
pub trait Records {
    /// The record with all its items, as the unit sees it.
    async fn record(&mut self, key: RecordKey) -> Result<Option<RecordModel>, Error>;

    /// Writes the record's state, its identifiers, and the items named: those that the model no longer has are deleted.
    async fn save_record(&mut self, model: &RecordModel, touched: &BTreeSet<ItemKey>) -> Result<(), Error>;

    /// Writes whole records into an emptied read model; fastest in order of their keys.
    async fn insert_records(&mut self, models: &[RecordModel]) -> Result<(), Error>;
}

/// Reading side. For views use [`crate::ViewReads`].
#[async_trait]
pub trait RecordReads {
    /// The record with all its items.
    async fn find_record(&self, key: RecordKey) -> Result<Option<RecordModel>, Error>;

    /// Records in order of keys after this one, for whoever builds an index of them.
    async fn records_after(&self, key: Option<RecordKey>, limit: u32) -> Result<Vec<SourceRecord>, Error>;

    /// Records of an authority that their source has not removed, with the newest statement about each, in order of
    /// keys after this one; fewer than `limit` only at the end.
    async fn present_records(
        &self,
        authority: &Authority,
        key: Option<RecordKey>,
        limit: u32,
    ) -> Result<Vec<(SourceRecord, RecordVersion)>, Error>;
}
