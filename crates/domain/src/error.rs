//! How a bad input is told: the field, and the rule that it breaks. Never the value.

use crate::Violation;

/// One field of an input that breaks one rule. The value itself is never carried: it may be personal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct FieldViolation {
    /// Path of the field in the sender's own terms, such as `items[2].fields.service` or `PID-7`.
    pub field: String,
    /// The rule, in words that say what would be accepted.
    pub rule: String,
}

impl FieldViolation {
    /// Names a field and the rule that it breaks.
    pub fn new(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { field: field.into(), rule: rule.into() }
    }
}

/// Puts the name of a field to a constructor's violation.
pub trait InField<T> {
    /// Turns a violation into a field violation.
    fn in_field(self, field: &str) -> Result<T, FieldViolation>;
}

impl<T> InField<T> for Result<T, Violation> {
    fn in_field(self, field: &str) -> Result<T, FieldViolation> {
        self.map_err(|violation| FieldViolation::new(field, violation.rule))
    }
}
