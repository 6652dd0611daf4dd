//! Consumes record, link and disclosure events and keeps the read model. Everything here can be rebuilt from the log.
//!
//! Beside it stand the services for those who run Yett: what is parked and what becomes of it, how far everything is,
//! and what would be decided.

mod books;
mod consumer;
mod grpc;
mod handlers;
mod operations;
mod progress;
mod rebuild;
mod sight;

pub use consumer::{ROLE, ReadModel};
pub use operations::{ConsumerRole, NotRead, NotReady, Operations, Parts, Reread, Rereading};
pub use rebuild::{catch_up, rebuild};
