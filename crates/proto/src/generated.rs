//! What the compiler of the protos made. Must not be edited or named outside this crate: use the area's module.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    clippy::allow_attributes_without_reason,
    clippy::too_many_lines,
    clippy::panic,
    clippy::unwrap_used,
    reason = "generated"
)]

include!(concat!(env!("OUT_DIR"), "/packages.rs"));
include!(concat!(env!("OUT_DIR"), "/hidden_debug.rs"));
