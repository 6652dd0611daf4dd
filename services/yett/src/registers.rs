//! Which feed a caller speaks for, as the policy snapshot knows it.

use domain::Organisation;
use gate::SharingSnapshot;
use intake::{Door, Feed, FeedRegister};
use std::sync::Arc;
use transport::Caller;

/// Feeds by the register of organisations.
pub(crate) struct SnapshotFeeds(pub(crate) Arc<SharingSnapshot>);

impl FeedRegister for SnapshotFeeds {
    fn feed(&self, caller: &Caller, door: Door) -> Option<Feed> {
        let snapshot = self.0.current();
        let organisation = snapshot.state.organisation(&caller.organisation)?;
        organisation.active.then(|| feed(organisation, door))
    }
}

/// An organisation's feed through a door.
pub(crate) fn feed(organisation: &Organisation, door: Door) -> Feed {
    Feed {
        organisation: organisation.id.clone(),
        authorities: organisation.authorities.clone(),
        side: organisation.side,
        door,
    }
}
