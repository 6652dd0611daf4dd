//! How the rows meet: per flow, the lowest of them; per grant, what it opens; over all flows, what may be shown.

use crate::compile::{CompiledFlow, Policy};
use crate::decision::{Decision, FlowDecision, Opening};
use crate::rows::{Context, Horizon, Limit, override_window, results, role_row};
use crate::terms::ReaderPart;
use crate::whole;
use crate::{LinkState, PersonFacts, ReasonSet, SystemFacts};
use domain::{Ceiling, ItemMask, Label, Labels, ReasonCode, Request, RoleGrant};
use jiff::Timestamp;
use std::sync::Arc;

const ROLE: usize = 6;
const RELATIONSHIP: usize = 9;
const DISSENT: usize = 10;

impl Policy {
    /// Decides a request about a person, at one instant.
    pub fn decide(
        &self,
        request: &Request,
        person: &PersonFacts,
        system: &SystemFacts,
        now: Timestamp,
    ) -> Decision {
        let mut horizon = Horizon { now, until: None };
        let context = Context::of(self, request, person, system, &mut horizon);
        let to_us = self.flows.get(&request.requester.organisation);
        let flows: Vec<FlowDecision> =
            to_us.into_iter().flatten().map(|flow| self.decide_flow(&context, flow, &mut horizon)).collect();
        let confirmed = context.records.iter().filter(|(_, _, link)| *link == LinkState::Confirmed);
        let confirmed = confirmed.filter_map(|(key, owner, _)| Some((*key, (*owner)?.clone()))).collect();
        Decision {
            recipient: request.requester.organisation.clone(),
            reasons: reasons_of(&context, &flows),
            valid_until: horizon.until,
            may_offer_override: self.may_offer_override(&context, &flows),
            active_override: context.declared.map(|one| one.id),
            override_ends: context.declared.and_then(|one| override_window(&self.rules, one).to),
            bundle_hash: self.hash,
            confirmed,
            system: context.system.1,
            requester: context.requester.1,
            flows,
        }
    }

    fn decide_flow(&self, context: &Context<'_>, flow: &CompiledFlow, horizon: &mut Horizon) -> FlowDecision {
        let rows = whole::rows(self, context.rows(flow, horizon));
        let protected = context.protected(flow);
        let grants = self.grants_of(context, flow);
        let mut openings = Vec::with_capacity(grants.len());
        let mut best: Option<([Limit; 12], bool)> = None;
        for grant in &grants {
            let lifted = context.declared.is_some() && grant.may_override;
            let rows = self.granted(context, flow, rows, grant);
            let scopes = whole::scopes(self, flow, grant);
            openings.push(self.opening(flow, lowest(&rows), scopes, protected));
            if best.as_ref().is_none_or(|(known, _)| rank(&rows) > rank(known)) {
                best = Some((rows, lifted));
            }
        }
        let mut none = rows;
        set(&mut none, ROLE, role_row(Ceiling::NONE));
        set(&mut none, RELATIONSHIP, context.relationship_row(flow, false));
        set(&mut none, DISSENT, context.dissent_row(flow, false));
        let (rows, lifted) = best.unwrap_or((whole::rows(self, none), false));
        let items = openings.iter().fold(ItemMask::EMPTY, |all, one| all.union(one.items));
        let ceiling = lowest(&rows);
        let lifts = lifted && context.leans_on_override(flow);
        FlowDecision {
            flow: Arc::clone(&flow.facts),
            ceiling,
            reasons: if items.is_empty() {
                self.flow_reasons(flow, &rows, &openings, protected)
            } else {
                ReasonSet::NONE
            },
            rows: results(rows),
            items,
            closed: not_in(openings.iter().fold(Labels::NONE, |all, one| all.union(one.scopes))),
            protected,
            override_id: context.declared.filter(|_| lifts).map(|one| one.id),
            reader: self.reader_part(flow, &rows, &grants),
            openings,
        }
    }

