//! The contract of the log as a suite of tests that every backend runs.
//!
//! A backend implements [`Backend`] in its tests and writes `event_log::log_conformance!(make);`, where `make()` gives
//! a backend with an empty log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a suite of tests: it panics where the contract is broken"
)]

mod fixtures;
mod reading;
mod writing;

use crate::{EventLog, LogPosition, Stream};
use async_trait::async_trait;
use std::sync::Arc;

pub use fixtures::{event, keys_of_every_partition, read_to_end};
pub use reading::*;
pub use writing::*;

/// A log under test.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Opens the log; again the same one, when the one before was dropped.
    async fn open(&self) -> Arc<dyn EventLog>;

    /// Loses an event behind the log's back, while it is not open.
    async fn lose(&self, stream: Stream, position: LogPosition);
}

/// Writes a test for every clause of the contract. Takes the name of a function that makes a [`Backend`].
#[macro_export]
macro_rules! log_conformance {
    ($make:ident) => {
        $crate::log_conformance!($make:
            an_acknowledged_event_is_there_after_reopening
            events_of_one_key_keep_their_order
            a_repeat_is_recognised_and_a_conflict_told
            the_same_id_may_stand_in_two_streams
            concurrent_writers_lose_nothing
            racing_repeats_are_stored_once
            many_waiting_appends_are_all_answered
            a_payload_of_one_mebibyte_comes_back_whole
            the_whole_envelope_comes_back
            nothing_appended_is_nothing_answered
            reading_resumes_from_any_position
            four_partitions_are_read_each_in_order
            a_missing_event_stops_the_reader
            a_place_beyond_the_end_is_a_gap
            a_partition_that_does_not_exist_is_a_gap
            an_idle_reader_says_again_that_it_is_caught_up
            a_waiting_reader_hears_of_new_events
            readers_do_not_disturb_each_other
        );
    };
    ($make:ident: $($name:ident)*) => {
        mod log_conformance {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    $crate::conformance::$name(&super::$make()).await;
                }
            )*
        }
    };
}
