//! The command line. Verbs that change something speak to a running node over gRPC; offline verbs take its data
//! directory. Exit codes: 0 done, 1 failed or refused, 2 wrong usage, 3 stopped and asks (an import).

mod agreement;
mod backup;
mod check_config;
mod directive;
mod disclosures;
mod explain;
mod import;
mod organisation;
mod parked;
mod person;
mod position;
mod rebuild;
mod review;
mod target;
mod who_saw;
mod world;

use crate::demo::DemoArguments;
use crate::roles::Role;
use crate::{demo, node, shutdown};
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use settings::Settings;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// Shows two agencies each other's records about the people they both look after, as far as they agreed.
#[derive(Debug, Parser)]
#[command(name = "yett", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Settings file; config/default.toml shows every key.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Data directory, instead of the settings' one. YETT_DATA_DIR does the same.
    #[arg(long, global = true, env = "YETT_DATA_DIR")]
    data_dir: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs every role in this process.
    All,
    /// Runs the social-care adapter alone.
    SocialCareAdapter,
    /// Runs the clinical adapter alone.
    ClinicalAdapter,
    /// Runs the CHI matcher alone.
    ChiMatcher,
    /// Runs the projector alone.
    Projector,
    /// Runs the viewer alone.
    Viewer,
    /// Runs governance alone.
    Governance,
    /// Runs everything with an invented world and two sample hosts; with --check plays the story instead.
    Demo(DemoArguments),
    /// Runs the two sample hosts beside a node that runs on this data directory.
    SampleHosts(DemoArguments),
    /// Reads the settings, says what is wrong with them, and starts nothing.
    CheckConfig,
    /// Information sharing agreements.
    #[command(subcommand)]
    Agreement(agreement::Verb),
    /// Organisations, their assurance, keys and credentials.
    #[command(subcommand)]
    Organisation(organisation::Verb),
    /// Posts, roles and training.
    #[command(subcommand)]
    Position(position::Verb),
    /// Directives on people's records.
    #[command(subcommand)]
    Directive(directive::Verb),
    /// Imports a CSV extract of a social-care system.
    Import(import::Import),
    /// Questions for clerical review, and links.
    #[command(subcommand)]
    Review(review::Verb),
    /// Messages and events that wait for a person.
    #[command(subcommand)]
    Parked(parked::Verb),
    /// Explains what would be decided. This is recorded as a disclosure.
    Explain(explain::Explain),
    /// Lists who saw a person. This is recorded as a disclosure.
    WhoSaw(who_saw::WhoSaw),
    /// The log of disclosures.
    #[command(subcommand)]
    Disclosures(disclosures::Verb),
    /// Builds the read model anew from the log. The node must not run.
    Rebuild(rebuild::Rebuild),
    /// Copies log, keys and store of a node into a folder. The node must not run.
    Backup(backup::Backup),
    /// The invented world.
    #[command(subcommand)]
    World(world::Verb),
}

/// Carries out a command.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    let mut settings = load(&arguments)?;
    let fresh = fresh_folder(&arguments)?;
    if let Some(folder) = &fresh {
        settings.node.data_dir = folder.path().display().to_string();
    }
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started")?;
    let code = runtime.block_on(dispatch(arguments.command, settings));
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    code
}

/// A demo whose data directory nobody named begins in a fresh one, which goes with it.
fn fresh_folder(arguments: &Arguments) -> Result<Option<tempfile::TempDir>> {
    let named = arguments.data_dir.is_some() || arguments.config.is_some();
    if named || !matches!(arguments.command, Command::Demo(_)) {
        return Ok(None);
    }
    Ok(Some(tempfile::tempdir().context("no folder can be made for the demo")?))
}

async fn dispatch(command: Command, settings: Settings) -> Result<ExitCode> {
    match command {
        Command::All => serve(settings, Role::ALL.to_vec()).await?,
        Command::SocialCareAdapter => serve(settings, vec![Role::SocialCareAdapter]).await?,
        Command::ClinicalAdapter => serve(settings, vec![Role::ClinicalAdapter]).await?,
        Command::ChiMatcher => serve(settings, vec![Role::ChiMatcher]).await?,
        Command::Projector => serve(settings, vec![Role::Projector]).await?,
        Command::Viewer => serve(settings, vec![Role::Viewer]).await?,
        Command::Governance => serve(settings, vec![Role::Governance]).await?,
        Command::Demo(arguments) => {
            start_logs(&settings, "warn")?;
            if arguments.check {
                crate::story::play(arguments.size).await?;
            } else {
                demo::run(settings, arguments).await?;
            }
        }
        Command::SampleHosts(arguments) => {
            start_logs(&settings, "warn")?;
            demo::run_hosts(settings, arguments).await?;
        }
        Command::CheckConfig => check_config::run(&settings)?,
        Command::Agreement(verb) => agreement::run(verb, &settings).await?,
        Command::Organisation(verb) => organisation::run(verb, &settings).await?,
        Command::Position(verb) => position::run(verb, &settings).await?,
        Command::Directive(verb) => directive::run(verb, &settings).await?,
        Command::Import(import) => return import.run(&settings).await,
        Command::Review(verb) => review::run(verb, &settings).await?,
        Command::Parked(verb) => parked::run(verb, &settings).await?,
        Command::Explain(explain) => explain.run(&settings).await?,
        Command::WhoSaw(who_saw) => who_saw.run(&settings).await?,
        Command::Disclosures(verb) => return disclosures::run(verb, &settings).await,
        Command::Rebuild(rebuild) => return rebuild.run(&settings).await,
        Command::Backup(backup) => backup.run(&settings)?,
        Command::World(verb) => world::run(&verb)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(settings: Settings, roles: Vec<Role>) -> Result<()> {
    let filter = settings.telemetry.filter.clone();
    start_logs(&settings, &filter)?;
    let stop = CancellationToken::new();
    shutdown::cancel_on_signal(stop.clone())?;
    let (started, _is_started) = oneshot::channel();
    node::run(settings, roles, stop, started).await
}

fn start_logs(settings: &Settings, filter: &str) -> Result<()> {
    let format = match settings.telemetry.format {
        settings::LogFormat::Json => telemetry::LogFormat::Json,
        settings::LogFormat::Text => telemetry::LogFormat::Text,
    };
    Ok(telemetry::start_logs(format, filter)?)
}

/// Settings in their order of precedence: defaults, file, environment, flags.
fn load(arguments: &Arguments) -> Result<Settings> {
    let file = match &arguments.config {
        Some(path) => {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
            Some((name, text))
        }
        None => None,
    };
    let named = file.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let mut settings = settings::load(named, std::env::vars())?;
    if let Some(data_dir) = &arguments.data_dir {
        settings.node.data_dir.clone_from(data_dir);
    }
    Ok(settings)
}
