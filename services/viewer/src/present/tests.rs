//! What pages, JSON and messages say of one decided view: a board's nurse looks at a council's summary.

use super::{
    Scene, Seen, blank, explanation, panel_html, panel_input, refusal_message, refused_json, shown_json,
};
use super::{view_message, why_html};
use crate::launches::tests::organisation;
use crate::sessions::Session;
use crate::sessions::tests::session;
use domain::{
    Agreement, AgreementId, Appendix, AppendixId, Ceiling, DataFlow, DataItem, DirectiveId, FieldValue,
    FlowId, Instance, ItemKind, Labels, LegalBasis, OrganisationId, Override, OverrideReason, PartPath,
    PersonId, Position, PositionId, Purpose, ReasonCode, RiskRating, RoleClass, RoleGrant, RoleMapping,
    ScheduleEntry, SharingEvent, SharingLevel, Side, SigningKey, SigningKeyId, SourceRecord, Training,
    UserId, Window,
};
use gate::{Feed, IdentityCheck, Refusal, RefusedView, Shown, Snapshot, Source};
use jiff::Timestamp;
use policy::{Decision, LinkState, LoadedItem, PersonFacts, Policy, RecordFacts, SharingState, SystemFacts};
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::sync::Arc;
use uuid::Uuid;

const COUNCIL: &str = "strathorr-council";
const BOARD: &str = "nhs-strathorr";

fn now() -> Timestamp {
    "2026-11-17T14:05:00Z".parse().unwrap()
}

fn id(code: &str) -> OrganisationId {
    OrganisationId::parse(code).unwrap()
}

fn record() -> SourceRecord {
    SourceRecord::parse("case-system", "P-1").unwrap()
}

fn ceiling(value: u8) -> Ceiling {
    Ceiling::new(value).unwrap()
}

fn part(appendix: Option<&str>) -> PartPath {
    let appendix = appendix.map(|id| AppendixId::parse(id).unwrap());
    PartPath { agreement: AgreementId::parse("adult-care").unwrap(), version: 1, appendix }
}

fn flow() -> DataFlow {
    let entry = |kind, level| ScheduleEntry { kind, level };
    let said = || "x".to_owned();
    DataFlow {
        id: FlowId::parse("council-to-board").unwrap(),
        discloser: id(COUNCIL),
        recipient: id(BOARD),
        level: ceiling(2),
        schedule: vec![
            entry(ItemKind::IDENTITY, SharingLevel::Basic),
            entry(ItemKind::CARE_PACKAGE, SharingLevel::Intermediate),
            entry(ItemKind::RISK_OR_HAZARD, SharingLevel::Detailed),
        ],
        purposes: vec![Purpose::DirectCare],
        legal_basis: LegalBasis {
            article_6: said(),
            article_9: said(),
            statutory_gateway: said(),
            confidentiality: said(),
        },
        grants: vec![RoleGrant {
            role: RoleClass::parse("R8001").unwrap(),
            level: ceiling(3),
            scopes: Labels::NONE.with(domain::Label::SpecialCategory),
            may_override: true,
        }],
        scopes: Labels::NONE.with(domain::Label::SpecialCategory),
        ages: vec![domain::AgeBand::Adult],
        without_relationship: ceiling(2),
        override_cap: ceiling(2),
        relationship_by_launch: true,
        transfer: String::new(),
        storage: String::new(),
    }
}

fn agreement() -> Agreement {
    Agreement {
        id: AgreementId::parse("adult-care").unwrap(),
        version: 1,
        title: "Adult Care Information Sharing Protocol".to_owned(),
        parties: vec![id(COUNCIL), id(BOARD)],
        window: Window::default(),
        review_due: None,
        overdue_cap: Ceiling::NONE,
        dpia_reference: Some("DPIA-1".to_owned()),
        risk: RiskRating::Low,
        flows: Vec::new(),
        appendices: vec![Appendix {
            id: AppendixId::parse("B").unwrap(),
            title: "level 2".to_owned(),
            window: Window::default(),
            flows: vec![flow()],
        }],
    }
}

