//! Index, graph and parameters together: what a record event or a reviewer's word means for links.
//!
//! Every method that returns events has already folded them into its own graph: append them, and when that fails
//! build the matcher anew from the log. Must not be called by two deciders at once: events have one writer.

use std::collections::BTreeSet;

use domain::{
    Authority, Candidate, Demographics, EventId, LinkEvent, RecordVersion, Redirect, RedirectScope,
    SourceRecord,
};
use jiff::Timestamp;

use crate::cohort::CohortSwitches;
use crate::graph::{Assignment, LinkGraph};
use crate::index::Index;
use crate::profile::Profile;
use crate::weigh::Parameters;

mod commands;
mod judge;
#[cfg(test)]
mod tests;

pub use commands::{ManualLink, ReviewDecision, Unlinking};

/// What a site configures.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Authorities whose records stand for persons, where they hold the index identifier (the CHI number).
    pub index_authorities: BTreeSet<Authority>,
    /// Cohorts for which links are made without asking.
    pub switches: CohortSwitches,
}

/// The state of a record that the matcher is built from again.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The record.
    pub record: &'a SourceRecord,
    /// Its demographics, all changes applied.
    pub demographics: &'a Demographics,
    /// Its version.
    pub version: RecordVersion,
    /// Its source says that the child is looked after.
    pub looked_after: bool,
}

/// A record as it stands after an event.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    /// The record.
    pub stored: Stored<'a>,
    /// The event that brought it here.
    pub event: EventId,
    /// When the matcher judges.
    pub now: Timestamp,
}

/// What caused a judgement, and when.
#[derive(Clone, Copy)]
struct Cause {
    event: EventId,
    now: Timestamp,
}

/// The decider's memory.
#[derive(Debug, Clone)]
pub struct Matcher {
    settings: Settings,
    parameters: Parameters,
    index: Index,
    graph: LinkGraph,
    looked_after: BTreeSet<SourceRecord>,
}

impl Matcher {
    /// A matcher that knows nobody.
    pub fn new(settings: Settings, parameters: Parameters) -> Self {
        Self {
            settings,
            parameters,
            index: Index::default(),
            graph: LinkGraph::default(),
            looked_after: BTreeSet::new(),
        }
    }

    /// Takes in the state of a record without judging it: for building the matcher at start.
    pub fn restore(&mut self, stored: Stored<'_>) {
        let Stored { record, demographics, version, looked_after } = stored;
        if looked_after {
            self.looked_after.insert(record.clone());
        } else {
            self.looked_after.remove(record);
        }
        if self.is_retired(record) {
            self.index.remove(record);
        } else if self.settings.index_authorities.contains(&record.authority) && demographics.chi.is_some() {
            self.index.upsert(record, demographics, version);
        } else {
            self.index.upsert_other(record, demographics, version);
        }
    }

    /// Folds an event of the links stream: for building the matcher at start, and for what others append.
    pub fn replay(&mut self, event: &LinkEvent) {
        self.graph.apply(event);
        if let LinkEvent::RecordRedirected { redirect, .. } = event
            && redirect.scope == RedirectScope::Record
        {
            self.index.remove(&redirect.from);
        }
    }

    /// Judges a record as it stands after an event, and whatever the change throws new light on. Returns only what
    /// differs from what is known; nothing for a version older than one seen.
    pub fn observe(&mut self, observation: Observation<'_>) -> Vec<LinkEvent> {
        let Observation { stored, event, now } = observation;
        let before = self.index.find(stored.record).cloned();
        if before.as_ref().is_some_and(|held| !stored.version.is_not_older_than(held.version)) {
            return Vec::new();
        }
        let was_index = self.index.is_index_record(stored.record);
        self.restore(stored);
        let cause = Cause { event, now };
        let mut events = self.settle(stored.record, cause);
        let after = self.index.find(stored.record).map(|held| held.profile.clone());
        let is_index = self.index.is_index_record(stored.record);
        let same = was_index == is_index && before.as_ref().map(|held| &held.profile) == after.as_ref();
        if (was_index || is_index) && !same {
            let old = before.map(|held| held.profile).filter(|_| was_index);
            events.extend(self.judge_again(stored.record, [old, after.filter(|_| is_index)], cause));
        }
        events
    }

