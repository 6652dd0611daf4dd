//! Sealing and opening payloads (AES-256-GCM), bound to the stream, the id, the key and the whole envelope of their
//! event: a changed byte in any of them, and the payload opens no more.

use crate::{DataKey, Envelope, KeyError, KeyId, Keys, NewEvent, StoredEvent, Stream};
use bytes::Bytes;
use domain::{Entropy, EventId, RecordKey};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::fmt;
use std::sync::Arc;

/// Version of the bytes form.
const FORM: u8 = 1;
/// Length of a nonce.
const NONCE: usize = 12;

/// A payload that only the holder of its data key can read.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The data key.
    pub key_id: KeyId,
    /// Random, never used twice with one key.
    pub nonce: [u8; NONCE],
    /// Ciphertext and tag.
    pub ciphertext: Bytes,
}

impl Sealed {
    /// One byte of version, the key's id, the nonce, the ciphertext.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + KeyId::LENGTH + NONCE + self.ciphertext.len());
        bytes.push(FORM);
        bytes.extend_from_slice(&self.key_id.to_bytes());
        bytes.extend_from_slice(&self.nonce);
        bytes.extend_from_slice(&self.ciphertext);
        bytes
    }

    /// Reads the bytes form.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (form, rest) = bytes.split_first()?;
        let (key_id, rest) = rest.split_first_chunk::<{ KeyId::LENGTH }>()?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>()?;
        let key_id = KeyId::from_bytes(key_id)?;
        (*form == FORM).then(|| Self {
            key_id,
            nonce: *nonce,
            ciphertext: Bytes::copy_from_slice(ciphertext),
        })
    }

    /// Length of the bytes form.
    pub fn length(&self) -> usize {
        1 + KeyId::LENGTH + NONCE + self.ciphertext.len()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Sealed({} bytes under {})", self.ciphertext.len(), self.key_id)
    }
}

/// Why a payload could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Its key was destroyed: what it said is erased.
    #[error("the payload was erased: its data key is destroyed")]
    Destroyed,
    /// It is not what was sealed.
    #[error("the payload does not open: it was changed, or belongs to another event")]
    Corrupt,
    /// The key could not be had. Says nothing about the payload: try again.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

/// An event that still has no payload. The envelope's `key_id` and `payload_hash` are filled in by the sealer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The event's id.
    pub id: EventId,
    /// The event's key.
    pub key: RecordKey,
    /// What stands in the clear.
    pub envelope: Envelope,
}

/// Seals what is appended and opens what is read.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<dyn Keys>,
    entropy: Arc<dyn Entropy>,
}

impl Sealer {
    /// A sealer with these keys, its nonces from this source.
    pub fn new(keys: Arc<dyn Keys>, entropy: Arc<dyn Entropy>) -> Self {
        Self { keys, entropy }
    }

    /// The keys.
    pub fn keys(&self) -> &Arc<dyn Keys> {
        &self.keys
    }

    /// Makes an event of a draft and its payload, sealed under the key of the envelope's `record`, with the times cut
    /// to the microsecond.
    pub async fn event(&self, stream: Stream, draft: Draft, plaintext: &[u8]) -> Result<NewEvent, KeyError> {
        let Draft { id, key, envelope } = draft;
        let data_key = self.keys.data_key(envelope.record).await?;
        let mut envelope = envelope.to_the_microsecond();
        envelope.key_id = data_key.id();
        envelope.payload_hash = data_key.hash(plaintext);
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce);
        let aad = associated_data(stream, id, key, &envelope);
        let ciphertext = encrypt(&data_key, nonce, aad, plaintext)?;
        let payload = Sealed { key_id: data_key.id(), nonce, ciphertext };
        Ok(NewEvent { id, key, envelope, payload })
    }

    /// Opens the payload of an event of this stream.
    pub async fn open(&self, stream: Stream, event: &StoredEvent) -> Result<Vec<u8>, OpenError> {
        let key = self.keys.existing(event.envelope.record).await?.ok_or(OpenError::Destroyed)?;
        open_with(&key, stream, event)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealer")
    }
}

