//! The projector's part of the consumer loop: which event goes to which use case.

use crate::books;
use crate::handlers::{apply_link, apply_record};
use async_trait::async_trait;
use domain::RecordEvent;
use event_codec::Event;
use event_log::{Envelope, Stream};
use pipeline::{Decoded, Derived, Handler, HandlerError};
use storage::{Ledger, Store, UnitOfWork};

/// Name of the role.
pub const ROLE: &str = "projector";

/// Keeps the read model.
#[derive(Debug, Default)]
pub struct ReadModel;

#[async_trait]
impl Handler for ReadModel {
    fn role(&self) -> &'static str {
        ROLE
    }

    fn streams(&self) -> &'static [Stream] {
        &[Stream::Records, Stream::Links]
    }

    async fn reload(&mut self, _store: &dyn Store) -> Result<(), HandlerError> {
        // Nothing is kept in memory.
        Ok(())
    }

    async fn handle(
        &mut self,
        work: &mut dyn UnitOfWork,
        decoded: &Decoded,
    ) -> Result<Vec<Derived>, HandlerError> {
        match &decoded.event {
            Event::Record(RecordEvent::Changed(change)) => {
                apply_record::handle(work, decoded, change).await?;
            }
            Event::Record(RecordEvent::Quarantined(message)) => {
                apply_record::quarantine(work, decoded, message).await?;
            }
            Event::Record(RecordEvent::FeedHeard { authority, at }) => {
                work.feed_heard(authority, *at).await?;
            }
            Event::Record(RecordEvent::ParkedResolved { .. }) | Event::Sharing(_) | Event::Leaf(_) => {}
            Event::Link(event) => apply_link::handle(work, event).await?,
        }
        Ok(Vec::new())
    }

    async fn on_parked(
        &mut self,
        work: &mut dyn UnitOfWork,
        stream: Stream,
        envelope: &Envelope,
        delta: i64,
    ) -> Result<(), storage::Error> {
        let figures = if delta > 0 {
            Ledger { accepted: 1, parked: 1, ..Ledger::default() }
        } else {
            // What comes back is counted again by whatever handles it.
            Ledger { accepted: -1, parked: -1, ..Ledger::default() }
        };
        if stream == Stream::Records { books::add(work, envelope, figures).await } else { Ok(()) }
    }
}
