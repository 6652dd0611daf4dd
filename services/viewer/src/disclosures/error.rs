//! Why the tree could not be kept or checked. That a check found damage is a report, not an error.

use super::NoteError;
use event_log::KeyError;

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] event_log::Error),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] storage::Error),
    /// The data keys could not be had.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A note that was given does not count.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The leaves that are stored are not those that were signed.
    #[error(
        "the store's leaves do not give the root that was signed for {size} of them; nothing more is signed: verify the log"
    )]
    Forked {
        /// Size of the checkpoint.
        size: u64,
    },
}

impl Error {
    /// Whether it may be over when tried again.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Log(error) => matches!(error, event_log::Error::Unavailable(_) | event_log::Error::Full),
            Self::Store(error) => matches!(error, storage::Error::Unavailable(_) | storage::Error::Full),
            Self::Keys(error) => matches!(error, KeyError::Unavailable(_)),
            Self::Note(_) | Self::Forked { .. } => false,
        }
    }
}
