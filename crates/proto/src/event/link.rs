//! Events of the links stream.

use super::{Encoded, payload, v1};
use crate::reading::{Part, timestamp};
use crate::{intake, matching};
use domain::{EventId, FieldViolation, LinkEvent, PersonId, ReviewId, ReviewOutcome};
use v1::review_decided::Outcome;

#[cfg(test)]
mod tests;

const LINKED: &str = "RecordLinked";
const UNLINKED: &str = "RecordUnlinked";
const REDIRECTED: &str = "RecordRedirected";
const RAISED: &str = "ReviewRaised";
const DECIDED: &str = "ReviewDecided";
const ANSWERED: &str = "AssignmentAnswered";

/// Encodes an event of this stream.
pub(super) fn encode(event: &LinkEvent) -> Encoded {
    match event {
        LinkEvent::RecordLinked(link) => {
            Encoded::of(LINKED, &v1::RecordLinked { link: Some(matching::wire_link(link)) })
        }
        LinkEvent::RecordUnlinked { record, person, decided_by, decided_at, never_again } => {
            let message = v1::RecordUnlinked {
                record: Some(intake::wire_source_record(record)),
                person_id: person.to_string(),
                decided_by: Some(matching::wire_decider(decided_by)),
                decided_at: Some(timestamp(*decided_at)),
                never_again: *never_again,
            };
            Encoded::of(UNLINKED, &message)
        }
        LinkEvent::RecordRedirected { redirect, cause, decided_at } => {
            let message = v1::RecordRedirected {
                redirect: Some(intake::wire_redirect(redirect)),
                cause_event_id: cause.to_string(),
                decided_at: Some(timestamp(*decided_at)),
            };
            Encoded::of(REDIRECTED, &message)
        }
        LinkEvent::ReviewRaised(review) => {
            Encoded::of(RAISED, &v1::ReviewRaised { review: Some(matching::wire_clerical_review(review)) })
        }
        LinkEvent::ReviewDecided { review, record, outcome, decided_by, decided_at } => {
            let message = v1::ReviewDecided {
                review_id: review.to_string(),
                record: Some(intake::wire_source_record(record)),
                outcome: Some(wire_outcome(outcome)),
                decided_by: Some(matching::wire_decider(decided_by)),
                decided_at: Some(timestamp(*decided_at)),
            };
            Encoded::of(DECIDED, &message)
        }
        LinkEvent::AssignmentAnswered { record, person, refused_because, answered_at } => {
            let message = v1::AssignmentAnswered {
                record: Some(intake::wire_source_record(record)),
                person_id: person.to_string(),
                refused_because: refused_because.clone(),
                answered_at: Some(timestamp(*answered_at)),
            };
            Encoded::of(ANSWERED, &message)
        }
    }
}

/// Decodes an event of this stream; `None` for a type of another one.
pub(super) fn decode(event_type: &str, bytes: &[u8]) -> Option<Result<LinkEvent, Vec<FieldViolation>>> {
    match event_type {
        LINKED => Some(payload(bytes, linked)),
        UNLINKED => Some(payload(bytes, unlinked)),
        REDIRECTED => Some(payload(bytes, redirected)),
        RAISED => Some(payload(bytes, raised)),
        DECIDED => Some(payload(bytes, decided)),
        ANSWERED => Some(payload(bytes, answered)),
        _ => None,
    }
}

fn linked(value: v1::RecordLinked, part: &mut Part<'_>) -> Option<LinkEvent> {
    part.inner("link", value.link, matching::read_link).map(LinkEvent::RecordLinked)
}

fn unlinked(value: v1::RecordUnlinked, part: &mut Part<'_>) -> Option<LinkEvent> {
    let record = part.with("record", |at, reading| intake::source_record(value.record, at, reading));
    let person = part.checked("person_id", PersonId::parse(&value.person_id));
    let decided_by = part.inner("decided_by", value.decided_by, matching::read_decider);
    let decided_at = part.instant("decided_at", value.decided_at);
    Some(LinkEvent::RecordUnlinked {
        record: record?,
        person: person?,
        decided_by: decided_by?,
        decided_at: decided_at?,
        never_again: value.never_again,
    })
}

fn redirected(value: v1::RecordRedirected, part: &mut Part<'_>) -> Option<LinkEvent> {
    let redirect = part.inner("redirect", value.redirect, |redirect, part| {
        part.with("", |at, reading| intake::redirect(redirect, at, reading))
    });
    let cause = part.checked("cause_event_id", EventId::parse(&value.cause_event_id));
    let decided_at = part.instant("decided_at", value.decided_at);
    Some(LinkEvent::RecordRedirected { redirect: redirect?, cause: cause?, decided_at: decided_at? })
}

fn raised(value: v1::ReviewRaised, part: &mut Part<'_>) -> Option<LinkEvent> {
    part.inner("review", value.review, matching::read_review).map(LinkEvent::ReviewRaised)
}

fn decided(value: v1::ReviewDecided, part: &mut Part<'_>) -> Option<LinkEvent> {
    let review = part.checked("review_id", ReviewId::parse(&value.review_id));
    let record = part.with("record", |at, reading| intake::source_record(value.record, at, reading));
    let outcome = part.inner("outcome", value.outcome, read_outcome);
    let decided_by = part.inner("decided_by", value.decided_by, matching::read_decider);
    let decided_at = part.instant("decided_at", value.decided_at);
    Some(LinkEvent::ReviewDecided {
        review: review?,
        record: record?,
        outcome: outcome?,
        decided_by: decided_by?,
        decided_at: decided_at?,
    })
}

fn answered(value: v1::AssignmentAnswered, part: &mut Part<'_>) -> Option<LinkEvent> {
    let record = part.with("record", |at, reading| intake::source_record(value.record, at, reading));
    let person = part.checked("person_id", PersonId::parse(&value.person_id));
    let answered_at = part.instant("answered_at", value.answered_at);
    Some(LinkEvent::AssignmentAnswered {
        record: record?,
        person: person?,
        refused_because: value.refused_because,
        answered_at: answered_at?,
    })
}

fn read_outcome(outcome: Outcome, part: &mut Part<'_>) -> Option<ReviewOutcome> {
    match outcome {
        Outcome::LinkedPersonId(person) => {
            part.checked("", PersonId::parse(&person)).map(ReviewOutcome::Linked)
        }
        Outcome::Never(never) => {
            let people =
                part.each("person_ids", never.person_ids, |id, part| part.checked("", PersonId::parse(&id)));
            people.map(ReviewOutcome::Never)
        }
        Outcome::Superseded(v1::Superseded {}) => Some(ReviewOutcome::Superseded),
    }
}

fn wire_outcome(outcome: &ReviewOutcome) -> Outcome {
    match outcome {
        ReviewOutcome::Linked(person) => Outcome::LinkedPersonId(person.to_string()),
        ReviewOutcome::Never(people) => {
            Outcome::Never(v1::NeverThese { person_ids: people.iter().map(PersonId::to_string).collect() })
        }
        ReviewOutcome::Superseded => Outcome::Superseded(v1::Superseded {}),
    }
}
