//! Tries a quarantined HL7 v2 message again: a newer version may understand it, or an entry of the register be mended.

use super::take_messages::message_id;
use crate::FeedSource;
use domain::SourceRecord;
use hl7v2::{Reading, Received};
use intake::{Intake, Receipt, Submission};
use std::sync::Arc;

/// Why a message was still not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// It is still not understood, or not valid: field and rule, never a value.
    #[error("{0}")]
    Refused(String),
    /// The log cannot be written, or the register has no feed for it now.
    #[error("not possible now: {0}")]
    Unavailable(String),
}

/// Reads kept messages again.
#[derive(Clone)]
pub struct Rereader {
    intake: Arc<dyn Intake>,
    feed: FeedSource,
    settings: hl7v2::Settings,
}

impl std::fmt::Debug for Rereader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Rereader")
    }
}

impl Rereader {
    /// Reads as the port with these parts reads.
    pub fn new(intake: Arc<dyn Intake>, feed: FeedSource, settings: hl7v2::Settings) -> Self {
        Self { intake, feed, settings }
    }

    /// The record that a kept message speaks of, where it can be read so far and is one that the feed may send.
    pub fn record_of(&self, body: &[u8]) -> Option<SourceRecord> {
        let record = hl7v2::record_of(body, &self.settings)?;
        let feed = (self.feed)()?;
        feed.covers(&record.authority).then_some(record)
    }

    /// Takes the message as if its sender had sent it again: under the same id, so it is applied once whoever sends
    /// it, and in the order of its own time. A receipt means that it is durable.
    pub async fn take_again(&self, body: &[u8]) -> Result<Receipt, NotTaken> {
        let Received { header, outcome } = hl7v2::receive(body, &self.settings);
        let Reading { change, .. } = outcome.map_err(|error| NotTaken::Refused(error.to_string()))?;
        let no_feed =
            || NotTaken::Unavailable("the register has no active organisation for this port".to_owned());
        let feed = (self.feed)().ok_or_else(no_feed)?;
        let submission = Submission { message_id: message_id(&header), change };
        self.intake.submit(&feed, submission).await.map_err(|error| match error {
            intake::Error::Invalid(violations) => {
                NotTaken::Refused(violations.first().map(ToString::to_string).unwrap_or_default())
            }
            error @ intake::Error::Conflict { .. } => NotTaken::Refused(error.to_string()),
            error @ (intake::Error::Unavailable(_) | intake::Error::Full) => {
                NotTaken::Unavailable(error.to_string())
            }
        })
    }
}