fn signed(by: &str) -> Vec<SharingEvent> {
    let seed = [by.as_bytes()[0]; 32];
    let mut private = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    private.extend(seed);
    let key = SigningKey {
        id: SigningKeyId::parse(&format!("{by}-key")).unwrap(),
        organisation: id(by),
        signatory: "Chief officer".to_owned(),
        public_key: Ed25519KeyPair::from_seed_unchecked(&seed).unwrap().public_key().as_ref().to_vec(),
        window: Window::default(),
    };
    let sign = |part: PartPath| {
        SharingEvent::AgreementSigned(policy::sign(&private, &key, &agreement(), &part, now()).unwrap())
    };
    let signatures = [part(None), part(Some("B"))].map(sign);
    [SharingEvent::SigningKeyRegistered(key)].into_iter().chain(signatures).collect()
}

fn position() -> Position {
    Position {
        id: PositionId::parse("charge-nurse-6").unwrap(),
        organisation: id(BOARD),
        user: UserId::parse("a.strachan-bell").unwrap(),
        display_name: "Charge Nurse Aileen Strachan-Bell, Ward 6".to_owned(),
        local_role: "Charge nurse".to_owned(),
        window: Window::default(),
    }
}

/// The register with an agreement in force.
fn state() -> SharingState {
    let mut events = vec![
        SharingEvent::OrganisationRegistered(organisation(COUNCIL, Side::SocialWork, "case-system", "x")),
        SharingEvent::OrganisationRegistered(organisation(BOARD, Side::Health, "strathorr-pas", "y")),
        SharingEvent::PositionAssigned(position()),
        SharingEvent::RoleMapped(RoleMapping {
            organisation: id(BOARD),
            local_role: "Charge nurse".to_owned(),
            role: RoleClass::parse("R8001").unwrap(),
        }),
        SharingEvent::TrainingRecorded(Training {
            organisation: id(BOARD),
            user: UserId::parse("a.strachan-bell").unwrap(),
            expires_at: "2027-11-17T00:00:00Z".parse().unwrap(),
        }),
        SharingEvent::AgreementDrafted(Box::new(agreement())),
    ];
    events.extend([COUNCIL, BOARD].into_iter().flat_map(signed));
    let mut state = SharingState::default();
    for event in &events {
        state.apply(event);
    }
    state
}

struct Stage {
    snapshot: Arc<Snapshot>,
    session: Session,
}

impl Stage {
    fn of(state: SharingState) -> Self {
        let policy = Policy::compile(&state).ok();
        Self { snapshot: Arc::new(Snapshot { state, policy, version: 1, broken: false }), session: session() }
    }

    fn scene(&self) -> Scene<'_> {
        Scene { snapshot: Arc::clone(&self.snapshot), session: &self.session }
    }

    fn decision(&self, person: &PersonFacts) -> Decision {
        let policy = self.snapshot.policy.as_ref().unwrap();
        policy.decide(&self.session.launch.request, person, &SystemFacts::HEALTHY, now())
    }

    /// Everything about the person is loaded, also what may not be shown.
    fn shown(&self) -> Shown {
        let record = RecordFacts {
            record: record(),
            link: LinkState::Confirmed,
            protected: false,
            relationships: Vec::new(),
        };
        let person = PersonId(Uuid::from_u128(7));
        let born = domain::PartialDate::parse_iso("1941-03-12").ok();
        let facts = PersonFacts { person: Some(person), birth_date: born, records: vec![record] };
        let mut request = self.session.launch.request.clone();
        request.bound_person = Some(person);
        let policy = self.snapshot.policy.as_ref().unwrap();
        let decision = policy.decide(&request, &facts, &SystemFacts::HEALTHY, now());
        let council = self.snapshot.state.organisation(&id(COUNCIL)).unwrap().clone();
        let feeds = council
            .authorities
            .iter()
            .map(|authority| Feed { authority: authority.clone(), last_heard: Some(now()) });
        Shown {
            view: policy.apply(&decision, loaded()),
            sources: vec![Source { feeds: feeds.collect(), organisation: council }],
            identity: IdentityCheck {
                agrees: vec!["surname", "date of birth"],
                differs: vec!["first name"],
                stop: None,
            },
            update_not_shown: false,
            active_override: None,
            may_override: decision.may_offer_override,
            decided_at: now(),
        }
    }
}