    /// Notes that a record, or its data, belongs to another one from now on. Undoes no link.
    pub fn redirect(&mut self, redirect: &Redirect, event: EventId, now: Timestamp) -> Vec<LinkEvent> {
        if redirect.from == redirect.to || self.graph.redirect_of(&redirect.from) == Some(redirect) {
            return Vec::new();
        }
        let cause = Cause { event, now };
        let told = LinkEvent::RecordRedirected { redirect: redirect.clone(), cause: event, decided_at: now };
        let mut events = self.fold(vec![told]);
        if redirect.scope == RedirectScope::Data {
            return events;
        }
        let retired = self.index.find(&redirect.from).map(|held| held.profile.clone());
        let stood_for_a_person = self.index.is_index_record(&redirect.from);
        self.index.remove(&redirect.from);
        events.extend(self.fold_superseding(&redirect.from, now));
        events.extend(self.settle(&redirect.to, cause));
        if stood_for_a_person {
            events.extend(self.judge_again(&redirect.from, [retired, None], cause));
        }
        events
    }

    /// Notes that a record is gone at its source. Its link stays: it joins nothing any more.
    pub fn forget(&mut self, record: &SourceRecord, event: EventId, now: Timestamp) -> Vec<LinkEvent> {
        let held = self.index.find(record).map(|held| held.profile.clone());
        let stood_for_a_person = self.index.is_index_record(record);
        self.index.remove(record);
        self.looked_after.remove(record);
        let mut events = self.fold_superseding(record, now);
        if stood_for_a_person {
            events.extend(self.judge_again(record, [held, None], Cause { event, now }));
        }
        events
    }

    /// What has been decided.
    pub fn graph(&self) -> &LinkGraph {
        &self.graph
    }

    /// The index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The parameters in force.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Whose record is this? The candidates as they stand now, best first; never by place for the protected.
    pub fn search(&self, person: &Demographics, most: usize, now: Timestamp) -> Vec<Candidate> {
        let profile = Profile::of(person);
        let scored = self.rank(None, &profile, now);
        scored.into_iter().take(most).map(|scored| scored.candidate).collect()
    }

    /// The three best candidates of a known record as they stand now, whatever was decided.
    pub fn explain(&self, record: &SourceRecord, now: Timestamp) -> Vec<Candidate> {
        let Some(held) = self.index.find(record) else { return Vec::new() };
        self.rank(Some(record), &held.profile, now)
            .into_iter()
            .take(3)
            .map(|scored| scored.candidate)
            .collect()
    }

    /// The CHI number that a record's source should be told, if it has not got it and has not answered yet.
    pub fn assignment_for(&self, record: &SourceRecord) -> Option<Assignment> {
        let person = self.graph.person_of(record)?;
        let own = self.index.find(record)?;
        let known = self.index.find(&self.graph.index_record_of(person)?)?;
        let chi = known.profile.chi.as_ref()?.number;
        let told = self.graph.answer_of(record).is_some_and(|answer| answer.person == person);
        let has_it = own.profile.chi.as_ref().is_some_and(|held| held.number == chi);
        let due = !told && !has_it && !self.index.is_index_record(record);
        due.then(|| Assignment { record: record.clone(), person, chi })
    }

    /// All assignments that are due, in order of records.
    pub fn assignments_due(&self) -> Vec<Assignment> {
        self.graph.links().filter_map(|link| self.assignment_for(&link.record)).collect()
    }

    fn is_retired(&self, record: &SourceRecord) -> bool {
        self.graph.redirect_of(record).is_some_and(|redirect| redirect.scope == RedirectScope::Record)
    }

    fn fold(&mut self, events: Vec<LinkEvent>) -> Vec<LinkEvent> {
        for event in &events {
            self.graph.apply(event);
        }
        events
    }

    fn fold_superseding(&mut self, record: &SourceRecord, now: Timestamp) -> Vec<LinkEvent> {
        let lapsed = self.superseding(record, now);
        self.fold(lapsed)
    }
}

/// A name for a link event that is its own among those that follow from one cause: derive the event's id from both.
pub fn event_name(event: &LinkEvent) -> String {
    let key = event.key();
    match event {
        LinkEvent::RecordLinked(link) => format!("linked/{key}/{}", link.person),
        LinkEvent::RecordUnlinked { person, .. } => format!("unlinked/{key}/{person}"),
        LinkEvent::RecordRedirected { .. } => format!("redirected/{key}"),
        LinkEvent::ReviewRaised(review) => format!("review-raised/{}", review.id),
        LinkEvent::ReviewDecided { review, .. } => format!("review-decided/{review}"),
        LinkEvent::AssignmentAnswered { person, .. } => format!("assignment-answered/{key}/{person}"),
    }
}
