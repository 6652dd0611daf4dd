//! The rules, tried on the seed's register: two parties, one agreement, signatures with real keys.

use super::*;
use crate::documents;
use crate::tests::{BOARD, COUNCIL, signing_key};
use domain::NODE_OPERATOR;
use domain::{
    Agreement, AppendixId, Credential, CredentialKind, Directive, Organisation, PartPath, Signature,
    SigningKey, SigningKeyId, UserId, Window,
};

fn code(text: &str) -> OrganisationId {
    OrganisationId::parse(text).unwrap()
}

fn caller(organisation: &str) -> Caller {
    Caller {
        organisation: code(organisation),
        kind: CredentialKind::Operator,
        holder: UserId::parse("operator").unwrap(),
    }
}

fn now() -> Timestamp {
    "2026-03-01T09:00:00Z".parse().unwrap()
}

/// A signatory's key, which may be used until 2027.
fn pair(organisation: &str) -> (Vec<u8>, SigningKey) {
    let (pkcs8, key) = signing_key(organisation);
    let window = Window { from: None, to: Some("2027-01-01T00:00:00Z".parse().unwrap()) };
    (pkcs8, SigningKey { window, ..key })
}

fn organisations() -> Vec<Organisation> {
    documents::organisations(include_str!("../../../../config/seed/organisations.toml")).unwrap()
}

fn seed_agreement() -> Agreement {
    documents::agreement(include_str!("../../../../config/seed/agreement.toml")).unwrap()
}

/// The register with both parties and their keys, and no agreement.
fn register() -> SharingState {
    let mut state = SharingState::default();
    for one in organisations() {
        state.apply(&SharingEvent::OrganisationRegistered(one));
    }
    for organisation in [COUNCIL, BOARD] {
        state.apply(&SharingEvent::SigningKeyRegistered(pair(organisation).1));
    }
    state
}

fn drafted() -> SharingState {
    let mut state = register();
    state.apply(&SharingEvent::AgreementDrafted(Box::new(seed_agreement())));
    state
}

fn part(appendix: Option<&str>) -> PartPath {
    let appendix = appendix.map(|id| AppendixId::parse(id).unwrap());
    PartPath { agreement: seed_agreement().id, version: 1, appendix }
}

fn signature(organisation: &str, appendix: Option<&str>) -> Signature {
    let (pkcs8, key) = pair(organisation);
    policy::sign(&pkcs8, &key, &seed_agreement(), &part(appendix), now()).unwrap()
}

fn sign_with(state: &SharingState, by: &str, change: impl FnOnce(&mut Signature)) -> Result<(), Failure> {
    let mut signature = signature(COUNCIL, Some("C"));
    change(&mut signature);
    check(state, &caller(by), &SharingEvent::AgreementSigned(signature), now())
}

fn field(result: Result<(), Failure>) -> String {
    match result {
        Err(Failure::Invalid(violations)) => violations[0].field.clone(),
        other => panic!("not a field: {other:?}"),
    }
}

fn draft_with(change: impl FnOnce(&mut Agreement)) -> Result<(), Failure> {
    let mut agreement = seed_agreement();
    change(&mut agreement);
    check(&register(), &caller(COUNCIL), &SharingEvent::AgreementDrafted(Box::new(agreement)), now())
}

#[test]
fn the_seed_may_be_registered_drafted_and_signed_as_it_stands() {
    assert_eq!(draft_with(|_| {}), Ok(()));
    let state = drafted();
    for organisation in [COUNCIL, BOARD] {
        for appendix in [None, Some("A"), Some("B"), Some("C")] {
            let event = SharingEvent::AgreementSigned(signature(organisation, appendix));
            assert_eq!(check(&state, &caller(organisation), &event, now()), Ok(()));
        }
    }
}

#[test]
fn a_version_follows_the_last_one_and_is_never_changed() {
    assert!(matches!(draft_with(|one| one.version = 2), Err(Failure::Conflict { .. })));
    let state = drafted();
    let mut next = seed_agreement();
    let draft = |version: u32, next: &mut Agreement| {
        next.version = version;
        check(&state, &caller(BOARD), &SharingEvent::AgreementDrafted(Box::new(next.clone())), now())
    };
    assert!(matches!(draft(1, &mut next), Err(Failure::Conflict { .. })));
    assert!(matches!(draft(3, &mut next), Err(Failure::Conflict { .. })));
    assert_eq!(draft(2, &mut next), Ok(()));
}

