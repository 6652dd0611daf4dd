//! Who may see which canary at which instant: the rule of the design as a table, written apart from `policy` and from
//! nothing but the facts of the run.

use crate::cast::{CAST, Holder, Slot, person_of};
use crate::link_facts::Filed;
use crate::messages::Held;
use crate::tokens::Token;
use crate::truth::Truth;
use domain::{
    AgeBand, Agreement, DataFlow, DirectiveKind, Label, LinkStatus, Override, PersonId, Purpose, RoleGrant,
    SessionId, SourceRecord,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Who asks, and about whom.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who.
    pub user: String,
    /// For whom.
    pub reader: Holder,
    /// In which position alone, if they named one.
    pub position: Option<String>,
    /// What for.
    pub purpose: Purpose,
    /// In which session.
    pub session: SessionId,
    /// The person whom the launch was bound to, if it knew one.
    pub bound: Option<PersonId>,
    /// The host says that there is a relationship.
    pub asserted: bool,
    /// The host's own record.
    pub about: SourceRecord,
}

/// One grant on one flow, to be judged.
struct Case<'a> {
    truth: &'a Truth,
    asking: &'a Asking,
    part: Option<String>,
    flow: &'a DataFlow,
    grant: &'a RoleGrant,
    person: PersonId,
    /// Records that may be the person's, whatever their links are worth.
    linked: Vec<SourceRecord>,
    /// Records, or parts of records, that are the person's.
    confirmed: Vec<Filed>,
    now: Timestamp,
}

/// Gives the highest level that it allows.
type Row = fn(&Case<'_>) -> u8;

/// The twelve rows.
const ROWS: [(&str, Row); 12] = [
    ("system", |case| level(case.truth.may_decide(case.now))),
    ("requester", requester),
    ("organisation", |case| {
        let cap = |holder: Holder| case.truth.governance.assurance_cap(holder.organisation(), case.now);
        Holder::ALL.into_iter().map(cap).min().unwrap_or(0)
    }),
    ("agreement", |case| {
        let governance = &case.truth.governance;
        level(governance.holds(&None, case.now) && governance.holds(&case.part, case.now))
    }),
    ("flow level", |case| case.flow.level.value()),
    ("purpose", |case| {
        level(case.flow.purposes.contains(&case.asking.purpose) && case.flow.legal_basis.is_complete())
    }),
    ("role", |case| case.grant.level.value()),
    ("age", |case| level(case.age_band().is_some_and(|band| case.flow.ages.contains(&band)))),
    ("link", |case| level(case.disclosed().next().is_some())),
    ("relationship", |case| {
        let own = case.confirmed.iter().filter(|filed| Holder::of(&filed.record) == case.asking.reader);
        // A record whose data belongs to another one tells of no relationship of its own any more.
        let said = own.filter(|filed| filed.data).flat_map(|filed| case.said_in(&filed.record));
        let related = said.into_iter().any(|(_, held)| held.relates);
        let asserted = case.flow.relationship_by_launch && case.asking.asserted;
        let without = case.flow.without_relationship.value();
        if related || asserted { 4 } else { without.max(case.override_cap()) }
    }),
    ("dissent", |case| if case.stands(DirectiveKind::Dissent) { case.override_cap() } else { 4 }),
    ("hard directive", |case| {
        let hard = [DirectiveKind::Sealed, DirectiveKind::Restriction, DirectiveKind::LegalHold];
        level(!hard.into_iter().any(|kind| case.stands(kind)))
    }),
];

fn level(holds: bool) -> u8 {
    if holds { 4 } else { 0 }
}

fn requester(case: &Case<'_>) -> u8 {
    let Asking { user, reader, position, bound, .. } = case.asking;
    let (governance, organisation) = (&case.truth.governance, reader.organisation());
    let roles = governance.roles_now(user, organisation, position.as_deref(), case.now);
    let role = case.grant.role.to_string();
    let bound = bound.is_none_or(|bound| bound == case.person);
    let trained = governance.is_trained(user, organisation, case.now);
    level(bound && trained && roles.is_some_and(|roles| roles.contains(&role)))
}

/// Every canary that may be seen.
pub fn allowed(truth: &Truth, agreement: &Agreement, asking: &Asking, now: Timestamp) -> BTreeSet<Token> {
    cases(truth, agreement, asking, now).iter().flat_map(Case::shown).collect()
}

/// Whether whoever asks may be told who the person is, as an organisation has it.
pub fn may_identify(
    truth: &Truth,
    agreement: &Agreement,
    asking: &Asking,
    (discloser, now): (Holder, Timestamp),
) -> bool {
    let cases = cases(truth, agreement, asking, now);
    let theirs = cases.iter().filter(|case| case.flow.discloser.as_str() == discloser.organisation());
    theirs.into_iter().any(|case| case.is_open(Slot::IDENTITY, case.ceiling()))
}

/// Every row of every case that the reader's roles open, in words, for whoever looks into a failure.
pub fn judged(truth: &Truth, agreement: &Agreement, asking: &Asking, now: Timestamp) -> String {
    let mut text = format!("{asking:?} at {now}\n");
    for case in cases(truth, agreement, asking, now).iter().filter(|case| requester(case) > 0) {
        let rows =
            ROWS.iter().map(|(name, row)| format!("{name} {}", row(case))).collect::<Vec<_>>().join(", ");
        let name = |one: &SourceRecord| format!("{} {}", one.authority, person_of(one));
        let about: Vec<String> = case.confirmed.iter().map(|one| name(&one.record)).collect();
        text.push_str(&format!("{} for {}: {rows}; records {about:?}\n", case.flow.id, case.grant.role));
    }
    text
}

fn cases<'a>(
    truth: &'a Truth,
    agreement: &'a Agreement,
    asking: &'a Asking,
    now: Timestamp,
) -> Vec<Case<'a>> {
    let mut cases = Vec::new();
    let Some((person, status)) = truth.links.link_of(&asking.about) else { return cases };
    if status != LinkStatus::Confirmed {
        return cases;
    }
    let told_of = |filed: &Filed| {
        let facts = truth.record(Holder::of(&filed.record), person_of(&filed.record));
        facts.is_some_and(crate::record_facts::RecordFacts::is_told_of)
    };
    let records: Vec<Filed> = truth.links.records_of(person).into_iter().filter(told_of).collect();
    let linked: Vec<_> = records.iter().map(|filed| filed.record.clone()).collect();
    let confirmed: Vec<_> =
        records.into_iter().filter(|filed| filed.status == LinkStatus::Confirmed).collect();
    for appendix in &agreement.appendices {
        let part = Some(appendix.id.to_string());
        let to_us = |flow: &&DataFlow| flow.recipient.as_str() == asking.reader.organisation();
        for flow in appendix.flows.iter().filter(to_us) {
            for grant in &flow.grants {
                let (linked, confirmed, part) = (linked.clone(), confirmed.clone(), part.clone());
                cases.push(Case { truth, asking, part, flow, grant, person, linked, confirmed, now });
            }
        }
    }
    cases
}