/// Opens a payload with a key that is at hand: for a rebuild, which reads all keys once.
pub fn open_with(key: &DataKey, stream: Stream, event: &StoredEvent) -> Result<Vec<u8>, OpenError> {
    let sealed = &event.payload;
    if key.id() != sealed.key_id {
        // A record has one key at a time, and an id is never used again: the key that sealed this is gone.
        return Err(OpenError::Destroyed);
    }
    let aad = associated_data(stream, event.id, event.key, &event.envelope);
    let mut buffer = sealed.ciphertext.to_vec();
    let nonce = Nonce::assume_unique_for_key(sealed.nonce);
    let length = cipher(key)
        .and_then(|cipher| cipher.open_in_place(nonce, Aad::from(aad), &mut buffer).map(|plain| plain.len()))
        .map_err(|_| OpenError::Corrupt)?;
    buffer.truncate(length);
    Ok(buffer)
}

fn encrypt(key: &DataKey, nonce: [u8; NONCE], aad: Vec<u8>, plaintext: &[u8]) -> Result<Bytes, KeyError> {
    let mut buffer = Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len());
    buffer.extend_from_slice(plaintext);
    let nonce = Nonce::assume_unique_for_key(nonce);
    cipher(key)
        .and_then(|cipher| cipher.seal_in_place_append_tag(nonce, Aad::from(aad), &mut buffer))
        .map_err(|_| KeyError::Unavailable("a payload could not be sealed".to_owned()))?;
    Ok(buffer.into())
}

fn cipher(key: &DataKey) -> Result<LessSafeKey, ring::error::Unspecified> {
    UnboundKey::new(&AES_256_GCM, key.encryption()).map(LessSafeKey::new)
}

