//! `yett rebuild`: the read model anew from the log, beside the old one, and swapped in when it is whole. Offline.

use crate::data_dir::DataDir;
use crate::keys::NodeKeys;
use crate::terminal;
use crate::wiring::{self, STORE_FILE};
use anyhow::{Context, Result};
use settings::Settings;
use std::process::ExitCode;

/// What to do with the new read model.
#[derive(Debug, clap::Args)]
pub(crate) struct Rebuild {
    /// Compares the new read model with the old one, byte for byte, and changes nothing.
    #[arg(long)]
    check: bool,
}

impl Rebuild {
    /// Rebuilds, or compares.
    pub(crate) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        let data_dir = DataDir::take(settings.node.data_dir.as_ref())?;
        let keys = NodeKeys::read(&settings.keys, data_dir.path())?;
        if !self.check {
            let ground = wiring::embedded(&data_dir, &keys)?.ground;
            projector::rebuild(ground.clone()).await.context("the read model cannot be rebuilt")?;
            let lines = ground.store.dump().await?.lines().count();
            terminal::line(&format!("rebuilt: {lines} rows"))?;
            return Ok(ExitCode::SUCCESS);
        }
        let beside =
            tempfile::tempdir_in(data_dir.path()).context("cannot make a folder for the new read model")?;
        // First what the old one has not read yet: a node that was killed stops between the two.
        let old = wiring::embedded(&data_dir, &keys)?.ground;
        projector::catch_up(old.clone()).await.context("the old read model cannot be caught up")?;
        let before = old.store.dump().await?;
        drop(old);
        let new = wiring::embedded_with_store(&data_dir, &keys, &beside.path().join(STORE_FILE))?.ground;
        projector::rebuild(new.clone()).await.context("the read model cannot be rebuilt")?;
        let after = new.store.dump().await?;
        compare(&before, &after)
    }
}

fn compare(before: &str, after: &str) -> Result<ExitCode> {
    if before == after {
        terminal::line(&format!("identical: {} rows, {} bytes", after.lines().count(), after.len()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let differing = before.lines().zip(after.lines()).position(|(old, new)| old != new);
    let line = differing.unwrap_or_else(|| before.lines().count().min(after.lines().count()));
    // A row holds personal values: only its place and its table are said.
    let table = |text: &str| {
        text.lines()
            .nth(line)
            .and_then(|row| row.split([' ', '\t', '|']).next())
            .unwrap_or("nothing")
            .to_owned()
    };
    terminal::line(&format!(
        "DIFFERENT: at row {} of {} and {}; old: {}, new: {}",
        line + 1,
        before.lines().count(),
        after.lines().count(),
        table(before),
        table(after)
    ))?;
    Ok(ExitCode::FAILURE)
}
