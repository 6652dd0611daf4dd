//! A leaf takes its place in the tree, in log order.

use domain::Leaf;
use event_log::leaf_hash;
use pipeline::{Decoded, HandlerError};
use storage::{DISCLOSURE_INDEX, LeafRow, UnitOfWork};

/// Stores a leaf unless it is there already, as after a rebuild, and gives the number of leaves. Its index in the tree
/// is its offset: the stream has one partition, without gaps.
///
/// INVARIANT: a leaf never changes. Another one at the place of one that is stored is an incident, not a repeat.
pub(crate) async fn handle(
    work: &mut dyn UnitOfWork,
    decoded: &Decoded,
    leaf: &Leaf,
    count: u64,
) -> Result<u64, HandlerError> {
    let index = decoded.position.offset;
    let hash = leaf_hash(decoded.id, &decoded.envelope.payload_hash);
    if index < count {
        if work.leaf_hash(index).await? != Some(hash) {
            return Err(other(decoded));
        }
        return Ok(count);
    }
    let row = LeafRow { index, position: decoded.position, hash, leaf: leaf.clone() };
    work.append_leaf(&row).await?;
    Ok(index.saturating_add(1))
}

fn other(decoded: &Decoded) -> HandlerError {
    let position = decoded.position;
    tracing::error!(
        role = DISCLOSURE_INDEX,
        stream = decoded.stream.as_str(),
        partition = position.partition,
        offset = position.offset,
        event_id = %decoded.id,
        "the log holds another leaf than the one that was kept"
    );
    let what = format!("the log's leaf at offset {} is not the one that was kept", position.offset);
    HandlerError::Incident { what }
}
