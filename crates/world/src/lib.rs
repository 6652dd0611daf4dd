//! A seeded invented population of a place called Strathorr, and what its two record systems hold and send.
//!
//! Everyone here is invented; telephone numbers are from the range kept for fiction. The same seed, size and day
//! give the same world. Messages are written by templates of this crate alone, never through the code that reads
//! them, so that errors cannot cancel out. There is no clock and no I/O here: the day is a parameter.

pub mod cast;
mod chi;
mod council;
pub mod csv;
mod days;
mod draft;
mod error;
mod generate;
mod health;
pub mod hl7;
mod names;
mod people;
mod places;
mod random;
mod record;
pub mod seed;
pub mod staff;

pub use days::Days;
pub use draft::Draft;
pub use error::Error;
pub use generate::World;
pub use people::{Home, Person};
pub use record::{Allergy, Condition, CouncilRecord, Entry, HealthRecord, NextOfKin, Practice, Stay};

/// Source system of the council: assigning authority of its case numbers.
pub const COUNCIL_AUTHORITY: &str = "strathorr-case-system";
/// Source system of the health board: assigning authority of its patient numbers, and the index of CHI numbers.
pub const HEALTH_AUTHORITY: &str = "nhs-strathorr";
/// Code of the council in the register.
pub const COUNCIL: &str = "strathorr-council";
/// Code of the health board in the register.
pub const HEALTH_BOARD: &str = "nhs-strathorr";
