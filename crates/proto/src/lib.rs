//! The generated messages and services of `proto/`, and the only conversions between wire and domain.
//!
//! Each area is a module: `proto::intake::v1::RecordSubmission` is a message, `proto::intake::record_change` a
//! conversion. A value that breaks a rule is refused with the sender's own name for the field; an unknown enum value
//! is refused, never defaulted. No message prints a value with `Debug`.

mod generated;
mod reading;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod wire_shape;

pub mod disclosure;
pub mod event;
pub mod governance;
pub mod intake;
pub mod matching;
pub mod operations;
pub mod viewing;

pub use reading::timestamp;

/// Every file, message and service, encoded, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/yett_descriptor.bin"));
