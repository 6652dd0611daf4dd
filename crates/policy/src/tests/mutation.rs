//! The proofs proved: whichever row of the rule is dropped, a property fails, and so does the comparison with the
//! naive reading.

use super::exhaustive;
use super::lab::Lab;
use super::properties::PROPERTIES;
use crate::DIMENSIONS;
use crate::tests::Dropped;

fn every_drop() -> Vec<Dropped> {
    DIMENSIONS.into_iter().map(Dropped::Row).chain([Dropped::Labels, Dropped::Never]).collect()
}

#[test]
fn a_property_fails_for_every_dropped_row() {
    for dropped in every_drop() {
        let lab = Lab { dropped: Some(dropped) };
        let caught = PROPERTIES.iter().any(|(_, property)| lab.tries(*property, 96).is_err());
        assert!(caught, "{dropped:?} was dropped and no property noticed");
    }
}

#[test]
fn the_naive_reading_disagrees_for_every_dropped_row() {
    for dropped in every_drop() {
        let differing = exhaustive::difference_without(dropped);
        assert!(differing.is_some(), "{dropped:?} was dropped and the naive reading agrees everywhere");
    }
}
