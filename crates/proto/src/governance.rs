//! The area `yett.governance.v1`.

pub use crate::generated::yett::governance::v1;
