//! Rebuilds the read model and the index of disclosures from the log, or reads on to the log's end, and returns.

use crate::{DisclosureIndex, ReadModel};
use pipeline::{Consumer, Error, Ground};
use storage::DISCLOSURE_INDEX;

/// Empties the read model and folds the whole log again. Leaves stay, since a leaf never changes: each is held to the
/// log's.
pub async fn rebuild(ground: Ground) -> Result<(), Error> {
    // The index first: where both share a store, its unit empties the read model too.
    for role in [DISCLOSURE_INDEX, crate::ROLE] {
        let epoch = ground.store.claim(role).await?;
        let mut work = ground.store.begin(role, epoch).await?;
        work.clear_read_model().await?;
        work.commit().await?;
    }
    catch_up(ground).await
}

/// Reads on from where the read model and the index stand to the present end of the log.
pub async fn catch_up(ground: Ground) -> Result<(), Error> {
    Consumer::claim(ground.clone(), ReadModel).await?.catch_up().await?;
    Consumer::claim(ground, DisclosureIndex::default()).await?.catch_up().await
}
