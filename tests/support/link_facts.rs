//! Whose record is whose, as the links stream tells it: links, redirects and answers, by a rule of its own, without
//! `matching` or the store.
//!
//! A record that was merged has no say of its own: it is whose its survivor is. Records merged in a circle are
//! nobody's. Data that was moved belongs to whoever the record it was moved to belongs to; who the person of the record
//! is stays behind.

use domain::{Decider, LinkEvent, LinkStatus, PersonId, RedirectScope, SourceRecord};
use std::collections::{BTreeMap, BTreeSet};

/// A record that is somebody's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filed {
    /// The record.
    pub record: SourceRecord,
    /// How sure it is.
    pub status: LinkStatus,
    /// Who the person is, as the record says it, is theirs.
    pub identity: bool,
    /// Whatever else the record says is theirs.
    pub data: bool,
}

/// Links, redirects and answers.
#[derive(Debug, Clone, Default)]
pub struct LinkFacts {
    links: BTreeMap<SourceRecord, (PersonId, LinkStatus)>,
    merged: BTreeMap<SourceRecord, SourceRecord>,
    moved: BTreeMap<SourceRecord, SourceRecord>,
    index: BTreeMap<PersonId, SourceRecord>,
    answered: BTreeMap<SourceRecord, PersonId>,
}

impl LinkFacts {
    /// Takes in one event.
    pub fn hear(&mut self, event: &LinkEvent) {
        match event {
            LinkEvent::RecordLinked(link) => {
                self.links.insert(link.record.clone(), (link.person, link.status));
                if link.decided_by == Decider::Index {
                    self.index.insert(link.person, link.record.clone());
                }
            }
            LinkEvent::RecordUnlinked { record, person, .. } => {
                if self.links.get(record).is_some_and(|(linked, _)| linked == person) {
                    self.links.remove(record);
                }
            }
            LinkEvent::RecordRedirected { redirect, .. } => {
                let of_scope = match redirect.scope {
                    RedirectScope::Record => &mut self.merged,
                    RedirectScope::Data => &mut self.moved,
                };
                of_scope.insert(redirect.from.clone(), redirect.to.clone());
            }
            LinkEvent::AssignmentAnswered { record, person, .. } => {
                self.answered.insert(record.clone(), *person);
            }
            LinkEvent::ReviewRaised(_) | LinkEvent::ReviewDecided { .. } => {}
        }
    }

    /// The record's own link, whether or not it counts.
    pub fn own_link_of(&self, record: &SourceRecord) -> Option<(PersonId, LinkStatus)> {
        self.links.get(record).copied()
    }

    /// Every record's own link.
    pub fn own_links(&self) -> impl Iterator<Item = (&SourceRecord, PersonId)> {
        self.links.iter().map(|(record, (person, _))| (record, *person))
    }

    /// The person whom a record stands for, and how sure that is.
    pub fn link_of(&self, record: &SourceRecord) -> Option<(PersonId, LinkStatus)> {
        let (person, status) = self.links.get(&self.survivor(record)?).copied()?;
        Some((self.person_now(person), status))
    }

    /// Every record that is a person's, in order: those linked, those merged into them, and those whose data was moved
    /// to any of these.
    pub fn records_of(&self, person: PersonId) -> Vec<Filed> {
        let whole = |record: &SourceRecord| {
            let (_, status) = self.link_of(record).filter(|(linked, _)| *linked == person)?;
            let (identity, data) = (true, !self.moved.contains_key(record));
            Some(Filed { record: record.clone(), status, identity, data })
        };
        let mut records: BTreeMap<SourceRecord, Filed> = BTreeMap::new();
        for record in self.links.keys().chain(self.merged.keys()) {
            records.extend(whole(record).map(|filed| (record.clone(), filed)));
        }
        for (from, to) in &self.moved {
            let Some(status) = records.get(to).filter(|filed| filed.data).map(|filed| filed.status) else {
                continue;
            };
            let filed = Filed { record: from.clone(), status, identity: false, data: true };
            records.entry(from.clone()).and_modify(|whole| whole.data = true).or_insert(filed);
        }
        records.into_values().collect()
    }

