//! The area `yett.operations.v1`.

pub use crate::generated::yett::operations::v1;
