//! The projector's part of the consumer loop: which event goes to which use case.

use crate::books;
use crate::handlers::{apply_link, apply_record, keep_leaf};
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
pub struct ReadModel {
    leaves: u64,
}

#[async_trait]
impl Handler for ReadModel {
    fn role(&self) -> &'static str {
        ROLE
    }

    fn streams(&self) -> &'static [Stream] {
        &[Stream::Records, Stream::Links, Stream::Disclosures]
    }

    async fn reload(&mut self, store: &dyn Store) -> Result<(), HandlerError> {
        self.leaves = store.leaf_count().await?;
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
            Event::Record(RecordEvent::ParkedResolved { .. }) | Event::Sharing(_) => {}
            Event::Link(event) => apply_link::handle(work, event).await?,
            Event::Leaf(leaf) => self.leaves = keep_leaf::handle(work, decoded, leaf, self.leaves).await?,
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
