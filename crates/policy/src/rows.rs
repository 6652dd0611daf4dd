//! The twelve rows of the rule, one function each: what a row allows on one flow, and why not more.
//!
//! Whatever a row reads that changes by itself it notes in the [`Horizon`], so that the decision knows how long it
//! holds. Must not combine rows: `decide.rs` does.

use crate::compile::{CompiledFlow, Policy};
use crate::{Dimension, LinkState, PersonFacts, ReasonSet, RowResult, Rules, SystemFacts};
use domain::{
    AGE_BANDS, AgeBand, Authority, Ceiling, Directive, DirectiveKind, Organisation, OrganisationId, Override,
    PartialDate, ReasonCode, RecordKey, Request, RoleClass, Window,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The earliest instant after now at which anything that was read may change.
pub(crate) struct Horizon {
    pub(crate) now: Timestamp,
    pub(crate) until: Option<Timestamp>,
}

impl Horizon {
    pub(crate) fn note(&mut self, at: Option<Timestamp>) {
        let later = at.filter(|at| *at > self.now);
        self.until = self.until.into_iter().chain(later).min();
    }

    /// Whether now lies inside.
    pub(crate) fn within(&mut self, window: Window) -> bool {
        self.note(window.from);
        self.note(window.to);
        window.contains(self.now)
    }

    /// Whether the instant has come.
    fn reached(&mut self, at: Option<Timestamp>) -> bool {
        self.note(at);
        at.is_some_and(|at| at <= self.now)
    }
}

/// A ceiling with its reasons.
pub(crate) type Limit = (Ceiling, ReasonSet);

const OPEN: Limit = (Ceiling::FULL, ReasonSet::NONE);

fn shut(code: ReasonCode) -> Limit {
    (Ceiling::NONE, ReasonSet::of(code))
}

fn capped(ceiling: Ceiling, code: ReasonCode) -> Limit {
    if ceiling == Ceiling::FULL { OPEN } else { (ceiling, ReasonSet::of(code)) }
}

fn gate(code: ReasonCode, passes: bool) -> Limit {
    if passes { OPEN } else { shut(code) }
}

/// The stricter ceiling, with the reasons of both.
pub(crate) fn both(one: Limit, other: Limit) -> Limit {
    (one.0.min(other.0), one.1.union(other.1))
}

/// What is worked out once for all flows of a request.
pub(crate) struct Context<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) request: &'a Request,
    pub(crate) system: Limit,
    pub(crate) requester: Limit,
    pub(crate) recipient: Option<&'a Organisation>,
    pub(crate) roles: Vec<&'a RoleClass>,
    pub(crate) records: Vec<(RecordKey, Option<&'a OrganisationId>, LinkState)>,
    pub(crate) declared: Option<&'a Override>,
    directives: Vec<&'a Directive>,
    protected_mark: bool,
    related: bool,
    bands: u8,
}

impl<'a> Context<'a> {
    pub(crate) fn of(
        policy: &'a Policy,
        request: &'a Request,
        person: &'a PersonFacts,
        system: &SystemFacts,
        horizon: &mut Horizon,
    ) -> Self {
        horizon.note(system.valid_until);
        let organisation = &request.requester.organisation;
        let (requester, roles) = requester_row(policy, request, person, horizon);
        let records: Vec<_> = person
            .records
            .iter()
            .map(|one| (one.record.key(), policy.controller_of(&one.record.authority), one.link))
            .collect();
        Self {
            policy,
            request,
            system: system_row(system),
            requester,
            recipient: policy.organisations.get(organisation),
            roles,
            declared: override_of(policy, request, person, horizon),
            directives: directives_of(policy, &records, horizon),
            records,
            protected_mark: person.records.iter().any(|one| one.protected && one.link != LinkState::None),
            related: related(policy, organisation, person, horizon),
            bands: bands_of(person.birth_date, horizon),
        }
    }

    /// The rows that do not depend on the grant, in order; those of role, relationship and dissent are left open.
    pub(crate) fn rows(&self, flow: &CompiledFlow, horizon: &mut Horizon) -> [Limit; 12] {
        [
            self.system,
            self.requester,
            self.organisation_row(flow, horizon),
            agreement_row(flow, horizon),
            capped(flow.level, ReasonCode::LvlFlow),
            self.purpose_row(flow),
            OPEN,
            gate(ReasonCode::AgeScope, flow.covers_ages(self.bands)),
            self.link_row(flow),
            OPEN,
            OPEN,
            self.hard_row(flow),
        ]
    }

    fn organisation_row(&self, flow: &CompiledFlow, horizon: &mut Horizon) -> Limit {
        let discloser = self.policy.organisations.get(&flow.facts.discloser);
        let host = &self.request.requester.host_organisation;
        let host = self.policy.organisations.get(host).is_some_and(|one| one.active);
        let sponsor = self.recipient.and_then(|one| one.sponsor.as_ref());
        let sponsored_by_other = sponsor.is_some_and(|sponsor| *sponsor != flow.facts.discloser);
        let mut row = gate(ReasonCode::OrgInactive, host);
        for one in [self.recipient, discloser] {
            row = both(row, organisation_limit(one, &self.policy.rules, horizon));
        }
        both(row, gate(ReasonCode::OrgSponsor, !sponsored_by_other))
    }

