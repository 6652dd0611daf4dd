//! The area `yett.disclosure.v1`.

pub use crate::generated::yett::disclosure::v1;
