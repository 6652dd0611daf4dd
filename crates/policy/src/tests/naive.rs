//! The rule once more, read plainly from its table: no masks, no compiling, nothing shared with the rule that ships.
//!
//! Asks the facts of governance anew for every flow. Only the check of a signature itself is taken as given.

use crate::{LinkState, PersonFacts, SharingState, SystemFacts};
use domain::{
    AgeBand, Agreement, Appendix, AssuranceRank, Catalogue, DataFlow, DefaultLevel, DirectiveKind, ItemKind,
    ItemMask, Label, Labels, OrganisationId, Request, RiskRating, RoleGrant,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// One request, with everything that it is judged on.
pub(crate) struct Naive<'a> {
    pub(crate) state: &'a SharingState,
    pub(crate) request: &'a Request,
    pub(crate) person: &'a PersonFacts,
    pub(crate) system: &'a SystemFacts,
    pub(crate) now: Timestamp,
}

/// What one grant opens on one flow.
struct Sight<'a> {
    flow: &'a DataFlow,
    grant: &'a RoleGrant,
    lowest: u8,
    protected: bool,
}

impl Sight<'_> {
    fn passes(&self, kind: ItemKind, own: Labels) -> bool {
        let spec = Catalogue::standard().kind(kind);
        let entries = self.flow.schedule.iter().filter(|entry| entry.kind == kind);
        let Some(level) = entries.map(|entry| entry.level.value()).max() else { return false };
        let gated = |label: &Label| {
            let counts = *label != Label::ProtectedAddress || self.protected;
            own.contains(*label) || (counts && spec.labels.contains(*label))
        };
        let open = |label: &Label| self.flow.scopes.contains(*label) && self.grant.scopes.contains(*label);
        spec.level != DefaultLevel::Never
            && level <= self.lowest
            && Label::ALL.iter().filter(|label| gated(label)).all(open)
    }
}

/// One flow with where it stands.
pub(crate) type Place<'a> = (&'a Agreement, Option<&'a Appendix>, &'a DataFlow);

