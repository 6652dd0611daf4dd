//! Accepts clinical feeds (gRPC, HL7 v2 over MLLP) and appends record events.
//!
//! Everything goes through `intake`; nothing here reads a store, knows a backend or calls another service. An
//! acknowledgement leaves only after the intake's receipt.

mod grpc;
mod handlers;
mod mllp;

pub use grpc::service;
pub use handlers::take_again::{NotTaken, Rereader};
pub use handlers::take_messages::{Answers, take_messages};
pub use mllp::{FeedSource, Limits, MllpSettings, run_mllp};
