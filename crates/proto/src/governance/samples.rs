//! Values of every shape that the tests of governance and its events write and read back.

use crate::samples::{record, text, time};
use domain::{
    AGE_BANDS, Agreement, AgreementId, Appendix, AppendixId, Assurance, AssuranceRank, Authority, Catalogue,
    Ceiling, Credential, CredentialKind, DataFlow, Directive, DirectiveId, DirectiveKind, FlowId, ItemKind,
    Label, LegalBasis, Organisation, OrganisationId, OrganisationPhone, Override, OverrideReason, PURPOSES,
    PartPath, PersonId, Position, PositionId, RiskRating, RoleClass, RoleGrant, RoleMapping, ScheduleEntry,
    SessionId, SharingLevel, Side, Signature, SigningKey, SigningKeyId, Training, UserId, Window,
};
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn organisation_id(text: &str) -> OrganisationId {
    OrganisationId::parse(text).unwrap()
}

fn own(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn window() -> Window {
    Window {
        from: Some(second(1_711_929_600)),
        to: Some(Timestamp::new(1_932_760_799, 999_999_999).unwrap()),
    }
}

pub(crate) fn organisation() -> Organisation {
    Organisation {
        id: organisation_id("strathorr-council"),
        name: own("Strathorr Council"),
        side: Side::SocialWork,
        ico_registration: own("ZB000201"),
        active: true,
        assurance: Assurance { rank: AssuranceRank::Reviewed, expires_at: Some(second(1_900_000_000)) },
        sponsor: Some(organisation_id("nhs-strathorr")),
        authorities: vec![Authority::parse("strathorr-case-system").unwrap()],
        origins: vec![own("http://council.localhost:7410"), own("https://case.example")],
        may_assert: vec![organisation_id("strathorr-homes")],
        heard_every_s: 300,
        not_sent: vec![ItemKind::PLACEMENT],
        phones: vec![OrganisationPhone {
            title: own("Standby"),
            number: own("01632 960 199"),
            hours: own("All hours"),
        }],
    }
}

pub(crate) fn signing_key() -> SigningKey {
    SigningKey {
        id: SigningKeyId::parse("council-2026").unwrap(),
        organisation: organisation_id("strathorr-council"),
        signatory: own("Chief Social Work Officer"),
        public_key: (0..32).collect(),
        window: window(),
    }
}

pub(crate) fn credential(kind: CredentialKind) -> Credential {
    Credential {
        organisation: organisation_id("strathorr-council"),
        kind,
        secret_digest: (100..132).collect(),
        holder: UserId::parse("case-system").unwrap(),
    }
}

pub(crate) fn position() -> Position {
    Position {
        id: PositionId::parse("ward-6-charge").unwrap(),
        organisation: organisation_id("nhs-strathorr"),
        user: UserId::parse("astrachan").unwrap(),
        display_name: own("Charge Nurse Aileen Strachan-Bell, Ward 6"),
        local_role: own("Charge Nurse"),
        window: window(),
    }
}

pub(crate) fn role_mapping() -> RoleMapping {
    RoleMapping {
        organisation: organisation_id("nhs-strathorr"),
        local_role: own("Charge Nurse"),
        role: RoleClass::parse("R8001").unwrap(),
    }
}

pub(crate) fn training() -> Training {
    Training {
        organisation: organisation_id("nhs-strathorr"),
        user: UserId::parse("astrachan").unwrap(),
        expires_at: second(1_800_000_000),
    }
}

pub(crate) fn flow(id: &str) -> DataFlow {
    DataFlow {
        id: FlowId::parse(id).unwrap(),
        discloser: organisation_id("strathorr-council"),
        recipient: organisation_id("nhs-strathorr"),
        level: Ceiling::new(3).unwrap(),
        schedule: vec![
            ScheduleEntry { kind: ItemKind::CARE_PACKAGE, level: SharingLevel::Intermediate },
            ScheduleEntry { kind: ItemKind::ADDRESS, level: SharingLevel::Basic },
        ],
        purposes: PURPOSES.to_vec(),
        legal_basis: LegalBasis {
            article_6: own("6(1)(e)"),
            article_9: own("9(2)(h)"),
            statutory_gateway: own("Section 49"),
            confidentiality: own("Implied consent\nfor direct care"),
        },
        grants: vec![RoleGrant {
            role: RoleClass::parse("R8001").unwrap(),
            level: Ceiling::FULL,
            scopes: Label::ALL.into_iter().collect(),
            may_override: true,
        }],
        scopes: [Label::ThirdParty, Label::SpecialCategory].into_iter().collect(),
        ages: AGE_BANDS.to_vec(),
        without_relationship: Ceiling::NONE,
        override_cap: Ceiling::new(2).unwrap(),
        relationship_by_launch: true,
        transfer: own("Shown in the recipient's own system"),
        storage: own("Not stored"),
    }
}

pub(crate) fn agreement() -> Agreement {
    Agreement {
        id: AgreementId::parse("adult-care-isp").unwrap(),
        version: 2,
        title: own("Adult Care Information Sharing Protocol"),
        parties: vec![organisation_id("strathorr-council"), organisation_id("nhs-strathorr")],
        window: window(),
        review_due: Some(second(1_917_000_000)),
        overdue_cap: Ceiling::new(1).unwrap(),
        dpia_reference: Some(own("DPIA-2024-017")),
        risk: RiskRating::Medium,
        flows: vec![flow("council-to-board-0")],
        appendices: vec![Appendix {
            id: AppendixId::parse("C").unwrap(),
            title: own("level 3"),
            window: Window::default(),
            flows: vec![flow("council-to-board-3"), flow("council-to-board-4")],
        }],
    }
}

pub(crate) fn part(appendix: Option<&str>) -> PartPath {
    let appendix = appendix.map(|id| AppendixId::parse(id).unwrap());
    domain::part_path(&AgreementId::parse("adult-care-isp").unwrap(), 2, appendix.as_ref())
}

pub(crate) fn signature() -> Signature {
    Signature {
        part: part(Some("C")),
        organisation: organisation_id("nhs-strathorr"),
        key: SigningKeyId::parse("board-2026").unwrap(),
        signed_at: second(1_767_225_600),
        content_hash: (32..64).collect(),
        bytes: (0..64).collect(),
    }
}

pub(crate) fn directive_id(number: u128) -> DirectiveId {
    DirectiveId(Uuid::from_u128(number))
}

pub(crate) fn directive(kind: DirectiveKind) -> Directive {
    Directive {
        id: directive_id(0x5b0f_0a52),
        kind,
        record: record("W-20566"),
        flow: Some(FlowId::parse("council-to-board-3").unwrap()),
        window: Window { to: None, ..window() },
        recorded_by: organisation_id("strathorr-council"),
    }
}

pub(crate) fn override_of(reason: OverrideReason) -> Override {
    Override {
        id: directive_id(7),
        user: UserId::parse("astrachan").unwrap(),
        organisation: organisation_id("nhs-strathorr"),
        person: PersonId(Uuid::from_u128(8)),
        session: SessionId(Uuid::from_u128(9)),
        reason,
        text: own("Found on the floor,\ncannot speak"),
        declared_at: second(1_767_225_600),
        authenticated_at: second(1_767_225_000),
        ended_at: Some(second(1_767_229_200)),
    }
}

fn any_window() -> impl Strategy<Value = Window> {
    (prop::option::of(time()), prop::option::of(time())).prop_map(|(from, to)| Window { from, to })
}

fn any_ceiling() -> impl Strategy<Value = Ceiling> {
    (0..=4_u8).prop_map(|level| Ceiling::new(level).unwrap())
}

fn any_schedule() -> impl Strategy<Value = Vec<ScheduleEntry>> {
    let kinds: Vec<ItemKind> = Catalogue::standard().all().iter().collect();
    let level = prop::sample::select(SharingLevel::ALL.to_vec());
    (prop::sample::subsequence(kinds, 0..9), level)
        .prop_map(|(kinds, level)| kinds.into_iter().map(|kind| ScheduleEntry { kind, level }).collect())
}

fn any_grant() -> impl Strategy<Value = RoleGrant> {
    let scopes = prop::sample::subsequence(Label::ALL.to_vec(), 0..=6);
    ("R[0-9]{4}", any_ceiling(), scopes, any::<bool>()).prop_map(|(role, level, scopes, may_override)| {
        RoleGrant {
            role: RoleClass::parse(&role).unwrap(),
            level,
            scopes: scopes.into_iter().collect(),
            may_override,
        }
    })
}

fn any_flow() -> impl Strategy<Value = DataFlow> {
    let lists = (any_schedule(), prop::collection::vec(any_grant(), 0..3));
    let sets = (
        prop::sample::subsequence(PURPOSES.to_vec(), 0..=8),
        prop::sample::subsequence(AGE_BANDS.to_vec(), 0..=4),
        prop::sample::subsequence(Label::ALL.to_vec(), 0..=6),
    );
    let ceilings = (any_ceiling(), any_ceiling(), any_ceiling());
    (lists, sets, ceilings, any::<bool>(), prop_oneof![Just(String::new()), text()]).prop_map(
        |((schedule, grants), (purposes, ages, scopes), (level, without, cap), by_launch, words)| DataFlow {
            level,
            schedule,
            purposes,
            grants,
            scopes: scopes.into_iter().collect(),
            ages,
            without_relationship: without,
            override_cap: cap,
            relationship_by_launch: by_launch,
            transfer: words.clone(),
            storage: words,
            ..flow("f")
        },
    )
}

/// Agreements as the domain allows them, sensible or not.
pub(crate) fn any_agreement() -> impl Strategy<Value = Agreement> {
    let risks = vec![RiskRating::NotAssessed, RiskRating::Low, RiskRating::Medium, RiskRating::High];
    let flows = (prop::collection::vec(any_flow(), 0..3), prop::collection::vec(any_flow(), 0..3));
    let times = (any_window(), any_window(), prop::option::of(time()));
    (any::<u32>(), prop::sample::select(risks), flows, times, any_ceiling(), prop::option::of(text()))
        .prop_map(
            |(version, risk, (flows, more), (window, inner, review_due), overdue_cap, dpia_reference)| {
                Agreement {
                    version,
                    window,
                    review_due,
                    overdue_cap,
                    dpia_reference,
                    risk,
                    flows,
                    appendices: vec![Appendix {
                        window: inner,
                        flows: more,
                        ..agreement().appendices.remove(0)
                    }],
                    ..agreement()
                }
            },
        )
}

/// Organisations as the domain allows them, sensible or not.
pub(crate) fn any_organisation() -> impl Strategy<Value = Organisation> {
    let sides = prop::sample::select(vec![Side::Any, Side::SocialWork, Side::Health]);
    let ranks = vec![AssuranceRank::NeverSubmitted, AssuranceRank::SelfAssessed, AssuranceRank::Reviewed];
    let assurance = (prop::sample::select(ranks), prop::option::of(time()));
    (any::<String>(), sides, assurance, any::<[bool; 2]>(), any::<u32>()).prop_map(
        |(name, side, (rank, expires_at), [active, sponsored], heard_every_s)| Organisation {
            name,
            side,
            active,
            assurance: Assurance { rank, expires_at },
            sponsor: organisation().sponsor.filter(|_| sponsored),
            heard_every_s,
            ..organisation()
        },
    )
}
