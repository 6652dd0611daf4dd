//! Builds a small world from its knobs: a council that discloses, a board that receives, one agreement of a base
//! and an appendix, one nurse, one person. Everything goes in as events, signed with real keys.

use super::knobs::{
    BOARD, COUNCIL, DeclaredKnobs, FIRST_FLOW, FlowKnobs, Granted, Host, Knobs, Span, TRUST, Whose,
};
use crate::{Decision, PersonFacts, Policy, RecordFacts, SharingState, SystemFacts, sign};
use domain::{
    Agreement, AgreementId, Appendix, AppendixId, Assurance, Authority, Ceiling, DataFlow, Directive,
    DirectiveId, FlowId, LegalBasis, Organisation, OrganisationId, Override, OverrideReason, PartPath,
    PersonId, Position, PositionId, Request, Requester, RiskRating, RoleClass, RoleGrant, RoleMapping,
    ScheduleEntry, SessionId, SharingEvent, SharingLevel, Side, SigningKey, SigningKeyId, SourceRecord,
    Training, UserId, Window,
};
use jiff::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use uuid::Uuid;

/// 17 November 2026, 14:05 UTC.
const NOW: i64 = 1_794_924_300;

pub(crate) const PERSON: PersonId = PersonId(Uuid::from_u128(1));
pub(crate) const OTHER_PERSON: PersonId = PersonId(Uuid::from_u128(2));
pub(crate) const SESSION: SessionId = SessionId(Uuid::from_u128(3));
pub(crate) const OTHER_SESSION: SessionId = SessionId(Uuid::from_u128(4));
pub(crate) const OVERRIDE: DirectiveId = DirectiveId(Uuid::from_u128(5));

/// The facts of a world, ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) state: SharingState,
    pub(crate) request: Request,
    pub(crate) person: PersonFacts,
    pub(crate) system: SystemFacts,
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW + seconds).unwrap()
}

pub(crate) fn window(span: Span) -> Window {
    Window { from: span.0.map(at), to: span.1.map(at) }
}

pub(crate) fn organisation(code: &str) -> OrganisationId {
    OrganisationId::parse(code).unwrap()
}

pub(crate) fn ceiling(value: u8) -> Ceiling {
    Ceiling::new(value).unwrap()
}

/// The council's record of the person, and the board's.
pub(crate) fn record(authority: &str) -> SourceRecord {
    SourceRecord::parse(authority, "P-1").unwrap()
}

pub(crate) fn agreement_id() -> AgreementId {
    AgreementId::parse("protocol").unwrap()
}

pub(crate) fn part(version: u32, appendix: Option<&str>) -> PartPath {
    let appendix = appendix.map(|id| AppendixId::parse(id).unwrap());
    PartPath { agreement: agreement_id(), version, appendix }
}

/// An organisation's signatory: the private key in PKCS#8 and the registered public key.
pub(crate) fn signatory(code: &str) -> (Vec<u8>, SigningKey) {
    let seed = [code.as_bytes()[0]; 32];
    // The fixed head of a PKCS#8 document that holds an Ed25519 seed.
    let mut private = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    private.extend(seed);
    let public = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap().public_key().as_ref().to_vec();
    let key = SigningKey {
        id: SigningKeyId::parse(&format!("{code}-key")).unwrap(),
        organisation: organisation(code),
        signatory: "Chief officer".to_owned(),
        public_key: public,
        window: Window::default(),
    };
    (private, key)
}

impl World {
    pub(crate) fn of(knobs: &Knobs) -> Self {
        let mut state = SharingState::default();
        let mut events = organisations(knobs);
        events.extend(staff(knobs));
        events.extend(agreement_events(knobs));
        events.extend(person_events(knobs));
        for event in &events {
            state.apply(event);
        }
        Self { state, request: request(knobs), person: person(knobs), system: system(knobs) }
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy::compile(&self.state).unwrap()
    }

    pub(crate) fn decide(&self, policy: &Policy, now: Timestamp) -> Decision {
        policy.decide(&self.request, &self.person, &self.system, now)
    }
}

fn system(knobs: &Knobs) -> SystemFacts {
    SystemFacts {
        audit_writable: knobs.audit_writable,
        lease_valid: knobs.lease_valid,
        clock_sane: knobs.clock_sane,
        valid_until: knobs.system_until.map(at),
    }
}

