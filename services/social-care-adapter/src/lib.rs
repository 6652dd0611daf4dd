//! Accepts social-care feeds and appends record events. It knows nothing of links, decisions or screens.
//!
//! Two ways in: messages and extracts over gRPC. `extract` is the other end of the second: it reads the CSV file where
//! the file is, and belongs to whoever sends it.

mod compare;
pub mod extract;
mod grpc;
mod handlers;
mod known;

pub use grpc::{ExtractGround, service};
