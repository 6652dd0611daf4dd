//! Applies one event to the read model through a unit of work: what the projector and a rebuild both do.

use crate::{Error, RedirectRow, UnitOfWork};
use domain::{LinkEvent, RecordChange};
use projection::{Arrival, LinkChange, Outcome, RecordModel, link_changes, touched_by};

/// Applies a message to its record, and adds a change where a view may differ.
pub async fn apply_record_change(
    work: &mut dyn UnitOfWork,
    change: &RecordChange,
    arrival: Arrival,
) -> Result<Outcome, Error> {
    let key = change.record.key();
    let mut model = work.record(key).await?.unwrap_or_else(|| RecordModel::new(change.record.clone()));
    let outcome = model.apply(change, arrival);
    if !outcome.superseded {
        work.save_record(&model, &outcome.touched).await?;
    }
    if outcome.changed {
        work.push_change(key, None).await?;
    }
    Ok(outcome)
}

/// Applies an event of the links stream, and adds a change for every record and person that a view may differ for.
pub async fn apply_link_event(work: &mut dyn UnitOfWork, event: &LinkEvent) -> Result<(), Error> {
    for change in link_changes(event) {
        apply_link_change(work, &change).await?;
    }
    for touched in touched_by(event) {
        work.push_change(touched.record, touched.person).await?;
    }
    Ok(())
}

async fn apply_link_change(work: &mut dyn UnitOfWork, change: &LinkChange) -> Result<(), Error> {
    match change {
        LinkChange::SetLink(link) => {
            if let Some(before) = work.save_link(link).await? {
                work.push_change(link.record.key(), Some(before)).await?;
            }
        }
        LinkChange::RemoveLink { record, person } => {
            work.remove_link(record.key(), *person).await?;
        }
        LinkChange::NeverLink { record, person } => work.save_never(record, *person).await?,
        LinkChange::LiftNever { record, person } => work.remove_never(record.key(), *person).await?,
        LinkChange::SetRedirect { redirect, cause, decided_at } => {
            let row = RedirectRow { redirect: redirect.clone(), cause: *cause, decided_at: *decided_at };
            work.save_redirect(&row).await?;
        }
        LinkChange::OpenReview(review) => work.save_review(review).await?,
        LinkChange::CloseReview { review, outcome, decided_by, decided_at } => {
            work.close_review(*review, outcome, decided_by, *decided_at).await?;
        }
        LinkChange::SetAssignment(assignment) => work.save_assignment(assignment).await?,
    }
    Ok(())
}