    fn purpose_row(&self, flow: &CompiledFlow) -> Limit {
        both(
            gate(ReasonCode::PurNotCovered, flow.covers_purpose(self.request.purpose)),
            gate(ReasonCode::LegBasis, flow.basis_complete),
        )
    }

    fn link_row(&self, flow: &CompiledFlow) -> Limit {
        let theirs = || self.records.iter().filter(|(_, owner, _)| *owner == Some(&flow.facts.discloser));
        if theirs().any(|(_, _, link)| *link == LinkState::Confirmed) {
            OPEN
        } else if theirs().any(|(_, _, link)| *link == LinkState::Disputed) {
            shut(ReasonCode::LinkDisputed)
        } else {
            shut(ReasonCode::LinkUnconfirmed)
        }
    }

    fn hard_row(&self, flow: &CompiledFlow) -> Limit {
        let sealed = self.stands(flow, DirectiveKind::Sealed);
        let restricted =
            self.stands(flow, DirectiveKind::Restriction) || self.stands(flow, DirectiveKind::LegalHold);
        both(gate(ReasonCode::DirSealed, !sealed), gate(ReasonCode::DirRestricted, !restricted))
    }

    /// Row 9, with the cap of a valid override where the grant may declare one.
    pub(crate) fn relationship_row(&self, flow: &CompiledFlow, lifted: bool) -> Limit {
        if self.related || flow.relationship_by_launch && self.request.relationship_asserted {
            return OPEN;
        }
        let cap = if lifted { flow.override_cap } else { Ceiling::NONE };
        capped(flow.without_relationship.max(cap), ReasonCode::RelNone)
    }

    /// Row 10, with the cap of a valid override where the grant may declare one.
    pub(crate) fn dissent_row(&self, flow: &CompiledFlow, lifted: bool) -> Limit {
        if !self.stands(flow, DirectiveKind::Dissent) {
            return OPEN;
        }
        capped(if lifted { flow.override_cap } else { Ceiling::NONE }, ReasonCode::DirDissent)
    }

    /// Whether an override makes a difference on the flow.
    pub(crate) fn leans_on_override(&self, flow: &CompiledFlow) -> bool {
        self.relationship_row(flow, true).0 > self.relationship_row(flow, false).0
            || self.dissent_row(flow, true).0 > self.dissent_row(flow, false).0
    }

    /// Whether the person's protected mark applies on the flow.
    pub(crate) fn protected(&self, flow: &CompiledFlow) -> bool {
        self.protected_mark || self.stands(flow, DirectiveKind::ProtectedAddress)
    }

    fn stands(&self, flow: &CompiledFlow, kind: DirectiveKind) -> bool {
        let applies = |one: &&Directive| one.flow.as_ref().is_none_or(|only| *only == flow.facts.id);
        self.directives.iter().any(|one| one.kind == kind && applies(one))
    }
}

/// Row 6 for one grant.
pub(crate) fn role_row(level: Ceiling) -> Limit {
    capped(level, ReasonCode::RoleLevel)
}

fn system_row(system: &SystemFacts) -> Limit {
    let row = gate(ReasonCode::SysAudit, system.audit_writable);
    let row = both(row, gate(ReasonCode::SysPolicy, system.lease_valid));
    both(row, gate(ReasonCode::SysClock, system.clock_sane))
}

/// Row 1, and the roles of the active positions.
fn requester_row<'a>(
    policy: &'a Policy,
    request: &Request,
    person: &PersonFacts,
    horizon: &mut Horizon,
) -> (Limit, Vec<&'a RoleClass>) {
    let who = &request.requester;
    let staff = policy.staff.get(&who.organisation).and_then(|staff| staff.get(&who.user));
    let mut active = false;
    let mut roles = Vec::new();
    for (id, window, role) in staff.into_iter().flat_map(|staff| &staff.positions) {
        if who.position.as_ref().is_none_or(|only| only == id) && horizon.within(*window) {
            active = true;
            roles.extend(role.as_ref());
        }
    }
    let expires_at = staff.and_then(|staff| staff.training);
    let trained = expires_at.is_some() && !horizon.reached(expires_at);
    let host = policy.organisations.get(&who.host_organisation);
    let hosted = who.host_organisation == who.organisation
        || host.is_some_and(|host| host.may_assert.contains(&who.organisation));
    let bound = person.person.is_none() || person.person == request.bound_person;
    let row = both(gate(ReasonCode::ActInactive, active), gate(ReasonCode::ActTraining, trained));
    (both(row, gate(ReasonCode::ActLaunch, hosted && bound)), roles)
}

