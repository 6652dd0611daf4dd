//! The second door in: commands of people. Decided on state, stored in the outbox, acknowledged once in the log.

use crate::{Error, Ground, Relay};
use domain::EventId;
use event_codec::{Event, Heading};
use storage::{OutboxRow, UnitOfWork};

/// Carries out commands for one role. The caller decides under a lock of its own, so that state and command fit.
#[derive(Debug, Clone)]
pub struct Commands {
    ground: Ground,
    role: &'static str,
    epoch: u64,
    relay: Relay,
}

impl Commands {
    /// Takes the role over, and moves whatever an earlier holder left in its outbox.
    pub async fn claim(ground: Ground, role: &'static str) -> Result<Self, Error> {
        let epoch = ground.store.claim(role).await?;
        let relay = Relay::new(ground.clone(), role, epoch);
        relay.flush().await?;
        Ok(Self { ground, role, epoch, relay })
    }

    /// The id of the event of a command, from the caller and the caller's own request id.
    pub fn event_id(caller: &str, request_id: &str) -> EventId {
        EventId::of_message(&format!("command {caller}"), request_id)
    }

    /// The commands of a role that has a consumer: one epoch and one outbox, so that the log gets both in one order.
    pub(crate) fn beside(ground: Ground, role: &'static str, epoch: u64, relay: Relay) -> Self {
        Self { ground, role, epoch, relay }
    }

    /// Stores the events, all or none, and returns once they are durable in the log.
    pub async fn submit(&self, events: Vec<(EventId, Event)>) -> Result<(), Error> {
        let rows = self.rows(events).await?;
        let work = self.ground.store.begin(self.role, self.epoch).await?;
        store_rows(work, rows).await?;
        self.settle().await
    }

    /// Begins a command whose decision reads what the role's consumer keeps in memory: until it is stored or dropped
    /// no batch of the consumer is under way. Decide, store, then [`Commands::settle`].
    pub async fn begin(&self) -> Result<BegunCommand<'_>, Error> {
        let work = self.ground.store.begin(self.role, self.epoch).await?;
        Ok(BegunCommand { commands: self, work })
    }

    /// Returns once everything that was stored is durable in the log.
    pub async fn settle(&self) -> Result<(), Error> {
        self.relay.flush().await.map(drop)
    }

    async fn rows(&self, events: Vec<(EventId, Event)>) -> Result<Vec<OutboxRow>, Error> {
        let mut rows = Vec::with_capacity(events.len());
        for (id, event) in events {
            let heading = Heading::own(id, self.role, self.ground.clock.now(), None);
            let sealed = self.ground.codec.seal(heading, &event).await?;
            rows.push(OutboxRow {
                sequence: 0,
                stream: event_codec::stream_of(&event),
                key: sealed.key,
                event: id,
                body: event_codec::to_bytes(&sealed),
            });
        }
        Ok(rows)
    }
}

/// A command that is being decided, with its unit of work open.
pub struct BegunCommand<'a> {
    commands: &'a Commands,
    work: Box<dyn UnitOfWork>,
}

impl BegunCommand<'_> {
    /// Stores what was decided, all or none.
    pub async fn store(self, events: Vec<(EventId, Event)>) -> Result<(), Error> {
        let Self { commands, work } = self;
        let rows = commands.rows(events).await?;
        store_rows(work, rows).await
    }
}

impl std::fmt::Debug for BegunCommand<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("BegunCommand")
    }
}

async fn store_rows(mut work: Box<dyn UnitOfWork>, rows: Vec<OutboxRow>) -> Result<(), Error> {
    for row in rows {
        work.push_outbox(row).await?;
    }
    Ok(work.commit().await?)
}
