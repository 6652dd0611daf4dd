//! What can go wrong with a log, as far as a caller can act on it.

use crate::LogPosition;

/// Why the log could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Try again, with the same ids: whether it was stored is unknown.
    #[error("the log is not available ({0}); whether the events were stored is unknown, append them again")]
    Unavailable(String),
    /// There is no room. Nothing is lost; try again when there is.
    #[error("the log has no room left; make room, and it goes on by itself")]
    Full,
    /// Stop and call somebody: events are missing.
    #[error("events are missing from the log: expected {expected}, found {found}; stop and restore the log")]
    Gap {
        /// The next event that there should be.
        expected: LogPosition,
        /// What is there instead: the next event that there is, or the end.
        found: LogPosition,
    },
    /// Somebody else writes in this one's place.
    #[error("another process has taken over writing to the log; stop this one")]
    Fenced,
    /// Stop and call somebody: what is stored there is not an event.
    #[error("the log is damaged at {position}: {what}; stop and restore the log")]
    Corrupt {
        /// Where.
        position: LogPosition,
        /// Which part cannot be read. Never its content.
        what: String,
    },
}
