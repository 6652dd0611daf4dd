//! Tests of the rule as a whole. Each file holds one kind.

mod agreements;
mod applied;
mod exhaustive;
mod explained;
mod knobs;
mod lab;
mod mutation;
mod naive;
mod over_time;
mod properties;
mod refusals;
mod released;
mod twists;
mod world;

pub(crate) use crate::whole::Dropped;
