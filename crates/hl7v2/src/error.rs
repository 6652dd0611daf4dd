//! Why a message is refused: what it is answered with, where the fault is, which rule it breaks. Never the value.

use std::fmt;

/// A place in a message: `PID`, `PID-7`, `NK1[2]-2.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Name of the segment.
    pub segment: String,
    /// Which one of that name, from 1.
    pub occurrence: usize,
    /// Field, from 1; 0 for the whole segment.
    pub field: usize,
    /// Component, from 1; 0 for the whole field.
    pub component: usize,
}

impl Location {
    /// A whole segment.
    pub fn segment(name: &str) -> Self {
        Self { segment: name.to_owned(), occurrence: 1, field: 0, component: 0 }
    }

    /// A field of the first segment of that name.
    pub fn field(name: &str, field: usize) -> Self {
        Self { field, ..Self::segment(name) }
    }

    /// The same segment's field with this number.
    #[must_use]
    pub fn with_field(&self, field: usize) -> Self {
        Self { field, component: 0, ..self.clone() }
    }

    /// The same field's component with this number.
    #[must_use]
    pub fn with_component(&self, component: usize) -> Self {
        Self { component, ..self.clone() }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.segment)?;
        if self.occurrence > 1 {
            write!(formatter, "[{}]", self.occurrence)?;
        }
        if self.field > 0 {
            write!(formatter, "-{}", self.field)?;
        }
        if self.component > 0 {
            write!(formatter, ".{}", self.component)?;
        }
        Ok(())
    }
}

/// What an acknowledgement says (HL7 table 0008, original mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// `AA`: taken, and in safe storage.
    Accept,
    /// `AE`: a fault in what the message says.
    Error,
    /// `AR`: not a message that is taken here, or not one that can be read.
    Reject,
}

/// A message was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes do not begin with a header segment and its separators.
    #[error("MSH: must be the first segment and state its separators; send one HL7 v2 message in a frame")]
    NotAMessage,
    /// A batch or file header stands first.
    #[error("{segment}: batches are not taken; send each message in a frame of its own")]
    Batch {
        /// `BHS` or `FHS`.
        segment: &'static str,
    },
    /// A line of the message is no segment.
    #[error("segment {number}: must begin with a segment name of three characters and a field separator")]
    NotASegment {
        /// Number of the segment in the message, from 1.
        number: usize,
    },
    /// MSH-18 names a character set that is not known here.
    #[error("{location}: names a character set that is not supported; send UNICODE UTF-8, 8859/1 or ASCII")]
    UnsupportedCharset {
        /// Where.
        location: Location,
    },
    /// The bytes are not of the character set that MSH-18 names.
    #[error("MSH-18: the bytes of the message are not {charset}; correct MSH-18 or the text")]
    NotInCharset {
        /// Name of the character set.
        charset: &'static str,
    },
    /// The message is not an ADT message.
    #[error("MSH-9: messages of type {message_type} are not taken; send ADT A01 A03 A08 A28 A31 A40")]
    UnsupportedType {
        /// The type, as far as it looks like one.
        message_type: String,
    },
    /// The event is none that is taken.
    #[error("MSH-9: event {message_type}^{trigger} is not taken; send ADT A01 A03 A08 A28 A31 A40")]
    UnsupportedEvent {
        /// The type.
        message_type: String,
        /// The event, as far as it looks like one.
        trigger: String,
    },
    /// A segment that the event needs is absent.
    #[error("{segment}: this event needs the segment")]
    MissingSegment {
        /// Its name.
        segment: &'static str,
    },
    /// A segment that may stand once stands again.
    #[error("{location}: must stand once; send a message for each")]
    RepeatedSegment {
        /// The second one.
        location: Location,
    },
    /// A field that the event needs is empty.
    #[error("{location}: must not be empty")]
    MissingField {
        /// Which.
        location: Location,
    },
    /// A field breaks a rule.
    #[error("{location}: {rule}")]
    Invalid {
        /// Which.
        location: Location,
        /// The rule, in words that say what would be accepted.
        rule: String,
    },
    /// No identifier belongs to the source system that this feed is set up for.
    #[error("{location}: no identifier is of an assigning authority that this feed is set up for")]
    UnknownIdentifier {
        /// Which.
        location: Location,
    },
}

impl Error {
    /// A broken rule of the domain at a place of the message.
    pub(crate) fn invalid(location: &Location, violation: domain::Violation) -> Self {
        Self::Invalid { location: location.clone(), rule: violation.rule.to_owned() }
    }

    /// Whether the sender is told AE or AR.
    pub fn answer(&self) -> Answer {
        match self {
            Self::NotAMessage
            | Self::Batch { .. }
            | Self::UnsupportedCharset { .. }
            | Self::UnsupportedType { .. }
            | Self::UnsupportedEvent { .. } => Answer::Reject,
            Self::MissingField { location }
            | Self::Invalid { location, .. }
            | Self::RepeatedSegment { location }
                if location.segment == "MSH" =>
            {
                Answer::Reject
            }
            Self::NotASegment { .. }
            | Self::NotInCharset { .. }
            | Self::MissingSegment { .. }
            | Self::RepeatedSegment { .. }
            | Self::MissingField { .. }
            | Self::Invalid { .. }
            | Self::UnknownIdentifier { .. } => Answer::Error,
        }
    }

    /// The condition's code in HL7 table 0357.
    pub fn condition(&self) -> u16 {
        match self {
            Self::NotAMessage
            | Self::NotASegment { .. }
            | Self::MissingSegment { .. }
            | Self::RepeatedSegment { .. } => 100,
            Self::MissingField { .. } => 101,
            Self::Invalid { .. } | Self::NotInCharset { .. } => 102,
            Self::UnsupportedCharset { .. } => 103,
            Self::Batch { .. } | Self::UnsupportedType { .. } => 200,
            Self::UnsupportedEvent { .. } => 201,
            Self::UnknownIdentifier { .. } => 204,
        }
    }

    /// Where the fault is, for ERR-2.
    pub fn location(&self) -> Location {
        match self {
            Self::NotAMessage => Location::segment("MSH"),
            Self::Batch { segment } | Self::MissingSegment { segment } => Location::segment(segment),
            Self::NotASegment { number } => Location { occurrence: *number, ..Location::segment("") },
            Self::NotInCharset { .. } => Location::field("MSH", 18),
            Self::UnsupportedType { .. } => Location::field("MSH", 9).with_component(1),
            Self::UnsupportedEvent { .. } => Location::field("MSH", 9).with_component(2),
            Self::UnsupportedCharset { location }
            | Self::RepeatedSegment { location }
            | Self::MissingField { location }
            | Self::Invalid { location, .. }
            | Self::UnknownIdentifier { location } => location.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_written_as_people_say_it() {
        assert_eq!(Location::field("PID", 7).to_string(), "PID-7");
        let second = Location { occurrence: 2, ..Location::field("NK1", 2).with_component(1) };
        assert_eq!(second.to_string(), "NK1[2]-2.1");
    }

    #[test]
    fn faults_of_the_header_reject_and_faults_of_content_do_not() {
        assert_eq!(Error::MissingField { location: Location::field("MSH", 10) }.answer(), Answer::Reject);
        assert_eq!(Error::MissingField { location: Location::field("PID", 3) }.answer(), Answer::Error);
    }
}
