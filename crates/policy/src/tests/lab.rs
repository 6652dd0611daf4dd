//! Where properties are tried: makes worlds from random twists, and decides on them with the whole rule or with one
//! row dropped.

use super::knobs::{COUNCIL, Knobs};
use super::twists::TWISTS;
use super::world::{World, at, organisation};
use crate::tests::Dropped;
use crate::{Decision, Policy};
use domain::ItemMask;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::fmt;

/// The rule under trial: whole, or with one row dropped.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lab {
    pub(crate) dropped: Option<Dropped>,
}

/// A world as a list of changes, with a few free figures for a property to use.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) knobs: Knobs,
    /// Names of the twists, for the message of a failure.
    pub(crate) twists: Vec<&'static str>,
    pub(crate) picks: [usize; 2],
    pub(crate) offset: i64,
}

impl fmt::Debug for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}, picks {:?}, offset {}", self.twists, self.picks, self.offset)
    }
}

/// A property: holds for a case, or says why not.
pub(crate) type Property = fn(&Lab, &Case) -> Result<(), TestCaseError>;

impl Lab {
    pub(crate) fn policy(&self, world: &World) -> Policy {
        Policy { dropped: self.dropped, ..world.policy() }
    }

    pub(crate) fn decide(&self, knobs: &Knobs) -> Decision {
        self.decide_at(knobs, 0)
    }

    pub(crate) fn decide_at(&self, knobs: &Knobs, offset: i64) -> Decision {
        let world = World::of(knobs);
        world.decide(&self.policy(&world), at(offset))
    }

    /// The kinds of the council that the decision shows.
    pub(crate) fn shown(&self, knobs: &Knobs) -> ItemMask {
        self.decide(knobs).items_of(&organisation(COUNCIL))
    }

    /// Tries a property on this many cases, the same ones every time.
    pub(crate) fn tries(&self, property: Property, cases: u32) -> Result<(), String> {
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        runner.run(&cases_of_worlds(), |case| property(self, &case)).map_err(|error| error.to_string())
    }
}

fn cases_of_worlds() -> impl Strategy<Value = Case> {
    let twists = proptest::collection::vec(0..TWISTS.len(), 0..4);
    (twists, [0..1000_usize, 0..1000], -6..7_i64).prop_map(|(twists, picks, offset)| {
        let mut knobs = Knobs::default();
        for index in &twists {
            (TWISTS[*index].apply)(&mut knobs);
        }
        Case { knobs, twists: twists.iter().map(|index| TWISTS[*index].name).collect(), picks, offset }
    })
}
