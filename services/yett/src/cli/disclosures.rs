//! `yett disclosures …`: checks the log of disclosures offline, and fetches checkpoints of a running node.

use super::target::{Target, when};
use crate::background::DISCLOSURE_LOG;
use crate::client::Answered;
use crate::data_dir::DataDir;
use crate::keys::NodeKeys;
use crate::{terminal, wiring};
use anyhow::{Context, Result};
use event_log_sqlite::OfflineLog;
use proto::disclosure::v1;
use proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use settings::Settings;
use std::path::PathBuf;
use std::process::ExitCode;
use viewer::disclosures::{CheckpointKey, Report, Verifier};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Reads the whole log and checks every event, leaf and checkpoint. The node must not run.
    Verify {
        /// A checkpoint that you kept elsewhere, as a signed note; may be given several times.
        #[arg(long = "checkpoint")]
        kept: Vec<PathBuf>,
    },
    /// Prints the latest signed checkpoint of a running node, to be kept elsewhere.
    Checkpoint {
        #[command(flatten)]
        target: Target,
    },
}

/// Carries out a verb.
pub(crate) async fn run(verb: Verb, settings: &Settings) -> Result<ExitCode> {
    match verb {
        Verb::Verify { kept } => verify(&kept, settings).await,
        Verb::Checkpoint { target } => checkpoint(&target, settings).await,
    }
}

async fn verify(kept: &[PathBuf], settings: &Settings) -> Result<ExitCode> {
    let data_dir = DataDir::take(settings.node.data_dir.as_ref())?;
    let keys = NodeKeys::read(&settings.keys, data_dir.path())?;
    let file = data_dir.file(wiring::LOG_FILE);
    let structure = OfflineLog::open(&file).and_then(|log| log.verify());
    if let Err(error) = &structure {
        terminal::line(&format!("DAMAGED: {}", place_of(error)))?;
    }
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let kept = kept.iter().map(read).collect::<Result<Vec<String>>>()?;
    let ground = wiring::embedded(&data_dir, &keys)?.ground;
    let key = CheckpointKey::new(DISCLOSURE_LOG, &keys.checkpoint)?;
    let report = Verifier::new(ground, key.verifier().clone()).verify_whole(&kept).await;
    match report {
        Ok(report) => tell(&report, structure.is_ok()),
        Err(error) => {
            terminal::line(&format!("DAMAGED: {error}"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Where the log is damaged, as far as its file can tell.
fn place_of(error: &event_log::Error) -> String {
    match error {
        event_log::Error::Corrupt { position, what } => {
            format!("partition {}, offset {}: {what}", position.partition, position.offset)
        }
        event_log::Error::Gap { expected, found } => format!(
            "partition {}, offset {}: events are missing, up to offset {}",
            found.partition, found.offset, expected.offset
        ),
        event_log::Error::Unavailable(_) | event_log::Error::Full | event_log::Error::Fenced => {
            error.to_string()
        }
    }
}

fn tell(report: &Report, file_is_sound: bool) -> Result<ExitCode> {
    for finding in &report.findings {
        let (stream, place) = (finding.stream, finding.position);
        terminal::line(&format!(
            "DAMAGED: stream {stream}, partition {}, offset {}: {}",
            place.partition, place.offset, finding.what
        ))?;
    }
    if report.further > 0 {
        terminal::line(&format!("DAMAGED: and {} further places", report.further))?;
    }
    let (events, leaves, checkpoints) = (report.events, report.leaves, report.checkpoints);
    let erased =
        if report.erased > 0 { format!(", {} of them erased", report.erased) } else { String::new() };
    terminal::line(&format!("{events} events{erased}, {leaves} leaves, {checkpoints} checkpoints agree"))?;
    match (report.is_sound(), file_is_sound) {
        (true, true) => {
            terminal::line("the log is as it was written")?;
            return Ok(ExitCode::SUCCESS);
        }
        (true, false) => {
            terminal::line("every event reads as it was written; the file around them is damaged")?;
        }
        (false, _) => {}
    }
    Ok(ExitCode::FAILURE)
}

async fn checkpoint(target: &Target, settings: &Settings) -> Result<ExitCode> {
    let mut client = DisclosureServiceClient::new(target.channel(settings)?);
    let found = client.get_checkpoint(v1::GetCheckpointRequest {}).await.answer()?;
    if target.json {
        terminal::json(&serde_json::json!({
            "origin": found.origin,
            "tree_size": found.tree_size,
            "signed_at": when(found.signed_at.as_ref()),
            "note": found.note,
        }))?;
    } else {
        terminal::raw(found.note.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
