//! The suite that every store must pass. Each test gets a store of its own and panics where the contract is broken.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a suite of tests, compiled for tests only"
)]

mod consumers;
mod launches;
mod reading;
mod samples;

use crate::Store;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// One test: its name and what it does.
pub type Case = (&'static str, fn(Arc<dyn Store>) -> Pin<Box<dyn Future<Output = ()> + Send>>);

/// Names every test of a list of functions.
macro_rules! cases {
    ($($module:ident :: $name:ident),* $(,)?) => {
        vec![$((stringify!($name), |store| Box::pin($module::$name(store)))),*]
    };
}

/// Every test of the suite.
pub fn cases() -> Vec<Case> {
    cases![
        consumers::a_dropped_unit_leaves_nothing,
        consumers::rows_position_outbox_and_changes_commit_together,
        consumers::a_stale_epoch_is_fenced,
        consumers::an_event_is_new_once_and_a_changed_one_is_a_conflict,
        consumers::what_is_pushed_twice_is_in_the_outbox_once,
        consumers::a_parked_event_blocks_its_key_and_no_other,
        consumers::a_feed_is_never_heard_earlier_and_its_books_add_up,
        consumers::a_commit_rings_once_for_its_changes,
        consumers::leaves_keep_their_order_and_refuse_a_gap,
        consumers::checkpoints_are_read_by_size,
        consumers::a_rebuild_gives_the_same_dump,
        launches::a_launch_code_is_taken_once,
        launches::an_expired_code_or_session_is_nothing,
        launches::an_ended_session_is_gone,
        reading::a_saved_record_reads_back_whole,
        reading::removed_records_are_not_present_and_authorities_are_told_apart,
        reading::an_identifier_leads_to_the_person_of_the_index_record,
        reading::an_identifier_of_two_persons_leads_to_nobody,
        reading::a_possible_link_says_so,
        reading::an_unlinked_record_leads_to_nobody,
        reading::a_merged_record_belongs_to_the_survivors_person,
        reading::a_ring_of_redirects_leads_to_nobody,
        reading::moved_data_leaves_the_identity_behind,
        reading::only_the_kinds_of_each_mask_are_read,
        reading::removed_items_are_not_read,
        reading::a_decided_review_is_not_open,
        reading::a_pair_that_is_never_to_be_linked_is_kept_until_lifted,
    ]
}

/// Runs every test, each on a store that `make` gives it; prints nothing.
pub async fn run(make: impl Fn() -> Arc<dyn Store>) {
    for (_, case) in cases() {
        case(make()).await;
    }
}