impl Case<'_> {
    fn shown(&self) -> Vec<Token> {
        let ceiling = self.ceiling();
        let records = self.disclosed().flat_map(|filed| self.held(filed));
        let open = records.filter(|(slot, _)| self.is_open(*slot, ceiling));
        open.flat_map(|(_, held)| self.words(held)).collect()
    }

    fn ceiling(&self) -> u8 {
        ROWS.iter().map(|(_, row)| row(self)).min().unwrap_or(0)
    }

    fn is_open(&self, slot: Slot, ceiling: u8) -> bool {
        let row = slot.row();
        let scheduled = self.flow.schedule.iter().filter(|entry| entry.kind == row.kind);
        let scheduled = scheduled.map(|entry| entry.level.value()).max();
        let passes = |label: &Label| match label {
            Label::ProtectedAddress => !self.is_marked() || self.has_scope(*label),
            _ => self.has_scope(*label),
        };
        scheduled.is_some_and(|level| level <= ceiling) && row.labels.iter().all(passes)
    }

    fn words(&self, held: &Held) -> Vec<Token> {
        let place =
            held.place.iter().filter(|_| !self.is_marked() || self.has_scope(Label::ProtectedAddress));
        std::iter::once(&held.main).chain(place).cloned().collect()
    }

    fn has_scope(&self, label: Label) -> bool {
        self.flow.scopes.contains(label) && self.grant.scopes.contains(label)
    }

    /// Confirmed records of whoever discloses on the flow.
    fn disclosed(&self) -> impl Iterator<Item = &Filed> {
        let theirs =
            |filed: &&Filed| Holder::of(&filed.record).organisation() == self.flow.discloser.as_str();
        self.confirmed.iter().filter(theirs)
    }

    /// What of a record is the person's.
    fn held<'a>(&'a self, filed: &'a Filed) -> impl Iterator<Item = (Slot, &'a Held)> {
        let theirs = move |slot: Slot| if slot.is_demographic() { filed.identity } else { filed.data };
        self.said_in(&filed.record).filter(move |(slot, _)| theirs(*slot))
    }

    fn said_in<'a>(&'a self, record: &SourceRecord) -> impl Iterator<Item = (Slot, &'a Held)> + use<'a> {
        let facts = self.truth.record(Holder::of(record), person_of(record));
        facts.into_iter().flat_map(|facts| facts.held())
    }

    fn is_marked(&self) -> bool {
        let marked = |record: &SourceRecord| {
            let facts = self.truth.record(Holder::of(record), person_of(record));
            facts.is_some_and(crate::record_facts::RecordFacts::is_protected)
        };
        self.linked.iter().any(marked) || self.stands(DirectiveKind::ProtectedAddress)
    }

    fn stands(&self, kind: DirectiveKind) -> bool {
        self.truth.governance.stands(kind, &self.linked, &self.flow.id, self.now)
    }

    fn override_cap(&self) -> u8 {
        let theirs = |one: &&Override| {
            one.person == self.person
                && one.user.as_str() == self.asking.user
                && one.organisation.as_str() == self.asking.reader.organisation()
        };
        let valid = self.truth.governance.emergency(self.asking.session, self.now).filter(theirs);
        if valid.is_some() && self.grant.may_override { self.flow.override_cap.value() } else { 0 }
    }

    /// The band of age; `None` where no record tells, or two contradict each other: then nothing may be assumed.
    fn age_band(&self) -> Option<AgeBand> {
        // Of a record of which only the data is a person's, who it is about says nothing of them.
        let tells = |filed: &&Filed| {
            filed.identity && self.said_in(&filed.record).any(|(slot, _)| slot == Slot::IDENTITY)
        };
        let telling = self.confirmed.iter().filter(tells);
        let born: BTreeSet<&str> = telling.map(|filed| CAST[person_of(&filed.record)].born).collect();
        let born: jiff::civil::Date = born.first().filter(|_| born.len() == 1)?.parse().ok()?;
        let today = self.now.to_zoned(TimeZone::UTC).date();
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        let years = today.year() - born.year() - i16::from(!had_birthday);
        Some(match years {
            ..12 => AgeBand::Under12,
            12..16 => AgeBand::From12To15,
            16..18 => AgeBand::From16To17,
            18.. => AgeBand::Adult,
        })
    }
}
