//! Sealing and opening payloads (AES-256-GCM), bound to the stream, the id and the type of their event.

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

/// What a payload is sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealing<'a> {
    /// The stream that its event goes to.
    pub stream: Stream,
    /// Whose data key: the envelope's `record`.
    pub owner: RecordKey,
    /// Id of its event.
    pub id: EventId,
    /// Type of its event.
    pub event_type: &'a str,
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

    /// Makes an event of a draft and its payload, sealed under the key of the envelope's `record`.
    pub async fn event(&self, stream: Stream, draft: Draft, plaintext: &[u8]) -> Result<NewEvent, KeyError> {
        let Draft { id, key, mut envelope } = draft;
        let sealing = Sealing { stream, owner: envelope.record, id, event_type: &envelope.event_type };
        let (payload, payload_hash) = self.seal(sealing, plaintext).await?;
        envelope.key_id = payload.key_id;
        envelope.payload_hash = payload_hash;
        Ok(NewEvent { id, key, envelope, payload })
    }

    /// Seals a payload under its owner's key, and hashes its plaintext. Both belong to the same event.
    pub async fn seal(&self, sealing: Sealing<'_>, plaintext: &[u8]) -> Result<(Sealed, [u8; 32]), KeyError> {
        let key = self.keys.data_key(sealing.owner).await?;
        let aad = associated_data(sealing.stream, sealing.id, sealing.event_type);
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce);
        let mut buffer = Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len());
        buffer.extend_from_slice(plaintext);
        cipher(&key)
            .and_then(|cipher| {
                cipher.seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(aad),
                    &mut buffer,
                )
            })
            .map_err(|_| KeyError::Unavailable("a payload could not be sealed".to_owned()))?;
        Ok((Sealed { key_id: key.id(), nonce, ciphertext: buffer.into() }, key.hash(plaintext)))
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
    let aad = associated_data(stream, event.id, &event.envelope.event_type);
    let mut buffer = sealed.ciphertext.to_vec();
    let nonce = Nonce::assume_unique_for_key(sealed.nonce);
    let length = cipher(key)
        .and_then(|cipher| cipher.open_in_place(nonce, Aad::from(aad), &mut buffer).map(|plain| plain.len()))
        .map_err(|_| OpenError::Corrupt)?;
    buffer.truncate(length);
    Ok(buffer)
}

fn cipher(key: &DataKey) -> Result<LessSafeKey, ring::error::Unspecified> {
    UnboundKey::new(&AES_256_GCM, key.encryption()).map(LessSafeKey::new)
}

/// What a payload is bound to. The stream's name ends with a zero byte, the id has a fixed length, the type comes last:
/// no two events give the same bytes.
fn associated_data(stream: Stream, id: EventId, event_type: &str) -> Vec<u8> {
    let mut bytes = stream.as_str().as_bytes().to_vec();
    bytes.push(0);
    bytes.extend_from_slice(id.0.as_bytes());
    bytes.extend_from_slice(event_type.as_bytes());
    bytes
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
