//! Refusals that depend on the person are one value, whatever lies behind; those of the reader name their reason.

use super::knobs::{Knobs, OTHER, Whose, every_label, grant};
use super::lab::{Case, Lab};
use super::properties::shutting;
use super::twists::{OVERRIDE_NOW, TWISTS, Twist};
use super::world::{World, at};
use crate::{Dimension, PersonFacts, Refusal};
use domain::ReasonCode;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

pub(crate) fn of_the_person(row: Dimension) -> bool {
    match row {
        Dimension::Age
        | Dimension::Link
        | Dimension::Relationship
        | Dimension::Dissent
        | Dimension::HardDirective => true,
        Dimension::System
        | Dimension::Requester
        | Dimension::Organisation
        | Dimension::Agreement
        | Dimension::FlowLevel
        | Dimension::Purpose
        | Dimension::Role => false,
    }
}

fn personal() -> Vec<&'static Twist> {
    TWISTS.iter().filter(|twist| of_the_person(twist.row)).collect()
}

/// The same reader before another person: only what is known of the person is taken over from other worlds.
pub(crate) fn with_another_person(knobs: &Knobs, picks: [usize; 2]) -> Knobs {
    let mut other = Knobs::default();
    for pick in picks {
        (personal()[pick % personal().len()].apply)(&mut other);
    }
    Knobs {
        born: other.born,
        link: other.link,
        protected: other.protected,
        own_link: other.own_link,
        relationships: other.relationships,
        directives: other.directives,
        ..knobs.clone()
    }
}

/// The reader of a case, often with two roles, often with an override. The launch is bound to the person asked about.
pub(crate) fn reader_of(case: &Case) -> Knobs {
    let mut knobs = Knobs { bound: true, ..case.knobs.clone() };
    if case.offset > 3 {
        knobs.positions = vec![("R1", (None, None)), (OTHER, (None, None))];
        knobs.flow.grants = vec![grant("R1", 3, every_label(), false), grant(OTHER, 2, every_label(), true)];
    }
    if case.offset > 1 {
        knobs.declared = Some(OVERRIDE_NOW);
    }
    knobs
}

/// A reader before two persons and before nobody: refused alike, told alike.
fn persons_are_refused_alike(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let knobs = reader_of(case);
    let one = World::of(&knobs);
    let other = World::of(&with_another_person(&knobs, case.picks));
    let nobody = World { person: PersonFacts::default(), ..one.clone() };
    let first = one.decide(&lab.policy(&one), at(0));
    for world in [&other, &nobody] {
        let decision = world.decide(&lab.policy(world), at(0));
        prop_assert_eq!(decision.terms(), first.terms());
        prop_assert_eq!(decision.may_offer_override, first.may_offer_override);
        prop_assert_eq!(decision.active_override, first.active_override);
        prop_assert_eq!(decision.override_ends, first.override_ends);
        if !decision.permits_anything() && !first.permits_anything() {
            prop_assert_eq!(decision.refusal(), first.refusal());
        }
    }
    Ok(())
}

#[test]
fn whatever_lies_behind_the_person_is_refused_alike() {
    if let Err(error) = Lab::default().tries(persons_are_refused_alike, 512) {
        panic!("{error}");
    }
}

#[test]
fn every_row_of_the_person_gives_the_one_screen_and_every_other_its_reason() {
    for twist in shutting() {
        let mut knobs = Knobs::default();
        (twist.apply)(&mut knobs);
        let decision = Lab::default().decide(&knobs);
        let code = twist.shuts.unwrap();
        match decision.refusal().unwrap() {
            Refusal::Person => assert!(of_the_person(twist.row), "{}", twist.name),
            Refusal::Cleared(reasons) => {
                assert!(twist.row == Dimension::System && reasons.contains(code), "{}", twist.name);
            }
            Refusal::Reader(reasons) => {
                assert!(!of_the_person(twist.row) && reasons.contains(code), "{}", twist.name);
                assert!(reasons.iter().all(|code| !code.depends_on_person()), "{}", twist.name);
            }
        }
        if of_the_person(twist.row) {
            assert_eq!(decision.refusal(), Some(Refusal::Person), "{}", twist.name);
            assert!(decision.may_offer_override, "{}", twist.name);
        }
    }
}

#[test]
fn nobody_found_looks_like_somebody_sealed() {
    let world = World::of(&Knobs::default());
    let nobody = World { person: PersonFacts::default(), ..world };
    let decision = nobody.decide(&nobody.policy(), at(0));
    assert_eq!(decision.refusal(), Some(Refusal::Person));
    assert!(decision.may_offer_override);
}

#[test]
fn a_reader_whose_role_may_not_override_is_offered_none() {
    let mut knobs = Knobs { link: crate::LinkState::None, ..Knobs::default() };
    assert!(Lab::default().decide(&knobs).may_offer_override);
    knobs.flow.grants.iter_mut().for_each(|grant| grant.may_override = false);
    assert!(!Lab::default().decide(&knobs).may_offer_override);
    knobs.flow.grants.iter_mut().for_each(|grant| grant.may_override = true);
    knobs.flow.override_cap = 0;
    assert!(!Lab::default().decide(&knobs).may_offer_override);
}

#[test]
fn an_override_that_lifts_nothing_shows_the_same_screen_and_is_active() {
    let knobs = Knobs { link: crate::LinkState::None, declared: Some(OVERRIDE_NOW), ..Knobs::default() };
    let decision = Lab::default().decide(&knobs);
    assert_eq!(decision.refusal(), Some(Refusal::Person));
    assert!(decision.active_override.is_some() && decision.override_used().is_none());
    let declared = super::knobs::DeclaredKnobs { whose: Whose::AnotherSessions, ..OVERRIDE_NOW };
    let decision = Lab::default().decide(&Knobs { declared: Some(declared), ..knobs });
    assert!(decision.active_override.is_none());
}

#[test]
fn an_organisation_that_nobody_shares_with_is_told_so() {
    let mut world = World::of(&Knobs::default());
    let policy = world.policy();
    world.request.requester.organisation = super::world::organisation(super::knobs::TRUST);
    let decision = world.decide(&policy, at(0));
    assert!(decision.flows.is_empty() && decision.reasons.contains(ReasonCode::AgrNone));
    assert!(
        matches!(decision.refusal(), Some(Refusal::Reader(reasons)) if reasons.contains(ReasonCode::AgrNone))
    );
}

#[test]
fn a_reader_is_told_what_binds_and_nothing_beside_it() {
    let mut knobs = Knobs { training: None, ..Knobs::default() };
    knobs.flow.level = 1;
    knobs.flow.grants[0].level = 3;
    let told = |knobs: &Knobs| match Lab::default().decide(knobs).refusal() {
        Some(Refusal::Reader(reasons)) => reasons.to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(&knobs), [ReasonCode::ActTraining]);
    knobs.training = Some(1);
    knobs.flow.schedule = vec![(domain::ItemKind::CARE_PACKAGE, 2)];
    assert_eq!(told(&knobs), [ReasonCode::LvlFlow]);
    // The level is reached, and a label keeps back all there is; no mark, no word of a protected address.
    knobs.flow.level = 2;
    knobs.flow.schedule = vec![(domain::ItemKind::PLACEMENT, 2)];
    knobs.flow.scopes = domain::Labels::NONE;
    assert_eq!(told(&knobs), [ReasonCode::LblSpecialCategory]);
    knobs.protected = true;
    assert_eq!(told(&knobs), [ReasonCode::LblSpecialCategory]);
}
