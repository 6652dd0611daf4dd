//! Consumes record and link events and keeps the read model, and numbers the leaves of the disclosure log. Everything
//! here can be rebuilt from the log.
//!
//! Beside it stand the services for those who run Yett: what is parked and what becomes of it, how far everything is,
//! and what would be decided.

mod books;
mod consumer;
mod disclosure_index;
mod grpc;
mod handlers;
mod operations;
mod progress;
mod rebuild;
mod sight;

pub use consumer::{ROLE, ReadModel};
pub use disclosure_index::DisclosureIndex;
pub use operations::{ConsumerRole, NotRead, NotReady, Operations, Parts, Reread, Rereading};
pub use rebuild::{catch_up, rebuild};
