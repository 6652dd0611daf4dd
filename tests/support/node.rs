//! A node on the memory profile, driven step by step: log with mixed partitions, store in memory, keys in memory,
//! intake, projector, decider, gate with snapshot and lease, hub and viewer. No clock but the one that it is given.

use crate::steps::{SteppedKeys, SteppedLog, Steps};
use chi_matcher::{ChiMatcher, Decider, Doors};
use domain::{Authority, Clock, Entropy, EventId, ManualClock, SeededEntropy, SharingEvent};
use event_codec::{Codec, Event};
use event_log::{EventLog, InMemoryKeys, Keys, MemoryLog, Sealer};
use gate::{DisclosureKey, Gate, GateParts, Hub, Lease, LeaseSettings, SharingSnapshot};
use intake::LogIntake;
use jiff::{SignedDuration, Timestamp};
use pages::Assets;
use pipeline::{Commands, Consumer, Error, Ground};
use projector::{DisclosureIndex, ReadModel};
use std::sync::Arc;
use std::time::Duration;
use storage_sqlite::SqliteStore;
use tokio_util::sync::CancellationToken;
use transport::CallerCheck;
use viewer::{Viewer, ViewerParts};

/// Secrets of the callers that the seed registers.
pub mod secrets {
    /// Host of the board.
    pub const BOARD_HOST: &str = "portal-secret";
    /// Host of the council.
    pub const COUNCIL_HOST: &str = "case-system-host-secret";
    /// The council's case system, as a feed and as the receiver of numbers.
    pub const COUNCIL_FEED: &str = "case-system-secret";
    /// Operator of the node.
    pub const OPERATOR: &str = "operator-secret";
}

/// Authority whose records stand for persons.
pub const INDEX: &str = "nhs-strathorr";

/// What outlives a process: the log, the store, the keys, and the time.
#[derive(Clone)]
pub struct Durable {
    /// The log, to plant troubles in.
    pub log: MemoryLog,
    /// What services stand on.
    pub ground: Ground,
    /// The time.
    pub clock: Arc<ManualClock>,
    /// Randomness.
    pub entropy: Arc<SeededEntropy>,
    /// Crash points.
    pub steps: Arc<Steps>,
}

impl Durable {
    /// Nothing at all, at this time.
    pub fn new(seed: u64, start: Timestamp) -> Self {
        let entropy = Arc::new(SeededEntropy::new(seed));
        let (steps, clock) = (Steps::new(), Arc::new(ManualClock::new(start)));
        let log = MemoryLog::mixing(seed);
        let keys: Arc<dyn Keys> = Arc::new(InMemoryKeys::seeded(entropy.clone()));
        let keys = Arc::new(SteppedKeys::new(keys, Arc::clone(&steps)));
        let ground = Ground {
            log: Arc::new(SteppedLog::new(Arc::new(log.clone()), Arc::clone(&steps))),
            store: Arc::new(SqliteStore::in_memory().expect("a store")),
            codec: Codec::new(Sealer::new(keys, entropy.clone())),
            clock: clock.clone(),
        };
        Self { log, ground, clock, entropy, steps }
    }

    /// The same log under another, empty store.
    pub fn beside(&self) -> Ground {
        let store = Arc::new(SqliteStore::in_memory().expect("a store"));
        Ground { store, log: Arc::new(self.log.clone()), ..self.ground.clone() }
    }
}

/// One process.
pub struct Node {
    /// What it stands on.
    pub durable: Durable,
    /// The way in for feeds.
    pub intake: Arc<LogIntake>,
    /// The policy snapshot.
    pub snapshot: Arc<SharingSnapshot>,
    /// The gate.
    pub gate: Arc<Gate>,
    /// Wakes open panels.
    pub hub: Arc<Hub>,
    /// Launches, panels, views.
    pub viewer: Arc<Viewer>,
    /// The decider's services.
    pub matcher: ChiMatcher,
    /// What they stand on.
    pub doors: Doors,
    commands: Commands,
    projector: Consumer<ReadModel>,
    disclosure_index: Consumer<DisclosureIndex>,
    decider: Consumer<Decider>,
    change_seen: u64,
}

impl Node {
    /// Starts a process. It has read nothing.
    pub async fn start(durable: Durable) -> Result<Self, Error> {
        let Durable { ground, clock, entropy, .. } = &durable;
        let snapshot = SharingSnapshot::new(Arc::clone(&ground.log), ground.codec.clone(), clock.clone());
        let gate = gate(&durable, &snapshot);
        let (hub, callers) = (Hub::new(), CallerCheck::new(snapshot.clone()));
        let commands = Commands::claim(ground.clone(), "governance").await?;
        let viewer = viewer(&durable, &gate, &hub, &callers).await?;
        let projector = Consumer::claim(ground.clone(), ReadModel).await?;
        let disclosure_index = Consumer::claim(ground.clone(), DisclosureIndex::default()).await?;
        let (matcher, decider) = decider(ground).await?;
        let doors = Doors {
            gate: Arc::clone(&gate),
            callers,
            commands: decider.commands(),
            entropy: entropy.clone(),
            stop: CancellationToken::new(),
        };
        let change_seen = ground.store.newest_change().await?;
        let intake = LogIntake::new(Arc::clone(&ground.log), ground.codec.clone(), clock.clone());
        Ok(Self {
            intake: Arc::new(intake),
            snapshot,
            gate,
            hub,
            viewer,
            matcher,
            doors,
            commands,
            projector,
            disclosure_index,
            decider,
            change_seen,
            durable,
        })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.durable.clock.now()
    }

