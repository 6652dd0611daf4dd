//! What a decision says: per flow the twelve ceilings, what they permit, and why not more.

use crate::compile::FlowFacts;
use crate::terms::{ReaderPart, Terms};
use crate::{Permitted, ReasonSet};
use domain::{
    Ceiling, DirectiveId, FlowUse, ItemKind, ItemMask, Labels, OrganisationId, ReasonCode, RecordKey,
};
use jiff::Timestamp;
use std::sync::Arc;

/// The twelve rows of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Row 0: the system itself.
    System,
    /// Row 1: the requester.
    Requester,
    /// Row 2: both organisations.
    Organisation,
    /// Row 3: the agreement.
    Agreement,
    /// Row 4: the level agreed for the flow.
    FlowLevel,
    /// Row 5: purpose and legal basis.
    Purpose,
    /// Row 6: the requester's role.
    Role,
    /// Row 7: the person's age.
    Age,
    /// Row 8: the link of the discloser's record.
    Link,
    /// Row 9: the relationship.
    Relationship,
    /// Row 10: dissent.
    Dissent,
    /// Row 11: directives that nothing lifts.
    HardDirective,
}

/// Every row, in the order of the rule.
pub const DIMENSIONS: [Dimension; 12] = [
    Dimension::System,
    Dimension::Requester,
    Dimension::Organisation,
    Dimension::Agreement,
    Dimension::FlowLevel,
    Dimension::Purpose,
    Dimension::Role,
    Dimension::Age,
    Dimension::Link,
    Dimension::Relationship,
    Dimension::Dissent,
    Dimension::HardDirective,
];

impl Dimension {
    /// Whether the row depends on the person. All such refusals share one screen.
    pub const fn depends_on_person(self) -> bool {
        self as u8 >= Self::Age as u8
    }
}

/// What one row says on one flow. Reasons are there when, and only when, the ceiling is below 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowResult {
    /// The row.
    pub dimension: Dimension,
    /// The highest level that it allows.
    pub ceiling: Ceiling,
    /// Why not more.
    pub reasons: ReasonSet,
}

/// What one grant to one of the requester's roles opens on a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Level that all rows together allow under this grant.
    pub ceiling: Ceiling,
    /// Label gates that open for the flow and the role.
    pub scopes: Labels,
    /// Kinds of the schedule within the level, before labels.
    pub within: ItemMask,
    /// Kinds of which something may be shown: within the level, and the kind's own gates open.
    pub items: ItemMask,
}

/// The decision on one flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowDecision {
    /// The flow, its agreement and its part.
    pub flow: Arc<FlowFacts>,
    /// The lowest of the rows.
    pub ceiling: Ceiling,
    /// The twelve rows in order, for the grant that opens most.
    pub rows: [RowResult; 12],
    /// Kinds of which something may be shown.
    pub items: ItemMask,
    /// Label gates that no grant opens.
    pub closed: Labels,
    /// Whether the person's protected mark closes every kind that could tell where they are.
    pub protected: bool,
    /// The override that this flow leans on.
    pub override_id: Option<DirectiveId>,
    /// Why nothing is permitted; empty when something is.
    pub reasons: ReasonSet,
    pub(crate) openings: Vec<Opening>,
    pub(crate) reader: ReaderPart,
}

impl FlowDecision {
    /// The row that decides: the first of the lowest.
    pub fn binding(&self) -> Dimension {
        let lowest = self.rows.iter().find(|row| row.ceiling == self.ceiling);
        lowest.map_or(Dimension::System, |row| row.dimension)
    }

    /// What a row says.
    pub fn row(&self, dimension: Dimension) -> RowResult {
        let found = self.rows.iter().find(|row| row.dimension == dimension).copied();
        found.unwrap_or(RowResult { dimension, ceiling: Ceiling::NONE, reasons: ReasonSet::NONE })
    }

    /// Whether an item of this kind with these instance labels may be shown on this flow.
    pub(crate) fn permits(&self, kind: ItemKind, labels: Labels) -> bool {
        self.openings.iter().any(|one| one.within.contains(kind) && labels.is_subset_of(one.scopes))
    }

    /// The reasons of every row that limits, and of the gates that are shut.
    pub fn limits(&self) -> ReasonSet {
        self.rows.iter().fold(self.reasons, |set, row| set.union(row.reasons))
    }
}