#[test]
fn a_text_that_can_never_hold_is_refused_with_its_field() {
    let first = "agreement.appendices[0].flows[0]";
    assert_eq!(field(draft_with(|one| one.parties.truncate(1))), "agreement.parties");
    assert_eq!(field(draft_with(|one| one.parties[1] = code("unheard-of"))), "agreement.parties[1]");
    assert_eq!(field(draft_with(|one| one.window.to = one.window.from)), "agreement.window");
    let reverse = |one: &mut Agreement| one.appendices[0].flows[0].discloser = code(BOARD);
    assert_eq!(field(draft_with(reverse)), format!("{first}.recipient"));
    let twice = |one: &mut Agreement| one.appendices[1].flows[0].id = one.appendices[0].flows[0].id.clone();
    assert_eq!(field(draft_with(twice)), "agreement.appendices[1].flows[0].id");
    let early = |one: &mut Agreement| one.appendices[0].window.from = Some(Timestamp::UNIX_EPOCH);
    assert_eq!(field(draft_with(early)), "agreement.appendices[0].window");
    let above = |one: &mut Agreement| one.appendices[2].flows[0].level = domain::Ceiling::NONE;
    assert_eq!(field(draft_with(above)), "agreement.appendices[2].flows[0].schedule[0].level");
    let same = |one: &mut Agreement| one.appendices[1].id = one.appendices[0].id.clone();
    assert_eq!(field(draft_with(same)), "agreement.appendices[1].id");
}

#[test]
fn a_kind_is_scheduled_by_the_side_that_holds_it_and_a_forbidden_one_by_nobody() {
    let schedule = |kind: &str| {
        let kind = domain::Catalogue::standard().by_id(kind).unwrap();
        field(draft_with(|one| one.appendices[0].flows[0].schedule[0].kind = kind))
    };
    let field = "agreement.appendices[0].flows[0].schedule[0].kind";
    assert_eq!(schedule("medication"), field, "medication is held by health, not by the council");
    let never = domain::Catalogue::standard().iter().find(|row| row.level.level().is_none()).unwrap();
    assert_eq!(schedule(never.id), field, "{} is never shared", never.id);
}

#[test]
fn only_a_party_or_the_nodes_operator_drafts() {
    let mut state = register();
    let mut other = organisations()[0].clone();
    (other.id, other.authorities) = (code("other-council"), Vec::new());
    state.apply(&SharingEvent::OrganisationRegistered(other));
    let event = SharingEvent::AgreementDrafted(Box::new(seed_agreement()));
    assert!(matches!(check(&state, &caller("other-council"), &event, now()), Err(Failure::Forbidden { .. })));
    assert_eq!(check(&state, &caller(NODE_OPERATOR), &event, now()), Ok(()));
}

#[test]
fn a_signature_must_be_the_partys_own_of_the_very_text_while_its_key_may_be_used() {
    let state = drafted();
    assert_eq!(sign_with(&state, COUNCIL, |_| {}), Ok(()));
    assert_eq!(sign_with(&state, NODE_OPERATOR, |_| {}), Ok(()), "a signature holds by itself");
    assert!(matches!(sign_with(&state, BOARD, |_| {}), Err(Failure::Forbidden { .. })));
    assert_eq!(field(sign_with(&state, COUNCIL, |one| one.bytes[0] ^= 1)), "signature.signature");
    assert_eq!(field(sign_with(&state, COUNCIL, |one| one.content_hash[0] ^= 1)), "signature.content_hash");
    let board = pair(BOARD).1.id;
    assert_eq!(field(sign_with(&state, COUNCIL, |one| one.key = board)), "signature.key");
    let late = "2027-01-01T00:00:00Z".parse().unwrap();
    let after = SharingEvent::AgreementSigned(Signature { signed_at: late, ..signature(COUNCIL, Some("C")) });
    assert_eq!(field(check(&state, &caller(COUNCIL), &after, late)), "signature.signed_at");
    assert_eq!(field(check(&state, &caller(COUNCIL), &after, now())), "signature.signed_at");
    let other_part = |one: &mut Signature| one.part.appendix = Some(AppendixId::parse("B").unwrap());
    assert_eq!(field(sign_with(&state, COUNCIL, other_part)), "signature.content_hash");
    let no_part = |one: &mut Signature| one.part.appendix = Some(AppendixId::parse("Z").unwrap());
    assert!(matches!(sign_with(&state, COUNCIL, no_part), Err(Failure::NotFound { .. })));
    let no_key = |one: &mut Signature| one.key = SigningKeyId::parse("none").unwrap();
    assert!(matches!(sign_with(&state, COUNCIL, no_key), Err(Failure::NotFound { .. })));
}

