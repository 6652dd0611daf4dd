//! Whether a part of an agreement holds at an instant: windows, signatures, suspensions, withdrawals, versions.

use crate::SharingState;
use domain::{Agreement, AppendixId, Ceiling, OrganisationId, PartPath, ReasonCode, RiskRating, Window};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Where a part of an agreement stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartStatus {
    /// Nobody has signed it.
    Draft,
    /// Some of the required signatures are there.
    PartlySigned {
        /// Signatures that hold.
        signed: u32,
        /// Signatures required: every party's on the base, and on the appendix where it is one.
        required: u32,
    },
    /// Signed by all; its time has not come.
    NotYet,
    /// In force.
    InForce,
    /// Suspended by a party.
    Suspended,
    /// Withdrawn by a party, for good.
    Withdrawn,
    /// Its time is over.
    Expired,
    /// A later version that all signed has taken its place.
    Superseded,
}

/// What decides over time whether a part is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartRule {
    pub(crate) assessed: bool,
    pub(crate) review_due: Option<Timestamp>,
    pub(crate) overdue_cap: Ceiling,
    /// Of the base, and of the appendix where it is one.
    pub(crate) windows: Vec<Window>,
    /// Instants of the required signatures that hold.
    pub(crate) signed: Vec<Timestamp>,
    pub(crate) required: usize,
    pub(crate) suspensions: Vec<Window>,
    pub(crate) withdrawn_at: Option<Timestamp>,
    pub(crate) superseded_at: Option<Timestamp>,
}

impl PartRule {
    pub(crate) fn of(state: &SharingState, agreement: &Agreement, appendix: Option<&AppendixId>) -> Self {
        let mut parts = vec![None];
        parts.extend(appendix.map(Some));
        let mut windows = vec![agreement.window];
        windows.extend(
            agreement.appendices.iter().filter(|one| Some(&one.id) == appendix).map(|one| one.window),
        );
        let mut rule = Self {
            assessed: agreement.risk != RiskRating::NotAssessed
                && agreement.dpia_reference.as_ref().is_some_and(|text| !text.trim().is_empty()),
            review_due: agreement.review_due,
            overdue_cap: agreement.overdue_cap,
            windows,
            signed: Vec::new(),
            required: 0,
            suspensions: Vec::new(),
            withdrawn_at: None,
            superseded_at: superseded_at(state, agreement),
        };
        for part in parts {
            let path = PartPath {
                agreement: agreement.id.clone(),
                version: agreement.version,
                appendix: part.cloned(),
            };
            let signed = signatures(state, agreement, &path);
            rule.required += agreement.parties.len();
            rule.signed.extend(signed.into_values());
            rule.take_stops(state, agreement, &path);
        }
        rule
    }

    fn take_stops(&mut self, state: &SharingState, agreement: &Agreement, path: &PartPath) {
        let stops = state.stops.get(path).into_iter().flatten();
        for stop in stops.filter(|stop| agreement.parties.contains(&stop.organisation)) {
            if stop.for_good {
                self.withdrawn_at = Some(self.withdrawn_at.map_or(stop.from, |at| at.min(stop.from)));
            } else {
                self.suspensions.push(Window { from: Some(stop.from), to: stop.to });
            }
        }
    }

    /// Whether every required signature was given by then.
    pub(crate) fn is_signed(&self, now: Timestamp) -> bool {
        self.required > 0
            && self.signed.len() == self.required
            && self.signed.iter().all(|signed_at| *signed_at <= now)
    }

    /// Why the part is not in force, if it is not. The assessment and the review are judged apart.
    pub(crate) fn fault(&self, now: Timestamp) -> Option<ReasonCode> {
        let passed = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if passed(self.withdrawn_at) || self.suspensions.iter().any(|window| window.contains(now)) {
            Some(ReasonCode::AgrSuspended)
        } else if !self.is_signed(now) {
            Some(ReasonCode::AgrUnsigned)
        } else if passed(self.superseded_at) || !self.windows.iter().all(|window| window.contains(now)) {
            Some(ReasonCode::AgrWindow)
        } else {
            None
        }
    }

    /// Every instant at which the answer may change.
    pub(crate) fn boundaries(&self) -> impl Iterator<Item = Timestamp> {
        let windows =
            self.windows.iter().chain(&self.suspensions).flat_map(|window| [window.from, window.to]);
        let points = [self.withdrawn_at, self.superseded_at, self.review_due];
        windows.chain(points).flatten().chain(self.signed.iter().copied())
    }

    /// The window in which it holds, as far as windows alone tell.
    pub(crate) fn window(&self) -> Window {
        Window {
            from: self.windows.iter().filter_map(|window| window.from).max(),
            to: self.windows.iter().filter_map(|window| window.to).min(),
        }
    }
}

/// The first valid signature of each party.
fn signatures(
    state: &SharingState,
    agreement: &Agreement,
    path: &PartPath,
) -> BTreeMap<OrganisationId, Timestamp> {
    let mut first = BTreeMap::new();
    for (signature, valid) in state.signatures_on(path) {
        if valid && agreement.parties.contains(&signature.organisation) {
            let at = first.entry(signature.organisation.clone()).or_insert(signature.signed_at);
            *at = signature.signed_at.min(*at);
        }
    }
    first
}

/// When a later version that all parties signed takes the place of this one: also if that later version is
/// withdrawn afterwards, since taking an agreement away must never bring an older permit back.
fn superseded_at(state: &SharingState, agreement: &Agreement) -> Option<Timestamp> {
    let versions = state.agreements.get(&agreement.id)?;
    let later = versions.values().filter(|one| one.version > agreement.version);
    later.filter_map(|one| takes_over_at(state, one)).min()
}

fn takes_over_at(state: &SharingState, agreement: &Agreement) -> Option<Timestamp> {
    let path = PartPath { agreement: agreement.id.clone(), version: agreement.version, appendix: None };
    let signed = signatures(state, agreement, &path);
    let complete = !signed.is_empty() && signed.len() == agreement.parties.len();
    complete.then(|| signed.into_values().chain(agreement.window.from).max()).flatten()
}

impl SharingState {
    /// Where a part stands; `None` when there is no such part.
    pub fn part_status(&self, part: &PartPath, now: Timestamp) -> Option<PartStatus> {
        let agreement = self.version(&part.agreement, part.version)?;
        if let Some(appendix) = &part.appendix {
            agreement.appendices.iter().find(|one| one.id == *appendix)?;
        }
        let rule = PartRule::of(self, agreement, part.appendix.as_ref());
        Some(status_of(&rule, now))
    }
}

fn status_of(rule: &PartRule, now: Timestamp) -> PartStatus {
    let passed = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    let window = rule.window();
    let count = |figure: usize| u32::try_from(figure).unwrap_or(u32::MAX);
    if passed(rule.withdrawn_at) {
        PartStatus::Withdrawn
    } else if passed(window.to) {
        PartStatus::Expired
    } else if passed(rule.superseded_at) {
        PartStatus::Superseded
    } else if rule.signed.is_empty() {
        PartStatus::Draft
    } else if !rule.is_signed(now) {
        PartStatus::PartlySigned { signed: count(rule.signed.len()), required: count(rule.required) }
    } else if rule.suspensions.iter().any(|stop| stop.contains(now)) {
        PartStatus::Suspended
    } else if window.from.is_some_and(|from| from > now) {
        PartStatus::NotYet
    } else {
        PartStatus::InForce
    }
}
