//! Rebuilds the read model from the log, or reads on to the log's end, and returns.

use crate::ReadModel;
use pipeline::{Consumer, Error, Ground};

/// Empties the read model and folds the whole log again.
pub async fn rebuild(ground: Ground) -> Result<(), Error> {
    let epoch = ground.store.claim(crate::ROLE).await?;
    let mut work = ground.store.begin(crate::ROLE, epoch).await?;
    work.clear_read_model().await?;
    work.commit().await?;
    let mut consumer = Consumer::claim(ground, ReadModel).await?;
    consumer.catch_up().await
}

/// Reads on from where the read model stands to the present end of the log.
pub async fn catch_up(ground: Ground) -> Result<(), Error> {
    Consumer::claim(ground, ReadModel).await?.catch_up().await
}
