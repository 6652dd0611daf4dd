//! The area `yett.intake.v1`: what a source says of a record, read from the wire and written to it.
//!
//! Events, links and views name records, demographics and items by the same messages, so their conversions stand
//! here. What the log holds is read as it was written; the limits on what a sender may send are checked at the one
//! place where a sender's message is read, in [`record_change`].

mod address;
mod demographics;
mod item;
mod limits;
mod patch;
mod record;
mod submission;
#[cfg(test)]
mod tests;

pub use crate::generated::yett::intake::v1;
use crate::reading::Reading;
pub use address::{wire_address, wire_contact};
pub use demographics::{demographics, wire_chi, wire_deceased, wire_demographics, wire_name, wire_sex};
pub(crate) use demographics::{partial_date, sex};
pub use item::{item, wire_field_value, wire_item};
pub(crate) use record::{change, record_version, redirect, source_record};
pub use record::{
    read_record_version, read_source_record, wire_change, wire_record_version, wire_redirect,
    wire_source_record,
};
pub use submission::{Read, record_change};

/// Reads each value of a list under its own place, such as `upserts[2]`.
fn each<W, T>(
    values: Vec<W>,
    at: &str,
    reading: &mut Reading,
    read: impl Fn(W, &str, &mut Reading) -> Option<T>,
) -> Vec<T> {
    let place = |(index, value)| read(value, &format!("{at}[{index}]"), reading);
    values.into_iter().enumerate().filter_map(place).collect()
}
