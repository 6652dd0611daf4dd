//! The stores: what is built from the log, and what serves it. Traits by noun, one unit of work, one suite of tests.
//!
//! Rows, position, outbox and changes of one batch commit together or not at all: after a crash a consumer reads on
//! from the position that its rows stand at. Nothing here knows SQL, and nothing here decides what may be shown.
//!
//! Two rules for callers. Write through a [`UnitOfWork`]; read through the [`Store`]. While a unit of work is open, read
//! through it alone: the memory profile has one connection, and a read of the store would wait for the unit to end.

mod change_watch;
mod changes;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod disclosure_roles;
mod error;
mod feeds;
mod folding;
mod launches;
mod leaves;
mod links;
mod outbox;
mod parked;
mod positions;
mod records;
mod reviews;
mod seen;
mod store;
mod views;

pub use change_watch::{ChangeBell, ChangeWatch};
pub use changes::{ChangeReads, ChangeRow, Changes};
pub use disclosure_roles::{DISCLOSURE_INDEX, DISCLOSURE_TREE, keeps_disclosures};
pub use error::Error;
pub use feeds::{FeedReads, FeedRow, Feeds, Ledger};
pub use folding::{apply_link_event, apply_record_change};
pub use launches::{Launch, LaunchReads, Launches, SecretDigest};
pub use leaves::{CheckpointRow, LeafReads, LeafRow, Leaves};
pub use links::{LinkReads, Links, RedirectRow};
pub use outbox::{Outbox, OutboxReads, OutboxRow};
pub use parked::{Parked, ParkedReads, ParkedRow, ParkedState};
pub use positions::{PositionReads, Positions};
pub use records::{RecordReads, Records};
pub use reviews::{ReviewReads, Reviews};
pub use seen::{SeenBefore, SeenEvents};
pub use store::{Store, UnitOfWork};
pub use views::{ItemRow, PersonQuery, ResolvedPerson, ResolvedRecord, ViewReads};
