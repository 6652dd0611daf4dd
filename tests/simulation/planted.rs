//! The proof that the simulation sees: each mistake that can be planted in the product is caught within a few seeds.

use crate::seeds::Trial;
use domain::Fault;

/// Seeds within which a planted mistake must be caught.
const WITHIN: u64 = 40;
/// The same, for mistakes in what happens in most seeds.
const WITHIN_FEW: u64 = 10;

/// Plays seeds with the mistake until one is caught; gives what was said of it.
fn caught(fault: Fault) -> String {
    first_caught(&Trial { fault: Some(fault), ..Trial::default() }, WITHIN)
}

fn caught_soon(fault: Fault) -> String {
    first_caught(&Trial { fault: Some(fault), ..Trial::default() }, WITHIN_FEW)
}

/// The same, where nothing tells of the mistake but what readers are shown.
fn caught_by_readers(fault: Fault) -> String {
    let trial = Trial { fault: Some(fault), readers_only: true, ..Trial::default() };
    first_caught(&trial, WITHIN)
}

fn first_caught(trial: &Trial, within: u64) -> String {
    let fault = trial.fault.expect("a mistake to plant");
    let found = (0..within).find_map(|seed| trial.play(seed).err().map(|failure| (seed, failure)));
    let Some((seed, failure)) = found else { panic!("{fault:?} was not caught within {within} seeds") };
    let what = failure.what().lines().next().unwrap_or_default().to_owned();
    println!("{fault:?} was caught by seed {seed}: {what}");
    what
}

#[test]
fn repeats_that_are_handled_again_are_caught() {
    let what = caught(Fault::DedupeOff);
    assert!(what.contains("the books"), "{what}");
}

#[test]
fn items_without_a_decision_are_caught() {
    let what = caught(Fault::GateSkipped);
    assert!(what.contains("showed"), "{what}");
}

#[test]
fn a_lease_that_is_ignored_is_caught() {
    let what = caught(Fault::LeaseIgnored);
    assert!(what.contains("show"), "{what}");
}

#[test]
fn bytes_before_their_leaf_are_caught() {
    let what = caught(Fault::ByteBeforeLeaf);
    assert!(what.contains("leaves stand in the log"), "{what}");
}

#[test]
fn a_position_before_its_rows_is_caught() {
    let what = caught(Fault::PositionBeforeRows);
    assert!(what.contains("events were handled"), "{what}");
}

#[test]
fn a_link_that_is_kept_after_unlinking_is_caught() {
    let what = caught_soon(Fault::LinkKeptAfterUnlink);
    assert!(what.contains("the read model links"), "{what}");
    let what = caught_by_readers(Fault::LinkKeptAfterUnlink);
    assert!(what.contains("show"), "{what}");
}

#[test]
fn a_merge_that_the_read_model_ignores_is_caught() {
    let what = caught_soon(Fault::RedirectIgnored);
    assert!(what.contains("the read model links"), "{what}");
    let what = caught_by_readers(Fault::RedirectIgnored);
    assert!(
        ["show", "withheld", "not due to it", "not offered its number"]
            .iter()
            .any(|word| what.contains(word)),
        "{what}"
    );
}

#[test]
fn a_number_that_leaves_without_a_flow_is_caught() {
    let what = caught_soon(Fault::NumberWithoutFlow);
    assert!(what.contains("not due to it"), "{what}");
}
