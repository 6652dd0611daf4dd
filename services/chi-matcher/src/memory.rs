//! What the decider keeps in memory, folded from the log: the matcher, the records it judges, what was commanded.
//!
//! Pure: no store, no clock, no log. Whatever it decides it has folded already; an event of its own that comes back
//! on the links stream is known by its id and changes nothing.

mod book;
mod due;

pub(crate) use book::{Done, assignment_id};
pub(crate) use due::Due;

use book::Book;
use domain::{Demographics, EventId, ItemKind, LinkEvent, RecordChange, RecordKey, SourceRecord};
use event_log::LogPosition;
use jiff::Timestamp;
use matching::{Matcher, Observation, Parameters, Settings, Stored, event_name};
use projection::{Arrival, Outcome, RecordModel};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// An accepted message as it lies in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    /// Its event.
    pub(crate) id: EventId,
    /// What it says.
    pub(crate) change: &'a RecordChange,
    /// When it was received, and where it lies.
    pub(crate) arrival: Arrival,
}

/// An event of the links stream as it was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadBack<'a> {
    /// Its id.
    pub(crate) id: EventId,
    /// Where it lies.
    pub(crate) position: LogPosition,
    /// What it says.
    pub(crate) event: &'a LinkEvent,
}

/// The decider's memory.
pub(crate) struct Memory {
    matcher: Matcher,
    /// Every record with its demographics and what tells that a child is looked after; no other items.
    records: HashMap<RecordKey, RecordModel>,
    /// Events decided here that have not come back from the log yet.
    own: HashSet<EventId>,
    /// By partition: where the links stream goes on after what was folded when the memory was built.
    folded: BTreeMap<u16, u64>,
    /// Events before those places that were left out, because they are parked.
    left_out: HashSet<EventId>,
    book: Book,
    due: BTreeMap<SourceRecord, Due>,
    /// Assignments that were sent to somebody and not answered yet.
    offered: HashMap<Uuid, Due>,
}

