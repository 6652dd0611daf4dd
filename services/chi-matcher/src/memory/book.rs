//! What people and source systems commanded, so that the same request again gets the same answer, and since when each
//! link stands. Must not decide.

use domain::{Decider, EventId, LinkEvent, PersonId, SourceRecord};
use jiff::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

/// A command that was carried out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Done {
    /// The event that answers it.
    pub(crate) event: LinkEvent,
    /// Of a link that was undone: since when it stood, doubts in between included.
    pub(crate) stood_since: Option<Timestamp>,
}

/// The commands carried out, and the links that can be undone.
#[derive(Debug, Default)]
pub(crate) struct Book {
    done: HashMap<EventId, Done>,
    stands: HashMap<SourceRecord, (PersonId, Timestamp)>,
}

impl Book {
    /// Takes in an event. The same one again changes nothing.
    pub(crate) fn note(&mut self, id: EventId, event: &LinkEvent) {
        match event {
            LinkEvent::RecordLinked(link) if link.decided_by == Decider::Index => {}
            LinkEvent::RecordLinked(link) => {
                let stands = self.stands.entry(link.record.clone()).or_insert((link.person, link.decided_at));
                if stands.0 != link.person {
                    *stands = (link.person, link.decided_at);
                }
            }
            LinkEvent::RecordUnlinked { record, person, decided_by, .. } => {
                let stood =
                    self.stands.get(record).filter(|(linked, _)| linked == person).map(|(_, since)| *since);
                if stood.is_some() {
                    self.stands.remove(record);
                }
                self.keep(id, event, decided_by.is_manual(), stood);
            }
            LinkEvent::ReviewDecided { decided_by, .. } => self.keep(id, event, decided_by.is_manual(), None),
            LinkEvent::AssignmentAnswered { .. } => self.keep(id, event, true, None),
            LinkEvent::RecordRedirected { .. } | LinkEvent::ReviewRaised(_) => {}
        }
    }

    /// A command by the id of its event.
    pub(crate) fn done(&self, id: EventId) -> Option<&Done> {
        self.done.get(&id)
    }

    fn keep(&mut self, id: EventId, event: &LinkEvent, commanded: bool, stood_since: Option<Timestamp>) {
        if commanded {
            self.done.entry(id).or_insert_with(|| Done { event: event.clone(), stood_since });
        }
    }
}

/// The id of the assignment of a person's number to a record: the same whenever it is asked for.
pub(crate) fn assignment_id(record: &SourceRecord, person: PersonId) -> Uuid {
    EventId::derived(EventId(record.key().0), &format!("assignment/{person}")).0
}
