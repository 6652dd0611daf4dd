//! The index of people, and the other records beside it, kept up record by record without a rebuild.
//!
//! Must not decide and must not know of links. It can be rebuilt from the records at any time.

use std::collections::{BTreeSet, HashMap};

use domain::{Demographics, RecordVersion, SourceRecord};

use crate::block::{filed_under, looked_up_by};
use crate::frequency::TermCounts;
use crate::profile::Profile;

/// A block with more records than this is not looked into: it tells nobody apart. Other rules find the person.
const LARGEST_BLOCK: usize = 3_000;

/// One record as the index holds it.
#[derive(Debug, Clone)]
pub struct IndexRecord {
    /// The record.
    pub record: SourceRecord,
    /// Its demographics, normalised.
    pub profile: Profile,
    /// The version of the record that these are of.
    pub version: RecordVersion,
}

/// Records under their blocking keys.
#[derive(Debug, Clone, Default)]
struct Shelf {
    slots: Vec<Option<IndexRecord>>,
    free: Vec<usize>,
    places: HashMap<SourceRecord, usize>,
    blocks: HashMap<u64, Vec<usize>>,
}

impl Shelf {
    fn put(&mut self, entry: IndexRecord) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        for key in filed_under(&entry.profile) {
            self.blocks.entry(key).or_default().push(slot);
        }
        self.places.insert(entry.record.clone(), slot);
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(entry);
        }
    }

    fn take(&mut self, record: &SourceRecord) -> Option<IndexRecord> {
        let slot = self.places.remove(record)?;
        let entry = self.slots.get_mut(slot)?.take()?;
        for key in filed_under(&entry.profile) {
            let emptied = self.blocks.get_mut(&key).is_some_and(|block| {
                block.retain(|other| *other != slot);
                block.is_empty()
            });
            if emptied {
                self.blocks.remove(&key);
            }
        }
        self.free.push(slot);
        Some(entry)
    }

    fn find(&self, record: &SourceRecord) -> Option<&IndexRecord> {
        self.slots.get(*self.places.get(record)?)?.as_ref()
    }

    fn meeting(&self, keys: &[u64]) -> Vec<&IndexRecord> {
        let blocks =
            keys.iter().filter_map(|key| self.blocks.get(key)).filter(|block| block.len() <= LARGEST_BLOCK);
        let slots: BTreeSet<usize> = blocks.flatten().copied().collect();
        slots.into_iter().filter_map(|slot| self.slots.get(slot)?.as_ref()).collect()
    }
}

/// Index records (who stand for persons) and all other records, with the counts of the former's terms.
#[derive(Debug, Clone, Default)]
pub struct Index {
    people: Shelf,
    others: Shelf,
    counts: TermCounts,
}

impl Index {
    /// Puts an index record in, or in the place of its former state.
    pub fn upsert(&mut self, record: &SourceRecord, person: &Demographics, version: RecordVersion) {
        self.remove(record);
        let profile = Profile::of(person);
        self.counts.add(&profile.terms());
        self.people.put(IndexRecord { record: record.clone(), profile, version });
    }

    /// Puts a record in that stands for nobody, or in the place of its former state.
    pub fn upsert_other(&mut self, record: &SourceRecord, person: &Demographics, version: RecordVersion) {
        self.remove(record);
        self.others.put(IndexRecord { record: record.clone(), profile: Profile::of(person), version });
    }

    /// Takes a record out. Says whether it was there.
    pub fn remove(&mut self, record: &SourceRecord) -> bool {
        if let Some(entry) = self.people.take(record) {
            self.counts.take_away(&entry.profile.terms());
            return true;
        }
        self.others.take(record).is_some()
    }

    /// The record as held.
    pub fn find(&self, record: &SourceRecord) -> Option<&IndexRecord> {
        self.people.find(record).or_else(|| self.others.find(record))
    }

    /// Whether the record is an index record.
    pub fn is_index_record(&self, record: &SourceRecord) -> bool {
        self.people.find(record).is_some()
    }

    /// Index records that share a block with these demographics.
    pub fn candidates(&self, person: &Profile) -> Vec<&IndexRecord> {
        self.people.meeting(&looked_up_by(person))
    }

    /// Other records that share a block with these demographics: those to judge again when a person appears.
    pub fn records_sharing_blocks_with(&self, person: &Profile) -> Vec<&IndexRecord> {
        self.others.meeting(&filed_under(person))
    }

    /// Counts of terms among index records.
    pub fn counts(&self) -> &TermCounts {
        &self.counts
    }

    /// Number of index records.
    pub fn size(&self) -> u64 {
        self.counts.records()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{person, record};

    #[test]
    fn a_changed_record_is_found_by_what_it_says_now_only() {
        let mut index = Index::default();
        let one = record("board", "1");
        index.upsert(&one, &person("Baird", "Ailsa", "1958-08-03").build(), RecordVersion::Sequence(1));
        index.upsert(&one, &person("Tulloch", "Effie", "1961-02-11").build(), RecordVersion::Sequence(2));
        assert!(index.candidates(&person("Baird", "Ailsa", "1958-08-03").profile()).is_empty());
        assert_eq!(index.candidates(&person("Tulloch", "Effie", "1961-02-11").profile()).len(), 1);
        assert_eq!(index.size(), 1);
    }

    #[test]
    fn removing_leaves_the_index_as_it_was() {
        let mut index = Index::default();
        index.upsert(
            &record("board", "1"),
            &person("Baird", "Ailsa", "1958-08-03").build(),
            RecordVersion::Sequence(1),
        );
        index.upsert(
            &record("board", "2"),
            &person("Reid", "Una", "1970-01-02").build(),
            RecordVersion::Sequence(1),
        );
        assert!(index.remove(&record("board", "2")));
        assert!(!index.remove(&record("board", "2")));
        assert_eq!((index.size(), index.people.places.len()), (1, 1));
        assert!(index.candidates(&person("Reid", "Una", "1970-01-02").profile()).is_empty());
        index.upsert(
            &record("board", "3"),
            &person("Orr", "Una", "1970-01-02").build(),
            RecordVersion::Sequence(1),
        );
        assert_eq!(index.people.slots.len(), 2, "a free slot is used again");
    }

    #[test]
    fn other_records_are_no_candidates_but_meet_a_new_person() {
        let mut index = Index::default();
        let waiting = person("Baird", "Ailsa", "1958-08-03");
        index.upsert_other(&record("council", "1"), &waiting.build(), RecordVersion::Sequence(1));
        assert!(index.candidates(&waiting.profile()).is_empty());
        assert_eq!(index.records_sharing_blocks_with(&waiting.profile()).len(), 1);
        assert_eq!(index.size(), 0);
    }
}
