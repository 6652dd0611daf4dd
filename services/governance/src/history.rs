//! Which requests were carried out: the ids of the sharing stream, and where each lies. Knows the stream only, so it
//! is the same after a restart.

use domain::{EventId, SharingEvent};
use event_codec::{Codec, Event};
use event_log::{Entry, EventLog, LogPosition, Stream};
use futures::StreamExt;
use std::collections::HashMap;
use std::sync::Arc;
use transport::Failure;

/// The ids of everything that the sharing stream holds, read so far.
pub(crate) struct History {
    log: Arc<dyn EventLog>,
    codec: Codec,
    places: HashMap<EventId, LogPosition>,
    next: Vec<LogPosition>,
}

impl History {
    pub(crate) fn new(log: Arc<dyn EventLog>, codec: Codec) -> Self {
        Self { log, codec, places: HashMap::new(), next: Stream::Sharing.start() }
    }

    /// Reads to the present end, and says how many events there are.
    pub(crate) async fn read_on(&mut self) -> Result<u64, Failure> {
        let mut entries = self.log.read(Stream::Sharing, self.next.clone());
        while let Some(entry) = entries.next().await {
            match entry.map_err(not_read)? {
                Entry::Event(stored) => {
                    self.places.insert(stored.id, stored.position);
                    let reached = stored.position.next();
                    self.next.retain(|place| place.partition != reached.partition);
                    self.next.push(reached);
                }
                Entry::CaughtUp(_) => return Ok(self.next.iter().map(|place| place.offset).sum()),
            }
        }
        Err(Failure::unavailable())
    }

    /// What was carried out under an id, if anything.
    pub(crate) async fn find(&self, id: EventId) -> Result<Option<SharingEvent>, Failure> {
        let Some(place) = self.places.get(&id) else { return Ok(None) };
        let mut entries = self.log.read(Stream::Sharing, vec![*place]);
        let Some(Entry::Event(stored)) = entries.next().await.transpose().map_err(not_read)? else {
            return Err(Failure::unavailable());
        };
        match self.codec.open(Stream::Sharing, &stored).await {
            Ok(Event::Sharing(event)) => Ok(Some(event)),
            // The person was erased: what the request said is gone, but that it was used is not.
            Err(event_codec::Error::Erased) => Err(crate::desk::used_before()),
            Err(event_codec::Error::Keys(_)) => Err(Failure::unavailable()),
            Ok(Event::Record(_) | Event::Link(_) | Event::Leaf(_)) | Err(_) => {
                tracing::error!(stream = "sharing", offset = place.offset, "a sharing event cannot be read");
                Err(Failure::Internal)
            }
        }
    }
}

fn not_read(error: event_log::Error) -> Failure {
    tracing::warn!(stream = "sharing", error = %error, "the sharing stream cannot be read");
    Failure::unavailable()
}
