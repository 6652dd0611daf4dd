//! Events of the records stream.

use super::{Encoded, message, v1};
use crate::intake;
use crate::reading::{Reading, timestamp};
use domain::{Authority, EventId, FieldViolation, ParkedOutcome, QuarantinedMessage, RecordEvent, UserId};

#[cfg(test)]
mod tests;

const CHANGED: &str = "RecordChanged";
const QUARANTINED: &str = "MessageQuarantined";
const HEARD: &str = "FeedHeard";
const RESOLVED: &str = "ParkedResolved";

type Outcome<T> = Result<T, Vec<FieldViolation>>;

/// Encodes an event of this stream.
pub(super) fn encode(event: &RecordEvent) -> Encoded {
    match event {
        RecordEvent::Changed(change) => {
            Encoded::of(CHANGED, &v1::RecordChanged { change: Some(intake::wire_change(change)) })
        }
        RecordEvent::Quarantined(kept) => Encoded::of(
            QUARANTINED,
            &v1::MessageQuarantined {
                door: kept.door.clone(),
                authority: kept.authority.as_str().to_owned(),
                reason: kept.reason.clone(),
                body: kept.body.clone(),
            },
        ),
        RecordEvent::FeedHeard { authority, at } => Encoded::of(
            HEARD,
            &v1::FeedHeard { authority: authority.as_str().to_owned(), at: Some(timestamp(*at)) },
        ),
        RecordEvent::ParkedResolved { event, authority, outcome, reason, by } => Encoded::of(
            RESOLVED,
            &v1::ParkedResolved {
                parked_event_id: event.to_string(),
                authority: authority.as_str().to_owned(),
                outcome: wire_outcome(*outcome).into(),
                reason: reason.clone(),
                decided_by: by.as_str().to_owned(),
            },
        ),
    }
}

/// Decodes an event of this stream; `None` for a type of another one.
pub(super) fn decode(event_type: &str, bytes: &[u8]) -> Option<Outcome<RecordEvent>> {
    match event_type {
        CHANGED => Some(message(bytes).and_then(changed)),
        QUARANTINED => Some(message(bytes).and_then(quarantined)),
        HEARD => Some(message(bytes).and_then(heard)),
        RESOLVED => Some(message(bytes).and_then(resolved)),
        _ => None,
    }
}

fn changed(value: v1::RecordChanged) -> Outcome<RecordEvent> {
    let mut reading = Reading::default();
    let change = reading.required("change", value.change);
    let change = change.and_then(|change| intake::change(change, &mut reading));
    reading.finish(change).map(|change| RecordEvent::Changed(Box::new(change)))
}

fn quarantined(value: v1::MessageQuarantined) -> Outcome<RecordEvent> {
    let mut reading = Reading::default();
    let authority = reading.checked("authority", Authority::parse(&value.authority));
    let v1::MessageQuarantined { door, reason, body, .. } = value;
    let kept = authority.map(|authority| QuarantinedMessage { door, authority, reason, body });
    reading.finish(kept).map(RecordEvent::Quarantined)
}

fn heard(value: v1::FeedHeard) -> Outcome<RecordEvent> {
    let mut reading = Reading::default();
    let authority = reading.checked("authority", Authority::parse(&value.authority));
    let at = reading.instant("at", value.at);
    let event = authority.zip(at).map(|(authority, at)| RecordEvent::FeedHeard { authority, at });
    reading.finish(event)
}

fn resolved(value: v1::ParkedResolved) -> Outcome<RecordEvent> {
    let mut reading = Reading::default();
    let event = read_resolved(value, &mut reading);
    reading.finish(event)
}

fn read_resolved(value: v1::ParkedResolved, reading: &mut Reading) -> Option<RecordEvent> {
    let event = reading.checked("parked_event_id", EventId::parse(&value.parked_event_id));
    let authority = reading.checked("authority", Authority::parse(&value.authority));
    let by = reading.checked("decided_by", UserId::parse(&value.decided_by));
    let outcome = match v1::ParkedOutcome::try_from(value.outcome) {
        Ok(v1::ParkedOutcome::Replayed) => Some(ParkedOutcome::Replayed),
        Ok(v1::ParkedOutcome::Skipped) => Some(ParkedOutcome::Skipped),
        Ok(v1::ParkedOutcome::Unspecified) | Err(_) => None,
    };
    if outcome.is_none() {
        reading.refuse("outcome", "must be REPLAYED or SKIPPED");
    }
    Some(RecordEvent::ParkedResolved {
        event: event?,
        authority: authority?,
        outcome: outcome?,
        reason: value.reason,
        by: by?,
    })
}

fn wire_outcome(outcome: ParkedOutcome) -> v1::ParkedOutcome {
    match outcome {
        ParkedOutcome::Replayed => v1::ParkedOutcome::Replayed,
        ParkedOutcome::Skipped => v1::ParkedOutcome::Skipped,
    }
}
