//! The enforcement point: permitted views, live updates, embedded panels.
//!
//! A host's server makes a launch by the back channel (`launches`). The page in its frame exchanges the one-time code
//! for a session (`sessions`), bound to one reader, one person and one origin; whatever that session asks goes through
//! the gate, as HTML, JSON or gRPC, once or live. Two kinds of words leave: what the gate released (`Released`, taken
//! by `http/released.rs` and nothing else), and pages that hold nothing of a person (`present/blank.rs`).
//!
//! Must not decide what may be shown, read a person's data by itself, or name a backend.

pub mod disclosures;
mod emergency;
mod grpc;
mod http;
mod launches;
mod live;
pub mod panel;
mod present;
mod refusals;
mod secrets;
mod sessions;
mod viewer;

pub use grpc::{LaunchDoor, ViewDoor};
pub use viewer::{Settings, Viewer, ViewerParts};