    /// The rows under one grant.
    fn granted(
        &self,
        context: &Context<'_>,
        flow: &CompiledFlow,
        rows: [Limit; 12],
        grant: &RoleGrant,
    ) -> [Limit; 12] {
        let lifted = context.declared.is_some() && grant.may_override;
        let mut rows = rows;
        set(&mut rows, ROLE, role_row(grant.level));
        set(&mut rows, RELATIONSHIP, context.relationship_row(flow, lifted));
        set(&mut rows, DISSENT, context.dissent_row(flow, lifted));
        whole::rows(self, rows)
    }

    fn grants_of<'f>(&self, context: &Context<'_>, flow: &'f CompiledFlow) -> Vec<&'f RoleGrant> {
        let held = flow.grants.iter().filter(|grant| context.roles.contains(&&grant.role));
        let held: Vec<&RoleGrant> = held.collect();
        if held.is_empty() && whole::any_role(self) { flow.grants.iter().collect() } else { held }
    }

    fn opening(&self, flow: &CompiledFlow, ceiling: Ceiling, scopes: Labels, protected: bool) -> Opening {
        let within = self.within(flow, ceiling);
        let items = within & !self.blocked(scopes, protected);
        Opening { ceiling, scopes, within: ItemMask::from_bits(within), items: ItemMask::from_bits(items) }
    }

    /// The kinds of the schedule at or below a ceiling, without those that are never shared.
    fn within(&self, flow: &CompiledFlow, ceiling: Ceiling) -> u128 {
        let mask = flow.level_mask.get(usize::from(ceiling.value())).copied().unwrap_or(0);
        flow.schedule & mask & !whole::never(self)
    }

    /// The kinds whose own labels close them. Protected address closes its kinds for a protected person only.
    fn blocked(&self, scopes: Labels, protected: bool) -> u128 {
        let shut = Label::ALL.into_iter().zip(self.labelled).filter(|(label, _)| {
            !scopes.contains(*label) && (*label != Label::ProtectedAddress || protected)
        });
        shut.fold(0, |all, (_, kinds)| all | kinds)
    }

    /// Why a flow opens nothing.
    fn flow_reasons(
        &self,
        flow: &CompiledFlow,
        rows: &[Limit],
        openings: &[Opening],
        protected: bool,
    ) -> ReasonSet {
        let zero = rows.iter().filter(|(ceiling, _)| *ceiling == Ceiling::NONE);
        let zero = zero.fold(ReasonSet::NONE, |set, (_, reasons)| set.union(*reasons));
        if !zero.is_empty() {
            return zero;
        }
        if flow.schedule == 0 {
            return ReasonSet::of(ReasonCode::AgrNone);
        }
        if self.within(flow, Ceiling::FULL) == 0 {
            return ReasonSet::of(ReasonCode::Never);
        }
        let within = openings.iter().fold(0, |all, one| all | one.within.bits());
        if within == 0 {
            let binding = rows.iter().filter(|(ceiling, _)| *ceiling == lowest(rows));
            return binding.fold(ReasonSet::NONE, |set, (_, reasons)| set.union(*reasons));
        }
        openings.iter().flat_map(|one| self.shut_on(one, protected)).map(label_reason).collect()
    }

    /// The labels that close something of what an opening has within its level.
    fn shut_on(&self, opening: &Opening, protected: bool) -> Vec<Label> {
        let counts = |label: &Label| *label != Label::ProtectedAddress || protected;
        let shut = Label::ALL.into_iter().zip(self.labelled).filter(|(label, kinds)| {
            counts(label) && !opening.scopes.contains(*label) && kinds & opening.within.bits() != 0
        });
        shut.map(|(label, _)| label).collect()
    }