    /// Reads on in the roles of the projector and of the disclosure index. `steps`: it dies there, and starts again without having read on.
    pub async fn project(&mut self, steps: Option<u32>) -> Result<bool, Error> {
        let Self { projector, disclosure_index, durable, .. } = self;
        let both = async {
            projector.catch_up().await?;
            disclosure_index.catch_up().await
        };
        let done = match steps {
            None => Some(both.await),
            Some(steps) => durable.steps.run(steps, both).await,
        };
        match done {
            Some(done) => done.map(|()| true),
            None => {
                let ground = &self.durable.ground;
                self.projector = Consumer::claim(ground.clone(), ReadModel).await?;
                self.disclosure_index = Consumer::claim(ground.clone(), DisclosureIndex::default()).await?;
                Ok(false)
            }
        }
    }

    /// Reads on in the role of the decider. `steps`: it dies there, and starts again without having read on.
    pub async fn decide(&mut self, steps: Option<u32>) -> Result<bool, Error> {
        let done = match steps {
            None => Some(self.decider.catch_up().await),
            Some(steps) => self.durable.steps.run(steps, self.decider.catch_up()).await,
        };
        match done {
            Some(done) => done.map(|()| true),
            None => {
                let (matcher, decider) = decider(&self.durable.ground).await?;
                self.doors.commands = decider.commands();
                (self.matcher, self.decider) = (matcher, decider);
                Ok(false)
            }
        }
    }

    /// Says something in the name of governance. An error leaves it in the outbox: [`Node::settle_governance`].
    pub async fn govern(&self, event: SharingEvent) -> Result<(), Error> {
        let id = EventId(self.durable.entropy.uuid());
        self.commands.submit(vec![(id, Event::Sharing(event))]).await
    }

    /// Moves whatever governance has in its outbox.
    pub async fn settle_governance(&self) -> Result<(), Error> {
        self.commands.settle().await
    }

    /// Wakes the panels that the changes since the last call touch, as the hub does by itself.
    pub async fn wake_touched(&mut self) -> Result<(), Error> {
        loop {
            let changes = self.durable.ground.store.changes_since(self.change_seen, 1000).await?;
            let Some(last) = changes.last() else { return Ok(()) };
            self.change_seen = last.sequence;
            self.hub.wake(&changes);
        }
    }
}

fn gate(durable: &Durable, snapshot: &Arc<SharingSnapshot>) -> Arc<Gate> {
    let settings =
        LeaseSettings { lasts: SignedDuration::from_secs(30), clock_skew: SignedDuration::from_secs(5) };
    let (ground, clock) = (&durable.ground, durable.clock.clone());
    let lease = Lease::new(Arc::clone(snapshot), Arc::clone(&ground.store), clock.clone(), settings);
    Arc::new(Gate::new(GateParts {
        log: Arc::clone(&ground.log),
        codec: ground.codec.clone(),
        store: Arc::clone(&ground.store),
        snapshot: Arc::clone(snapshot),
        lease: Arc::new(lease),
        clock,
        entropy: durable.entropy.clone(),
        key: DisclosureKey::new(&[9; 32]),
    }))
}

async fn viewer(
    durable: &Durable,
    gate: &Arc<Gate>,
    hub: &Arc<Hub>,
    callers: &CallerCheck,
) -> Result<Arc<Viewer>, Error> {
    // Longer than any run: what ends by the machine's own clock would not end in step with the run's.
    let never = Duration::from_secs(24 * 60 * 60);
    Ok(Viewer::new(ViewerParts {
        gate: Arc::clone(gate),
        hub: Arc::clone(hub),
        store: Arc::clone(&durable.ground.store),
        commands: Commands::claim(durable.ground.clone(), "viewer").await?,
        callers: callers.clone(),
        clock: durable.clock.clone(),
        entropy: durable.entropy.clone(),
        assets: Assets::of(&[viewer::panel::ASSETS]).expect("assets"),
        stop: tokio_util::sync::CancellationToken::new(),
        settings: viewer::Settings {
            public_url: "http://yett.localhost:7400".to_owned(),
            launch: Duration::from_mins(1),
            session: never,
            heartbeat: never,
            lease: Duration::from_secs(30),
            most_panels: 100,
        },
    }))
}

async fn decider(ground: &Ground) -> Result<(ChiMatcher, Consumer<Decider>), Error> {
    let settings = chi_matcher::Settings {
        index_authority: Authority::parse(INDEX).expect("an authority"),
        adults: true,
        children: false,
        assignment_retry: Duration::from_secs(60),
    };
    let matcher = ChiMatcher::new(settings, ground.clone());
    let consumer = Consumer::claim(ground.clone(), matcher.decider()).await?;
    Ok((matcher, consumer))
}

/// The whole log of a stream, opened.
pub async fn events(
    durable: &Durable,
    stream: event_log::Stream,
    from: &mut Vec<event_log::LogPosition>,
) -> Vec<Event> {
    use event_log::Entry;
    use futures::StreamExt;
    let mut found = Vec::new();
    let mut entries = durable.log.read(stream, from.clone());
    while let Some(entry) = entries.next().await {
        match entry.expect("the log can be read") {
            Entry::Event(stored) => match durable.ground.codec.open(stream, &stored).await {
                Ok(event) => found.push(event),
                Err(event_codec::Error::UnknownType { .. }) => {}
                Err(error) => panic!("an event cannot be opened: {error}"),
            },
            Entry::CaughtUp(places) => {
                *from = places;
                break;
            }
        }
    }
    found
}
