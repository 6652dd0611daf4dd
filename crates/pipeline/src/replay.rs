//! Parked events come back: replayed or skipped by an operator, or understood by a newer version.

use crate::process::{Fate, Process};
use crate::{Error, Ground, Handler};
use domain::{Authority, EventId, ParkedOutcome, RecordKey};
use event_log::{Entry, LogPosition, StoredEvent, Stream};
use futures::StreamExt;
use storage::{ParkedRow, ParkedState};

impl<H: Handler> Process<'_, H> {
    /// Carries out what an operator decided about a parked event, then lets what waited behind it go on.
    pub(crate) async fn resolve(
        &mut self,
        event: EventId,
        authority: &Authority,
        at: (LogPosition, ParkedOutcome),
    ) -> Result<(), Error> {
        let (_, outcome) = at;
        let Some(row) = self.work.parked_event(event).await? else {
            return self.note_early(event, authority, at).await;
        };
        if !row.state.is_open() {
            return Ok(());
        }
        match (outcome, row.state) {
            (ParkedOutcome::Skipped, _) => {
                let stored = parked_event(self.ground, &row).await?;
                self.close(row.clone(), &stored, ParkedState::Skipped).await?;
            }
            (ParkedOutcome::Replayed, ParkedState::Quarantined) => {
                let stored = parked_event(self.ground, &row).await?;
                self.close(row.clone(), &stored, ParkedState::Replayed).await?;
            }
            (ParkedOutcome::Replayed, _) => {}
        }
        self.go_on(row.stream, row.key).await
    }

    /// Tries the open events of a key in log order until one cannot be handled.
    pub(crate) async fn go_on(&mut self, stream: Stream, key: domain::RecordKey) -> Result<(), Error> {
        for row in self.work.open_parked(stream, key).await? {
            if row.state == ParkedState::Quarantined {
                continue;
            }
            let stored = parked_event(self.ground, &row).await?;
            match Box::pin(self.try_handle(stream, &stored)).await? {
                Fate::Handled => self.close(row, &stored, ParkedState::Replayed).await?,
                Fate::Poison(reason) => {
                    let row = ParkedRow { reason, state: ParkedState::Blocking, ..row };
                    self.work.save_parked(&row).await?;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What was skipped stays in the books as parked: it was accepted and never applied.
    async fn close(&mut self, row: ParkedRow, stored: &StoredEvent, state: ParkedState) -> Result<(), Error> {
        let key = row.key;
        self.work.save_parked(&ParkedRow { state, ..row }).await?;
        self.work.push_change(key, None).await?;
        if state == ParkedState::Skipped {
            return Ok(());
        }
        Ok(self.handler.on_parked(self.work, row.stream, &stored.envelope, -1).await?)
    }

    /// Notes a decision about an event that this role has not parked: in a rebuild the decision can be read before the
    /// event, which lies in another partition.
    async fn note_early(
        &mut self,
        event: EventId,
        authority: &Authority,
        at: (LogPosition, ParkedOutcome),
    ) -> Result<(), Error> {
        let (position, outcome) = at;
        let row = ParkedRow {
            event,
            key: RecordKey::of_feed(authority),
            authority: Some(authority.clone()),
            stream: Stream::Records,
            position,
            event_type: String::new(),
            reason: String::new(),
            since: self.ground.clock.now(),
            state: match outcome {
                ParkedOutcome::Skipped => ParkedState::Skipped,
                ParkedOutcome::Replayed => ParkedState::Replayed,
            },
        };
        Ok(self.work.save_parked(&row).await?)
    }
}

/// The event of a parked row, still sealed, as it lies in the log.
pub async fn parked_event(ground: &Ground, row: &ParkedRow) -> Result<StoredEvent, Error> {
    let mut from = ground.log.end(row.stream).await?;
    for place in from.iter_mut().filter(|place| place.partition == row.position.partition) {
        *place = row.position;
    }
    let mut entries = ground.log.read(row.stream, from);
    while let Some(entry) = entries.next().await {
        match entry? {
            Entry::Event(stored) if stored.position == row.position => return Ok(stored),
            Entry::Event(_) => {}
            Entry::CaughtUp(_) => break,
        }
    }
    Err(Error::Log(event_log::Error::Unavailable("a parked event is not in the log".to_owned())))
}