fn organisation_limit(organisation: Option<&Organisation>, rules: &Rules, horizon: &mut Horizon) -> Limit {
    let Some(organisation) = organisation else { return shut(ReasonCode::OrgInactive) };
    let expired = horizon.reached(organisation.assurance.expires_at);
    let cap = if expired { Ceiling::NONE } else { rules.assurance_cap(organisation.assurance.rank) };
    both(gate(ReasonCode::OrgInactive, organisation.active), capped(cap, ReasonCode::OrgAssurance))
}

fn agreement_row(flow: &CompiledFlow, horizon: &mut Horizon) -> Limit {
    let part = &flow.part;
    part.boundaries().for_each(|at| horizon.note(Some(at)));
    let fault = part.fault(horizon.now).or((!flow.parties).then_some(ReasonCode::AgrUnsigned));
    let row = both(fault.map_or(OPEN, shut), gate(ReasonCode::AgrDpia, part.assessed));
    let overdue = horizon.reached(part.review_due);
    both(row, if overdue { capped(part.overdue_cap, ReasonCode::AgrReview) } else { OPEN })
}

/// The directives that stand now on any record that may be the person's. A possible or disputed link is enough to
/// withhold: it is never enough to show.
fn directives_of<'a>(
    policy: &'a Policy,
    records: &[(RecordKey, Option<&OrganisationId>, LinkState)],
    horizon: &mut Horizon,
) -> Vec<&'a Directive> {
    let linked = records.iter().filter(|(_, _, link)| *link != LinkState::None);
    let held = linked.filter_map(|(record, _, _)| policy.directives.get(record)).flatten();
    held.filter(|one| horizon.within(one.window)).collect()
}

/// Whether a confirmed record of the requester's own organisation tells of a relationship now.
fn related(
    policy: &Policy,
    organisation: &OrganisationId,
    person: &PersonFacts,
    horizon: &mut Horizon,
) -> bool {
    let own = |authority: &Authority| policy.controller_of(authority) == Some(organisation);
    let records =
        person.records.iter().filter(|one| one.link == LinkState::Confirmed && own(&one.record.authority));
    // Every window is read, not only up to the first that fits: the horizon needs them all.
    let now = records.flat_map(|one| &one.relationships).filter(|window| horizon.within(**window));
    now.count() > 0
}

/// The override of this session that is valid now.
fn override_of<'a>(
    policy: &'a Policy,
    request: &Request,
    person: &PersonFacts,
    horizon: &mut Horizon,
) -> Option<&'a Override> {
    let who = &request.requester;
    let declared = policy.overrides.get(&request.session)?.iter();
    let theirs = declared.filter(|one| {
        one.user == who.user
            && one.organisation == who.organisation
            && one.session == request.session
            && (Some(one.person) == person.person
                || person.person.is_none() && Some(one.person) == request.bound_person)
            && !one.text.trim().is_empty()
            && one.text.chars().count() <= 500
    });
    let mut found = None;
    for one in theirs {
        if horizon.within(override_window(&policy.rules, one)) {
            found = Some(one);
        }
    }
    found
}

/// When an override is valid: never, unless its requester proved who they are shortly before.
pub(crate) fn override_window(rules: &Rules, one: &Override) -> Window {
    let allowed = jiff::SignedDuration::from_secs(rules.override_authentication_s);
    let recent = one.authenticated_at <= one.declared_at
        && one.declared_at.duration_since(one.authenticated_at) <= allowed;
    let end = one.declared_at.checked_add(jiff::SignedDuration::from_secs(rules.override_lasts_s));
    let end = end.unwrap_or(one.declared_at);
    let end = one.ended_at.map_or(end, |ended| ended.min(end));
    Window { from: Some(one.declared_at), to: Some(if recent { end } else { one.declared_at }) }
}

/// The bands of age in which the person may be, one bit each in the order of [`AGE_BANDS`]. An unknown date of
/// birth is all of them: the stricter of child and adult. Days are those of UTC.
fn bands_of(birth_date: Option<PartialDate>, horizon: &mut Horizon) -> u8 {
    let birth_date = birth_date.unwrap_or_default();
    let today = horizon.now.to_zoned(TimeZone::UTC).date();
    for years in [12, 16, 18] {
        if let Some((first, last)) = birth_date.reaches(years) {
            horizon.note(midnight(first));
            horizon.note(midnight(last));
        }
    }
    let bounds = birth_date.age_bounds(today);
    let possible = |band: &AgeBand| {
        bounds.is_none_or(|(least, most)| (AgeBand::of_age(least)..=AgeBand::of_age(most)).contains(band))
    };
    AGE_BANDS.iter().enumerate().filter(|(_, band)| possible(band)).fold(0, |set, (bit, _)| set | 1 << bit)
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Names the rows.
pub(crate) fn results(rows: [Limit; 12]) -> [RowResult; 12] {
    let mut dimensions = crate::DIMENSIONS.into_iter();
    rows.map(|(ceiling, reasons)| RowResult {
        dimension: dimensions.next().unwrap_or(Dimension::HardDirective),
        ceiling,
        reasons,
    })
}
