//! One use case a file.

pub(crate) mod take_extract;