impl Memory {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            matcher: Matcher::new(settings, Parameters::shipped()),
            records: HashMap::new(),
            own: HashSet::new(),
            folded: BTreeMap::new(),
            left_out: HashSet::new(),
            book: Book::default(),
            due: BTreeMap::new(),
            offered: HashMap::new(),
        }
    }

    /// Judges what a message says, and whatever it throws new light on. Gives the events that follow.
    ///
    /// Judged as of the message's arrival, so that the same message gives the same decision whenever it is read.
    pub(crate) fn hear(&mut self, told: Told<'_>) -> Vec<LinkEvent> {
        let Told { id, change, arrival } = told;
        let now = arrival.received_at;
        let mut events = Vec::new();
        let folded = self.fold_record(change, arrival);
        // What says nothing new of who it is about throws no new light on whose it is.
        let tells = folded.changed || self.matcher.index().find(&change.record).is_none();
        if tells && !folded.superseded {
            events = self.judge(&change.record, id, now);
        }
        if let Some(redirect) = &change.redirect {
            events.extend(self.matcher.redirect(redirect, id, now));
        }
        for event in &events {
            let own = EventId::derived(id, &event_name(event));
            self.own.insert(own);
            self.book.note(own, event);
        }
        self.settle(std::slice::from_ref(&change.record), &events);
        events
    }

    /// Takes in an event of the links stream, unless it is one that was decided or folded here before.
    pub(crate) fn read_back(&mut self, read: ReadBack<'_>) {
        let ReadBack { id, position, event } = read;
        let before = self.folded.get(&position.partition).is_some_and(|next| position.offset < *next);
        if self.own.remove(&id) || (before && !self.left_out.remove(&id)) {
            return;
        }
        self.fold_link(id, event);
        self.settle(&[], std::slice::from_ref(event));
    }

    /// Lets a person decide. What `decide` gives is folded already; the first event, or the answer to a question, gets
    /// the command's own id, and the others ids that follow from it.
    pub(crate) fn command<E>(
        &mut self,
        id: EventId,
        decide: impl FnOnce(&mut Matcher) -> Result<Vec<LinkEvent>, E>,
    ) -> Result<Vec<(EventId, LinkEvent)>, E> {
        let events = decide(&mut self.matcher)?;
        let is_answer = |event: &LinkEvent| match event {
            LinkEvent::ReviewDecided { decided_by, .. } => decided_by.is_manual(),
            LinkEvent::RecordLinked(_)
            | LinkEvent::RecordUnlinked { .. }
            | LinkEvent::RecordRedirected { .. }
            | LinkEvent::ReviewRaised(_)
            | LinkEvent::AssignmentAnswered { .. } => false,
        };
        let first = events.iter().position(is_answer).unwrap_or(0);
        self.settle(&[], &events);
        let named = events.into_iter().enumerate().map(|(place, event)| {
            let own = if place == first { id } else { EventId::derived(id, &event_name(&event)) };
            (own, event)
        });
        let named: Vec<_> = named.collect();
        for (id, event) in &named {
            self.own.insert(*id);
            self.book.note(*id, event);
        }
        Ok(named)
    }

    /// A command that was carried out, by the id of its event.
    pub(crate) fn done(&self, id: EventId) -> Option<&Done> {
        self.book.done(id)
    }

    /// The matcher, to ask.
    pub(crate) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// What a record says of the person now.
    pub(crate) fn demographics(&self, record: &SourceRecord) -> Option<&Demographics> {
        self.records.get(&record.key()).map(|model| &model.state.demographics)
    }

    /// For building: folds an event of the links stream.
    pub(crate) fn fold_link(&mut self, id: EventId, event: &LinkEvent) {
        self.matcher.replay(event);
        self.book.note(id, event);
    }

    /// For building: notes where the links stream goes on, and what was left out before that.
    pub(crate) fn folded_up_to(&mut self, places: &[LogPosition], left_out: HashSet<EventId>) {
        self.folded = places.iter().map(|place| (place.partition, place.offset)).collect();
        self.left_out = left_out;
    }

    /// Folds a message into its record. Says whether it said anything that was not known better.
    pub(crate) fn fold_record(&mut self, change: &RecordChange, arrival: Arrival) -> Outcome {
        let model = self
            .records
            .entry(change.record.key())
            .or_insert_with(|| RecordModel::new(change.record.clone()));
        model.apply(&relevant(change), arrival)
    }

    /// For building: once links and records are folded, fills the index, and finds what is due.
    pub(crate) fn restore(&mut self, offered: HashMap<Uuid, Due>) {
        let standing: BTreeMap<RecordKey, &RecordModel> = self
            .records
            .iter()
            .filter(|(_, model)| !model.is_removed())
            .map(|(key, model)| (*key, model))
            .collect();
        for model in standing.into_values() {
            self.matcher.restore(stored(model));
        }
        self.offered = offered;
        self.find_due();
    }

    fn judge(&mut self, record: &SourceRecord, event: EventId, now: Timestamp) -> Vec<LinkEvent> {
        match self.records.get(&record.key()) {
            Some(model) if !model.is_removed() => {
                self.matcher.observe(Observation { stored: stored(model), event, now })
            }
            Some(_) | None => self.matcher.forget(record, event, now),
        }
    }

    /// Notes what follows beside the graph.
    fn settle(&mut self, records: &[SourceRecord], events: &[LinkEvent]) {
        let mut about: BTreeSet<SourceRecord> = records.iter().cloned().collect();
        for event in events {
            about.insert(event.record().clone());
            if let LinkEvent::RecordRedirected { redirect, .. } = event {
                about.insert(redirect.to.clone());
            }
        }
        self.look_for_due(about);
    }
}

fn stored(model: &RecordModel) -> Stored<'_> {
    Stored {
        record: &model.state.record,
        demographics: &model.state.demographics,
        version: model.state.version,
        looked_after: model.held().any(|item| item.kind == ItemKind::LOOKED_AFTER_STATUS),
    }
}

/// What matching needs of a message: who the person is, and whether a child is looked after. The other items stay out
/// of memory.
fn relevant(change: &RecordChange) -> RecordChange {
    let counts = |kind: ItemKind| kind == ItemKind::LOOKED_AFTER_STATUS;
    RecordChange {
        demographics: change.demographics.clone(),
        upserts: change.upserts.iter().filter(|item| counts(item.kind)).cloned().collect(),
        removals: change.removals.iter().filter(|(kind, _)| counts(*kind)).cloned().collect(),
        complete_kinds: change.complete_kinds.iter().copied().filter(|kind| counts(*kind)).collect(),
        record_removed: change.record_removed,
        ..RecordChange::new(change.record.clone(), change.version, change.occurred_at)
    }
}
