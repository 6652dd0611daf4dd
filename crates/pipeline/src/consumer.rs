//! The consumer loop of one role.

use crate::process::Process;
use crate::{Commands, Error, Ground, Handler, HandlerError, Relay};
use event_log::{Entry, Stream};
use futures::StreamExt;
use futures::stream::{BoxStream, SelectAll};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Entries handled in one unit of work at most.
const BATCH: usize = 256;

/// Why a consumer ended.
#[derive(Debug)]
pub enum Stopped {
    /// It was told to.
    Asked,
    /// It cannot go on: a gap in the log, a fence, a damaged store. A person must look.
    Incident(Error),
}

/// Entries handled in one unit of work.
type Batch = Vec<(Stream, Result<Entry, event_log::Error>)>;

/// How often it is stored, at most, that the end of a stream was reached.
const PROGRESS_EVERY: SignedDuration = SignedDuration::from_millis(400);

type Entries = SelectAll<BoxStream<'static, (Stream, Result<Entry, event_log::Error>)>>;

/// Reads a role's streams and has its handler handle them.
pub struct Consumer<H: Handler> {
    ground: Ground,
    handler: H,
    epoch: u64,
    relay: Relay,
    /// When the end of each stream was last stored as reached.
    caught_up: BTreeMap<Stream, Timestamp>,
}

impl<H: Handler> Consumer<H> {
    /// Takes the role over and makes its consumer.
    pub async fn claim(ground: Ground, handler: H) -> Result<Self, Error> {
        let epoch = ground.store.claim(handler.role()).await?;
        let relay = Relay::new(ground.clone(), handler.role(), epoch);
        Ok(Self { ground, handler, epoch, relay, caught_up: BTreeMap::new() })
    }

    /// The role's relay; run it beside the consumer.
    pub fn relay(&self) -> Relay {
        self.relay.clone()
    }

    /// The command door of the same role, for a role whose commands and consumer decide on one state.
    pub fn commands(&self) -> Commands {
        Commands::beside(self.ground.clone(), self.handler.role(), self.epoch, self.relay.clone())
    }

    /// Runs until stopped or until an incident.
    pub async fn run(mut self, stop: CancellationToken) -> Stopped {
        loop {
            match self.attempt(&stop).await {
                Ok(()) => return Stopped::Asked,
                Err(error) if error.is_transient() => {
                    tracing::warn!(role = self.handler.role(), error = %error, "a batch failed and is tried again");
                    tokio::select! {
                        () = stop.cancelled() => return Stopped::Asked,
                        () = tokio::time::sleep(Duration::from_millis(250)) => {}
                    }
                }
                Err(error) => {
                    tracing::error!(role = self.handler.role(), error = %error, "the role stops: a person must look");
                    return Stopped::Incident(error);
                }
            }
        }
    }

    /// Reads to the present end once and returns: for rebuilds, simulations and tests.
    pub async fn catch_up(&mut self) -> Result<(), Error> {
        self.start().await?;
        for stream in self.handler.streams() {
            let from = self.ground.store.positions(self.handler.role(), *stream).await?;
            let mut entries = self.ground.log.read(*stream, from);
            let mut batch = Vec::new();
            while let Some(entry) = entries.next().await {
                let entry = entry?;
                let at_end = matches!(entry, Entry::CaughtUp(_));
                batch.push((*stream, Ok(entry)));
                if at_end || batch.len() >= BATCH {
                    self.take(std::mem::take(&mut batch)).await?;
                }
                if at_end {
                    break;
                }
            }
        }
        self.relay.flush().await?;
        Ok(())
    }

    async fn start(&mut self) -> Result<(), Error> {
        self.relay.flush().await?;
        self.handler.reload(self.ground.store.as_ref()).await.map_err(store_error)?;
        self.retry_unknown().await
    }