fn loaded() -> Vec<LoadedItem> {
    let text = |words: &str| FieldValue::Text(words.to_owned());
    let code = |words: &str| {
        FieldValue::Code(domain::Code {
            system: String::new(),
            code: "x".to_owned(),
            display: words.to_owned(),
        })
    };
    let item = |kind, fields: Vec<(&str, FieldValue)>| LoadedItem {
        record: record().key(),
        controller: id(COUNCIL),
        protected: false,
        item: std::sync::Arc::new(DataItem {
            kind,
            instance: Instance::parse("1").unwrap(),
            as_of: now(),
            fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            labels: Labels::NONE,
            source_reference: None,
        }),
        received_at: now(),
    };
    let born = FieldValue::Date(domain::PartialDate::parse_iso("1941-03-12").unwrap());
    vec![
        item(
            ItemKind::IDENTITY,
            vec![("name", text("DUNBRAE, Elspeth (Mrs)")), ("birth_date", born), ("sex", code("Female"))],
        ),
        item(ItemKind::CARE_PACKAGE, vec![("service", code("Care at home"))]),
        item(ItemKind::RISK_OR_HAZARD, vec![("risk", code("A dog that bites"))]),
    ]
}

fn refused(refusal: Refusal, stage: &Stage) -> RefusedView {
    let council = stage.snapshot.state.organisation(&id(COUNCIL)).unwrap().clone();
    RefusedView {
        refusal,
        may_override: true,
        active_override: None,
        sources: vec![council],
        reader: Some(id(BOARD)),
        decided_at: now(),
        reference: "7F3K-92QD".to_owned(),
    }
}

#[test]
fn the_panel_shows_what_is_permitted_who_reads_it_and_on_which_terms() {
    let stage = Stage::of(state());
    let shown = stage.shown();
    let html = panel_html(&stage.scene(), &shown).unwrap();
    for words in
        ["DUNBRAE, Elspeth", "Care at home", "Aileen Strachan-Bell", "Adult Care Information Sharing"]
    {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("dog"), "level 3 is not shared at level 2");
    assert!(html.contains("Check who this is: first name differs"), "{html}");
    assert!(html.contains("data-source=\"social-work\""));
}

#[test]
fn the_message_says_no_more_than_the_panel_and_every_kind_has_a_status() {
    let stage = Stage::of(state());
    let (shown, scene) = (stage.shown(), stage.scene());
    let input = panel_input(&scene, &shown).unwrap();
    let view = view_message(&scene, &shown, &input).unwrap();
    let kinds: Vec<&str> = view.items.iter().map(|item| item.kind.as_str()).collect();
    assert_eq!(kinds, ["identity", "care_package"]);
    assert_eq!((view.level, view.live, view.may_override), (2, true, true));
    assert_eq!(view.person.as_ref().unwrap().age, Some(85));
    let json: serde_json::Value =
        serde_json::from_str(&shown_json(&view, "7F3K-92QD", now()).unwrap()).unwrap();
    let status = |kind: &str| {
        let rows = json["view"]["kinds"].as_array().unwrap();
        let row = rows.iter().find(|row| row["kind"] == kind).unwrap();
        (row["status"].as_str().unwrap().to_owned(), row["level"].as_u64().unwrap())
    };
    assert_eq!(status("care_package"), ("shown".to_owned(), 2));
    assert_eq!(status("risk_or_hazard"), ("not-shared".to_owned(), 3));
    assert_eq!(status("case_note").1, 0);
    assert_eq!(json["view"]["person"]["comparison"][0]["agreement"], "differs");
    assert_eq!(json["view"]["person"]["sex"], "female");
    assert!(!json.to_string().contains("dog"));
    assert!(json["refusal"].is_null());
}

#[test]
fn the_explanation_names_the_step_that_decides_and_is_the_same_for_every_person() {
    let stage = Stage::of(state());
    let (shown, scene) = (stage.shown(), stage.scene());
    let decision = stage.decision(&PersonFacts::default());
    let html = why_html(&scene, &shown, &decision, None).unwrap();
    assert!(html.contains("level 2") && html.contains("Appendix B shares up to level 2"), "{html}");
    let one = why_html(&scene, &shown, &decision, Some(ItemKind::RISK_OR_HAZARD)).unwrap();
    assert_eq!(one.matches("<tr><th scope=\"row\">").count(), 1);
    let input = panel_input(&scene, &shown).unwrap();
    let policy = stage.snapshot.policy.as_ref().unwrap();
    let request = &stage.session.launch.request;
    let told = explanation(policy, request, &decision, &input, Some(ItemKind::RISK_OR_HAZARD));
    assert!(!told.kinds[0].shared);
    assert_eq!(told.kinds[0].reasons, ["LVL_FLOW"]);
    let rows: Vec<&str> = told.steps.iter().map(|step| step.dimension.as_str()).collect();
    for hidden in ["dissent", "hard-directive", "link", "age", "relationship"] {
        assert!(!rows.contains(&hidden), "{hidden}");
    }
}

