//! A node: opens what a profile names, runs the roles asked for, serves their ports, stops cleanly.

use crate::data_dir::DataDir;
use crate::health::Health;
use crate::keys::NodeKeys;
use crate::registers::SnapshotFeeds;
use crate::roles::Role;
use crate::{background, bootstrap, ports, wiring};
use anyhow::{Context, Result};
use domain::{Authority, Entropy};
use event_log::{Stream, SystemEntropy};
use gate::{DisclosureKey, Gate, GateParts, Hub, Lease, LeaseSettings, SharingSnapshot};
use intake::{FeedRegister, LogIntake};
use jiff::SignedDuration;
use pages::Assets;
use pipeline::{Commands, Ground};
use settings::Settings;
use std::sync::Arc;
use std::time::Duration;
use storage::DISCLOSURE_INDEX;
use telemetry::Metrics;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use transport::CallerCheck;

/// Everything that the roles of one process share.
pub(crate) struct Node {
    pub(crate) settings: Settings,
    pub(crate) roles: Vec<Role>,
    pub(crate) data_dir: DataDir,
    pub(crate) keys: NodeKeys,
    pub(crate) ground: Ground,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) snapshot: Arc<SharingSnapshot>,
    pub(crate) lease: Arc<Lease>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) callers: CallerCheck,
    pub(crate) feeds: Arc<dyn FeedRegister>,
    pub(crate) intake: Arc<LogIntake>,
    pub(crate) assets: Assets,
    pub(crate) health: Health,
}

/// Runs these roles until told to stop. `started` is told once every port answers.
pub(crate) async fn run(
    settings: Settings,
    roles: Vec<Role>,
    stop: CancellationToken,
    started: oneshot::Sender<()>,
) -> Result<()> {
    let metrics = Metrics::start().or_else(|_| anyhow::Ok(Metrics::detached()))?;
    let node = open(settings, roles, metrics).await?;
    let commands =
        Commands::claim(node.ground.clone(), "governance").await.context("the outbox cannot be moved")?;
    bootstrap::register_operator(&node.data_dir, &node.snapshot, &commands).await?;
    let background = background::start(&node, &stop).await?;
    let ports = ports::open(&node, &background, commands, &stop).await?;
    tracing::info!(outcome = "started", "the node serves");
    if started.send(()).is_err() {
        tracing::debug!("nobody waits for the node");
    }
    stop.cancelled().await;
    ports.finish(Duration::from_millis(node.settings.limits.shutdown_ms)).await;
    background.finish(Duration::from_millis(node.settings.limits.shutdown_ms)).await;
    tracing::info!(outcome = "stopped", "the node has stopped");
    Ok(())
}

/// Opens everything and reads the sharing stream to its end; serves nothing yet.
async fn open(settings: Settings, roles: Vec<Role>, metrics: Metrics) -> Result<Node> {
    let data_dir = DataDir::take(settings.node.data_dir.as_ref())?;
    let keys = NodeKeys::read(&settings.keys, data_dir.path())?;
    let wiring::Embedded { ground, log } = wiring::embedded(&data_dir, &keys)?;
    let (clock, codec) = (Arc::clone(&ground.clock), ground.codec.clone());
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
    let snapshot = SharingSnapshot::new(Arc::clone(&ground.log), codec.clone(), Arc::clone(&clock));
    snapshot.catch_up().await.context("the sharing stream cannot be read")?;
    let lease = lease(&settings, &snapshot, &ground);
    let gate = Arc::new(Gate::new(GateParts {
        log: Arc::clone(&ground.log),
        codec: codec.clone(),
        store: Arc::clone(&ground.store),
        snapshot: Arc::clone(&snapshot),
        lease: Arc::clone(&lease),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        key: DisclosureKey::new(&keys.disclosure),
    }));
    let health = Health::new(ground.clone(), log, Arc::clone(&lease), metrics, consumers(&roles));
    Ok(Node {
        callers: CallerCheck::new(Arc::clone(&snapshot) as Arc<dyn transport::CredentialRegister>),
        feeds: Arc::new(SnapshotFeeds(Arc::clone(&snapshot))),
        intake: Arc::new(LogIntake::new(Arc::clone(&ground.log), codec, clock)),
        assets: Assets::of(&[viewer::panel::ASSETS])?,
        hub: Hub::new(),
        settings,
        roles,
        data_dir,
        keys,
        ground,
        entropy,
        snapshot,
        lease,
        gate,
        health,
    })
}

fn lease(settings: &Settings, snapshot: &Arc<SharingSnapshot>, ground: &Ground) -> Arc<Lease> {
    let millis = |value: u64| SignedDuration::from_millis(i64::try_from(value).unwrap_or(i64::MAX));
    let settings = LeaseSettings {
        lasts: millis(settings.policy.lease_ms),
        clock_skew: millis(settings.policy.clock_skew_ms),
    };
    let (store, clock) = (Arc::clone(&ground.store), Arc::clone(&ground.clock));
    Arc::new(Lease::new(Arc::clone(snapshot), store, clock, settings))
}

/// The consumers of these roles, with their streams, for readiness and for operators.
pub(crate) fn consumers(roles: &[Role]) -> Vec<(&'static str, &'static [Stream])> {
    let mut found: Vec<(&'static str, &'static [Stream])> = Vec::new();
    if roles.contains(&Role::Projector) {
        found.push((projector::ROLE, &[Stream::Records, Stream::Links]));
        found.push((DISCLOSURE_INDEX, &[Stream::Disclosures]));
    }
    if roles.contains(&Role::ChiMatcher) {
        found.push((chi_matcher::ROLE, &[Stream::Records, Stream::Links]));
    }
    found
}

impl Node {
    /// Whether this process plays the role.
    pub(crate) fn plays(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Authority whose records stand for persons.
    pub(crate) fn index_authority(&self) -> Result<Authority> {
        let text = &self.settings.matching.index_authority;
        Authority::parse(text).map_err(|violation| anyhow::anyhow!("matching.index_authority: {violation}"))
    }
}
