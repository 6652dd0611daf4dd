//! What has been decided about links, folded from link events in order: the same events give the same graph.
//!
//! Must not decide anything and must not know demographics. Everything is kept per record, so events of different
//! records may come in any order; redirects are followed when the graph is read, and may go round in a circle.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ClericalReview, Decider, Link, LinkEvent, LinkStatus, PersonId, Redirect, RedirectScope, ReviewId,
    ReviewOutcome, SourceRecord,
};
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// What a source system said to an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentAnswer {
    /// The person whose identifier it was.
    pub person: PersonId,
    /// `None` when confirmed.
    pub refused_because: Option<String>,
    /// When.
    pub answered_at: Timestamp,
}

/// An index identifier that a source system should be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The record that gets it.
    pub record: SourceRecord,
    /// The person whose it is.
    pub person: PersonId,
    /// The number.
    pub chi: domain::ChiNumber,
}

/// The links, redirects, assertions and open questions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkGraph {
    links: BTreeMap<SourceRecord, Link>,
    records: BTreeMap<PersonId, BTreeSet<SourceRecord>>,
    /// The index records that stand for persons.
    index_records: BTreeMap<PersonId, SourceRecord>,
    redirects: BTreeMap<SourceRecord, Redirect>,
    redirected_to: BTreeMap<SourceRecord, BTreeSet<SourceRecord>>,
    never: BTreeMap<SourceRecord, BTreeSet<PersonId>>,
    undone: BTreeMap<SourceRecord, BTreeSet<PersonId>>,
    reviews: BTreeMap<ReviewId, ClericalReview>,
    review_of: BTreeMap<SourceRecord, ReviewId>,
    closed: BTreeSet<ReviewId>,
    answers: BTreeMap<SourceRecord, AssignmentAnswer>,
}

impl LinkGraph {
    /// Folds one event. The same event twice changes nothing the second time.
    pub fn apply(&mut self, event: &LinkEvent) {
        match event {
            LinkEvent::RecordLinked(link) => self.link(link),
            LinkEvent::RecordUnlinked { record, person, decided_by, never_again, .. } => {
                self.unlink(record, *person, decided_by, *never_again);
            }
            LinkEvent::RecordRedirected { redirect, .. } => self.redirect(redirect),
            LinkEvent::ReviewRaised(review) => self.raise(review),
            LinkEvent::ReviewDecided { review, record, outcome, .. } => self.close(*review, record, outcome),
            LinkEvent::AssignmentAnswered { record, person, refused_because, answered_at } => {
                let answer = AssignmentAnswer {
                    person: *person,
                    refused_because: refused_because.clone(),
                    answered_at: *answered_at,
                };
                self.answers.insert(record.clone(), answer);
            }
        }
    }

    /// The link of a record itself, redirects left aside.
    pub fn own_link_of(&self, record: &SourceRecord) -> Option<&Link> {
        self.links.get(record)
    }

    /// The link that counts for a record: its survivor's, where it was redirected.
    pub fn link_of(&self, record: &SourceRecord) -> Option<&Link> {
        self.links.get(&self.resolve(record))
    }

    /// The person of a record by a confirmed link, redirects of record and person followed.
    pub fn person_of(&self, record: &SourceRecord) -> Option<PersonId> {
        let link = self.link_of(record).filter(|link| link.status == LinkStatus::Confirmed)?;
        Some(self.resolve_person(link.person))
    }

    /// Whether an index record stands, or stood, for this person.
    pub fn knows(&self, person: PersonId) -> bool {
        self.index_records.contains_key(&person)
    }

    /// The index record that stands for a person, survivors followed.
    pub fn index_record_of(&self, person: PersonId) -> Option<SourceRecord> {
        self.index_records.get(&person).map(|record| self.resolve(record))
    }

    /// The person whom somebody was merged into; the person itself otherwise.
    pub fn resolve_person(&self, person: PersonId) -> PersonId {
        let mut seen = BTreeSet::new();
        let mut now = person;
        while seen.insert(now) {
            let survivor = self.index_record_of(now).and_then(|record| self.links.get(&record));
            match survivor {
                Some(link) if link.person != now => now = link.person,
                Some(_) | None => return now,
            }
        }
        seen.into_iter().next().unwrap_or(person)
    }

    /// The record that survives: redirects of whole records followed. Of a circle, always the same member.
    pub fn resolve(&self, record: &SourceRecord) -> SourceRecord {
        self.follow(record, |redirect| redirect.scope == RedirectScope::Record)
    }

    /// The record under which data belongs: all redirects followed.
    pub fn resolve_data(&self, record: &SourceRecord) -> SourceRecord {
        self.follow(record, |_| true)
    }

    /// All records that are confirmed to be a person's, in order; redirected ones included.
    pub fn records_of(&self, person: PersonId) -> Vec<SourceRecord> {
        let person = self.resolve_person(person);
        let mut found = BTreeSet::new();
        let mut ahead: Vec<SourceRecord> = self.records.get(&person).into_iter().flatten().cloned().collect();
        while let Some(record) = ahead.pop() {
            if !found.insert(record.clone()) {
                continue;
            }
            ahead.extend(self.redirected_to.get(&record).into_iter().flatten().cloned());
            let stands_for = self.links.get(&record).map(|link| link.person);
            ahead
                .extend(stands_for.and_then(|other| self.records.get(&other)).into_iter().flatten().cloned());
        }
        found.into_iter().filter(|record| self.person_of(record) == Some(person)).collect()
    }