    /// What the rows that do not depend on the person allow: all that terms and refusals may tell.
    fn reader_part(&self, flow: &CompiledFlow, rows: &[Limit; 12], grants: &[&RoleGrant]) -> ReaderPart {
        // The rows before the role's do not depend on the person, nor on the grant.
        let base = rows.iter().take(ROLE).fold(Ceiling::FULL, |lowest, (ceiling, _)| lowest.min(*ceiling));
        let mut part = ReaderPart::default();
        let mut open_to_all = not_in(Labels::NONE);
        for grant in grants {
            let ceiling = base.min(if whole::any_role(self) { Ceiling::FULL } else { grant.level });
            let scopes = whole::scopes(self, flow, grant);
            let opening = self.opening(flow, ceiling, scopes, false);
            part.items = part.items.union(opening.items);
            part.role = part.role.max(grant.level);
            part.ceiling = part.ceiling.max(ceiling);
            open_to_all = open_to_all.intersect(scopes);
            part.openings.push(opening);
        }
        part.closed = not_in(open_to_all);
        part.schedule = ItemMask::from_bits(flow.schedule & !whole::never(self));
        part.lasting = ItemMask::from_bits(
            part.items.bits()
                & self.kept_under(flow, flow.without_relationship)
                & self.kept_under(flow, flow.override_cap),
        );
        if part.items.is_empty() {
            let own = rows.iter().take(ROLE).copied().chain([role_row(part.role)]);
            let own: Vec<Limit> = own.collect();
            part.reasons = self.flow_reasons(flow, &own, &part.openings, false);
        }
        part
    }

    /// The kinds that stay when the person's rows leave only this cap: all of them when the cap leaves nothing,
    /// since then there is no page.
    fn kept_under(&self, flow: &CompiledFlow, cap: Ceiling) -> u128 {
        if cap == Ceiling::NONE { u128::MAX } else { self.within(flow, cap) }
    }

    fn may_offer_override(&self, context: &Context<'_>, flows: &[FlowDecision]) -> bool {
        let compiled = self.flows.get(&context.request.requester.organisation);
        compiled.into_iter().flatten().zip(flows).any(|(flow, decided)| {
            !decided.reader.items.is_empty()
                && flow.override_cap > Ceiling::NONE
                && self.grants_of(context, flow).iter().any(|grant| grant.may_override)
        })
    }
}

/// Why the whole is denied: the reasons of every flow, or that there is none.
fn reasons_of(context: &Context<'_>, flows: &[FlowDecision]) -> ReasonSet {
    if flows.iter().any(|flow| !flow.items.is_empty()) {
        return ReasonSet::NONE;
    }
    let all = flows.iter().fold(ReasonSet::NONE, |set, flow| set.union(flow.reasons));
    if !flows.is_empty() {
        return all;
    }
    context.system.1.union(context.requester.1).union(ReasonSet::of(ReasonCode::AgrNone))
}

fn lowest(rows: &[Limit]) -> Ceiling {
    rows.iter().map(|(ceiling, _)| *ceiling).min().unwrap_or(Ceiling::NONE)
}

/// Which grant's rows to report: the one that opens most, then the one whose role is granted most.
fn rank(rows: &[Limit; 12]) -> (Ceiling, Ceiling) {
    (lowest(rows), rows.get(ROLE).map_or(Ceiling::NONE, |(ceiling, _)| *ceiling))
}

fn set(rows: &mut [Limit; 12], row: usize, limit: Limit) {
    if let Some(found) = rows.get_mut(row) {
        *found = limit;
    }
}

fn not_in(labels: Labels) -> Labels {
    Label::ALL.into_iter().filter(|label| !labels.contains(*label)).collect()
}

pub(crate) fn label_reason(label: Label) -> ReasonCode {
    match label {
        Label::SpecialCategory => ReasonCode::LblSpecialCategory,
        Label::ThirdParty => ReasonCode::LblThirdParty,
        Label::SeriousHarm => ReasonCode::LblSeriousHarm,
        Label::Criminal => ReasonCode::LblCriminal,
        Label::ChildProtection => ReasonCode::LblChildProtection,
        Label::ProtectedAddress => ReasonCode::LblProtectedAddress,
    }
}
