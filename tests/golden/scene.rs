//! One scene: the seed's organisations, staff and agreement, who asks, and what is known of the person.

use domain::{
    Agreement, AppendixId, Directive, DirectiveId, DirectiveKind, Organisation, OrganisationId, Override,
    OverrideReason, PartPath, PartialDate, PersonId, Purpose, Request, Requester, SessionId, SharingEvent,
    SigningKey, SigningKeyId, SourceRecord, UserId, Window,
};
use governance::documents::{self, Positions};
use jiff::Timestamp;
use policy::{Decision, LinkState, PersonFacts, Policy, RecordFacts, SharingState, SystemFacts, sign};
use ring::signature::{Ed25519KeyPair, KeyPair};
use uuid::Uuid;

pub const COUNCIL: &str = "strathorr-council";
pub const BOARD: &str = "nhs-strathorr";
const SESSION: SessionId = SessionId(Uuid::from_u128(11));
const PERSON: PersonId = PersonId(Uuid::from_u128(12));

/// Everything that a case may change before it is decided.
pub struct Scene {
    pub now: Timestamp,
    pub organisations: Vec<Organisation>,
    pub staff: Positions,
    pub agreement: Agreement,
    /// Who signed which part: `None` is the base.
    pub signed: Vec<(Option<&'static str>, &'static str)>,
    /// What happened after signing.
    pub later: Vec<SharingEvent>,
    pub request: Request,
    pub person: PersonFacts,
    pub system: SystemFacts,
    pub overridden: Option<Override>,
}

pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub fn organisation(code: &str) -> OrganisationId {
    OrganisationId::parse(code).expect("a code")
}

pub fn user(code: &str) -> UserId {
    UserId::parse(code).expect("a code")
}

/// The record of the person in the discloser's system.
pub fn record(authority: &str) -> SourceRecord {
    SourceRecord::parse(authority, "P-1").expect("a record")
}

impl Scene {
    /// The board's charge nurse asks about an adult who is on the ward and known to the council: base, A and B hold.
    pub fn nurse() -> Self {
        let agreement = documents::agreement(include_str!("../../config/seed/agreement.toml"));
        let organisations = documents::organisations(include_str!("../../config/seed/organisations.toml"));
        let staff = documents::positions(include_str!("../../config/seed/positions.toml"));
        let parts = [None, Some("A"), Some("B")];
        let now = time("2026-11-17T14:05:00Z");
        Self {
            now,
            organisations: organisations.expect("the seed's organisations"),
            staff: staff.expect("the seed's staff"),
            agreement: agreement.expect("the seed's agreement"),
            signed: parts.into_iter().flat_map(|part| [(part, COUNCIL), (part, BOARD)]).collect(),
            later: Vec::new(),
            request: Request {
                requester: Requester {
                    user: user("aileen.strachan-bell"),
                    organisation: organisation(BOARD),
                    host_organisation: organisation(BOARD),
                    position: None,
                },
                purpose: Purpose::DirectCare,
                session: SESSION,
                bound_person: Some(PERSON),
                relationship_asserted: false,
                authenticated_at: now,
            },
            person: PersonFacts {
                person: Some(PERSON),
                birth_date: PartialDate::parse("1941-03-02").ok(),
                records: vec![known_in("strathorr-case-system"), known_in(BOARD)],
            },
            system: SystemFacts::HEALTHY,
            overridden: None,
        }
    }

    /// The council's social worker asks.
    pub fn social_worker() -> Self {
        let mut scene = Self::nurse();
        scene.request.requester.organisation = organisation(COUNCIL);
        scene.request.requester.host_organisation = organisation(COUNCIL);
        scene.asked_by("catriona.fenwick");
        scene
    }

    pub fn asked_by(&mut self, code: &str) {
        self.request.requester.user = user(code);
    }

    pub fn sign_c(&mut self) {
        self.signed.extend([(Some("C"), COUNCIL), (Some("C"), BOARD)]);
    }

    pub fn directive(&mut self, kind: DirectiveKind) {
        self.later.push(SharingEvent::DirectiveSet(Directive {
            id: DirectiveId(Uuid::from_u128(13)),
            kind,
            record: record("strathorr-case-system"),
            flow: None,
            window: Window::default(),
            recorded_by: organisation(COUNCIL),
        }));
    }

