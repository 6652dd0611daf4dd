//! Why a world could not be made: a template of this crate breaks a rule of the domain.

use domain::{FieldViolation, Violation};

/// A template breaks a rule. No input can cause it: correct the template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A value breaks its rule.
    #[error("a value of the invented world {0}; correct its template")]
    Value(&'static str),
    /// An item breaks the catalogue's rules.
    #[error("an item of the invented world breaks a rule ({0}); correct its template")]
    Item(FieldViolation),
    /// A day is outside the calendar.
    #[error("a day of the invented world is outside the calendar; choose another day for today")]
    Day,
    /// No CHI number is left for a day and a sex.
    #[error("no CHI number is left for a birth date; make the world smaller")]
    NoChiNumber,
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        Self::Value(violation.rule)
    }
}

impl From<Vec<FieldViolation>> for Error {
    fn from(violations: Vec<FieldViolation>) -> Self {
        violations.into_iter().next().map_or(Self::Value("is wrong"), Self::Item)
    }
}

impl From<jiff::Error> for Error {
    fn from(_: jiff::Error) -> Self {
        Self::Day
    }
}
