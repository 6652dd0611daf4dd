//! What happens to one event: dropped as a repeat, parked, or handled.

use crate::{Decoded, Derived, Error, Ground, Handler, HandlerError};
use domain::{EventId, RecordEvent};
use event_codec::{Event, Heading};
use event_log::{StoredEvent, Stream};
use storage::{OutboxRow, ParkedRow, ParkedState, SeenBefore, UnitOfWork};

/// One batch's work on behalf of a handler.
pub(crate) struct Process<'a, H: Handler> {
    pub(crate) ground: &'a Ground,
    pub(crate) handler: &'a mut H,
    pub(crate) work: &'a mut dyn UnitOfWork,
    /// Set when something follows that the relay must move.
    pub(crate) pushed: &'a mut bool,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Handled.
    Handled,
    /// It cannot be handled, for this reason.
    Poison(String),
}

impl<H: Handler> Process<'_, H> {
    /// Takes the next event of a partition. The batch moves the position past it, in the same unit of work.
    pub(crate) async fn take(&mut self, stream: Stream, stored: &StoredEvent) -> Result<(), Error> {
        match self.work.note_seen(stored.id, &stored.envelope.payload_hash).await? {
            SeenBefore::Repeat if domain::planted(domain::Fault::DedupeOff) => {}
            SeenBefore::Repeat => return Ok(()),
            SeenBefore::Conflict => return self.park_conflict(stream, stored).await,
            SeenBefore::New => {}
        }
        if self.work.is_blocked(stream, stored.key).await? {
            return self.park(stream, stored, "waits behind a parked event", ParkedState::Waiting).await;
        }
        match self.try_handle(stream, stored).await? {
            Fate::Handled => Ok(()),
            Fate::Poison(reason) => self.park(stream, stored, &reason, ParkedState::Blocking).await,
        }
    }

    /// Parks an event whose id stands for other content. It gets a row and a name of its own: under the id itself the
    /// first content may be parked, and what waits for it must not be lost.
    async fn park_conflict(&mut self, stream: Stream, stored: &StoredEvent) -> Result<(), Error> {
        let id = EventId::derived(stored.id, &format!("conflict {:02x?}", stored.envelope.payload_hash));
        match self.work.note_seen(id, &stored.envelope.payload_hash).await? {
            SeenBefore::Repeat | SeenBefore::Conflict => Ok(()),
            SeenBefore::New => {
                let named = StoredEvent { id, ..stored.clone() };
                let reason = "the id was used before for other content";
                self.park(stream, &named, reason, ParkedState::Quarantined).await
            }
        }
    }

    /// Opens and handles one event, and puts what follows from it into the outbox.
    pub(crate) async fn try_handle(&mut self, stream: Stream, stored: &StoredEvent) -> Result<Fate, Error> {
        let event = match self.ground.codec.open(stream, stored).await {
            Ok(event) => event,
            Err(event_codec::Error::Keys(error)) => return Err(error.into()),
            Err(event_codec::Error::Erased) => return Ok(Fate::Handled),
            Err(error) => return Ok(Fate::Poison(error.to_string())),
        };
        if let Event::Record(RecordEvent::ParkedResolved { event, authority, outcome, .. }) = &event {
            self.resolve(*event, authority, (stored.position, *outcome)).await?;
        }
        let decoded = Decoded {
            stream,
            position: stored.position,
            id: stored.id,
            envelope: stored.envelope.clone(),
            event,
        };
        let derived = match self.handler.handle(self.work, &decoded).await {
            Ok(derived) => derived,
            Err(HandlerError::Poison { reason }) => return Ok(Fate::Poison(reason)),
            Err(HandlerError::Incident { what }) => return Err(Error::Incident(what)),
            Err(HandlerError::Store(error)) => return Err(error.into()),
        };
        for follow in derived {
            self.push(stored.id, follow).await?;
        }
        metrics::counter!("yett_events_handled_total", "role" => self.handler.role(), "stream" => stream.as_str())
            .increment(1);
        Ok(Fate::Handled)
    }

    async fn push(&mut self, cause: EventId, derived: Derived) -> Result<(), Error> {
        let id = EventId::derived(cause, &derived.what);
        let heading = Heading::own(id, self.handler.role(), self.ground.clock.now(), Some(cause));
        let event = self.ground.codec.seal(heading, &derived.event).await?;
        let row = OutboxRow {
            sequence: 0,
            stream: event_codec::stream_of(&derived.event),
            key: event.key,
            event: id,
            body: event_codec::to_bytes(&event),
        };
        *self.pushed = true;
        Ok(self.work.push_outbox(row).await?)
    }

    pub(crate) async fn park(
        &mut self,
        stream: Stream,
        stored: &StoredEvent,
        reason: &str,
        state: ParkedState,
    ) -> Result<(), Error> {
        let role = self.handler.role();
        let known = self.work.parked_event(stored.id).await?;
        // Somebody decided to leave it out before this role came to it.
        let state = if known.is_some_and(|row| row.state == ParkedState::Skipped) {
            ParkedState::Skipped
        } else {
            state
        };
        tracing::warn!(
            role,
            stream = stream.as_str(),
            event_id = %stored.id,
            event_type = %stored.envelope.event_type,
            reason,
            "an event was parked"
        );
        metrics::counter!("yett_events_parked_total", "role" => role).increment(1);
        let row = ParkedRow {
            event: stored.id,
            key: stored.key,
            authority: domain::Authority::parse(&stored.envelope.source).ok(),
            stream,
            position: stored.position,
            event_type: stored.envelope.event_type.clone(),
            reason: reason.to_owned(),
            since: self.ground.clock.now(),
            state,
        };
        self.work.save_parked(&row).await?;
        self.work.push_change(stored.key, None).await?;
        Ok(self.handler.on_parked(self.work, stream, &stored.envelope, 1).await?)
    }
}
