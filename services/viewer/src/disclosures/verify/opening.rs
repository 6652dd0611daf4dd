//! Opens payloads to see whether they are what was sealed, and tells what was erased from what was changed.

use domain::RecordKey;
use event_log::{DataKey, KeyError, Keys, OpenError, StoredEvent, Stream, open_with};

/// What became of a payload.
pub(super) enum Opened {
    /// It is what was sealed.
    Plain(Vec<u8>),
    /// Its data key is destroyed.
    Erased,
    /// It, its envelope or its key was changed.
    Damaged(&'static str),
}

/// Opens payloads. Keeps the key of the event before: neighbours often share it.
pub(super) struct Opener<'a> {
    keys: &'a dyn Keys,
    last: Option<(RecordKey, DataKey)>,
}

impl<'a> Opener<'a> {
    pub(super) fn new(keys: &'a dyn Keys) -> Self {
        Self { keys, last: None }
    }

    /// Opens one event of the stream.
    pub(super) async fn open(&mut self, stream: Stream, event: &StoredEvent) -> Result<Opened, KeyError> {
        if stream.partition_of(event.key) != event.position.partition {
            return Ok(Opened::Damaged("its key belongs to another partition"));
        }
        let Some(key) = self.key(event.envelope.record).await? else { return self.without_key(event).await };
        match open_with(&key, stream, event) {
            Ok(plain) if key.hash(&plain) == event.envelope.payload_hash => Ok(Opened::Plain(plain)),
            Ok(_) => Ok(Opened::Damaged("its payload is not the one that its hash names")),
            Err(OpenError::Corrupt) => Ok(Opened::Damaged("its payload or its envelope was changed")),
            Err(OpenError::Destroyed) => {
                if opens_under(&key, stream, event) {
                    return Ok(Opened::Damaged("the id of its data key was changed"));
                }
                self.without_key(event).await
            }
            Err(OpenError::Keys(error)) => Err(error),
        }
    }

    /// The key that sealed it is not the record's: it was destroyed, unless there still is one of that id.
    async fn without_key(&self, event: &StoredEvent) -> Result<Opened, KeyError> {
        let held = match self.keys.named(event.payload.key_id).await {
            Ok(held) => held.is_some(),
            // No master key of that epoch: nobody can have sealed it.
            Err(KeyError::UnknownEpoch(_)) => true,
            Err(error) => return Err(error),
        };
        Ok(if held {
            Opened::Damaged("its record or the id of its data key was changed")
        } else {
            Opened::Erased
        })
    }

    async fn key(&mut self, owner: RecordKey) -> Result<Option<DataKey>, KeyError> {
        if let Some((_, key)) = self.last.as_ref().filter(|(last, _)| *last == owner) {
            return Ok(Some(key.clone()));
        }
        let found = self.keys.existing(owner).await?;
        self.last = found.clone().map(|key| (owner, key));
        Ok(found)
    }
}

/// Whether it would open if its key's id were the one of this key: then only the id was changed.
fn opens_under(key: &DataKey, stream: Stream, event: &StoredEvent) -> bool {
    let mut same = event.clone();
    same.payload.key_id = key.id();
    same.envelope.key_id = key.id();
    open_with(key, stream, &same).is_ok()
}
