//! The judges of a run. Each looks at what a node did and says what is wrong, or nothing.

mod books;
mod bytes;
mod leaves;
mod links;
mod log_history;
mod rebuilt;

pub use books::Books;
pub use bytes::{Secrets, sealed};
pub use leaves::LeafBook;
pub use links::links_stand;
pub use log_history::{Receipts, versions_only_rise};
pub use rebuilt::rebuild_equals;
