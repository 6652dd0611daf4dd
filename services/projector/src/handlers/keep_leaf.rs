//! A leaf takes its place in the tree, in log order.

use domain::Leaf;
use event_log::leaf_hash;
use pipeline::{Decoded, HandlerError};
use storage::{LeafRow, UnitOfWork};

/// Stores a leaf unless it is there already, as after a rebuild, and gives the number of leaves. Its index in the tree
/// is its offset: the stream has one partition, without gaps.
pub(crate) async fn handle(
    work: &mut dyn UnitOfWork,
    decoded: &Decoded,
    leaf: &Leaf,
    count: u64,
) -> Result<u64, HandlerError> {
    let index = decoded.position.offset;
    if index < count {
        return Ok(count);
    }
    let hash = leaf_hash(decoded.id, &decoded.envelope.payload_hash);
    let row = LeafRow { index, position: decoded.position, hash, leaf: leaf.clone() };
    work.append_leaf(&row).await?;
    Ok(index.saturating_add(1))
}
