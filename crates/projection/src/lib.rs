//! Folds events into changes of the read model. Pure: no store, no clock, no order but that of the versions.
//!
//! A record is made of parts (each field of the demographics, each item, each complete list of a kind), and every part
//! takes only what is not older than what it holds. So the same statements give the same record in any order, and a
//! repeat changes nothing.

mod apply;
mod derived;
mod links;
mod model;
mod relationships;

pub use apply::{Arrival, Outcome};
pub use derived::is_derived;
pub use links::{Assignment, LinkChange, Touched, link_changes, touched_by};
pub use model::{DemographicsField, ItemKey, ItemState, RecordModel, RecordState, Stamp};
