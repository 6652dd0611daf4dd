//! The area `yett.operations.v1`: what operators ask and are told. Its messages name nobody and hold nothing of the
//! domain but words and counts, so there is only the check of an operator's own words to offer.

pub use crate::generated::yett::operations::v1;
pub use crate::reading::own_words;
