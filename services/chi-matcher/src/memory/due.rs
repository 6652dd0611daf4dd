//! CHI numbers that source systems should be told: kept up record by record as links and demographics change.

use super::{Memory, assignment_id};
use domain::{Authority, LinkEvent, SourceRecord};
use jiff::Timestamp;
use matching::{Assignment, Matcher};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// An assignment that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    /// Its id.
    pub(crate) id: Uuid,
    /// Which number for which record.
    pub(crate) assignment: Assignment,
    /// The index record that the number stands in.
    pub(crate) from: SourceRecord,
    /// When the link behind it was decided.
    pub(crate) decided_at: Timestamp,
}

impl Memory {
    /// The assignments that records of these authorities are due, in order of records.
    pub(crate) fn due_of(&self, authorities: &[Authority]) -> Vec<Due> {
        let theirs = |due: &&Due| authorities.contains(&due.assignment.record.authority);
        self.due.values().filter(theirs).cloned().collect()
    }

    /// An assignment that may be answered: due, or sent before, even where the record has its number by now.
    pub(crate) fn assignment(&self, id: Uuid) -> Option<Due> {
        self.offered.get(&id).or_else(|| self.due.values().find(|due| due.id == id)).cloned()
    }

    /// Notes that an assignment was sent.
    pub(crate) fn note_offered(&mut self, due: &Due) {
        self.offered.entry(due.id).or_insert_with(|| due.clone());
    }

    /// The assignments sent and not answered, to be kept when the memory is built anew.
    pub(crate) fn take_offered(&mut self) -> HashMap<Uuid, Due> {
        std::mem::take(&mut self.offered)
    }

    /// Folds the answer to an assignment, and forgets that it was sent.
    pub(crate) fn answered(&mut self, event: &LinkEvent) {
        if let LinkEvent::AssignmentAnswered { record, person, .. } = event {
            self.offered.remove(&assignment_id(record, *person));
        }
    }

    /// Looks again at these records, and at all records of their persons.
    pub(super) fn look_for_due(&mut self, records: BTreeSet<SourceRecord>) {
        let graph = self.matcher.graph();
        let persons: BTreeSet<_> = records.iter().filter_map(|record| graph.person_of(record)).collect();
        let theirs: Vec<_> = persons.into_iter().flat_map(|person| graph.records_of(person)).collect();
        for record in records.into_iter().chain(theirs) {
            match due(&self.matcher, &record) {
                Some(due) => self.due.insert(record, due),
                None => self.due.remove(&record),
            };
        }
    }

    /// Finds all that is due.
    pub(super) fn find_due(&mut self) {
        let links = self.matcher.graph().links();
        let found = links.filter_map(|link| Some((link.record.clone(), due(&self.matcher, &link.record)?)));
        self.due = found.collect();
    }
}

fn due(matcher: &Matcher, record: &SourceRecord) -> Option<Due> {
    let assignment = matcher.assignment_for(record)?;
    let graph = matcher.graph();
    Some(Due {
        id: assignment_id(record, assignment.person),
        from: graph.index_record_of(assignment.person)?,
        decided_at: graph.link_of(record)?.decided_at,
        assignment,
    })
}
