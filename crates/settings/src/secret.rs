//! References to secrets: `file:PATH` or `env:NAME`. A secret itself never stands in settings.

use crate::Error;
use serde::Deserialize;
use std::fmt;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SecretReference {
    /// Contents of a file, without the line end.
    File(String),
    /// An environment variable.
    Environment(String),
}

impl TryFrom<String> for SecretReference {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("file:") {
            return Ok(Self::File(path.to_owned()));
        }
        if let Some(name) = text.strip_prefix("env:") {
            return Ok(Self::Environment(name.to_owned()));
        }
        Err("a secret is a reference: file:PATH or env:NAME".to_owned())
    }
}

impl fmt::Display for SecretReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "file:{path}"),
            Self::Environment(name) => write!(formatter, "env:{name}"),
        }
    }
}

impl SecretReference {
    /// Reads the secret.
    pub fn read(&self) -> Result<Secret, Error> {
        let problem = |problem: String| Error::Secret { reference: self.to_string(), problem };
        let text = match self {
            Self::File(path) => {
                std::fs::read_to_string(path).map_err(|error| problem(error.kind().to_string()))?
            }
            Self::Environment(name) => {
                std::env::var(name).map_err(|_| problem("the variable is not set".to_owned()))?
            }
        };
        let text = text.trim_end().to_owned();
        if text.is_empty() {
            return Err(problem("it is empty".to_owned()));
        }
        Ok(Secret(text))
    }
}

/// A secret in memory. `Debug` prints nothing of it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}
