//! The books of each feed: accepted = applied + superseded + parked, always.

use domain::Authority;
use event_log::Envelope;
use storage::{Error, Ledger, UnitOfWork};

/// Adds figures to the books of the feed that an envelope names.
pub(crate) async fn add(
    work: &mut dyn UnitOfWork,
    envelope: &Envelope,
    figures: Ledger,
) -> Result<(), Error> {
    match Authority::parse(&envelope.source) {
        Ok(authority) => work.add_to_ledger(&authority, figures).await,
        Err(_) => Ok(()),
    }
}