/// What a payload is bound to: everything of its event but the payload itself and the place in the log. Each part
/// carries its length or has a fixed one, so that no two events give the same bytes.
fn associated_data(stream: Stream, id: EventId, key: RecordKey, envelope: &Envelope) -> Vec<u8> {
    // INVARIANT: every field, so that a new one is not forgotten; times are cut to the microsecond, as logs keep them.
    let Envelope {
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
        key_id,
        payload_hash,
    } = envelope;
    let mut bytes = Vec::with_capacity(256);
    put(&mut bytes, Some(stream.as_str().as_bytes()));
    put(&mut bytes, Some(event_type.as_bytes()));
    put(&mut bytes, Some(source.as_bytes()));
    put(&mut bytes, traceparent.as_ref().map(String::as_bytes));
    put(&mut bytes, sequence.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    put(&mut bytes, correlation_id.as_ref().map(|id| id.as_bytes().as_slice()));
    put(&mut bytes, causation_id.as_ref().map(|id| id.0.as_bytes().as_slice()));
    bytes.extend_from_slice(id.0.as_bytes());
    bytes.extend_from_slice(key.0.as_bytes());
    bytes.extend_from_slice(record.0.as_bytes());
    bytes.extend_from_slice(&type_version.to_be_bytes());
    bytes.extend_from_slice(&occurred_at.as_microsecond().to_be_bytes());
    bytes.extend_from_slice(&received_at.as_microsecond().to_be_bytes());
    bytes.extend_from_slice(&key_id.to_bytes());
    bytes.extend_from_slice(payload_hash);
    bytes
}

/// A part with a mark and its length in front; the mark alone where it is absent.
fn put(bytes: &mut Vec<u8>, part: Option<&[u8]>) {
    let Some(part) = part else { return bytes.push(0) };
    bytes.push(1);
    bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    bytes.extend_from_slice(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InMemoryKeys, LogPosition, SystemEntropy};
    use jiff::Timestamp;
    use uuid::Uuid;

    const RECORD: RecordKey = RecordKey(Uuid::from_u128(5));

    fn sealer() -> Sealer {
        Sealer::new(Arc::new(InMemoryKeys::new()), Arc::new(SystemEntropy::new()))
    }

    async fn stored(sealer: &Sealer, plaintext: &[u8]) -> StoredEvent {
        let id = EventId::of_message("case-system", "1");
        let envelope = Envelope::new(RECORD, "RecordChanged", "case-system", Timestamp::UNIX_EPOCH);
        let draft = Draft { id, key: RECORD, envelope };
        let NewEvent { id, key, envelope, payload } =
            sealer.event(Stream::Records, draft, plaintext).await.unwrap();
        StoredEvent { position: LogPosition { partition: 0, offset: 0 }, id, key, envelope, payload }
    }

    #[tokio::test]
    async fn what_was_sealed_opens_and_shows_nothing_before() {
        let sealer = sealer();
        let event = stored(&sealer, b"Morag Sutherland").await;
        assert!(!event.payload.to_bytes().windows(5).any(|window| window == b"Morag"));
        assert_eq!(sealer.open(Stream::Records, &event).await.unwrap(), b"Morag Sutherland");
        assert_eq!(event.envelope.key_id, event.payload.key_id);
    }

    #[tokio::test]
    async fn a_payload_opens_only_in_its_own_place() {
        let sealer = sealer();
        let event = stored(&sealer, b"text").await;
        assert_eq!(sealer.open(Stream::Links, &event).await, Err(OpenError::Corrupt));
        let moved = StoredEvent { id: EventId::of_message("case-system", "2"), ..event.clone() };
        assert_eq!(sealer.open(Stream::Records, &moved).await, Err(OpenError::Corrupt));
        let mut retyped = event.clone();
        retyped.envelope.event_type = "RecordRemoved".to_owned();
        assert_eq!(sealer.open(Stream::Records, &retyped).await, Err(OpenError::Corrupt));
        let mut changed = event;
        changed.payload.nonce[0] ^= 1;
        assert_eq!(sealer.open(Stream::Records, &changed).await, Err(OpenError::Corrupt));
    }

    #[tokio::test]
    async fn a_changed_envelope_does_not_open() {
        let sealer = sealer();
        let event = stored(&sealer, b"text").await;
        let changes: [fn(&mut StoredEvent); 13] = [
            |event| event.key = RecordKey(Uuid::from_u128(6)),
            |event| event.id = EventId::of_message("case-system", "2"),
            |event| event.envelope.event_type.push('x'),
            |event| event.envelope.type_version = 2,
            |event| event.envelope.source.push('x'),
            |event| event.envelope.sequence = Some(0),
            |event| event.envelope.occurred_at = Timestamp::from_microsecond(1).unwrap(),
            |event| event.envelope.received_at = Timestamp::from_microsecond(1).unwrap(),
            |event| event.envelope.correlation_id = Some(Uuid::nil()),
            |event| event.envelope.causation_id = Some(EventId(Uuid::nil())),
            |event| event.envelope.traceparent = Some(String::new()),
            |event| event.envelope.key_id.epoch += 1,
            |event| event.envelope.payload_hash[31] ^= 1,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = event.clone();
            change(&mut changed);
            assert_eq!(
                sealer.open(Stream::Records, &changed).await,
                Err(OpenError::Corrupt),
                "change {number}"
            );
        }
        assert!(sealer.open(Stream::Records, &event).await.is_ok());
    }

    #[tokio::test]
    async fn times_finer_than_the_log_keeps_do_not_stop_it_from_opening() {
        let sealer = sealer();
        let at = Timestamp::new(1, 1_234_567).unwrap();
        let envelope = Envelope::new(RECORD, "RecordChanged", "case-system", at);
        let draft = Draft { id: EventId::of_message("case-system", "1"), key: RECORD, envelope };
        let NewEvent { id, key, envelope, payload } =
            sealer.event(Stream::Records, draft, b"text").await.unwrap();
        let position = LogPosition { partition: 0, offset: 0 };
        let envelope = envelope.to_the_microsecond();
        let event = StoredEvent { position, id, key, envelope, payload };
        assert!(sealer.open(Stream::Records, &event).await.is_ok());
    }

    #[tokio::test]
    async fn a_destroyed_key_erases_the_payload_for_good() {
        let sealer = sealer();
        let event = stored(&sealer, b"text").await;
        sealer.keys().destroy(RECORD).await.unwrap();
        assert_eq!(sealer.open(Stream::Records, &event).await, Err(OpenError::Destroyed));
        stored(&sealer, b"new text").await;
        assert_eq!(sealer.open(Stream::Records, &event).await, Err(OpenError::Destroyed));
    }

    #[tokio::test]
    async fn the_same_text_has_the_same_hash_and_another_ciphertext() {
        let sealer = sealer();
        let (one, two) = (stored(&sealer, b"text").await, stored(&sealer, b"text").await);
        assert_eq!(one.envelope.payload_hash, two.envelope.payload_hash);
        assert_ne!(one.payload.ciphertext, two.payload.ciphertext);
        assert_ne!(one.envelope.payload_hash, stored(&sealer, b"other").await.envelope.payload_hash);
    }

    #[tokio::test]
    async fn the_bytes_form_reads_back_and_a_short_one_is_refused() {
        let sealed = stored(&sealer(), b"text").await.payload;
        let bytes = sealed.to_bytes();
        assert_eq!(bytes.len(), sealed.length());
        assert_eq!(Sealed::from_bytes(&bytes), Some(sealed));
        assert_eq!(Sealed::from_bytes(&bytes[..20]), None);
        assert_eq!(Sealed::from_bytes(&[]), None);
    }
}
