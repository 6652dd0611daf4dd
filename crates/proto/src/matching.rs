//! The area `yett.matching.v1`.

pub use crate::generated::yett::matching::v1;
