//! Rules about the text of an agreement: what can never hold is refused at the draft.
//!
//! What is only incomplete is taken: an agreement without an assessment or a legal basis permits nothing, and says so.

use super::{conflict, none};
use crate::rights;
use domain::{
    Agreement, Appendix, Catalogue, DataFlow, FieldViolation, FlowId, OrganisationId, RoleGrant, Side, Window,
};
use policy::SharingState;
use std::collections::BTreeSet;
use transport::{Caller, Failure};

pub(super) fn draft(state: &SharingState, caller: &Caller, draft: &Agreement) -> Result<(), Failure> {
    if !rights::runs_node(caller) && !draft.parties.contains(&caller.organisation) {
        return Err(Failure::Forbidden { reason: "NOT_A_PARTY" });
    }
    let last = state.agreement(&draft.id).map_or(0, |known| known.version);
    if Some(draft.version) != last.checked_add(1) {
        return Err(conflict(&format!(
            "version {last} is the last one: the next must be one more, and a version is never changed"
        )));
    }
    if let Some(known) = state.agreement(&draft.id) {
        same_hands(caller, known)?;
    }
    none(faults(state, draft))
}

/// A new version takes the place of the one before it, so those who agreed to that one draft it.
fn same_hands(caller: &Caller, known: &Agreement) -> Result<(), Failure> {
    if rights::runs_node(caller) || known.parties.contains(&caller.organisation) {
        Ok(())
    } else {
        Err(Failure::Forbidden { reason: "NOT_A_PARTY" })
    }
}

/// Everything that is wrong with the text.
pub(super) fn faults(state: &SharingState, draft: &Agreement) -> Vec<FieldViolation> {
    let mut faults = Faults { state, draft, found: Vec::new(), flows: BTreeSet::new() };
    faults.parties();
    faults.window("agreement.window", draft.window);
    for (index, flow) in draft.flows.iter().enumerate() {
        faults.flow(&format!("agreement.flows[{index}]"), flow);
    }
    let mut codes = BTreeSet::new();
    for (index, appendix) in draft.appendices.iter().enumerate() {
        let field = format!("agreement.appendices[{index}]");
        if !codes.insert(&appendix.id) {
            faults.refuse(&field, "id", "is the code of another appendix too");
        }
        faults.appendix(&field, appendix);
    }
    faults.found
}

struct Faults<'a> {
    state: &'a SharingState,
    draft: &'a Agreement,
    found: Vec<FieldViolation>,
    flows: BTreeSet<&'a FlowId>,
}

impl<'a> Faults<'a> {
    fn refuse(&mut self, field: &str, part: &str, rule: &str) {
        self.found.push(FieldViolation::new(format!("{field}.{part}"), rule));
    }

    fn parties(&mut self) {
        let unique: BTreeSet<&OrganisationId> = self.draft.parties.iter().collect();
        if unique.len() < 2 || unique.len() < self.draft.parties.len() {
            self.refuse("agreement", "parties", "must be two or more organisations, each named once");
        }
        for (index, party) in self.draft.parties.iter().enumerate() {
            if self.state.organisation(party).is_none() {
                self.refuse("agreement", &format!("parties[{index}]"), "is not in the register");
            }
        }
    }

    fn window(&mut self, field: &str, window: Window) {
        if window.from.zip(window.to).is_some_and(|(from, to)| from >= to) {
            self.found.push(FieldViolation::new(field, "must begin before it ends"));
        }
    }

    fn appendix(&mut self, field: &str, appendix: &'a Appendix) {
        self.window(&format!("{field}.window"), appendix.window);
        let whole = self.draft.window;
        let early = appendix.window.from.zip(whole.from).is_some_and(|(own, whole)| own < whole);
        let late = appendix.window.to.zip(whole.to).is_some_and(|(own, whole)| own > whole);
        if early || late {
            self.refuse(field, "window", "must lie inside the agreement's own window");
        }
        for (index, flow) in appendix.flows.iter().enumerate() {
            self.flow(&format!("{field}.flows[{index}]"), flow);
        }
    }

    fn flow(&mut self, field: &str, flow: &'a DataFlow) {
        if !self.flows.insert(&flow.id) {
            self.refuse(field, "id", "is the code of another flow too");
        }
        if taken_elsewhere(self.state, self.draft, &flow.id) {
            self.refuse(field, "id", "is the code of a flow in another agreement");
        }
        for (name, organisation) in [("discloser", &flow.discloser), ("recipient", &flow.recipient)] {
            if !self.draft.parties.contains(organisation) {
                self.refuse(field, name, "must be a party of the agreement");
            }
        }
        if flow.discloser == flow.recipient {
            self.refuse(field, "recipient", "must not be the discloser");
        }
        self.schedule(field, flow);
        self.grants(field, &flow.grants);
    }

    fn schedule(&mut self, field: &str, flow: &DataFlow) {
        let side = self.state.organisation(&flow.discloser).map(|one| one.side);
        let mut named = BTreeSet::new();
        for (index, entry) in flow.schedule.iter().enumerate() {
            let field = format!("{field}.schedule[{index}]");
            let row = Catalogue::standard().kind(entry.kind);
            if !named.insert(entry.kind) {
                self.refuse(&field, "kind", "is in the schedule twice");
            }
            if row.level.level().is_none() {
                self.refuse(&field, "kind", "is never shared");
            }
            if side.is_some_and(|side| !holds(side, row.side)) {
                self.refuse(&field, "kind", "is not held by the discloser's side");
            }
            if !flow.level.allows(entry.level) {
                self.refuse(&field, "level", "must not be above the level of the flow");
            }
        }
    }

    fn grants(&mut self, field: &str, grants: &[RoleGrant]) {
        let mut named = BTreeSet::new();
        for (index, grant) in grants.iter().enumerate() {
            if !named.insert(&grant.role) {
                self.refuse(field, &format!("grants[{index}].role"), "is granted twice");
            }
        }
    }
}

fn holds(discloser: Side, kind: Side) -> bool {
    kind == Side::Any || discloser == Side::Any || kind == discloser
}

/// Directives and disclosures name a flow by its code alone.
fn taken_elsewhere(state: &SharingState, draft: &Agreement, flow: &FlowId) -> bool {
    let others = state.agreements().filter(|one| one.id != draft.id);
    others.into_iter().any(|one| {
        let appended = one.appendices.iter().flat_map(|appendix| &appendix.flows);
        one.flows.iter().chain(appended).any(|taken| taken.id == *flow)
    })
}
