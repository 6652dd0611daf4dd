//! What a read model that is right holds of one record, folded from what its source said. Its own rule in few words:
//! each part keeps the newest statement, and behind an event that nobody understands everything of the record waits.

use crate::cast::Slot;
use crate::messages::{Held, Statement};
use domain::EventId;
use std::collections::{BTreeMap, VecDeque};

/// One accepted event of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// A message that everybody understands.
    Said(Statement),
    /// An event of a type that is not known to this version.
    Unknown(EventId),
}

/// One record.
#[derive(Debug, Clone, Default)]
pub struct RecordFacts {
    slots: BTreeMap<Slot, (u64, Option<Held>)>,
    floors: BTreeMap<Slot, u64>,
    protected: Option<(u64, bool)>,
    is_told_of: bool,
    blocked_by: Option<EventId>,
    waiting: VecDeque<Accepted>,
}

impl RecordFacts {
    /// Takes in the next event of the record.
    pub fn take(&mut self, event: Accepted) {
        if self.blocked_by.is_some() {
            return self.waiting.push_back(event);
        }
        match event {
            Accepted::Said(statement) => self.apply(&statement),
            Accepted::Unknown(id) => self.blocked_by = Some(id),
        }
    }

    /// Somebody left an event out for good: what waited behind it goes on.
    pub fn skip(&mut self, event: EventId) {
        if self.blocked_by != Some(event) {
            return self.waiting.retain(|waiting| *waiting != Accepted::Unknown(event));
        }
        self.blocked_by = None;
        while self.blocked_by.is_none() {
            let Some(next) = self.waiting.pop_front() else { return };
            self.take(next);
        }
    }

    /// What is held now, slot by slot.
    pub fn held(&self) -> impl Iterator<Item = (Slot, &Held)> {
        self.slots.iter().filter_map(|(slot, (_, held))| Some((*slot, held.as_ref()?)))
    }

    /// Whether the source marks where the person lives as protected.
    pub fn is_protected(&self) -> bool {
        self.protected.is_some_and(|(_, mark)| mark)
    }

    /// Whether an event is parked, so that an update cannot be shown.
    pub fn is_blocked(&self) -> bool {
        self.blocked_by.is_some()
    }

    /// Whether anything was said of it at all that everybody understands.
    pub fn is_told_of(&self) -> bool {
        self.is_told_of
    }

    /// Whether a message would change anything that can be seen, if it came now.
    pub fn would_change(&self, statement: &Statement) -> bool {
        let mut after = self.clone();
        after.apply(statement);
        after.is_protected() != self.is_protected() || !after.held().eq(self.held())
    }

    fn apply(&mut self, statement: &Statement) {
        self.is_told_of = true;
        let sequence = statement.sequence;
        if let Some(mark) = statement.protected
            && self.protected.is_none_or(|(held, _)| sequence >= held)
        {
            self.protected = Some((sequence, mark));
        }
        for slot in &statement.complete {
            self.apply_complete(*slot, statement);
        }
        for (slot, held) in &statement.said {
            let known = self.slots.get(slot).map(|(held, _)| *held).or(self.floors.get(slot).copied());
            if known.is_none_or(|known| sequence >= known) {
                self.slots.insert(*slot, (sequence, held.clone()));
            }
        }
    }

    fn apply_complete(&mut self, slot: Slot, statement: &Statement) {
        let sequence = statement.sequence;
        if self.floors.get(&slot).is_some_and(|floor| sequence < *floor) {
            return;
        }
        self.floors.insert(slot, sequence);
        let named = statement.said.iter().any(|(said, _)| *said == slot);
        let older = self.slots.get(&slot).is_some_and(|(held, _)| *held <= sequence);
        if older && !named {
            self.slots.remove(&slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Holder;

    fn says(sequence: u64, mark: bool) -> Accepted {
        Accepted::Said(Statement {
            holder: Holder::Council,
            person: 0,
            sequence,
            said: Vec::new(),
            complete: Vec::new(),
            protected: Some(mark),
        })
    }

    #[test]
    fn late_news_change_nothing_and_news_behind_an_unknown_event_wait() {
        let mut facts = RecordFacts::default();
        facts.take(says(4, true));
        facts.take(says(3, false));
        assert!(facts.is_protected());
        let unknown = EventId::of_message("a", "1");
        facts.take(Accepted::Unknown(unknown));
        facts.take(says(5, false));
        assert!(facts.is_protected() && facts.is_blocked());
        facts.skip(unknown);
        assert!(!facts.is_protected() && !facts.is_blocked());
    }
}
