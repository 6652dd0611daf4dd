//! Explanations: the panel's never tells about the person, the governance reader's names the row.

use super::knobs::Knobs;
use super::lab::{Case, Lab};
use super::properties::shutting;
use super::refusals::{of_the_person, reader_of, with_another_person};
use super::world::{World, at};
use crate::{Dimension, Explanation, Outcome, PersonFacts, Reader, Step};
use domain::ItemKind;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

fn explained(world: &World, lab: &Lab, kind: ItemKind, reader: Reader) -> Explanation {
    let policy = lab.policy(world);
    policy.explain(&world.request, &world.decide(&policy, at(0)), kind, reader)
}

fn kinds() -> Vec<ItemKind> {
    let mut kinds: Vec<ItemKind> = super::knobs::schedule().into_iter().map(|(kind, _)| kind).collect();
    kinds.push(ItemKind::CASE_NOTE);
    kinds
}

/// Whatever is known of the person: the same words, the same verdict, the same flow.
fn a_panel_never_differs_by_person(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let knobs = reader_of(case);
    let one = World::of(&knobs);
    let other = World::of(&with_another_person(&knobs, case.picks));
    let nobody = World { person: PersonFacts::default(), ..one.clone() };
    for kind in kinds() {
        let first = explained(&one, lab, kind, Reader::Panel);
        prop_assert_eq!(&explained(&other, lab, kind, Reader::Panel), &first, "{}", kind);
        prop_assert_eq!(&explained(&nobody, lab, kind, Reader::Panel), &first, "{}", kind);
        for row in first.rows {
            let personal = matches!(row.step, Step::Row(dimension) if dimension.depends_on_person());
            prop_assert!(!personal && row.reasons.iter().all(|code| !code.depends_on_person()));
        }
    }
    Ok(())
}

#[test]
fn what_a_panel_explains_never_differs_by_person() {
    if let Err(error) = Lab::default().tries(a_panel_never_differs_by_person, 128) {
        panic!("{error}");
    }
}

/// Exactly one step decides, and what is said to be shared is what is shown.
fn one_step_decides(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let world = World::of(&case.knobs);
    let items = world.decide(&lab.policy(&world), at(0)).items();
    for kind in kinds() {
        let explanation = explained(&world, lab, kind, Reader::Governance);
        prop_assert_eq!(explanation.permitted, items.contains(kind), "{}", kind);
        let deciding = explanation.rows.iter().filter(|row| row.outcome == Outcome::Decides);
        prop_assert_eq!(deciding.count(), 1, "{}: {:?}", kind, explanation.rows);
        prop_assert!(explanation.rows.iter().all(|row| !row.words.is_empty() && !row.clause.is_empty()));
    }
    Ok(())
}

#[test]
fn exactly_one_step_decides() {
    if let Err(error) = Lab::default().tries(one_step_decides, 128) {
        panic!("{error}");
    }
}

#[test]
fn a_governance_reader_is_told_the_row() {
    for twist in shutting() {
        let mut knobs = Knobs::default();
        (twist.apply)(&mut knobs);
        let world = World::of(&knobs);
        let explanation = explained(&world, &Lab::default(), ItemKind::IDENTITY, Reader::Governance);
        let binding = explanation.binding().unwrap();
        assert_eq!(binding.step, Step::Row(twist.row), "{}", twist.name);
        assert!(binding.reasons.contains(twist.shuts.unwrap()), "{}: {:?}", twist.name, binding.reasons);
        assert!(binding.clause.contains("appendix A, flow first"), "{}", binding.clause);
    }
}

#[test]
fn a_panel_is_told_of_the_reader_and_not_of_the_person() {
    for twist in shutting() {
        let mut knobs = Knobs::default();
        (twist.apply)(&mut knobs);
        let world = World::of(&knobs);
        let explanation = explained(&world, &Lab::default(), ItemKind::IDENTITY, Reader::Panel);
        assert_eq!(explanation.permitted, of_the_person(twist.row), "{}", twist.name);
        if !of_the_person(twist.row) {
            assert_eq!(explanation.binding().unwrap().step, Step::Row(twist.row), "{}", twist.name);
        }
    }
}

#[test]
fn the_schedule_the_labels_and_the_never_list_are_named() {
    let mut knobs = Knobs::default();
    knobs.flow.scopes = domain::Labels::NONE;
    let world = World::of(&knobs);
    let step = |kind, reader| explained(&world, &Lab::default(), kind, reader).binding().unwrap().clone();
    assert_eq!(step(ItemKind::CASE_NOTE, Reader::Governance).step, Step::Schedule);
    let labels = step(ItemKind::CARE_PACKAGE, Reader::Governance);
    assert_eq!((labels.step, labels.reasons.len()), (Step::Labels, 1));
    // In a panel the labels stay unnamed.
    let labels = step(ItemKind::CARE_PACKAGE, Reader::Panel);
    assert_eq!((labels.step, labels.reasons.len()), (Step::Labels, 0));
    let open = World::of(&Knobs::default());
    let never = explained(&open, &Lab::default(), ItemKind::SEXUAL_HEALTH, Reader::Governance);
    assert_eq!(never.binding().unwrap().step, Step::Never);
}

#[test]
fn a_level_that_binds_is_named() {
    let mut knobs = Knobs::default();
    knobs.flow.grants[0].level = 2;
    let world = World::of(&knobs);
    let binding = |kind, reader| explained(&world, &Lab::default(), kind, reader).binding().unwrap().step;
    for reader in [Reader::Governance, Reader::Panel] {
        assert_eq!(binding(ItemKind::SELF_DIRECTED_SUPPORT, reader), Step::Row(Dimension::Role));
        assert_eq!(binding(ItemKind::CARE_PACKAGE, reader), Step::Row(Dimension::Role));
    }
}
