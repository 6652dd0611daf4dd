//! Where commands are carried out, one after the other, so that the state a command is judged on is the state that
//! its event follows. Must not know a rule: `rules` does.

use crate::history::History;
use crate::{GovernanceParts, rules};
use async_trait::async_trait;
use domain::{Clock, EventId, SharingEvent};
use event_codec::Event;
use gate::{SharingSnapshot, Snapshot};
use pipeline::Commands;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use transport::{Caller, Failure};

/// How long a command waits for the snapshot to have its event.
const FOLDING: Duration = Duration::from_secs(5);

/// The way of a command's event into the log: [`Commands`], or what stands for it in a test.
#[async_trait]
pub trait EventDoor: Send + Sync + 'static {
    /// Moves what an earlier failure left behind, so that it is in the log before the next decision.
    async fn settle(&self) -> Result<(), pipeline::Error>;

    /// Takes the events in, all or none, and returns once they are durable in the log.
    async fn submit(&self, events: Vec<(EventId, Event)>) -> Result<(), pipeline::Error>;
}

#[async_trait]
impl EventDoor for Commands {
    async fn settle(&self) -> Result<(), pipeline::Error> {
        Commands::settle(self).await
    }

    async fn submit(&self, events: Vec<(EventId, Event)>) -> Result<(), pipeline::Error> {
        Commands::submit(self, events).await
    }
}

/// What a caller wants to happen.
pub(crate) struct Command {
    pub(crate) caller: Caller,
    /// Id of the event, from the caller and the caller's own request id.
    pub(crate) id: EventId,
    pub(crate) event: SharingEvent,
    /// Whether the caller said when. If not, the instant in the event is ours, and a repeat has another one.
    pub(crate) told_when: bool,
}

impl Command {
    /// A command whose event says itself when, or has no instant.
    pub(crate) fn new(caller: Caller, id: EventId, event: SharingEvent) -> Self {
        Self { caller, id, event, told_when: true }
    }

    /// A command that happens now.
    pub(crate) fn now(caller: Caller, id: EventId, event: SharingEvent) -> Self {
        Self { caller, id, event, told_when: false }
    }

    fn repeats(&self, held: &SharingEvent) -> bool {
        if self.told_when { self.event == *held } else { at_epoch(&self.event) == at_epoch(held) }
    }
}

/// What a command left behind: its event's id, and the state that has it.
pub(crate) struct Done {
    pub(crate) id: EventId,
    pub(crate) snapshot: Arc<Snapshot>,
}

/// Carries out commands.
pub(crate) struct Desk {
    events: Arc<dyn EventDoor>,
    snapshot: Arc<SharingSnapshot>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Held from the first look at the state until the event is folded.
    turn: Mutex<History>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Desk")
    }
}

impl Desk {
    pub(crate) fn new(parts: GovernanceParts) -> Self {
        let GovernanceParts { log, codec, clock, events, snapshot, callers: _ } = parts;
        Self { events, snapshot, clock, turn: Mutex::new(History::new(log, codec)) }
    }

    /// The register as it is shown. A reader needs no turn.
    pub(crate) fn register(&self) -> Result<Arc<Snapshot>, Failure> {
        let snapshot = self.snapshot.current();
        if snapshot.broken { Err(Failure::unavailable()) } else { Ok(snapshot) }
    }

    /// Judges a command on the state that there is, and makes its event durable and in force. The same command again
    /// is answered and changes nothing.
    pub(crate) async fn carry_out(&self, command: Command) -> Result<Done, Failure> {
        let mut history = self.turn.lock().await;
        self.events.settle().await.map_err(not_carried_out)?;
        self.fold(&mut history).await?;
        if let Some(held) = history.find(command.id).await? {
            return self.answer_again(&command, &held);
        }
        let before = self.register()?;
        rules::check(&before.state, &command.caller, &command.event, self.clock.now())?;
        let event = Event::Sharing(command.event);
        self.events.submit(vec![(command.id, event)]).await.map_err(not_carried_out)?;
        self.fold(&mut history).await?;
        Ok(Done { id: command.id, snapshot: self.register()? })
    }

    fn answer_again(&self, command: &Command, held: &SharingEvent) -> Result<Done, Failure> {
        if command.repeats(held) {
            Ok(Done { id: command.id, snapshot: self.register()? })
        } else {
            Err(used_before())
        }
    }

    /// Reads the stream to its end, and waits until the snapshot has everything up to there.
    async fn fold(&self, history: &mut History) -> Result<(), Failure> {
        let length = history.read_on().await?;
        let folded = tokio::time::timeout(FOLDING, self.snapshot.reached(length)).await;
        folded.map_err(|_| Failure::unavailable())
    }
}

/// The answer to a request id that stands for something else already.
pub(crate) fn used_before() -> Failure {
    Failure::Conflict {
        rule: "the request id was used before for another command: make a new one".to_owned(),
    }
}

fn not_carried_out(error: pipeline::Error) -> Failure {
    if matches!(error, pipeline::Error::Conflict) {
        used_before()
    } else if error.is_transient() {
        tracing::warn!(role = crate::ROLE, error = %error, "a command could not be carried out now");
        Failure::unavailable()
    } else {
        tracing::error!(role = crate::ROLE, error = %error, "a command could not be carried out");
        Failure::Internal
    }
}

/// The event with the instant that we gave it taken out.
fn at_epoch(event: &SharingEvent) -> SharingEvent {
    let mut event = event.clone();
    match &mut event {
        SharingEvent::PositionEnded { at, .. }
        | SharingEvent::DirectiveLifted { at, .. }
        | SharingEvent::AgreementWithdrawn { at, .. }
        | SharingEvent::AgreementSuspended { at, .. }
        | SharingEvent::AgreementResumed { at, .. }
        | SharingEvent::OverrideEnded { at, .. } => *at = jiff::Timestamp::UNIX_EPOCH,
        SharingEvent::OrganisationRegistered(_)
        | SharingEvent::AssuranceRecorded { .. }
        | SharingEvent::SigningKeyRegistered(_)
        | SharingEvent::CredentialRegistered(_)
        | SharingEvent::CredentialWithdrawn { .. }
        | SharingEvent::PositionAssigned(_)
        | SharingEvent::RoleMapped(_)
        | SharingEvent::TrainingRecorded(_)
        | SharingEvent::DirectiveSet(_)
        | SharingEvent::AgreementDrafted(_)
        | SharingEvent::AgreementSigned(_)
        | SharingEvent::OverrideDeclared(_) => {}
    }
    event
}
