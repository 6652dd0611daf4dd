//! Why a command about links was refused. Names no person and no value.

/// Why a command about links was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No such question is open.
    #[error("the review is not open: read the worklist again")]
    ReviewNotOpen,
    /// The reviewer looked at another version of the record than the one that the question is about now.
    #[error("the record changed since it was shown: read the review again")]
    RecordChanged,
    /// Only the matcher lets a question lapse.
    #[error("a reviewer either links or says never: a question lapses by itself")]
    NotAReviewersOutcome,
    /// The reason is empty or too long.
    #[error("a reason of 1 to 500 characters is needed")]
    Reason,
    /// Nobody is known under this person id.
    #[error("the person is not in the index: search again")]
    UnknownPerson,
    /// The matcher has not seen the record.
    #[error("the record is not known here: wait until its feed has been read")]
    UnknownRecord,
    /// The record has no link.
    #[error("the record has no link: there is nothing to undo")]
    NotLinked,
    /// The record is the person's own index record.
    #[error("an index record stands for its own person: correct it at its source")]
    IndexRecord,
}
