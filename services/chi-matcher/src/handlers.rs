//! One use case a file: what people and source systems ask of the decider.

pub(crate) mod confirm_assignment;
pub(crate) mod decide_review;
pub(crate) mod get_review;
pub(crate) mod list_reviews;
pub(crate) mod offer_assignment;
pub(crate) mod unlink_record;
pub(crate) mod watch_assignments;
