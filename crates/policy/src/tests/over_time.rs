//! How long a decision holds: it changes at the instant that it names, and at no other.

use super::knobs::Knobs;
use super::lab::{Case, Lab};
use super::world::{World, at};
use crate::Policy;
use domain::PartialDate;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// Worlds with more that ends and begins about now.
fn restless(case: &Case) -> Knobs {
    let mut knobs = case.knobs.clone();
    let edge = |pick: usize| i64::try_from(pick % 11).unwrap() - 5;
    let (one, other) = (edge(case.picks[0]), edge(case.picks[1]));
    match case.picks[0] % 8 {
        0 => knobs.base = (Some(one), Some(other)),
        1 => knobs.signed[case.picks[1] % 4] = Some(one),
        2 => knobs.relationships = vec![(Some(one), Some(other)), (Some(other), None)],
        3 => knobs.positions.push(("R2", (Some(one), Some(other)))),
        4 => {
            knobs.review_due = Some(one);
            knobs.overdue_cap = 2;
        }
        5 => knobs.recipient.expires = Some(other),
        6 => knobs.training = Some(one),
        _ => knobs.born = PartialDate::from_day(2008, 11, 17 + i8::from(one > 0)).ok(),
    }
    knobs
}

fn step(from: Timestamp, nanoseconds: i64) -> Timestamp {
    from.checked_add(SignedDuration::from_nanos(nanoseconds)).unwrap()
}

/// The decision stays the same up to the last nanosecond before its end.
fn holds_until_its_end(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let world = World::of(&restless(case));
    let policy = lab.policy(&world);
    let first = world.decide(&policy, at(case.offset));
    if let Some(until) = first.valid_until {
        prop_assert!(until > at(case.offset));
        prop_assert_eq!(&world.decide(&policy, step(until, -1)), &first);
    }
    Ok(())
}

/// From one end to the next, every instant in between is decided as the walk says.
fn changes_at_its_ends_only(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let world = World::of(&restless(case));
    let policy = lab.policy(&world);
    let mut starts = vec![at(-12)];
    while let Some(next) = world.decide(&policy, *starts.last().unwrap()).valid_until {
        if next > at(12) || starts.len() > 64 {
            break;
        }
        starts.push(next);
    }
    for half_seconds in -24..24_i64 {
        let now = step(at(0), half_seconds * 500_000_000);
        let begun = starts.iter().copied().rfind(|start| *start <= now).unwrap();
        prop_assert_eq!(&world.decide(&policy, now), &world.decide(&policy, begun), "{}", now);
    }
    Ok(())
}

#[test]
fn a_decision_holds_until_the_instant_that_it_names() {
    if let Err(error) = Lab::default().tries(holds_until_its_end, 256) {
        panic!("{error}");
    }
}

#[test]
fn a_decision_changes_at_named_instants_only() {
    if let Err(error) = Lab::default().tries(changes_at_its_ends_only, 128) {
        panic!("{error}");
    }
}

fn ends(policy: &Policy, world: &World) -> Option<Timestamp> {
    world.decide(policy, at(0)).valid_until
}

#[test]
fn the_earliest_boundary_wins() {
    let mut knobs = Knobs { training: Some(70), system_until: Some(50), ..Knobs::default() };
    knobs.appendix = (None, Some(60));
    let world = World::of(&knobs);
    assert_eq!(ends(&world.policy(), &world), Some(at(50)));
    let world = World::of(&Knobs { system_until: None, ..knobs });
    assert_eq!(ends(&world.policy(), &world), Some(at(60)));
}

#[test]
fn a_birthday_ends_a_decision() {
    let mut knobs = Knobs { training: Some(1_000_000_000), ..Knobs::default() };
    knobs.born = PartialDate::from_day(2008, 11, 19).ok();
    let world = World::of(&knobs);
    let midnight: Timestamp = "2026-11-19T00:00:00Z".parse().unwrap();
    assert_eq!(ends(&world.policy(), &world), Some(midnight));
}

#[test]
fn an_override_ends_after_thirty_minutes_or_when_its_requester_ends_it() {
    let declared = super::twists::OVERRIDE_NOW;
    let mut knobs = Knobs { relationships: Vec::new(), declared: Some(declared.clone()), ..Knobs::default() };
    let world = World::of(&knobs);
    let decision = world.decide(&world.policy(), at(0));
    assert_eq!((decision.override_ends, decision.valid_until), (Some(at(1800)), Some(at(1800))));
    knobs.declared = Some(super::knobs::DeclaredKnobs { ended: Some(90), ..declared });
    let world = World::of(&knobs);
    let decision = world.decide(&world.policy(), at(0));
    assert_eq!((decision.override_ends, decision.valid_until), (Some(at(90)), Some(at(90))));
    assert!(!world.decide(&world.policy(), at(90)).permits_anything());
}
