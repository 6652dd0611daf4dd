//! What views read of a person, kept while it stands: a screen asks several times within moments.
//!
//! INVARIANT: what is kept is what a statement would give now. Whoever commits says which records it touched before its
//! commit returns; what was read before that and comes late is not taken (`generation`). Nobody else writes to the
//! file: its folder is locked by one process.

use domain::{ItemMask, RecordKey};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use storage::{FeedRow, ItemRow, PersonQuery, ResolvedPerson};

/// Most persons, and most records with items, that are kept; beyond them all are forgotten and read again.
const MOST: usize = 4096;

/// The cache of one file.
#[derive(Default)]
pub(crate) struct ViewCache {
    kept: Mutex<Kept>,
}

/// The items of some kinds.
type OfKinds = (ItemMask, Arc<[ItemRow]>);

#[derive(Default)]
struct Kept {
    generation: u64,
    persons: HashMap<PersonQuery, Arc<ResolvedPerson>>,
    /// The questions whose answer holds a record.
    questions: HashMap<RecordKey, Vec<PersonQuery>>,
    items: HashMap<RecordKey, Vec<OfKinds>>,
    feeds: Option<Arc<[FeedRow]>>,
}

/// What a unit of work has written of what views read.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) records: BTreeSet<RecordKey>,
    pub(crate) identifiers: Vec<PersonQuery>,
    /// Links or redirects: whose record it is.
    pub(crate) links: bool,
    /// When a feed was heard, or its books.
    pub(crate) feeds: bool,
}

impl Touched {
    fn is_empty(&self) -> bool {
        self.records.is_empty() && self.identifiers.is_empty() && !self.links && !self.feeds
    }
}

/// Stands for the moment at which something was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u64);

impl ViewCache {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a question, or the moment to hand in with the answer.
    pub(crate) fn person(&self, query: &PersonQuery) -> Result<Arc<ResolvedPerson>, Generation> {
        let kept = self.lock();
        kept.persons.get(query).cloned().ok_or(Generation(kept.generation))
    }

    /// Keeps an answer, unless something was written since the moment.
    pub(crate) fn put_person(&self, since: Generation, query: &PersonQuery, person: &Arc<ResolvedPerson>) {
        let mut kept = self.lock();
        if Generation(kept.generation) != since {
            return;
        }
        if kept.persons.len() >= MOST {
            kept.persons.clear();
            kept.questions.clear();
        }
        let own = match query {
            PersonQuery::Record(record) => Some(record.key()),
            PersonQuery::Chi(_) | PersonQuery::NhsNumber(_) => None,
        };
        for key in person.records.iter().map(|record| record.key).chain(own) {
            let questions = kept.questions.entry(key).or_default();
            if !questions.contains(query) {
                questions.push(query.clone());
            }
        }
        kept.persons.insert(query.clone(), Arc::clone(person));
    }

    /// Items of a record, or the moment to hand in with them.
    pub(crate) fn items(&self, record: RecordKey, mask: ItemMask) -> Result<Arc<[ItemRow]>, Generation> {
        let kept = self.lock();
        let found = kept.items.get(&record).and_then(|all| all.iter().find(|(of, _)| *of == mask));
        found.map(|(_, rows)| Arc::clone(rows)).ok_or(Generation(kept.generation))
    }

    /// Keeps items, unless something was written since the moment.
    pub(crate) fn put_items(
        &self,
        since: Generation,
        (record, mask): (RecordKey, ItemMask),
        rows: &Arc<[ItemRow]>,
    ) {
        let mut kept = self.lock();
        if Generation(kept.generation) != since {
            return;
        }
        if kept.items.len() >= MOST {
            kept.items.clear();
        }
        kept.items.entry(record).or_default().push((mask, Arc::clone(rows)));
    }

    /// Every feed, or the moment to hand in with them.
    pub(crate) fn feeds(&self) -> Result<Arc<[FeedRow]>, Generation> {
        let kept = self.lock();
        kept.feeds.clone().ok_or(Generation(kept.generation))
    }

    /// Keeps the feeds, unless something was written since the moment.
    pub(crate) fn put_feeds(&self, since: Generation, feeds: &Arc<[FeedRow]>) {
        let mut kept = self.lock();
        if Generation(kept.generation) == since {
            kept.feeds = Some(Arc::clone(feeds));
        }
    }

    /// Forgets whatever a unit of work has touched.
    pub(crate) fn forget(&self, touched: &Touched) {
        if touched.is_empty() {
            return;
        }
        let mut kept = self.lock();
        kept.generation += 1;
        if touched.links {
            kept.persons.clear();
            kept.questions.clear();
        }
        if touched.feeds {
            kept.feeds = None;
        }
        for record in &touched.records {
            kept.items.remove(record);
            for question in kept.questions.remove(record).unwrap_or_default() {
                kept.persons.remove(&question);
            }
        }
        for identifier in &touched.identifiers {
            kept.persons.remove(identifier);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut kept = self.lock();
        *kept = Kept { generation: kept.generation + 1, ..Kept::default() };
    }
}

impl std::fmt::Debug for ViewCache {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ViewCache")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{LinkStatus, PersonId, SourceRecord};
    use uuid::Uuid;

    fn query(local_id: &str) -> PersonQuery {
        PersonQuery::Record(record(local_id))
    }

    fn record(local_id: &str) -> SourceRecord {
        SourceRecord::parse("case-system", local_id).unwrap()
    }

    fn person() -> Arc<ResolvedPerson> {
        let (person, status) = (PersonId(Uuid::from_u128(1)), LinkStatus::Confirmed);
        Arc::new(ResolvedPerson { person, status, records: Vec::new() })
    }

    fn touching(local_id: &str) -> Touched {
        Touched { records: BTreeSet::from([record(local_id).key()]), ..Touched::default() }
    }

    #[test]
    fn an_answer_stands_until_its_record_is_touched() {
        let cache = ViewCache::default();
        let since = cache.person(&query("1")).unwrap_err();
        cache.put_person(since, &query("1"), &person());
        cache.forget(&touching("2"));
        cache.forget(&Touched::default());
        assert_eq!(cache.person(&query("1")), Ok(person()));
        cache.forget(&touching("1"));
        assert!(cache.person(&query("1")).is_err());
    }

    #[test]
    fn what_was_read_before_something_was_written_is_not_kept() {
        let cache = ViewCache::default();
        let since = cache.person(&query("1")).unwrap_err();
        let mask = ItemMask::EMPTY;
        let items = cache.items(record("1").key(), mask).unwrap_err();
        cache.forget(&touching("2"));
        cache.put_person(since, &query("1"), &person());
        cache.put_items(items, (record("1").key(), mask), &Arc::from([]));
        assert!(cache.person(&query("1")).is_err() && cache.items(record("1").key(), mask).is_err());
    }

    #[test]
    fn a_new_link_may_change_any_answer_and_no_items() {
        let cache = ViewCache::default();
        let mask = ItemMask::EMPTY;
        let since = cache.person(&query("1")).unwrap_err();
        cache.put_person(since, &query("1"), &person());
        cache.put_items(since, (record("1").key(), mask), &Arc::from([]));
        cache.forget(&Touched { links: true, ..Touched::default() });
        assert!(cache.person(&query("1")).is_err() && cache.items(record("1").key(), mask).is_ok());
    }
}