    /// Open questions, oldest first.
    pub fn open_reviews(&self) -> Vec<&ClericalReview> {
        let mut open: Vec<&ClericalReview> = self.reviews.values().collect();
        open.sort_by_key(|review| (review.raised_at, review.id));
        open
    }

    /// An open question.
    pub fn review(&self, id: ReviewId) -> Option<&ClericalReview> {
        self.reviews.get(&id)
    }

    /// The open question about a record.
    pub fn review_of(&self, record: &SourceRecord) -> Option<&ClericalReview> {
        self.reviews.get(self.review_of.get(record)?)
    }

    /// Persons whom a record is never to be linked to, survivors followed.
    pub fn never_of(&self, record: &SourceRecord) -> BTreeSet<PersonId> {
        self.resolved(self.never.get(record))
    }

    /// Persons whom a record was linked to until somebody undid it.
    pub fn undone_of(&self, record: &SourceRecord) -> BTreeSet<PersonId> {
        self.resolved(self.undone.get(record))
    }

    /// What the source system said to the last assignment of a record.
    pub fn answer_of(&self, record: &SourceRecord) -> Option<&AssignmentAnswer> {
        self.answers.get(record)
    }

    /// All links, in order of records.
    pub fn links(&self) -> impl Iterator<Item = &Link> {
        self.links.values()
    }

    /// The redirect of a record, if it was redirected.
    pub fn redirect_of(&self, record: &SourceRecord) -> Option<&Redirect> {
        self.redirects.get(record)
    }

    fn resolved(&self, persons: Option<&BTreeSet<PersonId>>) -> BTreeSet<PersonId> {
        persons.into_iter().flatten().flat_map(|person| [*person, self.resolve_person(*person)]).collect()
    }

    fn follow(&self, record: &SourceRecord, counts: impl Fn(&Redirect) -> bool) -> SourceRecord {
        let mut path = vec![record.clone()];
        let mut now = record;
        while let Some(redirect) = self.redirects.get(now).filter(|redirect| counts(redirect)) {
            if let Some(at) = path.iter().position(|seen| *seen == redirect.to) {
                return path.drain(at..).min().unwrap_or_else(|| record.clone());
            }
            path.push(redirect.to.clone());
            now = &redirect.to;
        }
        now.clone()
    }

    fn link(&mut self, link: &Link) {
        let manual = link.decided_by.is_manual();
        let outranked = self.links.get(&link.record).is_some_and(|held| held.decided_by.is_manual());
        let forbidden = self.never.get(&link.record).is_some_and(|never| never.contains(&link.person));
        if !manual && (outranked || forbidden) {
            return;
        }
        if manual {
            Self::forget(&mut self.never, &link.record, link.person);
            Self::forget(&mut self.undone, &link.record, link.person);
        }
        if let Some(former) = self.links.insert(link.record.clone(), link.clone()) {
            Self::forget_record(&mut self.records, former.person, &link.record);
        }
        self.records.entry(link.person).or_default().insert(link.record.clone());
        if link.decided_by == Decider::Index {
            self.index_records.insert(link.person, link.record.clone());
        }
    }

    fn unlink(&mut self, record: &SourceRecord, person: PersonId, by: &Decider, never_again: bool) {
        if never_again {
            self.never.entry(record.clone()).or_default().insert(person);
        }
        if by.is_manual() {
            self.undone.entry(record.clone()).or_default().insert(person);
        }
        let goes = |link: &Link| link.person == person && (by.is_manual() || !link.decided_by.is_manual());
        if self.links.get(record).is_some_and(goes) {
            self.links.remove(record);
            Self::forget_record(&mut self.records, person, record);
        }
    }

    fn redirect(&mut self, redirect: &Redirect) {
        if redirect.from == redirect.to {
            return;
        }
        let former = self.redirects.insert(redirect.from.clone(), redirect.clone());
        if let Some(sources) = former.and_then(|former| self.redirected_to.get_mut(&former.to)) {
            sources.remove(&redirect.from);
        }
        self.redirected_to.entry(redirect.to.clone()).or_default().insert(redirect.from.clone());
    }

    fn raise(&mut self, review: &ClericalReview) {
        if self.closed.contains(&review.id) {
            return;
        }
        if let Some(former) =
            self.review_of.insert(review.record.clone(), review.id).filter(|id| *id != review.id)
        {
            self.reviews.remove(&former);
            self.closed.insert(former);
        }
        self.reviews.insert(review.id, review.clone());
    }

    fn close(&mut self, review: ReviewId, record: &SourceRecord, outcome: &ReviewOutcome) {
        self.closed.insert(review);
        self.reviews.remove(&review);
        if self.review_of.get(record) == Some(&review) {
            self.review_of.remove(record);
        }
        match outcome {
            ReviewOutcome::Never(persons) => self.never.entry(record.clone()).or_default().extend(persons),
            ReviewOutcome::Linked(_) | ReviewOutcome::Superseded => {}
        }
    }

    fn forget(of: &mut BTreeMap<SourceRecord, BTreeSet<PersonId>>, record: &SourceRecord, person: PersonId) {
        if let Some(persons) = of.get_mut(record) {
            persons.remove(&person);
            if persons.is_empty() {
                of.remove(record);
            }
        }
    }

    fn forget_record(
        of: &mut BTreeMap<PersonId, BTreeSet<SourceRecord>>,
        person: PersonId,
        record: &SourceRecord,
    ) {
        if let Some(records) = of.get_mut(&person) {
            records.remove(record);
            if records.is_empty() {
                of.remove(&person);
            }
        }
    }
}