impl<'a> Naive<'a> {
    /// Every flow of every version of every agreement to the requester's organisation.
    pub(crate) fn places(&self) -> Vec<Place<'a>> {
        let mut places: Vec<Place<'a>> = Vec::new();
        for agreement in self.state.agreements.values().flat_map(|versions| versions.values()) {
            places.extend(agreement.flows.iter().map(|flow| (agreement, None, flow)));
            for appendix in &agreement.appendices {
                places.extend(appendix.flows.iter().map(|flow| (agreement, Some(appendix), flow)));
            }
        }
        places.retain(|(_, _, flow)| flow.recipient == self.request.requester.organisation);
        places
    }

    /// The kinds of one controller of which an item without labels of its own may be shown.
    pub(crate) fn kinds(&self, controller: &OrganisationId) -> ItemMask {
        let mut kinds = ItemMask::EMPTY;
        for (place, grant) in self.grants(controller) {
            let sight = self.sight(place, grant);
            let shown = |kind: &ItemKind| sight.passes(*kind, Labels::NONE);
            place.2.schedule.iter().map(|entry| entry.kind).filter(shown).for_each(|kind| kinds.insert(kind));
        }
        kinds
    }

    /// Whether one item, with labels of its own, may be shown.
    pub(crate) fn permits(&self, controller: &OrganisationId, kind: ItemKind, own: Labels) -> bool {
        self.grants(controller).into_iter().any(|(place, grant)| self.sight(place, grant).passes(kind, own))
    }

    fn sight<'s>(&self, place: Place<'s>, grant: &'s RoleGrant) -> Sight<'s> {
        let lowest = self.rows(place, grant).into_iter().min().unwrap_or(0);
        Sight { flow: place.2, grant, lowest, protected: self.is_protected(place.2) }
    }

    fn grants(&self, controller: &OrganisationId) -> Vec<(Place<'a>, &'a RoleGrant)> {
        let theirs = self.places().into_iter().filter(|(_, _, flow)| flow.discloser == *controller);
        theirs
            .flat_map(|place| place.2.grants.iter().map(move |grant| (place, grant)))
            .filter(|(_, grant)| self.holds(grant))
            .collect()
    }

    /// The twelve ceilings under one grant.
    pub(crate) fn rows(&self, place: Place<'_>, grant: &RoleGrant) -> [u8; 12] {
        let (agreement, appendix, flow) = place;
        let all = |open: bool| if open { 4 } else { 0 };
        let cap = if grant.may_override && self.has_override() { flow.override_cap.value() } else { 0 };
        let related =
            self.is_related() || (self.request.relationship_asserted && flow.relationship_by_launch);
        let hard = [DirectiveKind::Restriction, DirectiveKind::Sealed, DirectiveKind::LegalHold];
        let complete = [
            &flow.legal_basis.article_6,
            &flow.legal_basis.article_9,
            &flow.legal_basis.statutory_gateway,
            &flow.legal_basis.confidentiality,
        ];
        [
            all(self.system.audit_writable && self.system.lease_valid && self.system.clock_sane),
            all(self.is_active() && self.is_trained() && self.is_launched()),
            self.organisations(flow),
            self.agreement(agreement, appendix, flow),
            flow.level.value(),
            all(flow.purposes.contains(&self.request.purpose)
                && complete.iter().all(|part| !part.trim().is_empty())),
            grant.level.value(),
            all(self.age_in_scope(flow)),
            all(self.is_linked(flow)),
            if related { 4 } else { flow.without_relationship.value().max(cap) },
            if self.directed(flow, DirectiveKind::Dissent) { cap } else { 4 },
            all(!hard.iter().any(|kind| self.directed(flow, *kind))),
        ]
    }

    fn positions(&self) -> impl Iterator<Item = &'a domain::Position> {
        let who = self.request.requester.clone();
        let now = self.now;
        self.state.positions.values().filter(move |one| {
            one.user == who.user
                && one.organisation == who.organisation
                && who.position.as_ref().is_none_or(|only| *only == one.id)
                && one.window.contains(now)
        })
    }

    fn holds(&self, grant: &RoleGrant) -> bool {
        self.positions().any(|one| {
            let key = (one.organisation.clone(), one.local_role.clone());
            self.state.roles.get(&key) == Some(&grant.role)
        })
    }

    fn is_active(&self) -> bool {
        self.positions().next().is_some()
    }

    fn is_trained(&self) -> bool {
        let who = &self.request.requester;
        let key = (who.organisation.clone(), who.user.clone());
        self.state.training.get(&key).is_some_and(|until| self.now < *until)
    }

    fn is_launched(&self) -> bool {
        let who = &self.request.requester;
        let host = self.state.organisations.get(&who.host_organisation);
        let asserts = who.organisation == who.host_organisation
            || host.is_some_and(|host| host.may_assert.contains(&who.organisation));
        asserts && (self.person.person.is_none() || self.person.person == self.request.bound_person)
    }

    fn organisations(&self, flow: &DataFlow) -> u8 {
        let known = |id: &OrganisationId| self.state.organisations.get(id).filter(|one| one.active);
        let (Some(recipient), Some(discloser)) = (known(&flow.recipient), known(&flow.discloser)) else {
            return 0;
        };
        if known(&self.request.requester.host_organisation).is_none()
            || recipient.sponsor.as_ref().is_some_and(|sponsor| *sponsor != flow.discloser)
        {
            return 0;
        }
        let cap = |one: &domain::Organisation| {
            let expired = one.assurance.expires_at.is_some_and(|at| at <= self.now);
            match one.assurance.rank {
                AssuranceRank::Reviewed if !expired => 4,
                AssuranceRank::SelfAssessed if !expired => 2,
                AssuranceRank::NeverSubmitted | AssuranceRank::Reviewed | AssuranceRank::SelfAssessed => 0,
            }
        };
        cap(recipient).min(cap(discloser))
    }

    fn agreement(&self, agreement: &Agreement, appendix: Option<&Appendix>, flow: &DataFlow) -> u8 {
        let named = |id: &OrganisationId| agreement.parties.contains(id);
        let replaced = self.state.agreements[&agreement.id].values().any(|later| {
            later.version > agreement.version
                && later.window.from.is_none_or(|from| from <= self.now)
                && self.is_signed(later, None)
        });
        let holds = agreement.window.contains(self.now)
            && self.is_signed(agreement, None)
            && !self.is_stopped(agreement, None)
            && appendix.is_none_or(|one| {
                one.window.contains(self.now)
                    && self.is_signed(agreement, Some(one))
                    && !self.is_stopped(agreement, Some(one))
            });
        let assessed = agreement.risk != RiskRating::NotAssessed
            && agreement.dpia_reference.as_ref().is_some_and(|text| !text.trim().is_empty());
        if replaced || !holds || !assessed || !named(&flow.discloser) || !named(&flow.recipient) {
            return 0;
        }
        let overdue = agreement.review_due.is_some_and(|due| due <= self.now);
        if overdue { agreement.overdue_cap.value() } else { 4 }
    }

    fn is_signed(&self, agreement: &Agreement, appendix: Option<&Appendix>) -> bool {
        let all = self.state.signatures.iter().filter(|(path, _)| {
            path.agreement == agreement.id
                && path.version == agreement.version
                && path.appendix.as_ref() == appendix.map(|one| &one.id)
        });
        let held: Vec<_> = all.flat_map(|(_, held)| held).filter(|one| one.valid).collect();
        !agreement.parties.is_empty()
            && agreement.parties.iter().all(|party| {
                held.iter()
                    .any(|one| one.signature.organisation == *party && one.signature.signed_at <= self.now)
            })
    }

    fn is_stopped(&self, agreement: &Agreement, appendix: Option<&Appendix>) -> bool {
        self.state.stops.iter().any(|(path, stops)| {
            path.agreement == agreement.id
                && path.version == agreement.version
                && path.appendix.as_ref() == appendix.map(|one| &one.id)
                && stops.iter().any(|stop| {
                    stop.from <= self.now && stop.to.is_none_or(|to| self.now < to || stop.for_good)
                })
        })
    }

    fn age_in_scope(&self, flow: &DataFlow) -> bool {
        let bands = [
            (AgeBand::Under12, 0..12),
            (AgeBand::From12To15, 12..16),
            (AgeBand::From16To17, 16..18),
            (AgeBand::Adult, 18..500),
        ];
        let possible = self.possible_ages();
        bands
            .iter()
            .filter(|(_, years)| years.clone().any(|age| possible.contains(&age)))
            .all(|(band, _)| flow.ages.contains(band))
    }

    /// Every age in whole years that the person may have today.
    fn possible_ages(&self) -> std::ops::RangeInclusive<i32> {
        let today = self.now.to_zoned(TimeZone::UTC).date();
        let today = (i32::from(today.year()), today.month(), today.day());
        let age = |born: (i32, i8, i8)| {
            let had_birthday = (today.1, today.2) >= (born.1, born.2);
            (today.0 - born.0 - i32::from(!had_birthday)).max(0)
        };
        let born = self.person.birth_date.unwrap_or_default();
        let parts = |day: jiff::civil::Date| (i32::from(day.year()), day.month(), day.day());
        match (born.earliest(), born.latest()) {
            (Some(earliest), Some(latest)) => age(parts(latest))..=age(parts(earliest)),
            (None, _) | (_, None) => 0..=499,
        }
    }

    fn is_linked(&self, flow: &DataFlow) -> bool {
        self.person.records.iter().any(|one| {
            one.link == LinkState::Confirmed
                && self.state.authorities.get(&one.record.authority) == Some(&flow.discloser)
        })
    }

    fn is_related(&self) -> bool {
        self.person.records.iter().any(|one| {
            one.link == LinkState::Confirmed
                && self.state.authorities.get(&one.record.authority)
                    == Some(&self.request.requester.organisation)
                && one.relationships.iter().any(|window| window.contains(self.now))
        })
    }

    fn directed(&self, flow: &DataFlow, kind: DirectiveKind) -> bool {
        let linked = self.person.records.iter().filter(|one| one.link != LinkState::None);
        linked.filter_map(|one| self.state.directives.get(&one.record.key())).flatten().any(|one| {
            one.kind == kind
                && one.window.contains(self.now)
                && one.flow.as_ref().is_none_or(|only| *only == flow.id)
        })
    }

    fn is_protected(&self, flow: &DataFlow) -> bool {
        self.person.records.iter().any(|one| one.protected && one.link != LinkState::None)
            || self.directed(flow, DirectiveKind::ProtectedAddress)
    }

    /// An override of this user, person and session, at most 30 minutes old, declared within 5 minutes of signing in.
    fn has_override(&self) -> bool {
        let who = &self.request.requester;
        self.state.overrides.values().flatten().any(|one| {
            let since = |from: Timestamp, to: Timestamp| to.duration_since(from).as_nanos();
            let minute: i128 = 60_000_000_000;
            one.user == who.user
                && one.organisation == who.organisation
                && one.session == self.request.session
                && Some(one.person) == self.person.person.or(self.request.bound_person)
                && (1..=500).contains(&one.text.trim().chars().count())
                && (0..=5 * minute).contains(&since(one.authenticated_at, one.declared_at))
                && (0..30 * minute).contains(&since(one.declared_at, self.now))
                && one.ended_at.is_none_or(|ended| self.now < ended)
        })
    }
}