#[test]
fn a_part_is_signed_once_by_each_party_and_not_after_it_was_withdrawn() {
    let mut state = drafted();
    state.apply(&SharingEvent::AgreementSigned(signature(COUNCIL, Some("C"))));
    assert!(matches!(sign_with(&state, COUNCIL, |_| {}), Err(Failure::Conflict { .. })));
    let at = now();
    let (path, organisation) = (part(Some("C")), code(BOARD));
    state.apply(&SharingEvent::AgreementWithdrawn { part: path, organisation, at });
    let event = SharingEvent::AgreementSigned(signature(BOARD, Some("C")));
    assert!(matches!(check(&state, &caller(BOARD), &event, now()), Err(Failure::Conflict { .. })));
}

#[test]
fn a_party_stops_for_itself_only_and_a_withdrawal_is_for_good() {
    let mut state = drafted();
    let (at, path) = (now(), part(Some("C")));
    let suspended =
        |by: &str| SharingEvent::AgreementSuspended { part: path.clone(), organisation: code(by), at };
    let resumed =
        |by: &str| SharingEvent::AgreementResumed { part: path.clone(), organisation: code(by), at };
    let withdrawn =
        |by: &str| SharingEvent::AgreementWithdrawn { part: path.clone(), organisation: code(by), at };
    for event in [suspended(COUNCIL), withdrawn(COUNCIL)] {
        assert_eq!(check(&state, &caller(COUNCIL), &event, at), Ok(()));
        for other in [BOARD, NODE_OPERATOR] {
            assert!(matches!(check(&state, &caller(other), &event, at), Err(Failure::Forbidden { .. })));
        }
    }
    state.apply(&suspended(COUNCIL));
    assert!(matches!(
        check(&state, &caller(COUNCIL), &suspended(COUNCIL), at),
        Err(Failure::Conflict { .. })
    ));
    assert!(matches!(check(&state, &caller(BOARD), &resumed(BOARD), at), Err(Failure::Conflict { .. })));
    assert_eq!(check(&state, &caller(COUNCIL), &resumed(COUNCIL), at), Ok(()));
    state.apply(&withdrawn(BOARD));
    for event in [resumed(COUNCIL), withdrawn(COUNCIL), suspended(COUNCIL)] {
        assert!(matches!(check(&state, &caller(COUNCIL), &event, at), Err(Failure::Conflict { .. })));
    }
}

#[test]
fn an_organisation_changes_what_it_says_of_itself_and_not_why_others_trust_it() {
    let state = register();
    let council = || organisations().remove(0);
    let registers = |by: &str, entry: Organisation| {
        check(&state, &caller(by), &SharingEvent::OrganisationRegistered(entry), now())
    };
    let renamed = Organisation { name: "Council of Strathorr".to_owned(), ..council() };
    assert_eq!(registers(COUNCIL, renamed.clone()), Ok(()));
    assert!(matches!(registers(BOARD, renamed), Err(Failure::Forbidden { .. })));
    let bolder = Organisation { may_assert: vec![code(BOARD)], ..council() };
    assert!(matches!(registers(COUNCIL, bolder.clone()), Err(Failure::Forbidden { .. })));
    assert_eq!(registers(NODE_OPERATOR, bolder), Ok(()));
    let mut grabbing = council();
    grabbing.authorities.push(domain::Authority::parse(BOARD).unwrap());
    assert_eq!(field(registers(NODE_OPERATOR, grabbing)), "organisation.authorities[1]");
    let assurance = council().assurance;
    let assured = SharingEvent::AssuranceRecorded { organisation: code(COUNCIL), assurance };
    assert!(matches!(check(&state, &caller(COUNCIL), &assured, now()), Err(Failure::Forbidden { .. })));
    assert_eq!(check(&state, &caller(NODE_OPERATOR), &assured, now()), Ok(()));
}

#[test]
fn a_key_and_a_secret_cannot_be_taken_over() {
    let mut state = register();
    let key = SigningKey { id: pair(COUNCIL).1.id, ..pair(BOARD).1 };
    let event = SharingEvent::SigningKeyRegistered(key);
    assert!(matches!(check(&state, &caller(BOARD), &event, now()), Err(Failure::Conflict { .. })));
    let secret = |organisation: &str| Credential {
        organisation: code(organisation),
        kind: CredentialKind::Feed,
        secret_digest: vec![7; 32],
        holder: UserId::parse("feed").unwrap(),
    };
    state.apply(&SharingEvent::CredentialRegistered(secret(COUNCIL)));
    let event = SharingEvent::CredentialRegistered(secret(BOARD));
    assert!(matches!(check(&state, &caller(BOARD), &event, now()), Err(Failure::Conflict { .. })));
    let event = SharingEvent::CredentialWithdrawn { secret_digest: vec![7; 32] };
    assert!(matches!(check(&state, &caller(BOARD), &event, now()), Err(Failure::Forbidden { .. })));
    assert_eq!(check(&state, &caller(COUNCIL), &event, now()), Ok(()));
    let event = SharingEvent::CredentialWithdrawn { secret_digest: vec![8; 32] };
    assert!(matches!(check(&state, &caller(COUNCIL), &event, now()), Err(Failure::NotFound { .. })));
}