/// Why nothing is shown, as a screen may say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The rules could not be checked: says nothing about the person or the reader.
    Cleared(ReasonSet),
    /// The reader, an organisation, the agreement, the purpose or the role: named.
    Reader(ReasonSet),
    /// Anything that depends on the person: one screen, byte for byte the same.
    Person,
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The requester's organisation: who receives.
    pub recipient: OrganisationId,
    /// One entry per flow to the requester's organisation, in canonical order.
    pub flows: Vec<FlowDecision>,
    /// Why the whole is denied; empty when, and only when, something is permitted.
    pub reasons: ReasonSet,
    /// When the decision must be made again at the latest: the earliest boundary that it read.
    pub valid_until: Option<Timestamp>,
    /// Whether the override form stands under a refusal. Never depends on the person.
    pub may_offer_override: bool,
    /// The valid override of this session, whether it lifted anything or not.
    pub active_override: Option<DirectiveId>,
    /// When that override ends.
    pub override_ends: Option<Timestamp>,
    /// The bundle that decided.
    pub bundle_hash: [u8; 32],
    pub(crate) confirmed: Vec<(RecordKey, OrganisationId)>,
    pub(crate) system: ReasonSet,
    pub(crate) requester: ReasonSet,
}

impl Decision {
    /// Whether something may be shown.
    pub fn permits_anything(&self) -> bool {
        self.flows.iter().any(|flow| !flow.items.is_empty())
    }

    /// Every kind of which something may be shown: what to load.
    pub fn items(&self) -> ItemMask {
        self.flows.iter().fold(ItemMask::EMPTY, |all, flow| all.union(flow.items))
    }

    /// The kinds of one controller of which something may be shown.
    pub fn items_of(&self, controller: &OrganisationId) -> ItemMask {
        let theirs = self.flows.iter().filter(|flow| flow.flow.discloser == *controller);
        theirs.fold(ItemMask::EMPTY, |all, flow| all.union(flow.items))
    }

    /// The records that items may come from, with their controllers: those whose link is confirmed.
    pub fn records(&self) -> impl Iterator<Item = (RecordKey, &OrganisationId)> {
        self.confirmed.iter().map(|(record, controller)| (*record, controller))
    }

    /// The override that what is shown leans on.
    pub fn override_used(&self) -> Option<DirectiveId> {
        self.flows.iter().filter(|flow| !flow.items.is_empty()).find_map(|flow| flow.override_id)
    }

    /// Every reason that limits anything, for the leaf: also when something is permitted.
    pub fn limits(&self) -> ReasonSet {
        self.flows.iter().fold(self.reasons, |set, flow| set.union(flow.limits()))
    }

    /// What the page says of the agreement: from the schedule and the reader only, the same for every person.
    pub fn terms(&self) -> Terms {
        Terms::of(&self.flows)
    }

    /// Which screen a refusal shows; `None` when something is permitted.
    ///
    /// Chosen by the rows that do not depend on the person: if those alone would permit something, the refusal is
    /// the person's one screen, whatever lies behind.
    pub fn refusal(&self) -> Option<Refusal> {
        if self.permits_anything() {
            return None;
        }
        if !self.system.is_empty() {
            return Some(Refusal::Cleared(self.system));
        }
        if self.flows.iter().any(|flow| !flow.reader.items.is_empty()) {
            return Some(Refusal::Person);
        }
        let nearest = self.flows.iter().map(|flow| flow.reader.reasons).min_by_key(|reasons| reasons.len());
        let none = ReasonSet::of(ReasonCode::AgrNone);
        Some(Refusal::Reader(self.requester.union(nearest.unwrap_or(none)).of_reader()))
    }

    /// Permits a body of another exit than a view, such as a CHI write-back, that holds these kinds of these
    /// controllers' items; `None` unless each controller's flows permit all of its kinds.
    pub fn permit_body<B>(
        &self,
        used: &[(OrganisationId, ItemMask)],
        make: impl FnOnce(&Self) -> B,
    ) -> Option<Permitted<B>> {
        let covers = |(controller, kinds): &(OrganisationId, ItemMask)| {
            let permitted = kinds.is_subset_of(self.items_of(controller));
            !kinds.is_empty() && (permitted || domain::planted(domain::Fault::NumberWithoutFlow))
        };
        (!used.is_empty() && used.iter().all(covers)).then(|| Permitted::of_body(self, used, make))
    }

    /// The flows that cover these kinds of one controller, each kind once.
    pub(crate) fn uses(&self, controller: &OrganisationId, kinds: ItemMask) -> Vec<FlowUse> {
        let mut left = kinds;
        let mut uses = Vec::new();
        for flow in self.flows.iter().filter(|flow| flow.flow.discloser == *controller) {
            let items = left.intersect(flow.items);
            if !items.is_empty() {
                left = left.without(items);
                uses.push(flow.flow.used_for(items));
            }
        }
        uses
    }
}
