//! The area `yett.event.v1`.

pub use crate::generated::yett::event::v1;
