//! The area `yett.viewing.v1`.

pub use crate::generated::yett::viewing::v1;
