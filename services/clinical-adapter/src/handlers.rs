//! One use case a file.

pub(crate) mod take_again;
pub(crate) mod take_messages;