    /// Emergency access, declared so many minutes ago by somebody who had signed in so many minutes before.
    pub fn overrides(&mut self, minutes_ago: i64, signed_in_before: i64) {
        let minutes = |count: i64| jiff::SignedDuration::from_mins(count);
        let declared_at = self.now.checked_sub(minutes(minutes_ago)).expect("a time");
        self.overridden = Some(Override {
            id: DirectiveId(Uuid::from_u128(14)),
            user: self.request.requester.user.clone(),
            organisation: self.request.requester.organisation.clone(),
            person: PERSON,
            session: SESSION,
            reason: OverrideReason::Emergency,
            text: "Cannot wait".to_owned(),
            declared_at,
            authenticated_at: declared_at.checked_sub(minutes(signed_in_before)).expect("a time"),
            ended_at: None,
        });
    }

    pub fn without_relationship(&mut self) {
        self.person.records.iter_mut().for_each(|one| one.relationships.clear());
    }

    /// The link of the record that the discloser holds.
    pub fn link(&mut self, link: LinkState) {
        self.person.records[0].link = link;
    }

    pub fn organisation(&mut self, code: &str) -> &mut Organisation {
        self.organisations
            .iter_mut()
            .find(|one| one.id.as_str() == code)
            .expect("an organisation of the seed")
    }

    pub fn part(&self, appendix: Option<&str>) -> PartPath {
        let appendix = appendix.map(|id| AppendixId::parse(id).expect("a code"));
        PartPath { agreement: self.agreement.id.clone(), version: self.agreement.version, appendix }
    }

    pub fn decide(&self) -> Decision {
        let mut state = SharingState::default();
        let mut tell = |event: SharingEvent| state.apply(&event);
        self.organisations.iter().cloned().map(SharingEvent::OrganisationRegistered).for_each(&mut tell);
        self.staff.positions.iter().cloned().map(SharingEvent::PositionAssigned).for_each(&mut tell);
        self.staff.roles.iter().cloned().map(SharingEvent::RoleMapped).for_each(&mut tell);
        self.staff.training.iter().cloned().map(SharingEvent::TrainingRecorded).for_each(&mut tell);
        let keys = [COUNCIL, BOARD].map(|code| signatory(code).1);
        keys.into_iter().map(SharingEvent::SigningKeyRegistered).for_each(&mut tell);
        tell(SharingEvent::AgreementDrafted(Box::new(self.agreement.clone())));
        self.signed.iter().map(|(part, by)| self.signature(*part, by)).for_each(&mut tell);
        self.later.iter().cloned().for_each(&mut tell);
        self.overridden.iter().cloned().map(SharingEvent::OverrideDeclared).for_each(&mut tell);
        let policy = Policy::compile(&state).expect("the policy compiles");
        policy.decide(&self.request, &self.person, &self.system, self.now)
    }

    fn signature(&self, part: Option<&str>, by: &str) -> SharingEvent {
        let (private, key) = signatory(by);
        let signed_at = time("2024-04-01T09:00:00Z");
        let signature = sign(&private, &key, &self.agreement, &self.part(part), signed_at);
        SharingEvent::AgreementSigned(signature.expect("the part exists"))
    }
}

/// A confirmed record with a relationship that lasts.
fn known_in(authority: &str) -> RecordFacts {
    RecordFacts {
        record: record(authority),
        link: LinkState::Confirmed,
        protected: false,
        relationships: vec![Window::default()],
    }
}

/// A signatory of the scene: the private key in PKCS#8, made from a fixed seed, and the public key.
fn signatory(code: &str) -> (Vec<u8>, SigningKey) {
    let seed = [code.as_bytes()[0]; 32];
    let mut private = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    private.extend(seed);
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("32 bytes");
    let key = SigningKey {
        id: SigningKeyId::parse(&format!("{code}-key")).expect("a code"),
        organisation: organisation(code),
        signatory: "Chief officer".to_owned(),
        public_key: pair.public_key().as_ref().to_vec(),
        window: Window::default(),
    };
    (private, key)
}
