//! What runs beside the ports: consumers and their relays, the policy snapshot, the lease, the change feed, the
//! keeper of the disclosure log.

use crate::health::Health;
use crate::node::Node;
use crate::roles::Role;
use anyhow::{Context, Result, anyhow};
use chi_matcher::ChiMatcher;
use domain::{NODE_OPERATOR, OrganisationId};
use pipeline::{Commands, Consumer, Handler, Relay, Stopped};
use std::sync::Arc;
use std::time::Duration;
use storage::DISCLOSURE_INDEX;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use viewer::disclosures::{CheckpointKey, DisclosureParts, Disclosures};

/// The tasks, and the parts that ports need of them.
pub(crate) struct Background {
    tasks: JoinSet<()>,
    pub(crate) matcher: Option<(ChiMatcher, Commands)>,
    pub(crate) disclosures: Option<Disclosures>,
}

/// Starts everything that the node's roles need in the background.
pub(crate) async fn start(node: &Node, stop: &CancellationToken) -> Result<Background> {
    let mut background = Background { tasks: JoinSet::new(), matcher: None, disclosures: None };
    let tasks = &mut background.tasks;
    tasks.spawn(Arc::clone(&node.snapshot).follow(stop.clone()));
    tasks.spawn(Arc::clone(&node.lease).follow(stop.clone()));
    tasks.spawn(Arc::clone(&node.hub).follow(Arc::clone(&node.gate), stop.clone()));
    if node.plays(Role::Projector) {
        let consumer = Consumer::claim(node.ground.clone(), projector::ReadModel).await?;
        consume(tasks, consumer, projector::ROLE, (node.health.clone(), stop.clone()));
        let consumer = Consumer::claim(node.ground.clone(), projector::DisclosureIndex::default()).await?;
        consume(tasks, consumer, DISCLOSURE_INDEX, (node.health.clone(), stop.clone()));
    }
    if node.plays(Role::ChiMatcher) {
        let matcher = ChiMatcher::new(matching_settings(node)?, node.ground.clone());
        let consumer = Consumer::claim(node.ground.clone(), matcher.decider()).await?;
        let commands = consumer.commands();
        consume(tasks, consumer, chi_matcher::ROLE, (node.health.clone(), stop.clone()));
        background.matcher = Some((matcher, commands));
    }
    if node.plays(Role::Viewer) {
        background.disclosures = Some(keep_disclosures(node, tasks, stop).await?);
    }
    Ok(background)
}

/// Name of this node's disclosure log in checkpoints.
pub(crate) const DISCLOSURE_LOG: &str = "yett/disclosures";

/// The keeper of the disclosure log.
pub(crate) fn disclosures(node: &Node) -> Result<Disclosures> {
    Ok(Disclosures::new(DisclosureParts {
        ground: node.ground.clone(),
        gate: Arc::clone(&node.gate),
        callers: node.callers.clone(),
        key: CheckpointKey::new(DISCLOSURE_LOG, &node.keys.checkpoint)?,
        operator: OrganisationId::parse(NODE_OPERATOR)
            .map_err(|violation| anyhow!("the operator's organisation {}", violation.rule))?,
    }))
}

/// Checks the log of disclosures since its last checkpoint, then keeps it.
async fn keep_disclosures(
    node: &Node,
    tasks: &mut JoinSet<()>,
    stop: &CancellationToken,
) -> Result<Disclosures> {
    let disclosures = disclosures(node)?;
    // Damage is told in the log and by readiness. Feeds and screens go on: people's care does not wait for an inquiry.
    disclosures.verifier().verify_since_checkpoint().await.context("the disclosure log cannot be read")?;
    node.health.watch_soundness(disclosures.soundness());
    tasks.spawn(disclosures.verifier().run_hourly(stop.clone()));
    let (signer, health, stop) = (disclosures.signer(), node.health.clone(), stop.clone());
    tasks.spawn(async move {
        if let Err(error) = signer.run(stop).await {
            tracing::error!(role = viewer::disclosures::ROLE, error = %error, "checkpoints are signed no more");
            health.incident("the disclosure log is signed no more: a person must look".to_owned());
        }
    });
    Ok(disclosures)
}

fn matching_settings(node: &Node) -> Result<chi_matcher::Settings> {
    let settings = &node.settings.matching;
    Ok(chi_matcher::Settings {
        index_authority: node.index_authority()?,
        adults: settings.adults,
        children: settings.children,
        assignment_retry: Duration::from_secs(settings.assignment_retry_s),
    })
}

/// Runs a consumer and its relay. Whatever ends them early is an incident.
fn consume<H: Handler>(
    tasks: &mut JoinSet<()>,
    consumer: Consumer<H>,
    role: &'static str,
    (health, stop): (Health, CancellationToken),
) {
    relay(tasks, consumer.relay(), role, (health.clone(), stop.clone()));
    tasks.spawn(async move {
        match consumer.run(stop).await {
            Stopped::Asked => {}
            Stopped::Incident(error) => health.incident(format!("{role} has stopped: {error}")),
        }
    });
}

/// Moves an outbox until stopped.
pub(crate) fn relay(
    tasks: &mut JoinSet<()>,
    relay: Relay,
    role: &'static str,
    (health, stop): (Health, CancellationToken),
) {
    tasks.spawn(async move {
        if let Err(error) = relay.run(stop).await {
            tracing::error!(role, error = %error, "the outbox is moved no more");
            health.incident(format!("the outbox of {role} is moved no more: {error}"));
        }
    });
}

impl Background {
    /// Waits until everything has ended, at most so long.
    pub(crate) async fn finish(mut self, within: Duration) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(within, all).await.is_err() {
            tracing::warn!(outcome = "shutdown-limit", "some tasks had to be cut off");
        }
    }
}