fn organisations(knobs: &Knobs) -> Vec<SharingEvent> {
    let plain = super::knobs::Assured { active: knobs.host_active, ..Knobs::default().recipient };
    let own_host = knobs.host == Host::Own;
    let mut recipient = knobs.recipient.clone();
    recipient.active = recipient.active && (!own_host || knobs.host_active);
    let all = [(COUNCIL, &knobs.discloser), (BOARD, &recipient), (TRUST, &plain)];
    let events = all.into_iter().flat_map(|(code, assured)| {
        let sponsor = if code == BOARD { knobs.sponsor.map(organisation) } else { None };
        let hosts = code == TRUST && knobs.host == Host::MayAssert;
        let registered = Organisation {
            id: organisation(code),
            name: code.to_owned(),
            side: Side::Any,
            ico_registration: "ZB000000".to_owned(),
            active: assured.active,
            assurance: Assurance { rank: assured.rank, expires_at: assured.expires.map(at) },
            sponsor,
            authorities: vec![Authority::parse(code).unwrap()],
            origins: Vec::new(),
            may_assert: if hosts { vec![organisation(BOARD)] } else { Vec::new() },
            heard_every_s: 300,
            not_sent: Vec::new(),
            phones: Vec::new(),
        };
        let key = SharingEvent::SigningKeyRegistered(signatory(code).1);
        [SharingEvent::OrganisationRegistered(registered), key]
    });
    events.collect()
}

fn user() -> UserId {
    UserId::parse("nurse").unwrap()
}

fn staff(knobs: &Knobs) -> Vec<SharingEvent> {
    let held = knobs.positions.iter().enumerate().flat_map(|(number, (role, span))| {
        let local_role = format!("post of {role}");
        let position = Position {
            id: PositionId::parse(&format!("post-{number}")).unwrap(),
            organisation: organisation(BOARD),
            user: user(),
            display_name: "Nurse".to_owned(),
            local_role: local_role.clone(),
            window: window(*span),
        };
        let role = RoleClass::parse(role).unwrap();
        let mapping = RoleMapping { organisation: organisation(BOARD), local_role, role };
        [SharingEvent::PositionAssigned(position), SharingEvent::RoleMapped(mapping)]
    });
    let training = knobs.training.map(|expires| {
        let expires_at = at(expires);
        SharingEvent::TrainingRecorded(Training {
            organisation: organisation(BOARD),
            user: user(),
            expires_at,
        })
    });
    held.chain(training).collect()
}

fn flow(knobs: &FlowKnobs) -> DataFlow {
    let part = |there: bool| if there { "Article".to_owned() } else { " ".to_owned() };
    let entry = |(kind, level): &(domain::ItemKind, u8)| ScheduleEntry {
        kind: *kind,
        level: SharingLevel::try_from(*level).unwrap(),
    };
    let grant = |one: &Granted| RoleGrant {
        role: RoleClass::parse(one.role).unwrap(),
        level: ceiling(one.level),
        scopes: one.scopes,
        may_override: one.may_override,
    };
    let [article_6, article_9, statutory_gateway, confidentiality] = knobs.basis.map(part);
    DataFlow {
        id: FlowId::parse(knobs.id).unwrap(),
        discloser: organisation(COUNCIL),
        recipient: organisation(BOARD),
        level: ceiling(knobs.level),
        schedule: knobs.schedule.iter().map(entry).collect(),
        purposes: knobs.purposes.clone(),
        legal_basis: LegalBasis { article_6, article_9, statutory_gateway, confidentiality },
        grants: knobs.grants.iter().map(grant).collect(),
        scopes: knobs.scopes,
        ages: knobs.ages.clone(),
        without_relationship: ceiling(knobs.without_relationship),
        override_cap: ceiling(knobs.override_cap),
        relationship_by_launch: knobs.by_launch,
        transfer: "shown".to_owned(),
        storage: "not stored".to_owned(),
    }
}

/// Version 1 as the knobs say: the first flow in appendix A, the second in appendix B.
pub(crate) fn agreement(knobs: &Knobs) -> Agreement {
    let appendix = |id: &str, span: Span, one: &FlowKnobs| Appendix {
        id: AppendixId::parse(id).unwrap(),
        title: format!("level {id}"),
        window: window(span),
        flows: vec![flow(one)],
    };
    let mut appendices = vec![appendix("A", knobs.appendix, &knobs.flow)];
    appendices.extend(knobs.second.iter().map(|one| appendix("B", (None, None), one)));
    Agreement {
        id: agreement_id(),
        version: 1,
        title: "Protocol".to_owned(),
        parties: vec![organisation(COUNCIL), organisation(BOARD)],
        window: window(knobs.base),
        review_due: knobs.review_due.map(at),
        overdue_cap: ceiling(knobs.overdue_cap),
        dpia_reference: knobs.dpia.map(str::to_owned),
        risk: if knobs.assessed { RiskRating::Low } else { RiskRating::NotAssessed },
        flows: Vec::new(),
        appendices,
    }
}

pub(crate) fn signature(agreement: &Agreement, part: &PartPath, by: &str, when: i64) -> SharingEvent {
    let (private, key) = signatory(by);
    SharingEvent::AgreementSigned(sign(&private, &key, agreement, part, at(when)).unwrap())
}

