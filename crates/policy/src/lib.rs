//! Decides a request on the agreements in force and applies the decision.
//!
//! The only maker of [`Permitted`] and [`PermittedView`]. It reads no clock and does no I/O: everything that a
//! decision depends on is a parameter, so the same inputs give the same decision for ever.
//!
//! Open first: `rows.rs` (the twelve rows), `decide.rs` (how they meet on a flow), `apply.rs` (what is shown).

mod apply;
mod canonical;
mod clauses;
mod compile;
mod decide;
mod decision;
mod error;
mod explain;
mod facts;
mod reasons;
mod release;
mod rows;
mod signing;
mod state;
mod status;
mod terms;
#[cfg(test)]
mod tests;
#[cfg(not(test))]
mod whole;
#[cfg(test)]
#[path = "tests/dropping.rs"]
mod whole;

pub use apply::{LoadedItem, PermittedItem, PermittedView};
pub use canonical::{canonical_bytes, content_hash};
pub use compile::{FlowFacts, Policy};
pub use decision::{DIMENSIONS, Decision, Dimension, FlowDecision, Opening, Refusal, RowResult};
pub use error::Error;
pub use explain::{ExplainedRow, Explanation, Outcome, Reader, Step};
pub use facts::{LinkState, PersonFacts, RecordFacts, Rules, SystemFacts};
pub use reasons::ReasonSet;
pub use release::{Acknowledged, Body, DisclosureLog, Permitted, Refused, Released, refuse, release};
pub use signing::{sign, verify_signature};
pub use state::SharingState;
pub use status::PartStatus;
pub use terms::{SourceTerms, Terms, TermsFlow};
