//! What Yett knows of an agency's records, for comparing an extract with it.

use async_trait::async_trait;
use domain::{Authority, RecordKey, RecordVersion, SourceRecord};
use event_log::{EventLog, Stream};
use projection::RecordModel;
use std::sync::Arc;
use std::time::Duration;
use storage::Store;

/// Role whose read model the comparison leans on.
const READ_MODEL: &str = "projector";
/// Records read at once.
const PAGE: u32 = 1000;
/// How long to wait for the read model, and between two looks.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Why it cannot be told now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotKnown {
    #[error("the store: {0}")]
    Store(#[from] storage::Error),
    #[error("the log: {0}")]
    Log(#[from] event_log::Error),
    #[error("the read model is behind the log")]
    Behind,
}

/// Answers what is known.
#[async_trait]
pub(crate) trait KnownRecords: Send + Sync + 'static {
    /// Waits until everything accepted so far is known.
    async fn catch_up(&self) -> Result<(), NotKnown>;

    /// Records of an authority that their source has not removed, with the newest statement about each.
    async fn present(&self, authority: &Authority) -> Result<Vec<(SourceRecord, RecordVersion)>, NotKnown>;

    /// One record.
    async fn find(&self, key: RecordKey) -> Result<Option<RecordModel>, NotKnown>;
}

/// What the read model holds.
pub(crate) struct ReadModelRecords {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) log: Arc<dyn EventLog>,
}

#[async_trait]
impl KnownRecords for ReadModelRecords {
    async fn catch_up(&self) -> Result<(), NotKnown> {
        let end = self.log.end(Stream::Records).await?;
        let waiting = async {
            loop {
                let reached = self.store.positions(READ_MODEL, Stream::Records).await?;
                let is_there = |place: &event_log::LogPosition| {
                    let own = reached.iter().find(|own| own.partition == place.partition);
                    own.map_or(0, |own| own.offset) >= place.offset
                };
                if end.iter().all(is_there) {
                    return Ok(());
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or(Err(NotKnown::Behind))
    }

    async fn present(&self, authority: &Authority) -> Result<Vec<(SourceRecord, RecordVersion)>, NotKnown> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.present_records(authority, after, PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(all) };
            after = Some(last.key());
            all.extend(page);
        }
    }

    async fn find(&self, key: RecordKey) -> Result<Option<RecordModel>, NotKnown> {
        Ok(self.store.find_record(key).await?)
    }
}
