//! Signatures, hashes, withdrawals: when a part of an agreement holds.

use super::knobs::{BOARD, COUNCIL, FlowKnobs, Knobs, SECOND_FLOW, Stopped, TRUST, open_flow};
use super::world::{World, agreement, at, ceiling, organisation, part, signatory, signature};
use crate::{PartStatus, SharingState, content_hash, sign, verify_signature};
use domain::{Agreement, AppendixId, ItemKind, RiskRating, SharingEvent, Signature, Window};

fn drafted() -> Agreement {
    agreement(&Knobs::default())
}

fn signed(agreement: &Agreement, appendix: Option<&str>, by: &str) -> Signature {
    let (private, key) = signatory(by);
    sign(&private, &key, agreement, &part(1, appendix), at(0)).unwrap()
}

fn hash(agreement: &Agreement, appendix: Option<&str>) -> [u8; 32] {
    let id = appendix.map(|id| AppendixId::parse(id).unwrap());
    content_hash(agreement, id.as_ref()).unwrap()
}

#[test]
fn a_signature_verifies_with_its_own_key_and_no_other() {
    let agreement = drafted();
    let ours = signed(&agreement, None, COUNCIL);
    assert!(verify_signature(&signatory(COUNCIL).1, &agreement, &ours));
    assert!(!verify_signature(&signatory(BOARD).1, &agreement, &ours));
    // Another's public key under the council's name.
    let mut forged = signatory(COUNCIL).1;
    forged.public_key = signatory(BOARD).1.public_key;
    assert!(!verify_signature(&forged, &agreement, &ours));
}

#[test]
fn a_signature_does_not_fit_another_part_party_or_text() {
    let agreement = drafted();
    let key = signatory(COUNCIL).1;
    let ours = signed(&agreement, None, COUNCIL);
    let moved = Signature { part: part(1, Some("A")), ..ours.clone() };
    assert!(!verify_signature(&key, &agreement, &moved));
    let lent = Signature { organisation: organisation(TRUST), ..ours.clone() };
    assert!(!verify_signature(&key, &agreement, &lent));
    let changed = Agreement { title: "Other".to_owned(), ..agreement.clone() };
    assert!(!verify_signature(&key, &changed, &ours));
    // A hash put right without the key does not help.
    let patched = Signature { content_hash: hash(&changed, None).to_vec(), ..ours.clone() };
    assert!(!verify_signature(&key, &changed, &patched));
    let mut flipped = ours;
    flipped.bytes[0] ^= 1;
    assert!(!verify_signature(&key, &agreement, &flipped));
}

#[test]
fn a_key_signs_within_its_window_only() {
    let agreement = drafted();
    let ours = signed(&agreement, None, COUNCIL);
    let mut key = signatory(COUNCIL).1;
    key.window = Window { from: Some(at(0)), to: Some(at(1)) };
    assert!(verify_signature(&key, &agreement, &ours));
    key.window = Window { from: Some(at(1)), to: None };
    assert!(!verify_signature(&key, &agreement, &ours));
    key.window = Window { from: None, to: Some(at(0)) };
    assert!(!verify_signature(&key, &agreement, &ours));
}

#[test]
fn everything_that_is_enforced_changes_the_hash() {
    let changes: [fn(&mut Agreement); 9] = [
        |a| a.version = 2,
        |a| a.title.push('.'),
        |a| a.parties.push(organisation(TRUST)),
        |a| a.window.to = Some(at(9)),
        |a| a.review_due = Some(at(9)),
        |a| a.overdue_cap = ceiling(1),
        |a| a.dpia_reference = None,
        |a| a.risk = RiskRating::High,
        |a| a.flows = a.appendices[0].flows.clone(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = drafted();
        change(&mut changed);
        assert_ne!(hash(&changed, None), hash(&drafted(), None), "change {number}");
        // An appendix's hash includes its base's.
        assert_ne!(hash(&changed, Some("A")), hash(&drafted(), Some("A")), "change {number}");
    }
}

#[test]
fn everything_in_a_flow_changes_the_appendix_and_not_the_base() {
    let changes: [fn(&mut FlowKnobs); 11] = [
        |f| f.id = "renamed",
        |f| f.level = 3,
        |f| f.schedule[0].1 = 2,
        |f| f.purposes.truncate(1),
        |f| f.basis[0] = false,
        |f| f.grants[0].level = 3,
        |f| f.grants[0].may_override = false,
        |f| f.scopes = domain::Labels::NONE,
        |f| f.ages.truncate(3),
        |f| f.without_relationship = 1,
        |f| f.by_launch = false,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut knobs = Knobs::default();
        change(&mut knobs.flow);
        let changed = agreement(&knobs);
        assert_ne!(hash(&changed, Some("A")), hash(&drafted(), Some("A")), "change {number}");
        assert_eq!(hash(&changed, None), hash(&drafted(), None), "change {number}");
    }
}

/// For ever: every signature ever given is over bytes of this form.
#[test]
fn the_signed_form_never_changes() {
    let hex = |bytes: [u8; 32]| bytes.map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(hex(hash(&drafted(), None)), BASE_HASH);
    assert_eq!(hex(hash(&drafted(), Some("A"))), APPENDIX_HASH);
}

const BASE_HASH: &str = "6d934dd3c4f030d0585e9aa5603eb79a09711f57d644b27fc92d8dc8c575ba34";
const APPENDIX_HASH: &str = "40539a4ed4dcd8d36370afff472d384a83340616aa298efdc4cec097015517c7";

/// Level 1 in appendix A, the identity of which appendix B shares too; care packages in B only.
fn two_levels() -> Knobs {
    let mut knobs = Knobs::default();
    knobs.flow.schedule = vec![(ItemKind::SELF_DIRECTED_SUPPORT, 3)];
    let mut second = open_flow(SECOND_FLOW);
    second.schedule = vec![(ItemKind::IDENTITY, 1), (ItemKind::CARE_PACKAGE, 2)];
    knobs.second = Some(second);
    knobs
}

fn shown(knobs: &Knobs) -> Vec<&'static str> {
    let world = World::of(knobs);
    world.decide(&world.policy(), at(0)).items().iter().map(ItemKind::id).collect()
}

