//! What every conversion from the wire shares: a list of all fields that break a rule, under the sender's own names.

use domain::{FieldViolation, Violation};
use jiff::Timestamp;

mod part;

pub use part::own_words;
pub(crate) use part::{Part, stored, whole};

/// Collects violations, so that a sender learns of all of them at once.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    violations: Vec<FieldViolation>,
}

impl Reading {
    /// Notes a field that breaks a rule.
    pub(crate) fn refuse(&mut self, field: &str, rule: impl Into<String>) {
        self.violations.push(FieldViolation::new(field, rule));
    }

    /// Takes a checked value, or notes the rule that it breaks.
    pub(crate) fn checked<T>(&mut self, field: &str, value: Result<T, Violation>) -> Option<T> {
        value.map_err(|violation| self.refuse(field, violation.rule)).ok()
    }

    /// A part that must be there.
    pub(crate) fn required<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.refuse(field, "is required");
        }
        value
    }

    /// An instant that must be there.
    pub(crate) fn instant(
        &mut self,
        field: &str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        let value = self.required(field, value)?;
        self.optional_instant(field, Some(value))
    }

    /// An instant that may be absent. A bad one is refused and `None`.
    pub(crate) fn optional_instant(
        &mut self,
        field: &str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        let value = value?;
        let read = Timestamp::new(value.seconds, value.nanos).ok();
        if read.is_none() {
            self.refuse(field, "must be an instant between the years 0001 and 9999");
        }
        read
    }

    /// Takes over the violations of a part that was read by itself.
    pub(crate) fn absorb(&mut self, violations: Vec<FieldViolation>) {
        self.violations.extend(violations);
    }

    /// The whole value, if nothing was refused.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<FieldViolation>> {
        match (value, self.violations.is_empty()) {
            (Some(value), true) => Ok(value),
            (None, true) => Err(vec![FieldViolation::new("message", "is not complete")]),
            (_, false) => Err(self.violations),
        }
    }
}

/// An instant on the wire.
pub fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = (at.as_second(), at.subsec_nanosecond());
    // On the wire the part of a second always counts forwards, before 1970 too.
    if nanos < 0 {
        return prost_types::Timestamp { seconds: seconds - 1, nanos: nanos + 1_000_000_000 };
    }
    prost_types::Timestamp { seconds, nanos }
}