#[test]
fn a_refusal_that_depends_on_the_person_has_no_reason_in_any_form() {
    let stage = Stage::of(state());
    let scene = stage.scene();
    let view = refused(Refusal::Person, &stage);
    let words = blank(&scene, &view, None);
    assert!(words.html.contains("data-blank=\"person\"") && words.html.contains("data-override"));
    let message = refusal_message(&scene, &view, words, true);
    assert!(message.reasons.is_empty() && message.blank && message.may_override);
    let json = refused_json(&message, &view.reference, view.decided_at).unwrap();
    assert!(json.contains("\"view\":null") && json.contains("7F3K-92QD"));
}

#[test]
fn a_refusal_of_the_reader_names_its_reason() {
    let stage = Stage::of(state());
    let view = refused(Refusal::Reader(vec![ReasonCode::ActTraining]), &stage);
    let words = blank(&stage.scene(), &view, None);
    assert!(words.title.contains("training"), "{}", words.title);
    assert_eq!(refusal_message(&stage.scene(), &view, words, false).reasons, ["ACT_TRAINING"]);
}

#[test]
fn an_open_page_says_who_withdrew_what_and_one_opened_afterwards_that_it_is_withdrawn() {
    let before = Stage::of(state());
    let seen = Seen::of(&before.scene(), &before.shown());
    let mut state = state();
    state.apply(&SharingEvent::AgreementWithdrawn {
        part: part(Some("B")),
        organisation: id(COUNCIL),
        at: now(),
    });
    let after = Stage::of(state);
    let view = refused(Refusal::Reader(vec![ReasonCode::AgrSuspended]), &after);
    let open = blank(&after.scene(), &view, Some(&seen));
    assert!(open.html.contains("data-blank=\"withdrawn\""), "{}", open.html);
    assert!(
        open.what_to_do.contains("withdrew appendix B (level 2) of the Adult Care"),
        "{}",
        open.what_to_do
    );
    assert!(blank(&after.scene(), &view, None).html.contains("data-blank=\"refused\""));
    // Nothing that it leaned on was stopped: then the reader is the reason.
    assert!(blank(&before.scene(), &view, Some(&seen)).html.contains("data-blank=\"refused\""));
}

#[test]
fn emergency_access_stands_on_the_page_with_its_reason_and_its_end() {
    let mut state = state();
    let declared = Override {
        id: DirectiveId(Uuid::from_u128(1)),
        user: UserId::parse("a.strachan-bell").unwrap(),
        organisation: id(BOARD),
        person: PersonId(Uuid::from_u128(7)),
        session: session().launch.request.session,
        reason: OverrideReason::CourtOrder,
        text: "An order of today".to_owned(),
        declared_at: now(),
        authenticated_at: now(),
        ended_at: None,
    };
    let ends = now().checked_add(jiff::SignedDuration::from_mins(30)).unwrap();
    state.apply(&SharingEvent::OverrideDeclared(declared.clone()));
    let stage = Stage::of(state);
    let shown = Shown { active_override: Some((declared.id, ends)), ..stage.shown() };
    let html = panel_html(&stage.scene(), &shown).unwrap();
    assert!(html.contains("a court has ordered it") && !html.contains("An order of today"), "{html}");
    let still = RefusedView { active_override: shown.active_override, ..refused(Refusal::Person, &stage) };
    assert!(blank(&stage.scene(), &still, None).html.contains("Emergency access until"));
}

#[test]
fn of_two_sources_the_other_side_is_shown_first() {
    let stage = Stage::of(state());
    let mut shown = stage.shown();
    let board = stage.snapshot.state.organisation(&id(BOARD)).unwrap().clone();
    shown.sources.insert(0, Source { organisation: board, feeds: Vec::new() });
    let scene = stage.scene();
    assert_eq!(scene.chosen(&shown).unwrap().organisation.id, id(COUNCIL));
}