fn agreement_events(knobs: &Knobs) -> Vec<SharingEvent> {
    let drafted = agreement(knobs);
    let mut events = vec![SharingEvent::AgreementDrafted(Box::new(drafted.clone()))];
    let parts = [(None, COUNCIL), (None, BOARD), (Some("A"), COUNCIL), (Some("A"), BOARD)];
    for ((appendix, by), when) in parts.into_iter().zip(knobs.signed) {
        events.extend(when.map(|when| signature(&drafted, &part(1, appendix), by, when)));
    }
    if knobs.second.is_some() {
        let signed = [COUNCIL, BOARD].map(|by| signature(&drafted, &part(1, Some("B")), by, -1_000_000));
        events.extend(signed);
    }
    if knobs.changed_after_signing {
        let changed = Agreement { title: "Another protocol".to_owned(), ..drafted };
        events.push(SharingEvent::AgreementDrafted(Box::new(changed)));
    }
    events.extend(knobs.superseded.into_iter().flat_map(|when| {
        let next = Agreement { version: 2, appendices: Vec::new(), ..agreement(knobs) };
        let signed = [COUNCIL, BOARD].map(|by| signature(&next, &part(2, None), by, when));
        std::iter::once(SharingEvent::AgreementDrafted(Box::new(next))).chain(signed)
    }));
    for stop in &knobs.stops {
        let part = part(1, stop.appendix.then_some("A"));
        let (organisation, at_) = (organisation(stop.by), at(stop.from));
        if stop.for_good {
            events.push(SharingEvent::AgreementWithdrawn { part, organisation, at: at_ });
            continue;
        }
        let resumed = stop.resumed.map(at);
        let (again, who) = (part.clone(), organisation.clone());
        events.push(SharingEvent::AgreementSuspended { part, organisation, at: at_ });
        events.extend(resumed.map(|at| SharingEvent::AgreementResumed {
            part: again,
            organisation: who,
            at,
        }));
    }
    events
}

fn person_events(knobs: &Knobs) -> Vec<SharingEvent> {
    let directives = knobs.directives.iter().enumerate().map(|(number, one)| {
        SharingEvent::DirectiveSet(Directive {
            id: DirectiveId(Uuid::from_u128(100 + number as u128)),
            kind: one.kind,
            record: record(COUNCIL),
            flow: one.flow.map(|id| FlowId::parse(id).unwrap()),
            window: window(one.span),
            recorded_by: organisation(COUNCIL),
        })
    });
    directives
        .chain(knobs.declared.iter().map(|one| SharingEvent::OverrideDeclared(override_of(one))))
        .collect()
}

pub(crate) fn override_of(knobs: &DeclaredKnobs) -> Override {
    let whose = knobs.whose;
    let other_user = whose == Whose::AnotherUsers;
    Override {
        id: OVERRIDE,
        user: if other_user { UserId::parse("somebody").unwrap() } else { user() },
        organisation: organisation(if whose == Whose::AnotherOrganisations { TRUST } else { BOARD }),
        person: if whose == Whose::AnotherPersons { OTHER_PERSON } else { PERSON },
        session: if whose == Whose::AnotherSessions { OTHER_SESSION } else { SESSION },
        reason: OverrideReason::Emergency,
        text: knobs.text.to_owned(),
        declared_at: at(knobs.at),
        authenticated_at: at(knobs.authenticated),
        ended_at: knobs.ended.map(at),
    }
}

fn request(knobs: &Knobs) -> Request {
    Request {
        requester: Requester {
            user: user(),
            organisation: organisation(BOARD),
            host_organisation: organisation(if knobs.host == Host::Own { BOARD } else { TRUST }),
            position: knobs.acts_elsewhere.then(|| PositionId::parse("post-of-another").unwrap()),
        },
        purpose: knobs.purpose,
        session: SESSION,
        bound_person: Some(if knobs.bound { PERSON } else { OTHER_PERSON }),
        relationship_asserted: knobs.asserted,
        authenticated_at: at(-600),
    }
}

fn person(knobs: &Knobs) -> PersonFacts {
    let of = |authority: &str, link, relationships, protected| RecordFacts {
        record: record(authority),
        link,
        protected,
        relationships,
    };
    let known = knobs.relationships.iter().map(|span| window(*span)).collect();
    PersonFacts {
        person: Some(PERSON),
        birth_date: knobs.born,
        records: vec![
            of(COUNCIL, knobs.link, Vec::new(), knobs.protected),
            of(BOARD, knobs.own_link, known, false),
        ],
    }
}

/// The flow that the knobs call the first, as its code.
pub(crate) fn first_flow() -> FlowId {
    FlowId::parse(FIRST_FLOW).unwrap()
}
