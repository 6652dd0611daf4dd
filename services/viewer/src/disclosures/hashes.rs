//! Reads the hashes of leaves out of the store, page by page: a tree of millions never stands in memory.

use super::tree::{Frontier, Hash};
use std::ops::Range;
use storage::{Error, LeafReads};

/// Hashes read at once.
const PAGE: u32 = 4096;

/// Adds the store's leaves to a tree, up to this size.
pub(super) async fn grow<S>(store: &S, tree: &mut Frontier, size: u64) -> Result<(), Error>
where
    S: LeafReads + Sync + ?Sized,
{
    grow_from(store, tree, 0, size).await
}

/// The root of a range of leaves, taken as a tree of its own.
pub(super) async fn root_of<S>(store: &S, range: Range<u64>) -> Result<Hash, Error>
where
    S: LeafReads + Sync + ?Sized,
{
    let mut tree = Frontier::default();
    grow_from(store, &mut tree, range.start, range.end.saturating_sub(range.start)).await?;
    Ok(tree.root())
}

async fn grow_from<S>(store: &S, tree: &mut Frontier, start: u64, size: u64) -> Result<(), Error>
where
    S: LeafReads + Sync + ?Sized,
{
    while tree.size() < size {
        let missing = u32::try_from(size - tree.size()).unwrap_or(PAGE);
        let hashes = store.leaf_hashes(start.saturating_add(tree.size()), missing.min(PAGE)).await?;
        if hashes.is_empty() {
            return Err(Error::Corrupt("a disclosure leaf is missing".to_owned()));
        }
        for hash in hashes {
            tree.push(hash);
        }
    }
    Ok(())
}
