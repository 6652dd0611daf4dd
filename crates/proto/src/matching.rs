//! The area `yett.matching.v1`: links, their evidence and the questions for reviewers, read and written.
//!
//! What a reviewer may decide, and when, is the matcher's business.

mod evidence;
mod link;
mod review;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use crate::generated::yett::matching::v1;
pub use crate::reading::own_words;
pub use evidence::{link_evidence, wire_link_evidence};
pub use link::{decider, link, link_status, wire_decider, wire_link, wire_link_status};
pub use review::{candidate, clerical_review, wire_candidate, wire_clerical_review};

pub(crate) use link::{read_decider, read_link};
pub(crate) use review::read_review;