    /// Whether a merge or a move was taken in.
    pub fn knows_redirect(&self, from: &SourceRecord, to: &SourceRecord, scope: RedirectScope) -> bool {
        let of_scope = match scope {
            RedirectScope::Record => &self.merged,
            RedirectScope::Data => &self.moved,
        };
        of_scope.get(from) == Some(to)
    }

    /// The record that a person's number stands in.
    pub fn index_record_of(&self, person: PersonId) -> Option<SourceRecord> {
        self.survivor(self.index.get(&person)?)
    }

    /// The person whom a person was merged into; themselves, where they were not.
    pub fn person_now(&self, person: PersonId) -> PersonId {
        let mut seen = BTreeSet::from([person]);
        let mut now = person;
        while let Some((next, _)) = self.index_record_of(now).and_then(|record| self.own_link_of(&record)) {
            if !seen.insert(next) {
                break;
            }
            now = next;
        }
        now
    }

    /// Whether the source of a record has answered about this person's number.
    pub fn has_answered(&self, record: &SourceRecord, person: PersonId) -> bool {
        self.answered.get(record) == Some(&person)
    }

    /// The record that one was merged into in the end; itself, where it was not; none, where the merges go round.
    pub fn survivor(&self, record: &SourceRecord) -> Option<SourceRecord> {
        let mut seen = BTreeSet::new();
        let mut now = record;
        while let Some(next) = self.merged.get(now) {
            if !seen.insert(now) {
                return None;
            }
            now = next;
        }
        Some(now.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{EventId, Link, LinkEvidence, RecordVersion, Redirect};
    use jiff::Timestamp;
    use uuid::Uuid;

    fn record(name: &str) -> SourceRecord {
        SourceRecord::parse("board", name).unwrap()
    }

    fn linked(name: &str, person: u128) -> LinkEvent {
        LinkEvent::RecordLinked(Link {
            record: record(name),
            person: PersonId(Uuid::from_u128(person)),
            status: LinkStatus::Confirmed,
            evidence: LinkEvidence::default(),
            decided_by: Decider::Index,
            decided_at: Timestamp::UNIX_EPOCH,
            judged_version: RecordVersion::Sequence(1),
        })
    }

    fn redirected(from: &str, to: &str, scope: RedirectScope) -> LinkEvent {
        let redirect = Redirect { from: record(from), to: record(to), scope };
        let cause = EventId(Uuid::from_u128(9));
        LinkEvent::RecordRedirected { redirect, cause, decided_at: Timestamp::UNIX_EPOCH }
    }

    fn facts(events: &[LinkEvent]) -> LinkFacts {
        let mut facts = LinkFacts::default();
        events.iter().for_each(|event| facts.hear(event));
        facts
    }

    fn names(facts: &LinkFacts, person: u128) -> Vec<(String, bool, bool)> {
        let filed = facts.records_of(PersonId(Uuid::from_u128(person))).into_iter();
        filed.map(|one| (one.record.local_id.as_str().to_owned(), one.identity, one.data)).collect()
    }

    #[test]
    fn what_was_merged_is_the_survivors_and_what_went_round_is_nobodys() {
        let merge = |from, to| redirected(from, to, RedirectScope::Record);
        let merged = facts(&[linked("a", 1), linked("b", 2), merge("a", "b")]);
        let both = [("a".to_owned(), true, true), ("b".to_owned(), true, true)];
        assert_eq!((names(&merged, 1), names(&merged, 2)), (Vec::new(), both.to_vec()));
        assert_eq!(merged.person_now(PersonId(Uuid::from_u128(1))), PersonId(Uuid::from_u128(2)));
        let round = facts(&[linked("a", 1), linked("b", 2), merge("a", "b"), merge("b", "a")]);
        assert_eq!((names(&round, 1), round.link_of(&record("a"))), (Vec::new(), None));
    }

    #[test]
    fn data_moves_and_who_the_person_is_stays() {
        let moved = facts(&[linked("a", 1), linked("b", 2), redirected("a", "b", RedirectScope::Data)]);
        assert_eq!(names(&moved, 1), [("a".to_owned(), true, false)]);
        assert_eq!(names(&moved, 2), [("a".to_owned(), false, true), ("b".to_owned(), true, true)]);
    }
}
