//! The stores in one SQLite file, and the data keys in another.
//!
//! One writer, a few readers, the checkpoint on its own thread. The file may lose its last commits at a power cut:
//! positions commit with rows, so a consumer reads on from where its rows stand. The keys' file may not.

mod changes;
mod checkpointer;
mod codec;
mod connection;
mod dump;
mod feeds;
mod keys;
mod launches;
mod leaves;
mod links;
mod outbox;
mod parked;
mod positions;
mod records;
mod reviews;
mod seen;
mod sql;
mod store;
mod unit;
mod view_cache;
mod views;

pub use keys::SqliteKeys;
pub use store::{DISCLOSURES_FILE, SqliteStore};
