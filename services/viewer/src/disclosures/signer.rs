//! Signs a checkpoint about each second in which the tree grew. One process at a time does; nothing waits for it.

use super::checkpoint::CheckpointKey;
use super::tree::{Frontier, Hash};
use super::{Error, hashes};
use domain::Clock;
use std::sync::Arc;
use std::time::Duration;
use storage::{CheckpointRow, LeafReads, Store};
use tokio_util::sync::CancellationToken;

/// Role that signs checkpoints.
pub const ROLE: &str = storage::DISCLOSURE_TREE;
/// Time between two looks at the tree.
const EVERY: Duration = Duration::from_secs(1);

/// Signs checkpoints.
#[derive(Clone)]
pub struct Signer {
    store: Arc<dyn Store>,
    key: Arc<CheckpointKey>,
    clock: Arc<dyn Clock>,
}

impl Signer {
    pub(super) fn new(store: Arc<dyn Store>, key: Arc<CheckpointKey>, clock: Arc<dyn Clock>) -> Self {
        Self { store, key, clock }
    }

    /// Runs until stopped. An error is an incident: another process took over, or the store's leaves are not those
    /// that were signed; a person must look.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Error> {
        let (mut epoch, mut tree) = (None, None);
        while !stop.is_cancelled() {
            if let Err(error) = self.look(&mut epoch, &mut tree).await {
                if !error.is_transient() {
                    tracing::error!(role = ROLE, error = %error, "no more checkpoints are signed: a person must look");
                    return Err(error);
                }
                tracing::warn!(role = ROLE, error = %error, "a checkpoint could not be signed and is tried again");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
        Ok(())
    }

    /// One look: takes the role over the first time, and signs if the tree grew.
    async fn look(&self, epoch: &mut Option<u64>, tree: &mut Option<Signed>) -> Result<(), Error> {
        let held = match *epoch {
            Some(held) => held,
            None => *epoch.insert(self.store.claim(ROLE).await?),
        };
        let mut signed = match tree.take() {
            Some(signed) => signed,
            None => Signed::load(self.store.as_ref()).await?,
        };
        let outcome = self.sign(&mut signed, held).await;
        *tree = Some(signed);
        outcome
    }

    async fn sign(&self, signed: &mut Signed, epoch: u64) -> Result<(), Error> {
        let Some((size, root)) = signed.grown(self.store.as_ref()).await? else { return Ok(()) };
        let note = self.key.sign(size, root);
        let mut work = self.store.begin(ROLE, epoch).await?;
        work.save_checkpoint(&CheckpointRow { size, root, note, signed_at: self.clock.now() }).await?;
        work.commit().await?;
        signed.size = size;
        Ok(())
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Signer({:?})", self.key)
    }
}

/// The tree as far as it was seen, and how much of it is signed.
///
/// INVARIANT: leaves are only ever added to the tree whose root was signed before, so that no signature is given over
/// a changed past.
struct Signed {
    tree: Frontier,
    size: u64,
}

impl Signed {
    /// Takes up where the newest checkpoint stands, if the store's leaves still give its root.
    async fn load<S: LeafReads + Sync + ?Sized>(store: &S) -> Result<Self, Error> {
        let mut tree = Frontier::default();
        let Some(latest) = store.latest_checkpoint().await? else { return Ok(Self { tree, size: 0 }) };
        let size = latest.size;
        if store.leaf_count().await? < size {
            return Err(Error::Forked { size });
        }
        hashes::grow(store, &mut tree, size).await?;
        if tree.root() == latest.root { Ok(Self { tree, size }) } else { Err(Error::Forked { size }) }
    }

    /// Takes in the leaves that came since. Size and root to sign, if any came.
    async fn grown<S: LeafReads + Sync + ?Sized>(&mut self, store: &S) -> Result<Option<(u64, Hash)>, Error> {
        let count = store.leaf_count().await?;
        hashes::grow(store, &mut self.tree, count).await?;
        Ok((self.tree.size() > self.size).then(|| (self.tree.size(), self.tree.root())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosures::samples::{StoredLeaves, World};

    async fn signed(store: &mut StoredLeaves, tree: &mut Signed) -> Option<u64> {
        let (size, root) = tree.grown(store).await.unwrap()?;
        store.sign(size, root);
        tree.size = size;
        Some(size)
    }

    #[tokio::test]
    async fn it_signs_only_when_the_tree_grew_and_takes_up_where_it_stood() {
        let mut world = World::new();
        let mut tree = Signed::load(&world.store).await.unwrap();
        assert_eq!(signed(&mut world.store, &mut tree).await, None);
        world.disclose(5).await;
        assert_eq!(signed(&mut world.store, &mut tree).await, Some(5));
        assert_eq!(signed(&mut world.store, &mut tree).await, None);
        world.disclose(2).await;
        let mut again = Signed::load(&world.store).await.unwrap();
        assert_eq!(signed(&mut world.store, &mut again).await, Some(7));
        assert_eq!(signed(&mut world.store, &mut tree).await, Some(7));
    }

    #[tokio::test]
    async fn a_store_whose_past_was_changed_is_not_signed() {
        let mut world = World::new();
        let mut tree = Signed::load(&world.store).await.unwrap();
        world.disclose(5).await;
        signed(&mut world.store, &mut tree).await;
        world.store.leaves[2].hash[0] ^= 1;
        assert!(matches!(Signed::load(&world.store).await, Err(Error::Forked { size: 5 })));
        world.store.leaves[2].hash[0] ^= 1;
        world.store.leaves.pop();
        assert!(matches!(Signed::load(&world.store).await, Err(Error::Forked { size: 5 })));
    }
}
