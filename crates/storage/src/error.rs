//! What can go wrong with a store, as far as a caller can act on it.

/// Why the store could not do it. Nothing of a unit of work is stored after any of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Try again.
    #[error("the store is not available ({0}); try again")]
    Unavailable(String),
    /// There is no room. Try again when there is.
    #[error("the store has no room left; make room, and it goes on by itself")]
    Full,
    /// Another process has taken over the role.
    #[error("role {role} was taken over by another process; stop this one")]
    Fenced {
        /// The role.
        role: String,
    },
    /// What is stored cannot be read. Rebuild the read model from the log.
    #[error("the store holds something that cannot be read ({0}); rebuild it from the log")]
    Corrupt(String),
    /// The store was written by a newer version.
    #[error("the store has schema {found}, this version knows up to {known}; run the newer version")]
    NewerSchema {
        /// What is there.
        found: u32,
        /// What this version knows.
        known: u32,
    },
}
