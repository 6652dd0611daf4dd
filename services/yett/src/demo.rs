//! `yett demo`: a whole node with the invented world and the two sample hosts, in one process, until Ctrl-C.

mod secrets;
mod seed;

pub(crate) use secrets::{OrganisationSecrets, new_signing_key};
pub(crate) use seed::{DemoSecrets, Seeder};

use crate::{bootstrap, client, node, roles::Role, shutdown, terminal};
use anyhow::{Context, Result, anyhow};
use domain::{Clock, SystemClock};
use event_log::SystemEntropy;
use jiff::Timestamp;
use sample_hosts::{Credentials, Progress};
use settings::Settings;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

/// Seed of the demo's world.
pub(crate) const SEED: u64 = 7;
/// Levels that are signed when a demo begins.
const SIGNED: [&str; 2] = ["A", "B"];

/// Where a demo's hosts stand, and the world that they play.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DemoArguments {
    /// Plays the whole story through the public ports instead, and stops at the first step that fails.
    #[arg(long)]
    pub(crate) check: bool,
    /// Where the council's case system listens.
    #[arg(long, default_value = "127.0.0.1:7410")]
    pub(crate) council: SocketAddr,
    /// Where the health board's portal listens.
    #[arg(long, default_value = "127.0.0.1:7411")]
    pub(crate) portal: SocketAddr,
    /// People in the world beside the story's.
    #[arg(long, default_value_t = 60)]
    pub(crate) size: usize,
}

/// Runs the demo until a signal.
pub(crate) async fn run(settings: Settings, arguments: DemoArguments) -> Result<()> {
    let stop = CancellationToken::new();
    shutdown::cancel_on_signal(stop.clone())?;
    let (started, is_started) = oneshot::channel();
    let node = tokio::spawn(node::run(settings.clone(), Role::ALL.to_vec(), stop.clone(), started));
    if is_started.await.is_err() {
        return node.await.map_err(|_| anyhow!("the node broke down"))?;
    }
    let hosts = tokio::spawn(play_hosts(settings, arguments, stop.clone()));
    let node = node.await.map_err(|_| anyhow!("the node broke down"))?;
    stop.cancel();
    hosts.await.map_err(|_| anyhow!("the sample hosts broke down"))??;
    node
}

/// Runs the two sample hosts beside a node of this data directory until a signal.
pub(crate) async fn run_hosts(settings: Settings, arguments: DemoArguments) -> Result<()> {
    let stop = CancellationToken::new();
    shutdown::cancel_on_signal(stop.clone())?;
    play_hosts(settings, arguments, stop).await
}

/// Registers the seed on a running node, loads the world, and plays the hosts until stopped.
async fn play_hosts(settings: Settings, arguments: DemoArguments, stop: CancellationToken) -> Result<()> {
    let data_dir = PathBuf::from(&settings.node.data_dir);
    let secrets = ensure_secrets(&data_dir)?;
    let operator = data_dir.join(bootstrap::OPERATOR_TOKEN);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let seeder = Seeder::new(client::channel_with(settings.listen.grpc, &operator)?, Arc::clone(&clock));
    let origins = origins(&arguments);
    seeder.plant(&secrets, [&origins[0], &origins[1]], &SIGNED).await?;
    let (progress, loaded) = watch::channel(Progress::default());
    let hosts = host_settings(&settings, &arguments, &secrets, (loaded_at(&data_dir, &clock)?, progress));
    announce(&settings, &origins)?;
    let told = tokio::spawn(tell_when_loaded(loaded));
    let played = sample_hosts::run(hosts, stop.clone().cancelled_owned()).await.context("the sample hosts");
    told.abort();
    // A host that cannot run ends the demo.
    stop.cancel();
    played
}

/// Secrets of both organisations, in the data directory.
pub(crate) fn ensure_secrets(data_dir: &Path) -> Result<DemoSecrets> {
    let folder = data_dir.join("credentials");
    Ok(DemoSecrets {
        council: OrganisationSecrets::ensure(&folder, "council")?,
        board: OrganisationSecrets::ensure(&folder, "board")?,
    })
}

/// Origins of the two hosts as browsers see them: two sites, not one.
pub(crate) fn origins(arguments: &DemoArguments) -> [String; 2] {
    [
        format!("http://council.localhost:{}", arguments.council.port()),
        format!("http://portal.localhost:{}", arguments.portal.port()),
    ]
}

/// Settings of the sample hosts beside a node.
pub(crate) fn host_settings(
    settings: &Settings,
    arguments: &DemoArguments,
    secrets: &DemoSecrets,
    (loaded_at, progress): (Timestamp, watch::Sender<Progress>),
) -> sample_hosts::Settings {
    let [council_origin, portal_origin] = origins(arguments);
    let credentials =
        |own: &OrganisationSecrets| Credentials { feed: own.feed.clone(), host: own.host.clone() };
    sample_hosts::Settings {
        council: arguments.council,
        portal: arguments.portal,
        council_origin,
        portal_origin,
        panel_origin: settings.listen.public_url.clone(),
        yett_grpc: settings.listen.grpc,
        yett_mllp: settings.listen.mllp,
        council_credentials: credentials(&secrets.council),
        portal_credentials: credentials(&secrets.board),
        seed: SEED,
        size: arguments.size,
        loaded_at,
        load: true,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy::new()),
        progress,
    }
}

/// The instant at which the world of this data directory is as it is.
fn loaded_at(data_dir: &Path, clock: &Arc<dyn Clock>) -> Result<Timestamp> {
    let text = secrets::ensure(&data_dir.join("demo-loaded-at"), || Ok(clock.now().to_string()))?;
    text.parse().context("demo-loaded-at in the data directory does not hold an instant")
}

fn announce(settings: &Settings, [council, portal]: &[String; 2]) -> Result<()> {
    let lines = [
        String::new(),
        "Yett runs, with an invented world. Open two windows:".to_owned(),
        format!("  health board's portal     {portal}"),
        format!("  council's case system     {council}"),
        format!("  (panels come from         {})", settings.listen.public_url),
        String::new(),
        "Three things to try:".to_owned(),
        "  1. In the portal, sign in as Aileen Strachan-Bell and open Elspeth Dunbrae: what the council holds is there."
            .to_owned(),
        "  2. In the case system, sign in as Catriona Fenwick, open the same person, edit, and end her home care: \
         the nurse's panel changes by itself."
            .to_owned(),
        format!(
            "  3. Sign level 3 for both parties, and watch it appear (yett agreement sign {} --help).",
            world::seed::AGREEMENT_ID
        ),
        String::new(),
        format!("Operators' commands find this node with YETT_DATA_DIR={}", settings.node.data_dir),
        "Ctrl-C stops everything.".to_owned(),
    ];
    lines.iter().try_for_each(|line| terminal::line(line))
}

async fn tell_when_loaded(mut progress: watch::Receiver<Progress>) {
    let done = progress.wait_for(|progress| progress.total > 0 && progress.is_done()).await.map(|one| *one);
    if let Ok(Progress { total, accepted, failed }) = done {
        // Nobody reads a terminal that is gone.
        drop(terminal::line(&format!(
            "The world is loaded: {accepted} of {total} messages accepted, {failed} not."
        )));
    }
}
