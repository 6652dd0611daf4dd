//! Events to append, and a reader that stops at the end.

use crate::{Entry, Envelope, Error, EventLog, KeyId, LogPosition, NewEvent, Sealed, StoredEvent, Stream};
use bytes::Bytes;
use domain::{EventId, RecordKey, SourceRecord};
use futures::StreamExt;
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// Long enough for any machine; nothing is measured by it.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// The key of an invented record.
pub(super) fn key(number: usize) -> RecordKey {
    SourceRecord::parse("case-system", &format!("P-{number}")).unwrap().key()
}

/// An event with an invented payload: the same number and text, the same event.
pub fn event(number: usize, key: RecordKey, text: &[u8]) -> NewEvent {
    let at = Timestamp::from_second(1_700_000_000 + i64::try_from(number).unwrap()).unwrap();
    let key_id = KeyId { epoch: 1, salt: Uuid::from_u128(9) };
    let mut envelope = Envelope::new(key, "RecordChanged", "case-system", at);
    envelope.key_id = key_id;
    envelope.payload_hash.iter_mut().zip(text).for_each(|(target, byte)| *target = *byte);
    let payload = Sealed { key_id, nonce: [3; 12], ciphertext: Bytes::copy_from_slice(text) };
    NewEvent { id: EventId::of_message("case-system", &number.to_string()), key, envelope, payload }
}

/// One key for each partition, in order of partitions.
pub fn keys_of_every_partition(stream: Stream) -> Vec<RecordKey> {
    let first = |partition| (0..1000).map(key).find(|key| stream.partition_of(*key) == partition).unwrap();
    (0..stream.partitions()).map(first).collect()
}

/// Reads until the log first says that the end is reached.
pub async fn read_to_end(
    log: &dyn EventLog,
    stream: Stream,
    from: &[LogPosition],
) -> Result<(Vec<StoredEvent>, Vec<LogPosition>), Error> {
    let mut entries = log.read(stream, from.to_vec());
    let mut events = Vec::new();
    loop {
        let entry = tokio::time::timeout(PATIENCE, entries.next()).await;
        match entry.expect("the reader is stuck").expect("the reader ended without an error")? {
            Entry::Event(event) => events.push(event),
            Entry::CaughtUp(places) => return Ok((events, places)),
        }
    }
}

/// The numbers that the ids of these events were made from.
pub(super) fn ids(events: &[StoredEvent]) -> Vec<EventId> {
    events.iter().map(|event| event.id).collect()
}
