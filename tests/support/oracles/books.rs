//! Conservation: accepted = applied + superseded + parked + in flight, per source, at every moment.

use crate::node::Durable;
use domain::{EventId, RecordEvent};
use event_codec::Event;
use event_log::{Entry, EventLog, LogPosition, StoredEvent, Stream};
use futures::StreamExt;
use std::collections::{BTreeMap, BTreeSet};

/// What lies in the log, read once.
#[derive(Debug, Default)]
pub struct Books {
    places: Vec<LogPosition>,
    sent: Vec<Sent>,
}

/// One event that a source sent.
#[derive(Debug)]
struct Sent {
    source: String,
    position: LogPosition,
    event: (EventId, [u8; 32]),
}

impl Books {
    /// Compares the ledger of each feed with what lies in the log before the projector's positions.
    pub async fn check(&mut self, durable: &Durable) -> Result<(), String> {
        self.read_on(durable).await;
        let store = &durable.ground.store;
        let next =
            store.positions(projector::ROLE, Stream::Records).await.map_err(|error| error.to_string())?;
        let feeds = store.feeds().await.map_err(|error| error.to_string())?;
        if let Some(feed) = feeds.iter().find(|feed| !feed.ledger.balances()) {
            return Err(format!("the books of {} do not balance: {:?}", feed.authority, feed.ledger));
        }
        for (source, handled) in self.handled(&next) {
            let ledger = feeds.iter().find(|feed| feed.authority.as_str() == source).map(|feed| feed.ledger);
            let accepted = ledger.unwrap_or_default().accepted;
            if accepted != i64::try_from(handled.len()).unwrap_or(i64::MAX) {
                let handled = handled.len();
                return Err(format!("{source}: {handled} events were handled, and the books say {accepted}"));
            }
        }
        Ok(())
    }

    /// Whether an event that a source sent stands in the log.
    pub async fn knows(&mut self, durable: &Durable, event: EventId) -> bool {
        self.read_on(durable).await;
        self.sent.iter().any(|sent| sent.event.0 == event)
    }

    /// Distinct events of each source before the places where the read model goes on. The others are in flight.
    fn handled(&self, next: &[LogPosition]) -> BTreeMap<&str, BTreeSet<&(EventId, [u8; 32])>> {
        let mut handled: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
        for sent in &self.sent {
            let place = next.iter().find(|place| place.partition == sent.position.partition);
            let of_source = handled.entry(&sent.source).or_default();
            if place.is_some_and(|place| sent.position.offset < place.offset) {
                of_source.insert(&sent.event);
            }
        }
        handled
    }

    async fn read_on(&mut self, durable: &Durable) {
        let mut entries = durable.log.read(Stream::Records, self.places.clone());
        while let Some(Ok(entry)) = entries.next().await {
            match entry {
                Entry::Event(stored) if counts(durable, &stored).await => self.sent.push(Sent {
                    source: stored.envelope.source.clone(),
                    position: stored.position,
                    event: (stored.id, stored.envelope.payload_hash),
                }),
                Entry::Event(_) => {}
                Entry::CaughtUp(places) => {
                    self.places = places;
                    return;
                }
            }
        }
    }
}

/// Whether an event is something that a source sent: what it said, whether or not anybody can read it.
async fn counts(durable: &Durable, stored: &StoredEvent) -> bool {
    match stored.envelope.event_type.as_str() {
        "FeedHeard" | "ParkedResolved" => false,
        _ => match durable.ground.codec.open(Stream::Records, stored).await {
            Ok(Event::Record(RecordEvent::Changed(_) | RecordEvent::Quarantined(_))) => true,
            Ok(_) => false,
            Err(_) => true,
        },
    }
}
