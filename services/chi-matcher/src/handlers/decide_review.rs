//! A reviewer answers a question: the record is this person's, or none of theirs.

use crate::desk::{Command, Desk, refused};
use crate::memory::Memory;
use crate::sight::Sight;
use domain::{Decider, LinkEvent, PersonId, ReviewId, ReviewOutcome};
use matching::ReviewDecision;
use proto::matching::v1::decide_review_request::Decision;
use proto::matching::v1::{DecideReviewRequest, DecideReviewResponse};
use transport::{Caller, Failure};

pub(crate) async fn handle(
    desk: &Desk,
    sight: &Sight,
    caller: &Caller,
    request: DecideReviewRequest,
) -> Result<DecideReviewResponse, Failure> {
    let command = Command::of(caller, &request.request_id)?;
    let decision = read(caller, request)?;
    let decide = |matcher: &mut matching::Matcher, now| {
        let open = matcher.graph().review(decision.review);
        if let Some(review) = open {
            sight.check(&review.record.authority)?;
        }
        matcher.decide_review(&decision, now).map_err(refused)
    };
    desk.carry_out(command, |memory, event| is_same(memory, event, &decision), decide).await?;
    Ok(DecideReviewResponse { event_id: command.event().to_string() })
}

fn read(caller: &Caller, request: DecideReviewRequest) -> Result<ReviewDecision, Failure> {
    let outcome = match request.decision {
        Some(Decision::LinkPersonId(person)) => {
            ReviewOutcome::Linked(read_person("link_person_id", &person)?)
        }
        Some(Decision::Never(never)) => {
            let persons = never.person_ids.iter().enumerate();
            let persons = persons.map(|(place, id)| read_person(&format!("never.person_ids[{place}]"), id));
            ReviewOutcome::Never(persons.collect::<Result<_, _>>()?)
        }
        None => return Err(Failure::field("decision", "is required: link_person_id or never")),
    };
    let review = ReviewId::parse(&request.review_id);
    Ok(ReviewDecision {
        review: review.map_err(|violation| Failure::field("review_id", violation.rule))?,
        outcome,
        by: caller.holder.clone(),
        reason: request.reason.trim().to_owned(),
        judged_version: proto::intake::read_record_version(request.judged_version, "judged_version")?,
    })
}

fn read_person(field: &str, id: &str) -> Result<PersonId, Failure> {
    PersonId::parse(id).map_err(|violation| Failure::field(field, violation.rule))
}

/// Whether the same answer was given before. A person may have been merged since, and `never` of nobody means all.
fn is_same(memory: &Memory, event: &LinkEvent, asked: &ReviewDecision) -> bool {
    let LinkEvent::ReviewDecided { review, outcome, decided_by, .. } = event else { return false };
    let graph = memory.matcher().graph();
    let by = Decider::Manual { user: asked.by.clone(), reason: asked.reason.clone() };
    let same_outcome = match (outcome, &asked.outcome) {
        (ReviewOutcome::Linked(one), ReviewOutcome::Linked(other)) => {
            graph.resolve_person(*one) == graph.resolve_person(*other)
        }
        (ReviewOutcome::Never(one), ReviewOutcome::Never(other)) => other.is_empty() || one == other,
        (ReviewOutcome::Linked(_) | ReviewOutcome::Never(_) | ReviewOutcome::Superseded, _) => false,
    };
    *review == asked.review && *decided_by == by && same_outcome
}
