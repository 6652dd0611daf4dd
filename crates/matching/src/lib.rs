//! Turns two sets of demographics into link, possible link or non-link, with the evidence.
//!
//! The parts, in the order in which a record passes them: [`Profile`] (normalised), [`BlockingRule`] (whom to look
//! at), [`Comparison`] (field by field), [`Parameters`] (weights in bits), [`decide`] (three zones and the rules that
//! stand above any weight), [`LinkGraph`] (what was decided, folded from events), and [`Matcher`], which holds one of
//! each and is all that a service needs. Nothing here reads a clock, a file or a socket; nothing is logged.

mod block;
mod cohort;
mod compare;
mod compare_names;
mod decide;
mod error;
mod frequency;
mod graph;
mod index;
mod matcher;
mod nicknames;
mod normalise;
mod profile;
mod shipped;
mod weigh;

pub use block::BlockingRule;
pub use cohort::{ADULT_FROM, Cohort, CohortSwitches};
pub use compare::{Comparison, ComparisonLevel, Field, FieldComparison};
pub use decide::{Constraints, ReviewReason, Scored, Verdict, decide};
pub use error::Error;
pub use frequency::{Term, TermCounts};
pub use graph::{Assignment, AssignmentAnswer, LinkGraph};
pub use index::{Index, IndexRecord};
pub use matcher::{
    ManualLink, Matcher, Observation, ReviewDecision, Settings, Stored, Unlinking, event_name,
};
pub use profile::Profile;
pub use weigh::{Parameters, Probabilities, Thresholds, probability};

#[cfg(test)]
mod lessons;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod sample;
