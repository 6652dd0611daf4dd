//! Where commands are decided: one at a time, on a memory that fits the log, durable before they are answered.

use crate::memory::{Done, Memory};
use crate::shared::Shared;
use domain::{EventId, LinkEvent};
use event_codec::Event;
use jiff::Timestamp;
use matching::Matcher;
use pipeline::Commands;
use std::sync::Arc;
use transport::{Caller, Failure};

/// Carries out commands.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    shared: Arc<Shared>,
    commands: Commands,
}

/// Who commands, under which id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Command {
    id: EventId,
}

impl Command {
    /// The command of a caller's request. The request id must be a UUID.
    pub(crate) fn of(caller: &Caller, request_id: &str) -> Result<Self, Failure> {
        let id =
            EventId::parse(request_id).map_err(|violation| Failure::field("request_id", violation.rule))?;
        Ok(Self { id: Commands::event_id(caller.organisation.as_str(), &id.to_string()) })
    }

    /// Id of the event that answers it.
    pub(crate) fn event(self) -> EventId {
        self.id
    }
}

impl Desk {
    pub(crate) fn new(shared: Arc<Shared>, commands: Commands) -> Self {
        Self { shared, commands }
    }

    /// Decides a command, or finds that it was decided before: then `is_same` says whether it was the same one.
    pub(crate) async fn carry_out(
        &self,
        command: Command,
        is_same: impl Fn(&Memory, &LinkEvent) -> bool + Send,
        decide: impl FnOnce(&mut Matcher, Timestamp) -> Result<Vec<LinkEvent>, Failure> + Send,
    ) -> Result<Done, Failure> {
        let _turn = self.shared.turn.lock().await;
        if let Some(done) = self.repeated(command, is_same).await? {
            self.flush().await?;
            return Ok(done);
        }
        let done = self.decide(command, decide).await?;
        self.shared.ring();
        self.flush().await?;
        Ok(done)
    }

    async fn repeated(
        &self,
        command: Command,
        is_same: impl Fn(&Memory, &LinkEvent) -> bool,
    ) -> Result<Option<Done>, Failure> {
        let memory = self.shared.read().await?;
        let Some(done) = memory.done(command.id) else { return Ok(None) };
        if is_same(&memory, &done.event) {
            return Ok(Some(done.clone()));
        }
        let rule = "the request id was used before for another command: make a new one".to_owned();
        Err(Failure::Conflict { rule })
    }

    async fn decide(
        &self,
        command: Command,
        decide: impl FnOnce(&mut Matcher, Timestamp) -> Result<Vec<LinkEvent>, Failure>,
    ) -> Result<Done, Failure> {
        let unit = self.commands.begin().await.map_err(unavailable)?;
        let mut memory = self.shared.read().await?;
        let now = self.shared.ground.clock.now();
        let events = memory.command(command.id, |matcher| decide(matcher, now))?;
        let unstored = Unstored { shared: &self.shared, is_stored: false };
        let answer = events.iter().find(|(id, _)| *id == command.id).map(|(_, event)| event.clone());
        if let Some(event) = &answer {
            memory.answered(event);
        }
        let events = events.into_iter().map(|(id, event)| (id, Event::Link(event))).collect();
        unit.store(events).await.map_err(unavailable)?;
        unstored.now_stored();
        memory.done(command.id).cloned().ok_or(Failure::Internal)
    }

    async fn flush(&self) -> Result<(), Failure> {
        self.commands.settle().await.map_err(unavailable)
    }
}

/// A decision that is folded and not stored: the memory says more than the store. When storing fails, or the caller
/// goes away half-way, the consumer builds the memory anew.
struct Unstored<'a> {
    shared: &'a Shared,
    is_stored: bool,
}

impl Unstored<'_> {
    fn now_stored(mut self) {
        self.is_stored = true;
    }
}

impl Drop for Unstored<'_> {
    fn drop(&mut self) {
        if !self.is_stored {
            self.shared.mark_stale();
        }
    }
}

fn unavailable(error: pipeline::Error) -> Failure {
    tracing::warn!(role = crate::ROLE, error = %error, "a command could not be stored");
    Failure::unavailable()
}

/// A refusal of the matcher, as a caller is told.
pub(crate) fn refused(error: matching::Error) -> Failure {
    match error {
        matching::Error::Reason => Failure::field("reason", "must have 1 to 500 characters"),
        matching::Error::NotAReviewersOutcome => Failure::field("decision", error.to_string()),
        matching::Error::ReviewNotOpen
        | matching::Error::RecordChanged
        | matching::Error::UnknownPerson
        | matching::Error::UnknownRecord
        | matching::Error::NotLinked
        | matching::Error::IndexRecord => Failure::Conflict { rule: error.to_string() },
    }
}
