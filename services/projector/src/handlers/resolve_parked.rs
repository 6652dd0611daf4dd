//! An operator decides about something parked: it is tried again, or left out for good.
//!
//! A kept message is given to its door again, and is out of quarantine only once the door has taken it. An event is
//! tried again by the consumer that parked it, which also lets go on whatever waits behind it.

use super::show_parked::row;
use crate::Operations;
use crate::grpc::Operator;
use crate::handlers::list_parked::kind;
use crate::progress::{not_read, wait_for};
use crate::{NotRead, Reread};
use domain::{Authority, EventId, ParkedOutcome, QuarantinedMessage, RecordEvent};
use event_codec::Event;
use event_log::Stream;
use proto::operations::v1::ParkedKind;
use storage::{ParkedRow, ParkedState};
use transport::Failure;

/// Most characters of a reason.
const LONGEST_REASON: usize = 500;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolving {
    outcome: ParkedOutcome,
    request_id: String,
    event_id: String,
    reason: String,
}

/// Checks the request.
pub(crate) fn read(
    outcome: ParkedOutcome,
    request_id: &str,
    event_id: &str,
    reason: String,
) -> Result<Resolving, Failure> {
    let id = EventId::parse(request_id).map_err(|violation| Failure::field("request_id", violation.rule))?;
    let event = EventId::parse(event_id).map_err(|violation| Failure::field("event_id", violation.rule))?;
    let reason = proto::operations::own_words(reason, "reason", LONGEST_REASON)?;
    Ok(Resolving { outcome, request_id: id.to_string(), event_id: event.to_string(), reason })
}

/// Carries it out; gives the event that records it.
pub(crate) async fn handle(
    operations: &Operations,
    operator: &Operator,
    resolving: Resolving,
) -> Result<EventId, Failure> {
    let (role, row) = row(operations, &operator.sight, &resolving.event_id).await?;
    let event = resolved_by(&row, &resolving);
    match (resolving.outcome, row.state) {
        (ParkedOutcome::Skipped, ParkedState::Replayed) | (ParkedOutcome::Replayed, ParkedState::Skipped) => {
            return Err(decided());
        }
        // The same decision once more: the first one stands.
        (ParkedOutcome::Skipped, ParkedState::Skipped) | (ParkedOutcome::Replayed, ParkedState::Replayed) => {
            return Ok(event);
        }
        (ParkedOutcome::Replayed, ParkedState::Quarantined) => read_again(operations, &row).await?,
        (_, ParkedState::Blocking | ParkedState::Waiting | ParkedState::Quarantined) => {}
    }
    let authority = row.authority.clone().or_else(|| Authority::parse(role).ok()).ok_or(Failure::Internal)?;
    let decision = RecordEvent::ParkedResolved {
        event: row.event,
        authority,
        outcome: resolving.outcome,
        reason: resolving.reason,
        by: operator.caller.holder.clone(),
    };
    let submitted = operations.commands.submit(vec![(event, Event::Record(decision))]).await;
    submitted.map_err(not_read)?;
    confirm(operations, role, &row, resolving.outcome).await?;
    Ok(event)
}

/// The id of the event that records a decision. One that ends the matter has one id, whoever asks how often; each try
/// of an event is its own.
fn resolved_by(row: &ParkedRow, resolving: &Resolving) -> EventId {
    let what = match (resolving.outcome, kind(row)) {
        (ParkedOutcome::Skipped, _) => "skipped".to_owned(),
        (ParkedOutcome::Replayed, ParkedKind::Message) => "replayed".to_owned(),
        (ParkedOutcome::Replayed, _) => format!("replayed {}", resolving.request_id),
    };
    EventId::derived(row.event, &what)
}

fn decided() -> Failure {
    Failure::Conflict { rule: "it was decided about already: list what is parked again".to_owned() }
}

