//! CSV extracts, on the side that has the file: a mapping names the columns, rows become submissions, and a stream of
//! them goes to Yett, which compares each with what it knows.
//!
//! An empty cell of a mapped column says that the system holds no value, and deletes the one known; only in a column of
//! yes and no does it say nothing, so that a broken extract takes nobody's protection away. What a file says is as new
//! as the file: see [`Extract::open`].

mod cells;
mod dates;
mod file;
mod mapping;
mod send;
#[cfg(test)]
mod tests;

pub use file::{ColumnRule, Extract, ExtractError, Row, Rows};
pub use mapping::{Kind, Mapping, MappingError};
pub use send::{Options, Plan, Report, Step, send};
