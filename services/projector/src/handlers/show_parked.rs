//! One parked thing, whole. Shows a person's data: what is made here leaves through the gate only.

use super::list_parked::wire;
use crate::Operations;
use crate::progress::not_read;
use crate::sight::Sight;
use domain::{EventId, LongText, RecordEvent, SourceRecord};
use event_codec::Event;
use event_log::OpenError;
use gate::Wire;
use proto::operations::v1::{ShowParkedRequest, ShowParkedResponse};
use storage::{ParkedRow, PersonQuery};
use transport::Failure;

/// Most characters of a reason.
const LONGEST_REASON: usize = 500;

/// What would be shown, the pseudonym of whom it is about (empty where that is not known), and why it must be read.
pub(crate) struct Found {
    pub(crate) body: Wire<ShowParkedResponse>,
    pub(crate) person: Vec<u8>,
    pub(crate) reason: LongText,
}

/// A row, whatever has been decided about it, of the first role that has it, where the operator may see it. To others
/// there is none.
pub(crate) async fn row(
    operations: &Operations,
    sight: &Sight,
    event_id: &str,
) -> Result<(&'static str, ParkedRow), Failure> {
    let event = EventId::parse(event_id).map_err(|violation| Failure::field("event_id", violation.rule))?;
    let mut decided = None;
    for consumer in &operations.parts.roles {
        let found =
            operations.parts.ground.store.find_parked(consumer.role, event).await.map_err(not_read)?;
        match found.filter(|row| sight.covers(row.authority.as_ref())) {
            Some(row) if row.state.is_open() => return Ok((consumer.role, row)),
            // A role that never parked the event may have noted what was decided about it.
            Some(row) if !row.event_type.is_empty() => decided = decided.or(Some((consumer.role, row))),
            Some(_) | None => {}
        }
    }
    decided.ok_or(Failure::NotFound { what: "parked event" })
}

pub(crate) async fn find(
    operations: &Operations,
    sight: &Sight,
    request: ShowParkedRequest,
) -> Result<Found, Failure> {
    let reason = proto::operations::own_words(request.reason, "reason", LONGEST_REASON)?;
    let reason = LongText::parse(&reason).map_err(|violation| Failure::field("reason", violation.rule))?;
    let (role, row) = row(operations, sight, &request.event_id).await?;
    let ground = &operations.parts.ground;
    let stored = pipeline::parked_event(ground, &row).await.map_err(not_read)?;
    let body = ground.codec.sealer().open(row.stream, &stored).await;
    let payload = body.map_err(|error| match error {
        // The person was erased.
        OpenError::Destroyed => Failure::NotFound { what: "parked event" },
        error @ (OpenError::Corrupt | OpenError::Keys(_)) => not_read(error),
    })?;
    let opened = ground.codec.open(row.stream, &stored).await.ok();
    let person = pseudonym(operations, opened.as_ref(), &row).await?;
    let body = match opened {
        Some(Event::Record(RecordEvent::Quarantined(message))) => message.body,
        Some(_) | None => payload,
    };
    let parked = Some(wire(role, &row, 0));
    let body = Wire::of(ShowParkedResponse { parked, body, reference: String::new() });
    Ok(Found { body, person, reason })
}

/// Pseudonym of the person whom the event is about, as other leaves have it; of the record, while it is nobody's.
async fn pseudonym(
    operations: &Operations,
    event: Option<&Event>,
    row: &ParkedRow,
) -> Result<Vec<u8>, Failure> {
    let store = &operations.parts.ground.store;
    let record = match event {
        Some(Event::Record(RecordEvent::Changed(change))) => Some(change.record.clone()),
        Some(Event::Record(RecordEvent::Quarantined(message))) => {
            operations.parts.rereading.record_of(message)
        }
        Some(_) | None => store.find_record(row.key).await.map_err(not_read)?.map(|model| model.state.record),
    };
    let Some(record): Option<SourceRecord> = record else { return Ok(Vec::new()) };
    let query = PersonQuery::Record(record);
    let person = store.resolve(&query).await.map_err(not_read)?;
    let key = operations.parts.gate.key();
    Ok(person.map_or_else(|| key.asked(&query), |found| key.person(found.person)))
}
