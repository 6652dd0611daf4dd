//! Why a consumer, a relay or a command could not go on.

/// Errors of the pipeline.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log could not be read or written.
    #[error("the log: {0}")]
    Log(#[from] event_log::Error),
    /// The store could not be read or written.
    #[error("the store: {0}")]
    Store(#[from] storage::Error),
    /// Keys could not be had.
    #[error("the keys: {0}")]
    Keys(#[from] event_log::KeyError),
    /// The same request id was used before for another command.
    #[error("the request id was used before for another command: make a new one")]
    Conflict,
    /// What a role handled before and what the log holds now do not fit. Going on would build on one of the two.
    #[error("{0}: run `yett disclosures verify`")]
    Incident(String),
    /// A row of the outbox cannot be read back.
    #[error("a row of the outbox cannot be read: the store is damaged, rebuild it")]
    Outbox,
}

impl Error {
    /// Whether trying again later makes sense. An error that is not transient stops the role.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Log(error) => matches!(error, event_log::Error::Unavailable(_) | event_log::Error::Full),
            Self::Store(error) => {
                !matches!(error, storage::Error::Fenced { .. } | storage::Error::Corrupt { .. })
            }
            Self::Keys(_) => true,
            Self::Conflict | Self::Incident(_) | Self::Outbox => false,
        }
    }
}