/// Gives a kept message to its door again.
async fn read_again(operations: &Operations, row: &ParkedRow) -> Result<(), Failure> {
    if kind(row) == ParkedKind::Conflict {
        let rule = "the id stands for other content: it cannot be tried again, only left out".to_owned();
        return Err(Failure::Conflict { rule });
    }
    let message = kept(operations, row).await?;
    match operations.parts.rereading.read_again(&message).await {
        Ok(Reread::Taken) => Ok(()),
        Ok(Reread::Refused(reason)) => Err(still(&reason)),
        Err(NotRead(reason)) => Err(not_read(reason)),
    }
}

async fn kept(operations: &Operations, row: &ParkedRow) -> Result<QuarantinedMessage, Failure> {
    let ground = &operations.parts.ground;
    let stored = pipeline::parked_event(ground, row).await.map_err(not_read)?;
    match ground.codec.open(row.stream, &stored).await {
        Ok(Event::Record(RecordEvent::Quarantined(message))) => Ok(message),
        Ok(_) => Err(Failure::Internal),
        Err(event_codec::Error::Erased) => Err(Failure::NotFound { what: "parked event" }),
        Err(error) => Err(not_read(error)),
    }
}

/// Waits for the consumer, and says so where the event is still not understood.
async fn confirm(
    operations: &Operations,
    role: &'static str,
    row: &ParkedRow,
    outcome: ParkedOutcome,
) -> Result<(), Failure> {
    let ground = &operations.parts.ground;
    if !wait_for(ground, role, Stream::Records).await? {
        return Ok(());
    }
    let after = ground.store.find_parked(role, row.event).await.map_err(not_read)?;
    match after {
        Some(after) if outcome == ParkedOutcome::Replayed && after.state.is_open() => {
            Err(still(&after.reason))
        }
        Some(_) | None => Ok(()),
    }
}

fn still(reason: &str) -> Failure {
    Failure::field("event_id", format!("was tried again and is still not understood: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::RecordKey;
    use event_log::LogPosition;

    fn row(state: ParkedState, event_type: &str) -> ParkedRow {
        ParkedRow {
            event: EventId::of_message("x", "1"),
            key: RecordKey::of_stream("x"),
            authority: None,
            stream: Stream::Records,
            position: LogPosition { partition: 0, offset: 0 },
            event_type: event_type.to_owned(),
            reason: "rule".to_owned(),
            since: jiff::Timestamp::UNIX_EPOCH,
            state,
        }
    }

    fn resolving(outcome: ParkedOutcome, request: u128) -> Resolving {
        let id = format!("00000000-0000-0000-0000-{request:012}");
        read(outcome, &id, &EventId::of_message("x", "1").to_string(), "seen".to_owned()).unwrap()
    }

    #[test]
    fn leaving_out_is_recorded_once_and_each_try_of_an_event_by_itself() {
        let event = row(ParkedState::Blocking, "RecordChanged");
        let id = |row: &ParkedRow, outcome, request| resolved_by(row, &resolving(outcome, request));
        assert_eq!(id(&event, ParkedOutcome::Skipped, 1), id(&event, ParkedOutcome::Skipped, 2));
        assert_eq!(id(&event, ParkedOutcome::Replayed, 1), id(&event, ParkedOutcome::Replayed, 1));
        assert_ne!(id(&event, ParkedOutcome::Replayed, 1), id(&event, ParkedOutcome::Replayed, 2));
        let message = row(ParkedState::Quarantined, "MessageQuarantined");
        assert_eq!(id(&message, ParkedOutcome::Replayed, 1), id(&message, ParkedOutcome::Replayed, 2));
    }

    #[test]
    fn a_decision_needs_ids_and_a_reason() {
        let id = EventId::of_message("x", "1").to_string();
        for (request, event, reason) in
            [("x", id.as_str(), "seen"), (&id, "x", "seen"), (&id, &id, " "), (&id, &id, "")]
        {
            let refused = read(ParkedOutcome::Skipped, request, event, reason.to_owned());
            assert!(matches!(refused, Err(Failure::Invalid(_))), "{request} {event} {reason}");
        }
        assert!(read(ParkedOutcome::Skipped, &id, &id, "x".repeat(501)).is_err());
    }
}
