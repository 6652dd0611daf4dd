//! Numbers the leaves of the disclosure log. A consumer of its own: a view's leaf stands in nobody's way, and many that
//! come close together are taken at once.

use crate::handlers::keep_leaf;
use async_trait::async_trait;
use event_codec::Event;
use event_log::Stream;
use pipeline::{Decoded, Derived, Handler, HandlerError};
use std::time::Duration;
use storage::{DISCLOSURE_INDEX, Store, UnitOfWork};

/// How long leaves are gathered. Whoever asks who saw whom waits for it; whoever looks at a view does not.
const GATHERED_FOR: Duration = Duration::from_millis(100);

/// Keeps the index of the disclosure log.
#[derive(Debug, Default)]
pub struct DisclosureIndex {
    leaves: u64,
}

#[async_trait]
impl Handler for DisclosureIndex {
    fn role(&self) -> &'static str {
        DISCLOSURE_INDEX
    }

    fn streams(&self) -> &'static [Stream] {
        &[Stream::Disclosures]
    }

    fn rest(&self) -> Duration {
        GATHERED_FOR
    }

    async fn reload(&mut self, store: &dyn Store) -> Result<(), HandlerError> {
        self.leaves = store.leaf_count().await?;
        Ok(())
    }

    async fn handle(
        &mut self,
        work: &mut dyn UnitOfWork,
        decoded: &Decoded,
    ) -> Result<Vec<Derived>, HandlerError> {
        match &decoded.event {
            Event::Leaf(leaf) => self.leaves = keep_leaf::handle(work, decoded, leaf, self.leaves).await?,
            Event::Record(_) | Event::Link(_) | Event::Sharing(_) => {}
        }
        Ok(Vec::new())
    }
}
