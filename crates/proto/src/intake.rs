//! The area `yett.intake.v1`.

pub use crate::generated::yett::intake::v1;
