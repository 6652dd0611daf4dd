//! Applies a decision to loaded items: the only maker of a [`PermittedView`].
//!
//! Whatever was loaded too much is dropped here without a trace: two worlds that differ only in what is denied give
//! equal views.

use crate::decision::{Decision, FlowDecision};
use crate::{Policy, ReasonSet, Terms};
use domain::{
    Catalogue, DataItem, DirectiveId, FieldValue, FlowUse, ItemMask, Label, Labels, OrganisationId,
    Practitioner, RecordKey,
};
use jiff::Timestamp;
use std::sync::Arc;

/// One item as the store gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedItem {
    /// The record that it is of.
    pub record: RecordKey,
    /// Who controls that record.
    pub controller: OrganisationId,
    /// The record's source marks where the person lives as protected.
    pub protected: bool,
    /// The item.
    pub item: Arc<DataItem>,
    /// When it was received.
    pub received_at: Timestamp,
}

/// One item that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermittedItem {
    /// Who controls it.
    pub controller: OrganisationId,
    /// The flow that permits it.
    pub flow: Arc<crate::FlowFacts>,
    /// When it was received.
    pub received_at: Timestamp,
    /// The item.
    pub item: Arc<DataItem>,
}

/// What may be shown of a person, in one canonical order, with the terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermittedView {
    items: Vec<PermittedItem>,
    terms: Terms,
    recipient: OrganisationId,
    flows: Vec<FlowUse>,
    // What follows is for the leaf alone.
    reasons: ReasonSet,
    override_id: Option<DirectiveId>,
    bundle_hash: [u8; 32],
}

impl PermittedView {
    /// The items, by controller, kind and instance.
    pub fn items(&self) -> &[PermittedItem] {
        &self.items
    }

    /// What the page says of the agreement: the same for every person.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The flows that were used, and for which kinds.
    pub fn flows(&self) -> &[FlowUse] {
        &self.flows
    }

    /// The kinds shown.
    pub fn kinds(&self) -> ItemMask {
        self.items.iter().map(|one| one.item.kind).collect()
    }

    pub(crate) fn recipient(&self) -> &OrganisationId {
        &self.recipient
    }

    pub(crate) fn reasons(&self) -> ReasonSet {
        self.reasons
    }

    pub(crate) fn override_id(&self) -> Option<DirectiveId> {
        self.override_id
    }

    pub(crate) fn bundle_hash(&self) -> [u8; 32] {
        self.bundle_hash
    }
}

impl Policy {
    /// Keeps what the decision permits. An item of a controller is judged by that controller's flows only.
    pub fn apply(&self, decision: &Decision, loaded: Vec<LoadedItem>) -> PermittedView {
        let mut kept: Vec<(RecordKey, PermittedItem)> =
            loaded.into_iter().filter_map(|one| Some((one.record, permitted(decision, one)?))).collect();
        kept.sort_by(|(one_record, one), (other_record, other)| {
            (&one.controller, one.item.kind, &one.item.instance, one_record).cmp(&(
                &other.controller,
                other.item.kind,
                &other.item.instance,
                other_record,
            ))
        });
        let items: Vec<PermittedItem> = kept.into_iter().map(|(_, item)| item).collect();
        PermittedView {
            flows: flows_used(decision, &items),
            items,
            terms: decision.terms(),
            recipient: decision.recipient.clone(),
            reasons: decision.limits(),
            override_id: decision.override_used(),
            bundle_hash: self.bundle_hash(),
        }
    }
}

fn permitted(decision: &Decision, loaded: LoadedItem) -> Option<PermittedItem> {
    let known = decision
        .confirmed
        .iter()
        .any(|(record, controller)| *record == loaded.record && *controller == loaded.controller);
    if !known {
        return None;
    }
    let theirs = || decision.flows.iter().filter(|flow| flow.flow.discloser == loaded.controller);
    if domain::planted(domain::Fault::GateSkipped) {
        let flow = theirs().next()?;
        return Some(shown(flow, loaded));
    }
    let labels = |flow: &FlowDecision| labels_of(&loaded, flow.protected);
    let marked = |flow: &FlowDecision| flow.protected || loaded.protected;
    let whole = |flow: &&FlowDecision| {
        let labels = labels(flow);
        let labels = if marked(flow) { labels.with(Label::ProtectedAddress) } else { labels };
        flow.permits(loaded.item.kind, labels)
    };
    if let Some(flow) = theirs().find(whole) {
        return Some(shown(flow, loaded));
    }
    let flow = theirs().find(|flow| flow.permits(loaded.item.kind, labels(flow)))?;
    let mut one = shown(flow, loaded);
    leave_out_whereabouts(Arc::make_mut(&mut one.item));
    Some(one)
}

/// The labels of an instance: those of its kind and its own. A kind's protected-address label counts for a
/// protected person only; an instance's own counts always.
fn labels_of(loaded: &LoadedItem, protected: bool) -> Labels {
    let kind = Catalogue::standard().kind(loaded.item.kind).labels;
    let protected = protected || loaded.protected;
    let counts = |label: &Label| *label != Label::ProtectedAddress || protected;
    kind.iter().filter(counts).collect::<Labels>().union(loaded.item.labels)
}

fn shown(flow: &FlowDecision, loaded: LoadedItem) -> PermittedItem {
    PermittedItem {
        controller: loaded.controller,
        flow: Arc::clone(&flow.flow),
        received_at: loaded.received_at,
        item: loaded.item,
    }
}

/// Leaves out of a protected person's item what leads to where they are: marked fields, and of a member of staff the
/// team and the telephone number.
fn leave_out_whereabouts(item: &mut DataItem) {
    let spec = Catalogue::standard().kind(item.kind);
    let marked = |name: &str| spec.field(name).is_none_or(|field| field.protected);
    item.fields.retain_mut(|(name, value)| {
        if !marked(name) {
            return true;
        }
        if let FieldValue::Practitioner(who) = value {
            *who = Practitioner { team: String::new(), telephone: String::new(), ..std::mem::take(who) };
            return true;
        }
        false
    });
    item.source_reference = None;
}

fn flows_used(decision: &Decision, items: &[PermittedItem]) -> Vec<FlowUse> {
    let uses = decision.flows.iter().map(|flow| {
        let under = items.iter().filter(|one| Arc::ptr_eq(&one.flow, &flow.flow));
        flow.flow.used_for(under.map(|one| one.item.kind).collect())
    });
    uses.filter(|one| !one.items.is_empty()).collect()
}
