//! `yett import FILE --mapping M`: sends a CSV extract of a social-care system to a running node.

use crate::client::said;
use crate::terminal;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use settings::Settings;
use social_care_adapter::extract::{Extract, Mapping, Options, Report, Step, send};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tonic::transport::Endpoint;

/// Exit code of an import that stopped and asks.
const ASKS: u8 = 3;

/// The extract, and how it is sent.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// The CSV file.
    file: PathBuf,
    /// What its columns mean: a TOML file; config/seed/README.md describes it.
    #[arg(long)]
    mapping: PathBuf,
    /// When the file was written at the source; the file's own time by default.
    #[arg(long)]
    as_of: Option<Timestamp>,
    /// Says what would happen to each row and stores nothing.
    #[arg(long)]
    dry_run: bool,
    /// Removes those missing from a full extract, however many they are.
    #[arg(long)]
    allow_removals: bool,
    /// File for the rows that were rejected, with the reasons; by default FILE.rejected.csv.
    #[arg(long)]
    rejected: Option<PathBuf>,
    /// gRPC address of the node; by default the one in the settings.
    #[arg(long)]
    node: Option<SocketAddr>,
    /// File with the feed's credential.
    #[arg(long)]
    token: PathBuf,
}

impl Import {
    /// Sends and reports.
    pub(crate) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        let extract = Arc::new(self.read()?);
        for column in extract.passed_over() {
            terminal::remark(&format!("the column {column} is not in the mapping and is passed over"))?;
        }
        let node = self.node.unwrap_or(settings.listen.grpc);
        let channel = Endpoint::from_shared(format!("http://{node}"))?.connect().await;
        let channel = channel.with_context(|| format!("no node answers at {node}"))?;
        let secret = std::fs::read_to_string(&self.token)
            .with_context(|| format!("the credential in {} cannot be read", self.token.display()))?;
        let options = Options { allow_removals: self.allow_removals, dry_run: self.dry_run };
        let bar = bar();
        let report = send(channel, &secret, Arc::clone(&extract), options, |step| {
            if let Step::Done(rows) = step {
                bar.set_position(rows);
            }
        });
        let report = report.await.map_err(|status| said(&status))?;
        bar.finish_and_clear();
        self.tell(&extract, &report)
    }

    fn read(&self) -> Result<Extract> {
        let name = self.mapping.display();
        let text = std::fs::read_to_string(&self.mapping).with_context(|| format!("cannot read {name}"))?;
        let mapping = Mapping::parse(&text).with_context(|| name.to_string())?;
        let bytes =
            std::fs::read(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let as_of = match self.as_of {
            Some(as_of) => as_of,
            None => Timestamp::try_from(std::fs::metadata(&self.file)?.modified()?)?,
        };
        Extract::open(bytes, mapping, as_of).with_context(|| self.file.display().to_string())
    }

    fn tell(&self, extract: &Extract, report: &Report) -> Result<ExitCode> {
        let plan = &report.plan;
        if plan.stopped {
            terminal::line(&format!(
                "STOPPED: {} of {} known records are missing from this full extract, more than {} percent.\n\
                 Nothing was stored. If that is right, run it again with --allow-removals.",
                plan.missing, plan.known, plan.stop_percent
            ))?;
            return Ok(ExitCode::from(ASKS));
        }
        for (line, rules) in report.left_out.iter().filter(|_| self.dry_run) {
            for rule in rules {
                terminal::line(&format!("line {line}: {} left out: {}", rule.column, rule.rule))?;
            }
        }
        for (line, rules) in report.rejected.iter().filter(|_| self.dry_run) {
            for rule in rules {
                terminal::line(&format!("line {line}: rejected: {} {}", rule.column, rule.rule))?;
            }
        }
        let (accepted, unchanged, rejected) = (report.accepted, report.unchanged, report.rejected.len());
        let would = if self.dry_run { "would be " } else { "" };
        terminal::line(&format!(
            "{accepted} {would}accepted, {unchanged} unchanged, {rejected} rejected, {} {would}removed",
            report.removed
        ))?;
        if rejected > 0 && !self.dry_run {
            self.write_rejected(extract, report)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn write_rejected(&self, extract: &Extract, report: &Report) -> Result<()> {
        let path = self.rejected.clone().unwrap_or_else(|| beside(&self.file));
        if path == self.file {
            bail!("--rejected must name another file than the extract");
        }
        let out = std::fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        extract.write_rejected(&report.rejected, out)?;
        terminal::line(&format!("the rejected rows, with reasons, are in {}", path.display()))
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".rejected.csv");
    file.with_file_name(name)
}

/// A bar on a terminal; nothing anywhere else.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {pos} rows, {elapsed}");
    let bar = ProgressBar::new_spinner();
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
