//! `yett backup`: a copy of everything that cannot be rebuilt, and of the store beside it. Offline.

use crate::data_dir::DataDir;
use crate::terminal;
use crate::wiring::{DISCLOSURES_FILE, KEYS_FILE, LOG_FILE, STORE_FILE};
use anyhow::{Context, Result, bail};
use settings::Settings;
use std::path::{Path, PathBuf};

/// Where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// Folder for the copy; it must not be there yet.
    out: PathBuf,
    /// Copies the keys that lie in the data directory too. Without them, and without the keys kept elsewhere, nobody
    /// can read the copy.
    #[arg(long)]
    with_keys: bool,
}

impl Backup {
    /// Copies, syncs, and checks that each copy is as long as its original.
    pub(crate) fn run(&self, settings: &Settings) -> Result<()> {
        let data_dir = DataDir::take(settings.node.data_dir.as_ref())?;
        if self.out.exists() {
            bail!("{} is there already: name a new folder", self.out.display());
        }
        std::fs::create_dir_all(&self.out).with_context(|| format!("cannot make {}", self.out.display()))?;
        let mut copied = 0;
        for name in [LOG_FILE, KEYS_FILE, DISCLOSURES_FILE, STORE_FILE] {
            // SQLite's write-ahead file belongs to its database: the two are copied together.
            for part in [name.to_owned(), format!("{name}-wal")] {
                copied += copy(&data_dir.file(&part), &self.out.join(&part))?;
            }
        }
        if self.with_keys {
            for folder in ["keys", "credentials"] {
                copied += copy_folder(&data_dir.file(folder), &self.out.join(folder))?;
            }
        }
        terminal::line(&format!("{copied} bytes copied to {}", self.out.display()))
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<u64> {
    if !from.exists() {
        return Ok(0);
    }
    std::fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let mut copied = 0;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            copied += copy(&path, &to.join(name))?;
        }
    }
    Ok(copied)
}

fn copy(from: &Path, to: &Path) -> Result<u64> {
    if !from.exists() {
        return Ok(0);
    }
    let copied = std::fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    std::fs::File::open(to)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("cannot sync {}", to.display()))?;
    Ok(copied)
}
