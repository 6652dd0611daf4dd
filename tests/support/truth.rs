//! The facts of a run, as a reader of the design would keep them on paper: what each source said, what was linked, what
//! was agreed, and how far a node has read of each.

use crate::cast::Holder;
use crate::governance_facts::GovernanceFacts;
use crate::link_facts::LinkFacts;
use crate::record_facts::{Accepted, RecordFacts};
use domain::{EventId, LinkEvent, SharingEvent};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How long a node may rest on what it read.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How far the clock may step back.
const SKEW: SignedDuration = SignedDuration::from_secs(5);

/// The facts.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// What was agreed, as far as it was read.
    pub governance: GovernanceFacts,
    /// Whose record is whose, as far as the read model has read it.
    pub links: LinkFacts,
    records: BTreeMap<(Holder, usize), RecordFacts>,
    /// Accepted, and perhaps not in the read model.
    pending: Vec<Pending>,
    sharing_read_at: Option<Timestamp>,
    links_projected_at: Option<Timestamp>,
    links_read_at: Option<Timestamp>,
    latest: Option<Timestamp>,
}

#[derive(Debug, Clone)]
enum Pending {
    Event(Holder, usize, Accepted),
    Skipped(Holder, usize, EventId),
}

impl Truth {
    /// An event of a record was accepted.
    pub fn accept(&mut self, holder: Holder, person: usize, event: Accepted) {
        self.pending.push(Pending::Event(holder, person, event));
    }

    /// Somebody decided to leave an event of a record out.
    pub fn skip(&mut self, holder: Holder, person: usize, event: EventId) {
        self.pending.push(Pending::Skipped(holder, person, event));
    }

    /// Whether the read model holds everything that was accepted.
    pub fn is_settled(&self) -> bool {
        self.pending.is_empty()
    }

    /// The read model has reached the end of the log.
    pub fn projected(&mut self, links: &[LinkEvent], now: Timestamp) {
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Event(holder, person, event) => {
                    self.records.entry((holder, person)).or_default().take(event);
                }
                Pending::Skipped(holder, person, event) => {
                    self.records.entry((holder, person)).or_default().skip(event);
                }
            }
        }
        links.iter().for_each(|event| self.links.hear(event));
        self.links_projected_at = Some(now);
    }

    /// A node has looked how far the read model is.
    pub fn looked(&mut self) {
        self.links_read_at = self.links_read_at.max(self.links_projected_at);
    }

    /// A node has read sharing to its end.
    pub fn sharing_read(&mut self, events: &[SharingEvent], now: Timestamp) {
        events.iter().for_each(|event| self.governance.hear(event));
        self.sharing_read_at = Some(now);
    }

    /// A node has read the clock.
    pub fn clock_read(&mut self, now: Timestamp) {
        self.latest = self.latest.max(Some(now));
    }

    /// A new process knows nothing of leases and clocks that the old one knew.
    pub fn forget_process(&mut self) {
        (self.sharing_read_at, self.links_read_at, self.latest) = (None, None, None);
    }

    /// Whether the process has read sharing at all, and so knows any caller.
    pub fn knows_callers(&self) -> bool {
        self.sharing_read_at.is_some()
    }

    /// Whether a node may decide now at all: it has read what it must within the lease, and its clock has not jumped.
    pub fn may_decide(&self, now: Timestamp) -> bool {
        let Some(oldest) = self.sharing_read_at.zip(self.links_read_at).map(|(one, other)| one.min(other))
        else {
            return false;
        };
        let sane = self.latest.is_none_or(|latest| now.duration_since(latest) >= -SKEW);
        sane && now.duration_since(oldest) < LEASE
    }

    /// What the read model holds of a record.
    pub fn record(&self, holder: Holder, person: usize) -> Option<&RecordFacts> {
        self.records.get(&(holder, person))
    }
}
