//! Appends leaves to the log. The only implementation of `policy::DisclosureLog`.

use crate::Lease;
use async_trait::async_trait;
use domain::{Clock, EventId, Leaf};
use event_codec::{Codec, Event, Heading};
use event_log::{EventLog, Stream};
use policy::{Acknowledged, DisclosureLog, Error};
use std::sync::Arc;

/// Role under which leaves are appended.
const ROLE: &str = "gate";

/// The disclosures stream of the log.
pub(crate) struct LogDisclosures {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) codec: Codec,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) lease: Arc<Lease>,
}

#[async_trait]
impl DisclosureLog for LogDisclosures {
    async fn append(&self, leaf: Leaf) -> Result<Acknowledged, Error> {
        let disclosure = leaf.id;
        let heading = Heading::own(EventId(disclosure.0), ROLE, self.clock.now(), None);
        let event = self.codec.seal(heading, &Event::Leaf(leaf)).await;
        let event = event.map_err(|error| Error::Disclosure(error.to_string()))?;
        let appended = self.log.append(Stream::Disclosures, vec![event]).await;
        self.lease.note_audit(appended.is_ok());
        if domain::planted(domain::Fault::ByteBeforeLeaf) {
            return Ok(Acknowledged { disclosure });
        }
        appended.map(|_| Acknowledged { disclosure }).map_err(|error| Error::Disclosure(error.to_string()))
    }
}
