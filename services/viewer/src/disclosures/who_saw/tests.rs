//! Who may read which leaves, and how a list is paged.

use super::*;
use crate::disclosures::samples::leaf;
use domain::{
    Agreement, AgreementId, Ceiling, DataFlow, FlowId, Labels, LegalBasis, ReasonCode, RiskRating,
    SharingEvent, Window,
};
use event_log::LogPosition;
use proto::viewing::v1::PersonIdentifier as WireIdentifier;
use proto::viewing::v1::person_identifier::Identifier;

fn organisation(code: &str) -> OrganisationId {
    OrganisationId::parse(code).unwrap()
}

fn row(index: u64, leaf: Leaf) -> LeafRow {
    LeafRow { index, position: LogPosition { partition: 0, offset: index }, hash: [0; 32], leaf }
}

fn rows(count: u64) -> Vec<LeafRow> {
    (0..count).map(|index| row(index, leaf(index))).collect()
}

fn request() -> v1::ListDisclosuresRequest {
    let record =
        proto::intake::v1::SourceRecord { authority: "case-system".to_owned(), local_id: "P-1".to_owned() };
    let person = WireIdentifier { identifier: Some(Identifier::Record(record)) };
    v1::ListDisclosuresRequest { person: Some(person), ..v1::ListDisclosuresRequest::default() }
}

fn indexes(
    state: &SharingState,
    reader: &str,
    request: v1::ListDisclosuresRequest,
    rows: &[LeafRow],
) -> Vec<u64> {
    let organisation = organisation(reader);
    let reader = Reader { state, organisation: &organisation, all: reader == "operator" };
    let page = reader.page(&Question::read(request).unwrap(), rows);
    page.answer.disclosures.iter().map(|entry| entry.leaf_index).collect()
}

#[test]
fn the_node_operator_and_who_asked_see_it_and_a_stranger_does_not() {
    let state = SharingState::default();
    let mut all = rows(3);
    all[1].leaf.organisation = organisation("practice");
    all[2].leaf.host_organisation = organisation("council");
    let see = |reader| indexes(&state, reader, request(), &all);
    assert_eq!(see("operator"), [0, 1, 2]);
    assert_eq!(see("board"), [0, 1, 2], "its host showed the one of the practice");
    assert_eq!(see("practice"), [1]);
    assert_eq!(see("council"), [2]);
    assert_eq!(see("stranger"), Vec::<u64>::new());
}

fn flow(id: &str, discloser: &str) -> DataFlow {
    let part = || "Article".to_owned();
    DataFlow {
        id: FlowId::parse(id).unwrap(),
        discloser: organisation(discloser),
        recipient: organisation("board"),
        level: Ceiling::FULL,
        schedule: Vec::new(),
        purposes: Vec::new(),
        legal_basis: LegalBasis {
            article_6: part(),
            article_9: part(),
            statutory_gateway: part(),
            confidentiality: part(),
        },
        grants: Vec::new(),
        scopes: Labels::NONE,
        ages: Vec::new(),
        without_relationship: Ceiling::NONE,
        override_cap: Ceiling::NONE,
        relationship_by_launch: false,
        transfer: String::new(),
        storage: String::new(),
    }
}

/// Two flows to the board: one of the council, one of the practice.
fn agreed() -> SharingState {
    let mut state = SharingState::default();
    state.apply(&SharingEvent::AgreementDrafted(Box::new(Agreement {
        id: AgreementId::parse("protocol").unwrap(),
        version: 1,
        title: "Protocol".to_owned(),
        parties: Vec::new(),
        window: Window::default(),
        review_due: None,
        overdue_cap: Ceiling::NONE,
        dpia_reference: None,
        risk: RiskRating::Low,
        flows: vec![flow("F1", "council"), flow("F2", "practice")],
        appendices: Vec::new(),
    })));
    state
}

#[test]
fn a_controller_sees_the_part_that_its_own_flow_disclosed() {
    let state = agreed();
    let used = |id: &str, kind| FlowUse {
        flow: FlowId::parse(id).unwrap(),
        agreement_version: 1,
        items: ItemMask::EMPTY.with(kind),
    };
    let mut both = leaf(0);
    both.flows = vec![used("F1", ItemKind::CARE_PACKAGE), used("F2", ItemKind::ALLERGY)];
    both.items = ItemMask::EMPTY.with(ItemKind::CARE_PACKAGE).with(ItemKind::ALLERGY);
    both.item_count = 9;
    both.reasons = vec![ReasonCode::RoleLevel];
    both.stated_reason = LongText::parse("words").ok();
    let mut own = both.clone();
    own.flows.truncate(1);
    let all = [row(0, both), row(1, own)];
    let council = organisation("council");
    let reader = Reader { state: &state, organisation: &council, all: false };
    let entries = reader.page(&Question::read(request()).unwrap(), &all).answer.disclosures;
    assert_eq!((entries[0].kinds.clone(), entries[0].item_count), (vec!["care_package".to_owned()], 0));
    assert_eq!((entries[0].flows.clone(), entries[0].reasons.len()), (vec!["F1".to_owned()], 0));
    assert_eq!((entries[1].item_count, entries[1].reasons.len()), (9, 1));
    assert_eq!((entries[0].stated_reason.as_str(), entries[1].stated_reason.as_str()), ("", "words"));
    assert_eq!(indexes(&state, "practice", request(), &all), [0]);
}

#[test]
fn pages_follow_each_other_without_a_gap_and_times_are_half_open() {
    let state = SharingState::default();
    let (all, operator) = (rows(7), organisation("operator"));
    let reader = Reader { state: &state, organisation: &operator, all: true };
    let (mut token, mut seen) = (String::new(), Vec::new());
    loop {
        let request = v1::ListDisclosuresRequest { page_size: 3, page_token: token, ..request() };
        let answer = reader.page(&Question::read(request).unwrap(), &all).answer;
        seen.push(answer.disclosures.iter().map(|entry| entry.leaf_index).collect::<Vec<_>>());
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
    let second = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let window = v1::ListDisclosuresRequest { from: second(2), to: second(5), ..request() };
    assert_eq!(indexes(&state, "operator", window, &all), [2, 3, 4]);
}

#[test]
fn what_cannot_be_read_is_named_field_by_field() {
    let bad = v1::ListDisclosuresRequest {
        person: None,
        from: Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 }),
        to: None,
        page_size: 5000,
        page_token: "x".to_owned(),
    };
    let Err(Failure::Invalid(violations)) = Question::read(bad) else { panic!("it was read") };
    let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(fields, ["person", "from", "page_token", "page_size"]);
}