fn directive() -> Directive {
    documents::directives(include_str!("../../../../config/seed/directives.toml")).unwrap().remove(0)
}

#[test]
fn a_directive_stands_on_a_record_of_the_organisation_that_sets_it() {
    let state = drafted();
    let set = |by: &str, directive: Directive| {
        check(&state, &caller(by), &SharingEvent::DirectiveSet(directive), now())
    };
    assert_eq!(set(COUNCIL, directive()), Ok(()));
    assert!(matches!(set(BOARD, directive()), Err(Failure::Forbidden { .. })));
    let foreign = Directive { recorded_by: code(BOARD), ..directive() };
    assert_eq!(field(set(BOARD, foreign)), "directive.record.authority");
    let nowhere = Directive { flow: Some(domain::FlowId::parse("no-flow").unwrap()), ..directive() };
    assert_eq!(field(set(COUNCIL, nowhere)), "directive.flow");
    let somewhere =
        Directive { flow: Some(domain::FlowId::parse("council-to-board-2").unwrap()), ..directive() };
    assert_eq!(set(COUNCIL, somewhere), Ok(()));
}

#[test]
fn a_directive_is_lifted_once_and_others_do_not_learn_that_it_stands() {
    let mut state = drafted();
    state.apply(&SharingEvent::DirectiveSet(directive()));
    let again = SharingEvent::DirectiveSet(directive());
    assert!(matches!(check(&state, &caller(COUNCIL), &again, now()), Err(Failure::Conflict { .. })));
    let lifted = |at| SharingEvent::DirectiveLifted { directive: directive().id, at };
    let unknown = Err(Failure::NotFound { what: "directive" });
    assert_eq!(check(&state, &caller(BOARD), &lifted(now()), now()), unknown);
    assert_eq!(check(&state, &caller(COUNCIL), &lifted(now()), now()), Ok(()));
    assert_eq!(field(check(&state, &caller(COUNCIL), &lifted(Timestamp::UNIX_EPOCH), now())), "at");
    state.apply(&lifted(now()));
    assert!(matches!(check(&state, &caller(COUNCIL), &lifted(now()), now()), Err(Failure::Conflict { .. })));
}

#[test]
fn posts_roles_and_training_are_changed_by_their_organisation() {
    let mut state = register();
    let seed = documents::positions(include_str!("../../../../config/seed/positions.toml")).unwrap();
    let post = seed.positions[0].clone();
    let other = domain::Position { organisation: code(COUNCIL), ..post.clone() };
    let events = [
        SharingEvent::PositionAssigned(post.clone()),
        SharingEvent::RoleMapped(seed.roles[0].clone()),
        SharingEvent::TrainingRecorded(seed.training[0].clone()),
    ];
    for event in &events {
        assert_eq!(check(&state, &caller(BOARD), event, now()), Ok(()));
        assert_eq!(check(&state, &caller(NODE_OPERATOR), event, now()), Ok(()));
        assert!(matches!(check(&state, &caller(COUNCIL), event, now()), Err(Failure::Forbidden { .. })));
    }
    let ended = SharingEvent::PositionEnded { position: post.id, at: now() };
    assert!(matches!(check(&state, &caller(BOARD), &ended, now()), Err(Failure::NotFound { .. })));
    state.apply(&events[0]);
    assert_eq!(check(&state, &caller(BOARD), &ended, now()), Ok(()));
    assert!(matches!(check(&state, &caller(COUNCIL), &ended, now()), Err(Failure::Forbidden { .. })));
    let taken = SharingEvent::PositionAssigned(other);
    assert!(matches!(check(&state, &caller(COUNCIL), &taken, now()), Err(Failure::Conflict { .. })));
}

#[test]
fn nothing_is_done_for_an_organisation_that_is_not_registered() {
    let seed = documents::positions(include_str!("../../../../config/seed/positions.toml")).unwrap();
    let event = SharingEvent::RoleMapped(seed.roles[0].clone());
    let unknown = Err(Failure::NotFound { what: "organisation" });
    assert_eq!(check(&SharingState::default(), &caller(NODE_OPERATOR), &event, now()), unknown);
}

#[test]
fn emergency_access_is_not_declared_here() {
    let id = directive().id;
    let ended = SharingEvent::OverrideEnded { id, at: now() };
    assert!(matches!(
        check(&drafted(), &caller(NODE_OPERATOR), &ended, now()),
        Err(Failure::Forbidden { .. })
    ));
}
