//! History: what was acknowledged is in the log, once and in the order of its record; versions never fall back.

use crate::node::Durable;
use domain::{EventId, RecordKey, RecordVersion, SourceRecord};
use event_log::{Entry, EventLog, Stream};
use futures::StreamExt;
use std::collections::BTreeMap;

/// Acknowledged messages, in the order in which they were.
#[derive(Debug, Default)]
pub struct Receipts {
    given: Vec<(RecordKey, EventId)>,
    versions: BTreeMap<RecordKey, RecordVersion>,
}

impl Receipts {
    /// A message of a record was acknowledged, for the first time.
    pub fn note(&mut self, record: &SourceRecord, event: EventId) {
        self.given.push((record.key(), event));
    }

    /// Number of acknowledged messages.
    pub fn count(&self) -> usize {
        self.given.len()
    }

    /// Looks for every acknowledged message in the log.
    pub async fn check(&self, durable: &Durable) -> Result<(), String> {
        let mut found: BTreeMap<EventId, (usize, u16)> = BTreeMap::new();
        let mut entries = durable.log.read(Stream::Records, Vec::new());
        let mut places: BTreeMap<u16, usize> = BTreeMap::new();
        while let Some(Ok(Entry::Event(stored))) = entries.next().await {
            let place = places.entry(stored.position.partition).or_default();
            *place += 1;
            found.entry(stored.id).or_insert((*place, stored.position.partition));
        }
        let mut last: BTreeMap<RecordKey, usize> = BTreeMap::new();
        for (record, event) in &self.given {
            let Some((place, _)) = found.get(event) else {
                return Err(format!("the acknowledged message {event} is not in the log"));
            };
            let before = last.insert(*record, *place);
            if before.is_some_and(|before| before >= *place) {
                return Err(format!("the acknowledged message {event} is out of order"));
            }
        }
        Ok(())
    }
}

/// Notes the version of each record in the read model, and says where one has fallen back.
pub async fn versions_only_rise(
    durable: &Durable,
    records: &[SourceRecord],
    receipts: &mut Receipts,
) -> Result<(), String> {
    for record in records {
        let found =
            durable.ground.store.find_record(record.key()).await.map_err(|error| error.to_string())?;
        let Some(version) = found.map(|model| model.state.version) else { continue };
        let known = receipts.versions.entry(record.key()).or_insert(version);
        if !version.is_not_older_than(*known) {
            return Err(format!("record {} fell back from version {known:?} to {version:?}", record.key()));
        }
        *known = version;
    }
    Ok(())
}
