//! What can go wrong at an edge, said once for gRPC and HTTP.

use domain::FieldViolation;
use std::time::Duration;

/// A call that was not carried out. Carries codes and rules, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The input breaks rules, named field by field.
    #[error("the request is not valid: {}", list(.0))]
    Invalid(Vec<FieldViolation>),
    /// No credential, or none that is known.
    #[error("a credential is needed: send a known one as a bearer token")]
    Unauthenticated,
    /// The credential does not cover this.
    #[error("not permitted: {reason}")]
    Forbidden {
        /// Reason code; never one that tells whether a person or a record exists.
        reason: &'static str,
    },
    /// There is no such thing, of a kind whose existence is no secret.
    #[error("there is no such {what}")]
    NotFound {
        /// What was asked for, such as `agreement`.
        what: &'static str,
    },
    /// The state is not the one that the caller expects, or an id is used for other content.
    #[error("conflict: {rule}")]
    Conflict {
        /// What to do about it.
        rule: String,
    },
    /// Not now: nothing was done, or it is not known whether it was. Try again.
    #[error("not available now: try again")]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
    /// Too much at once.
    #[error("too much at once: try again later")]
    Exhausted {
        /// When to try again.
        retry_after: Duration,
    },
    /// A fault of the system itself; the log says more.
    #[error("a fault in the system: reported")]
    Internal,
}

impl Failure {
    /// One field that breaks one rule.
    pub fn field(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldViolation::new(field, rule)])
    }

    /// Not available, with the usual time to try again.
    pub fn unavailable() -> Self {
        Self::Unavailable { retry_after: Duration::from_secs(1) }
    }

    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden { reason } => reason,
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Conflict { .. } => "CONFLICT",
            Self::Unavailable { .. } => "UNAVAILABLE",
            Self::Exhausted { .. } => "EXHAUSTED",
            Self::Internal => "INTERNAL",
        }
    }
}

impl From<Vec<FieldViolation>> for Failure {
    fn from(violations: Vec<FieldViolation>) -> Self {
        Self::Invalid(violations)
    }
}

impl From<FieldViolation> for Failure {
    fn from(violation: FieldViolation) -> Self {
        Self::Invalid(vec![violation])
    }
}

fn list(violations: &[FieldViolation]) -> String {
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
