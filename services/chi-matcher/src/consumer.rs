//! The decider's part of the consumer loop.

use crate::memory::{ReadBack, Told};
use crate::rebuild::rebuild;
use crate::shared::Shared;
use async_trait::async_trait;
use domain::{LinkEvent, RecordEvent};
use event_codec::Event;
use event_log::Stream;
use matching::event_name;
use pipeline::{Decoded, Derived, Handler, HandlerError};
use projection::Arrival;
use std::sync::Arc;
use std::time::Duration;
use storage::{Store, UnitOfWork};

/// Name of the role.
pub const ROLE: &str = "chi-matcher";

/// How long messages are gathered. A link is in no such hurry as a panel, whose update would wait for the same store.
const GATHERED_FOR: Duration = Duration::from_millis(20);

/// Decides whose record is whose. The only writer of the links stream.
#[derive(Debug)]
pub struct Decider {
    shared: Arc<Shared>,
}

impl Decider {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    async fn decide(&self, decoded: &Decoded) -> Vec<LinkEvent> {
        match &decoded.event {
            Event::Record(RecordEvent::Changed(change)) => {
                let arrival =
                    Arrival { received_at: decoded.envelope.received_at, offset: decoded.position.offset };
                self.shared.lock().await.hear(Told { id: decoded.id, change, arrival })
            }
            Event::Link(event) => {
                let read = ReadBack { id: decoded.id, position: decoded.position, event };
                self.shared.lock().await.read_back(read);
                Vec::new()
            }
            Event::Record(
                RecordEvent::Quarantined(_)
                | RecordEvent::FeedHeard { .. }
                | RecordEvent::ParkedResolved { .. },
            )
            | Event::Sharing(_)
            | Event::Leaf(_) => Vec::new(),
        }
    }
}

#[async_trait]
impl Handler for Decider {
    fn role(&self) -> &'static str {
        ROLE
    }

    fn streams(&self) -> &'static [Stream] {
        &[Stream::Records, Stream::Links]
    }

    fn rest(&self) -> Duration {
        GATHERED_FOR
    }

    async fn reload(&mut self, _store: &dyn Store) -> Result<(), HandlerError> {
        rebuild(&self.shared).await
    }

    fn is_stale(&self) -> bool {
        self.shared.is_stale()
    }

    async fn handle(
        &mut self,
        _work: &mut dyn UnitOfWork,
        decoded: &Decoded,
    ) -> Result<Vec<Derived>, HandlerError> {
        if self.shared.is_stale() {
            let reason = "what the decider keeps in memory is built anew".to_owned();
            return Err(storage::Error::Unavailable(reason).into());
        }
        let events = self.decide(decoded).await;
        self.shared.ring();
        let derived = |event: LinkEvent| Derived { what: event_name(&event), event: Event::Link(event) };
        Ok(events.into_iter().map(derived).collect())
    }
}
