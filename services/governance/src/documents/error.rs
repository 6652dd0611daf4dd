//! Why a document was refused. Carries a place and a rule, never a value.

/// A document that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {key}: {rule}")]
pub struct DocumentError {
    /// Line in the file, from 1.
    pub line: usize,
    /// The key at fault, as it stands in the file; where there is none, `document`.
    pub key: String,
    /// The rule that it breaks.
    pub rule: String,
}