    async fn attempt(&mut self, stop: &CancellationToken) -> Result<(), Error> {
        self.start().await?;
        self.caught_up.clear();
        let mut entries = self.entries().await?.ready_chunks(BATCH);
        loop {
            let batch = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                batch = entries.next() => batch,
            };
            let Some(batch) = batch else {
                return Err(event_log::Error::Unavailable("the log ended".to_owned()).into());
            };
            let batch = self.worth_a_unit(batch);
            if batch.is_empty() {
                continue;
            }
            let rest = if batch.len() < BATCH { self.handler.rest() } else { Duration::ZERO };
            self.take(batch).await?;
            if !rest.is_zero() {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(rest) => {}
                }
            }
        }
    }

    /// Leaves out that the end was reached where that was stored a moment ago: at every event it would be a unit of
    /// work more.
    fn worth_a_unit(&mut self, batch: Batch) -> Batch {
        let now = self.ground.clock.now();
        let Self { caught_up, .. } = self;
        let counts = |(stream, entry): &(Stream, Result<Entry, event_log::Error>)| {
            if !matches!(entry, Ok(Entry::CaughtUp(_))) {
                return true;
            }
            let known = caught_up.get(stream);
            let fresh = known.is_some_and(|at| *at <= now && now.duration_since(*at) < PROGRESS_EVERY);
            if !fresh {
                caught_up.insert(*stream, now);
            }
            !fresh
        };
        batch.into_iter().filter(counts).collect()
    }

    async fn entries(&self) -> Result<Entries, Error> {
        let mut all = SelectAll::new();
        for stream in self.handler.streams() {
            let stream = *stream;
            let from = self.ground.store.positions(self.handler.role(), stream).await?;
            all.push(self.ground.log.read(stream, from).map(move |entry| (stream, entry)).boxed());
        }
        Ok(all)
    }

    /// Handles a batch in one unit of work, then wakes the relay.
    async fn take(&mut self, batch: Batch) -> Result<(), Error> {
        if self.handler.is_stale() {
            let reason = "what the role keeps in memory is built anew".to_owned();
            return Err(storage::Error::Unavailable(reason).into());
        }
        if domain::planted(domain::Fault::PositionBeforeRows) {
            self.advance_past(&batch).await?;
        }
        let mut work = self.ground.store.begin(self.handler.role(), self.epoch).await?;
        let mut failed = None;
        let (mut next, mut pushed) = (BTreeMap::new(), false);
        for (stream, entry) in batch {
            match entry {
                Ok(Entry::Event(stored)) => {
                    let mut process = Process {
                        ground: &self.ground,
                        handler: &mut self.handler,
                        work: work.as_mut(),
                        pushed: &mut pushed,
                    };
                    process.take(stream, &stored).await?;
                    next.insert((stream, stored.position.partition), stored.position.next());
                }
                Ok(Entry::CaughtUp(_)) => work.caught_up(stream, self.ground.clock.now()).await?,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        for ((stream, _), position) in next {
            work.advance(stream, position).await?;
        }
        work.commit().await?;
        if pushed {
            self.relay.wake();
        }
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    /// The mistake that the simulation plants: positions in a unit of work before that of the rows.
    async fn advance_past(&self, batch: &[(Stream, Result<Entry, event_log::Error>)]) -> Result<(), Error> {
        let mut work = self.ground.store.begin(self.handler.role(), self.epoch).await?;
        for (stream, entry) in batch {
            if let Ok(Entry::Event(stored)) = entry {
                work.advance(*stream, stored.position.next()).await?;
            }
        }
        Ok(work.commit().await?)
    }

    /// Events that an older version did not know are tried again, in order.
    async fn retry_unknown(&mut self) -> Result<(), Error> {
        let parked = self.ground.store.parked(self.handler.role(), 10_000).await?;
        let unknown = parked.into_iter().filter(|row| row.state == storage::ParkedState::Blocking);
        for row in unknown.filter(|row| row.reason.contains("not known to this version")) {
            let mut work = self.ground.store.begin(self.handler.role(), self.epoch).await?;
            let mut process = Process {
                ground: &self.ground,
                handler: &mut self.handler,
                work: work.as_mut(),
                pushed: &mut false,
            };
            process.go_on(row.stream, row.key).await?;
            work.commit().await?;
            self.relay.wake();
        }
        Ok(())
    }
}

fn store_error(error: HandlerError) -> Error {
    match error {
        HandlerError::Store(error) => Error::Store(error),
        HandlerError::Incident { what } => Error::Incident(what),
        HandlerError::Poison { reason } => Error::Log(event_log::Error::Unavailable(reason)),
    }
}
