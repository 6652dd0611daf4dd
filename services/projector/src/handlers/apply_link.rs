//! A link, unlink, redirect, review or assignment changes its own rows and nothing else.

use domain::LinkEvent;
use pipeline::HandlerError;
use projection::{LinkChange, link_changes, touched_by};
use storage::{RedirectRow, UnitOfWork};

pub(crate) async fn handle(work: &mut dyn UnitOfWork, event: &LinkEvent) -> Result<(), HandlerError> {
    for change in link_changes(event) {
        apply(work, change).await?;
    }
    for touched in touched_by(event) {
        work.push_change(touched.record, touched.person).await?;
    }
    Ok(())
}

async fn apply(work: &mut dyn UnitOfWork, change: LinkChange) -> Result<(), storage::Error> {
    match change {
        LinkChange::SetLink(link) => {
            if let Some(before) = work.save_link(&link).await? {
                work.push_change(link.record.key(), Some(before)).await?;
            }
        }
        LinkChange::RemoveLink { record, person } => {
            if !domain::planted(domain::Fault::LinkKeptAfterUnlink) {
                work.remove_link(record.key(), person).await?;
            }
        }
        LinkChange::NeverLink { record, person } => work.save_never(&record, person).await?,
        LinkChange::LiftNever { record, person } => work.remove_never(record.key(), person).await?,
        LinkChange::SetRedirect { redirect, cause, decided_at } => {
            if !domain::planted(domain::Fault::RedirectIgnored) {
                work.save_redirect(&RedirectRow { redirect, cause, decided_at }).await?;
            }
        }
        LinkChange::OpenReview(review) => work.save_review(&review).await?,
        LinkChange::CloseReview { review, outcome, decided_by, decided_at } => {
            work.close_review(review, &outcome, &decided_by, decided_at).await?;
        }
        LinkChange::SetAssignment(assignment) => work.save_assignment(&assignment).await?,
    }
    Ok(())
}
