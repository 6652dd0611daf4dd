//! What a page says of the agreement: from the signed schedule and the reader only, the same for every person.
//!
//! Must not read anything of the person: a page that withholds looks like one that has nothing to withhold.

use crate::compile::{FlowFacts, Policy};
use crate::decision::{FlowDecision, Opening};
use crate::{PersonFacts, ReasonSet, SystemFacts};
use domain::{Ceiling, ItemMask, Labels, OrganisationId, Request};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the rows of the reader allow on one flow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ReaderPart {
    pub(crate) ceiling: Ceiling,
    /// The highest grant over the reader's roles, whichever of them opens most for this person.
    pub(crate) role: Ceiling,
    pub(crate) items: ItemMask,
    pub(crate) schedule: ItemMask,
    /// Label gates that at least one of the reader's grants leaves shut.
    pub(crate) closed: Labels,
    /// Kinds that are shown whenever this flow shows anything.
    pub(crate) lasting: ItemMask,
    /// What each of the reader's grants opens, apart from anything of the person.
    pub(crate) openings: Vec<Opening>,
    /// Why nothing, when nothing.
    pub(crate) reasons: ReasonSet,
}

/// One flow as a page names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsFlow {
    /// The flow, its agreement and its part.
    pub flow: Arc<FlowFacts>,
    /// Highest level for this reader.
    pub level: Ceiling,
    /// Kinds that it shares with this reader.
    pub shared: ItemMask,
}

/// The terms on which one organisation shares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceTerms {
    /// Highest level for this reader, over the flows.
    pub level: Ceiling,
    /// Kinds shared with this reader.
    pub shared: ItemMask,
    /// Kinds that a schedule names and that are not shared with this reader: above the level, or behind a label.
    pub not_shared: ItemMask,
    /// Label gates that are shut for this reader on some flow.
    pub closed_labels: Labels,
    /// Kinds of which single entries can be kept back, so that an empty list says nothing.
    pub may_keep_back: ItemMask,
    /// Flows that share something with this reader.
    pub flows: Vec<TermsFlow>,
}

/// The terms of every organisation that shares with this reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// By the code of the organisation that discloses.
    pub sources: BTreeMap<OrganisationId, SourceTerms>,
}

impl Terms {
    /// The terms of one organisation.
    pub fn of_source(&self, controller: &OrganisationId) -> Option<&SourceTerms> {
        self.sources.get(controller)
    }

    pub(crate) fn of(flows: &[FlowDecision]) -> Self {
        let mut sources: BTreeMap<OrganisationId, SourceTerms> = BTreeMap::new();
        for flow in flows.iter().filter(|flow| !flow.reader.items.is_empty()) {
            sources.entry(flow.flow.discloser.clone()).or_default().add(flow);
        }
        sources.values_mut().for_each(SourceTerms::finish);
        Self { sources }
    }
}

impl SourceTerms {
    fn add(&mut self, flow: &FlowDecision) {
        let reader = &flow.reader;
        // A kind that another flow shares and this one does not may vanish with that other flow alone.
        let certain = reader.lasting;
        let certain = if self.flows.is_empty() { certain } else { certain.intersect(self.may_keep_back) };
        self.may_keep_back = certain; // Holds what is certain until `finish` turns it round.
        self.level = self.level.max(reader.ceiling);
        self.shared = self.shared.union(reader.items);
        self.not_shared = self.not_shared.union(reader.schedule);
        self.closed_labels = self.closed_labels.union(reader.closed);
        self.flows.push(TermsFlow {
            flow: Arc::clone(&flow.flow),
            level: reader.ceiling,
            shared: reader.items,
        });
    }

    fn finish(&mut self) {
        let certain = if self.closed_labels.is_empty() { self.may_keep_back } else { ItemMask::EMPTY };
        self.may_keep_back = self.shared.without(certain);
        self.not_shared = self.not_shared.without(self.shared);
    }
}

impl Policy {
    /// The terms for a reader, without anything of the person.
    pub fn terms(&self, request: &Request, system: &SystemFacts, now: Timestamp) -> Terms {
        let nobody = PersonFacts { person: request.bound_person, ..PersonFacts::default() };
        self.decide(request, &nobody, system, now).terms()
    }
}
