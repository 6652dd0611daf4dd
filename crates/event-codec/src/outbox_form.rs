//! A sealed event as bytes, for the outbox: fixed order, lengths before texts, a version byte in front.

use domain::{EventId, RecordKey};
use event_log::{Envelope, NewEvent, Sealed};
use jiff::Timestamp;
use uuid::Uuid;

const FORM: u8 = 1;

/// Writes a sealed event. Its id and key are not in it: the outbox row has them.
pub fn to_bytes(event: &NewEvent) -> Vec<u8> {
    let envelope = &event.envelope;
    let mut bytes = vec![FORM];
    put(&mut bytes, envelope.event_type.as_bytes());
    put(&mut bytes, &envelope.type_version.to_be_bytes());
    put(&mut bytes, envelope.source.as_bytes());
    put(&mut bytes, envelope.record.0.as_bytes());
    put_optional(&mut bytes, envelope.sequence.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    put(&mut bytes, &envelope.occurred_at.as_microsecond().to_be_bytes());
    put(&mut bytes, &envelope.received_at.as_microsecond().to_be_bytes());
    put_optional(&mut bytes, envelope.correlation_id.as_ref().map(|id| id.as_bytes().as_slice()));
    put_optional(&mut bytes, envelope.causation_id.as_ref().map(|id| id.0.as_bytes().as_slice()));
    put_optional(&mut bytes, envelope.traceparent.as_ref().map(String::as_bytes));
    put(&mut bytes, &envelope.payload_hash);
    put(&mut bytes, &event.payload.to_bytes());
    bytes
}

/// Reads a sealed event back. `None` when the bytes are not such an event.
pub fn from_bytes(id: EventId, key: RecordKey, bytes: &[u8]) -> Option<NewEvent> {
    let (form, rest) = bytes.split_first()?;
    let mut reader = Reader(rest);
    if *form != FORM {
        return None;
    }
    let event_type = reader.text()?;
    let type_version = u32::from_be_bytes(reader.take()?.try_into().ok()?);
    let source = reader.text()?;
    let record = RecordKey(Uuid::from_slice(reader.take()?).ok()?);
    let sequence = reader.optional().ok()?.map(|b| b.try_into().map(u64::from_be_bytes)).transpose().ok()?;
    let occurred_at = reader.time()?;
    let received_at = reader.time()?;
    let correlation_id = reader.optional().ok()?.map(Uuid::from_slice).transpose().ok()?;
    let causation_id = reader.optional().ok()?.map(Uuid::from_slice).transpose().ok()?.map(EventId);
    let traceparent = reader.optional().ok()?.map(|b| String::from_utf8(b.to_vec())).transpose().ok()?;
    let payload_hash = reader.take()?.try_into().ok()?;
    let payload = Sealed::from_bytes(reader.take()?)?;
    let envelope = Envelope {
        event_type,
        type_version,
        source,
        record,
        sequence,
        occurred_at,
        received_at,
        correlation_id,
        causation_id,
        traceparent,
        key_id: payload.key_id,
        payload_hash,
    };
    reader.0.is_empty().then_some(NewEvent { id, key, envelope, payload })
}

fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(part);
}

fn put_optional(bytes: &mut Vec<u8>, part: Option<&[u8]>) {
    bytes.push(u8::from(part.is_some()));
    if let Some(part) = part {
        put(bytes, part);
    }
}

/// The bytes end early, or are not what they should be.
struct Cut;

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        self.0 = rest;
        Some(part)
    }

    fn optional(&mut self) -> Result<Option<&'a [u8]>, Cut> {
        let (present, rest) = self.0.split_first().ok_or(Cut)?;
        self.0 = rest;
        match present {
            0 => Ok(None),
            1 => self.take().map(Some).ok_or(Cut),
            2..=u8::MAX => Err(Cut),
        }
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.take()?.to_vec()).ok()
    }

    fn time(&mut self) -> Option<Timestamp> {
        Timestamp::from_microsecond(i64::from_be_bytes(self.take()?.try_into().ok()?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Codec, Event, Heading};
    use domain::{Authority, RecordEvent, SeededEntropy};
    use event_log::{InMemoryKeys, Sealer};
    use std::sync::Arc;

    #[tokio::test]
    async fn an_event_survives_the_outbox_and_a_cut_one_does_not() {
        let codec = Codec::new(Sealer::new(Arc::new(InMemoryKeys::new()), Arc::new(SeededEntropy::new(1))));
        let event = Event::Record(RecordEvent::FeedHeard {
            authority: Authority::parse("a").unwrap(),
            at: Timestamp::UNIX_EPOCH,
        });
        let id = EventId::of_message("a", "1");
        let sealed =
            codec.seal(Heading::own(id, "role", Timestamp::UNIX_EPOCH, Some(id)), &event).await.unwrap();
        let bytes = to_bytes(&sealed);
        assert_eq!(from_bytes(id, sealed.key, &bytes), Some(sealed.clone()));
        for end in 0..bytes.len() {
            assert_eq!(from_bytes(id, sealed.key, &bytes[..end]), None);
        }
    }
}
