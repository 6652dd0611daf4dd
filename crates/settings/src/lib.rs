//! One typed, validated section per concern. An unknown key is an error that names its line.
//!
//! Precedence: the built-in defaults (`config/default.toml` is that text), the settings file, then environment
//! variables `YETT_<SECTION>__<KEY>`, then flags. Secrets stand in settings only as references.

mod load;
mod secret;
mod sections;

pub use load::{DEFAULTS, load};
pub use secret::{Secret, SecretReference};
pub use sections::*;

/// Why settings were refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings file cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    Unreadable {
        /// Path as given.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A key is unknown or a value does not fit. The text names key and line.
    #[error("settings: {0}")]
    Invalid(String),
    /// A secret cannot be read. Never says the secret.
    #[error("the secret {reference} cannot be read: {problem}")]
    Secret {
        /// `file:` or `env:` reference.
        reference: String,
        /// What is wrong.
        problem: String,
    },
}