#[test]
fn withdrawing_an_appendix_leaves_the_rest() {
    let mut knobs = two_levels();
    assert_eq!(shown(&knobs), ["identity", "care_package", "self_directed_support"]);
    let stop = Stopped { appendix: true, by: BOARD, from: 0, resumed: None, for_good: true };
    knobs.stops = vec![stop.clone()];
    assert_eq!(shown(&knobs), ["identity", "care_package"]);
    let state = World::of(&knobs).state;
    assert_eq!(state.part_status(&part(1, Some("A")), at(0)), Some(PartStatus::Withdrawn));
    assert_eq!(state.part_status(&part(1, Some("B")), at(0)), Some(PartStatus::InForce));
    assert_eq!(state.part_status(&part(1, None), at(0)), Some(PartStatus::InForce));
    knobs.stops = vec![Stopped { appendix: false, ..stop }];
    assert!(shown(&knobs).is_empty());
}

#[test]
fn one_signature_changes_nothing_and_the_second_opens() {
    let mut knobs = two_levels();
    knobs.signed[2] = None;
    knobs.signed[3] = None;
    assert_eq!(shown(&knobs), ["identity", "care_package"]);
    knobs.signed[2] = Some(-1);
    assert_eq!(shown(&knobs), ["identity", "care_package"]);
    let status = World::of(&knobs).state.part_status(&part(1, Some("A")), at(0));
    assert_eq!(status, Some(PartStatus::PartlySigned { signed: 3, required: 4 }));
    knobs.signed[3] = Some(0);
    assert_eq!(shown(&knobs), ["identity", "care_package", "self_directed_support"]);
}

#[test]
fn a_suspension_ends_and_a_withdrawal_does_not() {
    let mut knobs = Knobs::default();
    let stop = Stopped { appendix: true, by: COUNCIL, from: -9, resumed: Some(0), for_good: false };
    knobs.stops = vec![stop.clone()];
    assert!(!shown(&knobs).is_empty());
    knobs.stops = vec![Stopped { resumed: None, ..stop.clone() }];
    assert!(shown(&knobs).is_empty());
    // Resumed by the other party: nothing is resumed.
    let mut world = World::of(&knobs);
    let resumed = |by| SharingEvent::AgreementResumed {
        part: part(1, Some("A")),
        organisation: organisation(by),
        at: at(0),
    };
    world.state.apply(&resumed(BOARD));
    assert!(!world.decide(&world.policy(), at(0)).permits_anything());
    world.state.apply(&resumed(COUNCIL));
    assert!(world.decide(&world.policy(), at(0)).permits_anything());
    // A withdrawal is not resumed by anyone.
    knobs.stops = vec![Stopped { for_good: true, ..stop }];
    let mut world = World::of(&knobs);
    world.state.apply(&resumed(COUNCIL));
    assert!(!world.decide(&world.policy(), at(0)).permits_anything());
}

#[test]
fn an_outsider_can_neither_sign_nor_stop() {
    let mut knobs = Knobs::default();
    knobs.signed[3] = None;
    let mut world = World::of(&knobs);
    world.state.apply(&signature(&agreement(&knobs), &part(1, Some("A")), TRUST, -1));
    assert!(!world.decide(&world.policy(), at(0)).permits_anything());
    let knobs = Knobs {
        stops: vec![Stopped { appendix: true, by: TRUST, from: -1, resumed: None, for_good: true }],
        ..Knobs::default()
    };
    assert!(!shown(&knobs).is_empty());
}

#[test]
fn a_key_or_a_draft_that_comes_late_counts_from_then() {
    let mut state = SharingState::default();
    let agreement = drafted();
    state.apply(&signature(&agreement, &part(1, None), COUNCIL, 0));
    let holds = |state: &SharingState| state.signatures_on(&part(1, None)).any(|(_, valid)| valid);
    assert!(!holds(&state));
    state.apply(&SharingEvent::AgreementDrafted(Box::new(agreement)));
    assert!(!holds(&state));
    state.apply(&SharingEvent::SigningKeyRegistered(signatory(COUNCIL).1));
    assert!(holds(&state));
}

#[test]
fn a_later_version_takes_over_once_all_have_signed_it() {
    let mut knobs = Knobs { superseded: Some(5), ..Knobs::default() };
    assert!(!shown(&knobs).is_empty());
    knobs.superseded = Some(0);
    assert!(shown(&knobs).is_empty());
    let state = World::of(&knobs).state;
    assert_eq!(state.part_status(&part(1, Some("A")), at(0)), Some(PartStatus::Superseded));
}

#[test]
fn the_same_facts_give_the_same_bundle_hash_and_other_facts_another() {
    let hash = |knobs: &Knobs| World::of(knobs).policy().bundle_hash();
    let plain = Knobs::default();
    assert_eq!(hash(&plain), hash(&plain));
    for twist in super::twists::TWISTS {
        let mut knobs = plain.clone();
        (twist.apply)(&mut knobs);
        let (one, other) = (World::of(&plain).state, World::of(&knobs).state);
        assert_eq!(one == other, hash(&plain) == hash(&knobs), "{}", twist.name);
    }
}
