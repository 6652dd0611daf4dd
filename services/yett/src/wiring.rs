//! Names the backends of a profile. The only file that does.

use crate::data_dir::DataDir;
use crate::keys::NodeKeys;
use crate::watched_log::WatchedLog;
use anyhow::{Context, Result};
use domain::{Clock, SystemClock};
use event_codec::Codec;
use event_log::{MasterKeys, Sealer, SystemEntropy};
use event_log_sqlite::{Options, SqliteLog};
use pipeline::Ground;
use std::path::Path;
use std::sync::Arc;
pub(crate) use storage_sqlite::DISCLOSURES_FILE;
use storage_sqlite::{SqliteKeys, SqliteStore};

/// Epoch of the master key that is in use.
const MASTER_EPOCH: u32 = 1;
/// File of the log in the data directory.
pub(crate) const LOG_FILE: &str = "log.db";
/// File of the store in the data directory.
pub(crate) const STORE_FILE: &str = "store.db";
/// File of the data keys' salts in the data directory.
pub(crate) const KEYS_FILE: &str = "keys.db";

/// Log, stores and keys of the embedded profile, and what is known of the log's health.
pub(crate) struct Embedded {
    pub(crate) ground: Ground,
    pub(crate) log: Arc<WatchedLog>,
}

/// Opens log, stores and keys of the embedded profile.
pub(crate) fn embedded(data_dir: &DataDir, keys: &NodeKeys) -> Result<Embedded> {
    embedded_with_store(data_dir, keys, &data_dir.file(STORE_FILE))
}

/// The same with the store in another file: for a rebuild beside the old one.
pub(crate) fn embedded_with_store(data_dir: &DataDir, keys: &NodeKeys, store: &Path) -> Result<Embedded> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy = Arc::new(SystemEntropy::new());
    let log =
        SqliteLog::open(&data_dir.file(LOG_FILE), &Options::default()).context("the log cannot be opened")?;
    let log = Arc::new(WatchedLog::new(Arc::new(log), data_dir.path().to_owned()));
    let store = SqliteStore::open(store).context("the store cannot be opened")?;
    let master = MasterKeys::new(MASTER_EPOCH, keys.master);
    let data_keys = SqliteKeys::open(&data_dir.file(KEYS_FILE), master, entropy.clone());
    let data_keys = data_keys.context("the data keys cannot be opened")?;
    let codec = Codec::new(Sealer::new(Arc::new(data_keys), entropy));
    let ground = Ground { log: log.clone(), store: Arc::new(store), codec, clock };
    Ok(Embedded { ground, log })
}
