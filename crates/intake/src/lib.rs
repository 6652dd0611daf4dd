//! The one way in for feeds: validate, recognise repeats, append durably, give a receipt.
//!
//! Every adapter calls this and nothing else appends to `records`. A receipt means that the message is durable.

mod feed;
mod log_intake;
mod wire;

use async_trait::async_trait;
use domain::{EventId, FieldViolation, RecordChange};
use jiff::Timestamp;

pub use feed::{Door, Feed, FeedRegister};
pub use log_intake::LogIntake;
pub use wire::{WireIntake, failure, read_submission, wire_violations};

/// One message of a feed, read by its adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The source's own id of the message: the same message has the same id, whenever it is sent.
    pub message_id: String,
    /// What it changes.
    pub change: RecordChange,
}

/// Says that a message is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Its event.
    pub event_id: EventId,
    /// The same message was here before; nothing was stored again.
    pub repeat: bool,
    /// When it was received first.
    pub received_at: Timestamp,
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It breaks rules, named field by field. Nothing of it was applied.
    #[error("the message is not valid in {} field(s)", .0.len())]
    Invalid(Vec<FieldViolation>),
    /// Its id was used before for other content. Both are kept.
    #[error("the message id was used before for other content")]
    Conflict {
        /// The event that holds the id.
        event_id: EventId,
    },
    /// The log cannot be written now. It is not known whether the message was stored: send it again.
    #[error("the log cannot be written now: {0}")]
    Unavailable(String),
    /// The disk is full. Send it again later.
    #[error("the log has no room left")]
    Full,
}

/// The way in.
#[async_trait]
pub trait Intake: Send + Sync + 'static {
    /// Takes one message. When it returns a receipt, the message is durable.
    async fn submit(&self, feed: &Feed, submission: Submission) -> Result<Receipt, Error>;

    /// Takes several messages in one append, each with its own answer; the rest goes on when one is not valid.
    async fn submit_all(&self, feed: &Feed, submissions: Vec<Submission>) -> Vec<Result<Receipt, Error>>;

    /// Checks a message as [`Intake::submit`] would, and takes nothing.
    fn check(&self, feed: &Feed, submission: &Submission) -> Result<(), Vec<FieldViolation>>;

    /// Keeps a message that could not be understood, whole.
    async fn quarantine(
        &self,
        feed: &Feed,
        message_id: &str,
        reason: &str,
        body: &[u8],
    ) -> Result<Receipt, Error>;

    /// Notes that the feed was heard, without news.
    async fn heartbeat(&self, feed: &Feed) -> Result<Receipt, Error>;
}
