//! One accepted message changes one record.

use crate::books;
use domain::{QuarantinedMessage, RecordChange};
use pipeline::{Decoded, HandlerError};
use projection::{Arrival, RecordModel};
use storage::{Ledger, ParkedRow, ParkedState, UnitOfWork};

pub(crate) async fn handle(
    work: &mut dyn UnitOfWork,
    decoded: &Decoded,
    change: &RecordChange,
) -> Result<(), HandlerError> {
    let key = change.record.key();
    let arrival = Arrival { received_at: decoded.envelope.received_at, offset: decoded.position.offset };
    let known = work.record(key).await?;
    let mut model = known.unwrap_or_else(|| RecordModel::new(change.record.clone()));
    let outcome = model.apply(change, arrival);
    work.save_record(&model, &outcome.touched).await?;
    if outcome.changed {
        work.push_change(key, None).await?;
    }
    work.feed_heard(&change.record.authority, decoded.envelope.received_at).await?;
    let figures = Ledger {
        accepted: 1,
        applied: i64::from(!outcome.superseded),
        superseded: i64::from(outcome.superseded),
        ..Ledger::default()
    };
    Ok(books::add(work, &decoded.envelope, figures).await?)
}

/// A message that was kept whole because it could not be understood waits for a decision.
pub(crate) async fn quarantine(
    work: &mut dyn UnitOfWork,
    decoded: &Decoded,
    message: &QuarantinedMessage,
) -> Result<(), HandlerError> {
    // In a rebuild the decision about it can be read before the message itself, which lies in another partition.
    let decided = work.parked_event(decoded.id).await?.map(|row| row.state).filter(|state| !state.is_open());
    let row = ParkedRow {
        event: decoded.id,
        key: domain::RecordKey::of_feed(&message.authority),
        authority: Some(message.authority.clone()),
        stream: decoded.stream,
        position: decoded.position,
        event_type: decoded.envelope.event_type.clone(),
        reason: message.reason.clone(),
        since: decoded.envelope.received_at,
        state: decided.unwrap_or(ParkedState::Quarantined),
    };
    work.save_parked(&row).await?;
    work.feed_heard(&message.authority, decoded.envelope.received_at).await?;
    // What was taken after all is in the books as the change that it became.
    let counts = i64::from(decided != Some(ParkedState::Replayed));
    let figures = Ledger { accepted: counts, parked: counts, ..Ledger::default() };
    Ok(books::add(work, &decoded.envelope, figures).await?)
}
