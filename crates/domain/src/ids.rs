//! Identifiers: who controls a record, which record, which event. All of them opaque outside the agency that issued them.

use crate::Violation;
use std::fmt;
use uuid::Uuid;

macro_rules! code_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks a code: 1 to 64 characters of `a-z`, `A-Z`, `0-9`, `-`, `_`, `.` or `:`.
            pub fn parse(text: &str) -> Result<Self, Violation> {
                let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
                if text.is_empty() || text.len() > 64 || !text.chars().all(allowed) {
                    return Err(Violation { rule: "must be 1 to 64 letters, digits or any of - _ . :" });
                }
                Ok(Self(text.to_owned()))
            }

            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

code_type!(
    /// An organisation in the register, such as `strathorr-council`.
    OrganisationId
);
code_type!(
    /// The assigning authority of a source system's identifiers, such as `strathorr-case-system`.
    Authority
);
code_type!(
    /// An information sharing agreement.
    AgreementId
);
code_type!(
    /// An appendix of an agreement, such as `C`. The base has none.
    AppendixId
);
code_type!(
    /// A data flow: one direction, one set of purposes, one schedule.
    FlowId
);
code_type!(
    /// A post that a person holds in an organisation.
    PositionId
);
code_type!(
    /// A member of staff, as their organisation knows them. Not personal data of a person cared for.
    UserId
);
code_type!(
    /// A class of roles that flows grant levels to, such as `R8001`.
    RoleClass
);
code_type!(
    /// A registered signing key.
    SigningKeyId
);

macro_rules! uuid_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl $name {
            /// Reads the usual hyphenated form.
            pub fn parse(text: &str) -> Result<Self, Violation> {
                Uuid::try_parse(text).map(Self).map_err(|_| Violation { rule: "must be a UUID" })
            }
        }
    };
}

uuid_type!(
    /// One event in the log.
    EventId
);
uuid_type!(
    /// A person whom records are linked to. Derived from the first index record's event; says nothing about anyone.
    PersonId
);
uuid_type!(
    /// One launch of the panel: a requester, a person, a purpose.
    SessionId
);
uuid_type!(
    /// One disclosure or refusal.
    DisclosureId
);
uuid_type!(
    /// One question put to clerical review.
    ReviewId
);
uuid_type!(
    /// A directive on a person's record, or an override declared by a requester.
    DirectiveId
);
uuid_type!(
    /// The log key of a source record: opaque, stable, the same everywhere.
    RecordKey
);

/// Namespace of every name-based identifier that Yett makes.
const NAMESPACE: Uuid = Uuid::from_u128(0x3f0b_7a52_9d1c_5e46_8a2f_51c4_60de_b719);

impl EventId {
    /// The id of an accepted message: the same message of the same source has the same id everywhere.
    pub fn of_message(source: &str, message_id: &str) -> Self {
        Self(named(&["message", source, message_id]))
    }

    /// The id of an event that follows from another one, told apart by `what`.
    pub fn derived(cause: EventId, what: &str) -> Self {
        Self(named(&["derived", &cause.to_string(), what]))
    }
}

impl RecordKey {
    /// The key of what belongs to a feed and to no record.
    pub fn of_feed(authority: &Authority) -> Self {
        Self(named(&["feed", authority.as_str()]))
    }

    /// The key of what belongs to a stream as a whole, such as the sharing stream.
    pub fn of_stream(stream: &str) -> Self {
        Self(named(&["stream", stream]))
    }
}

impl PersonId {
    /// The person whom an index record stands for from this event on. One event may make several records stand for
    /// themselves, so the record is part of it.
    pub fn of_index_event(event: EventId, record: RecordKey) -> Self {
        Self(named(&["person", &event.to_string(), &record.to_string()]))
    }
}

/// Name-based (version 5) identifier over length-prefixed parts, so that no two lists of parts collide.
fn named(parts: &[&str]) -> Uuid {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    Uuid::new_v5(&NAMESPACE, &bytes)
}

/// A person's identifier inside one source system. Personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalIdentifier(String);

impl LocalIdentifier {
    /// Checks an identifier: 1 to 64 characters, none of them a control character, no space at either end.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let count = text.chars().count();
        if count == 0 || count > 64 || text.trim() != text || text.chars().any(char::is_control) {
            return Err(Violation {
                rule: "must be 1 to 64 characters, without control characters or spaces at the ends",
            });
        }
        Ok(Self(text.to_owned()))
    }

    /// The identifier as the source system writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LocalIdentifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LocalIdentifier(…)")
    }
}

/// One record in one source system. Records stay keyed by this for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceRecord {
    /// Whose identifiers these are.
    pub authority: Authority,
    /// The identifier there.
    pub local_id: LocalIdentifier,
}

impl SourceRecord {
    /// Checks both parts.
    pub fn parse(authority: &str, local_id: &str) -> Result<Self, Violation> {
        Ok(Self { authority: Authority::parse(authority)?, local_id: LocalIdentifier::parse(local_id)? })
    }

    /// The opaque key under which the log and the stores hold this record.
    pub fn key(&self) -> RecordKey {
        RecordKey(named(&["record", self.authority.as_str(), self.local_id.as_str()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_key_does_not_depend_on_where_the_parts_are_split() {
        let one = SourceRecord::parse("ab", "c").unwrap().key();
        let other = SourceRecord::parse("a", "bc").unwrap().key();
        assert_ne!(one, other);
    }

    #[test]
    fn the_same_message_has_the_same_id() {
        assert_eq!(EventId::of_message("a", "1"), EventId::of_message("a", "1"));
        assert_ne!(EventId::of_message("a", "1"), EventId::of_message("a", "2"));
    }

    #[test]
    fn a_local_identifier_is_not_printed() {
        let record = SourceRecord::parse("case-system", "P-1234").unwrap();
        assert!(!format!("{record:?}").contains("1234"));
    }

    #[test]
    fn codes_refuse_spaces_and_overlong_text() {
        assert!(OrganisationId::parse("strathorr council").is_err());
        assert!(OrganisationId::parse(&"x".repeat(65)).is_err());
        assert!(OrganisationId::parse("strathorr-council").is_ok());
    }
}
