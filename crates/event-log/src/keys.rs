//! Data keys: one per source record, so that destroying one erases one person's record from a log that never forgets.
//!
//! A data key is derived from a master key (by epoch) and a random salt of the record. Only the salt is stored; without
//! it the key cannot be made again. Key bytes never leave this crate.

use crate::SystemEntropy;
use async_trait::async_trait;
use domain::{Entropy, RecordKey};
use ring::{hkdf, hmac};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Names a data key. Never used for a second key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId {
    /// Which master key it is derived from.
    pub epoch: u32,
    /// Which salt. Random, so that it is not used twice.
    pub salt: Uuid,
}

impl KeyId {
    /// Length of the bytes form.
    pub const LENGTH: usize = 20;

    /// Epoch (big-endian), then the salt's id.
    pub fn to_bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        let parts = self.epoch.to_be_bytes().into_iter().chain(self.salt.into_bytes());
        bytes.iter_mut().zip(parts).for_each(|(target, byte)| *target = byte);
        bytes
    }

    /// Reads the bytes form.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (epoch, salt) = bytes.split_first_chunk::<4>()?;
        Some(Self { epoch: u32::from_be_bytes(*epoch), salt: Uuid::from_slice(salt).ok()? })
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.epoch, self.salt)
    }
}

/// A record's random salt. Whoever holds it and the master key can read the record.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt(Zeroizing<[u8; 32]>);

impl Salt {
    /// A new one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut());
        Self(bytes)
    }

    /// One that was stored.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// For storing.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(…)")
    }
}

/// The master keys by epoch. New data keys are made under the newest; old ones stay readable.
pub struct MasterKeys(BTreeMap<u32, Zeroizing<[u8; 32]>>);

impl MasterKeys {
    /// The first master key and its epoch.
    pub fn new(epoch: u32, key: [u8; 32]) -> Self {
        Self(BTreeMap::from([(epoch, Zeroizing::new(key))]))
    }

    /// Adds the master key of another epoch.
    #[must_use]
    pub fn with(mut self, epoch: u32, key: [u8; 32]) -> Self {
        self.0.insert(epoch, Zeroizing::new(key));
        self
    }

    /// The newest epoch.
    pub fn current_epoch(&self) -> u32 {
        self.0.last_key_value().map_or(0, |(epoch, _)| *epoch)
    }

    /// Derives the data key that `id` names from its salt.
    pub fn derive(&self, id: KeyId, salt: &Salt) -> Result<DataKey, KeyError> {
        let master = self.0.get(&id.epoch).ok_or(KeyError::UnknownEpoch(id.epoch))?;
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, salt.as_bytes()).extract(master.as_slice());
        let id_bytes = id.to_bytes();
        let expand = |purpose: &[u8]| -> Result<Zeroizing<[u8; 32]>, KeyError> {
            let mut bytes = Zeroizing::new([0; 32]);
            let info = [purpose, id_bytes.as_slice()];
            secret
                .expand(&info, hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(bytes.as_mut_slice()))
                .map_err(|_| KeyError::Unavailable("a data key could not be derived".to_owned()))?;
            Ok(bytes)
        };
        Ok(DataKey {
            id,
            encryption: expand(b"yett payload encryption")?,
            hash: expand(b"yett payload hash")?,
        })
    }
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MasterKeys(epochs {:?})", self.0.keys().collect::<Vec<_>>())
    }
}

/// The key of one record: one half encrypts, the other hashes. Wiped when dropped.
#[derive(Clone)]
pub struct DataKey {
    id: KeyId,
    encryption: Zeroizing<[u8; 32]>,
    hash: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// Its name.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Keyed hash (HMAC-SHA-256) of a plaintext.
    pub fn hash(&self, plaintext: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.hash.as_slice()), plaintext);
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(tag.as_ref()).for_each(|(target, byte)| *target = *byte);
        bytes
    }

    pub(crate) fn encryption(&self) -> &[u8; 32] {
        &self.encryption
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DataKey({})", self.id)
    }
}

/// Why a data key could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Try again.
    #[error("the data keys are not available ({0}); try again")]
    Unavailable(String),
    /// A key of the configuration is missing.
    #[error("there is no master key of epoch {0}; configure it")]
    UnknownEpoch(u32),
}

/// Holds the data keys.
#[async_trait]
pub trait Keys: Send + Sync {
    /// The record's key; made on first use, and made anew after one was destroyed. Durable when it returns.
    async fn data_key(&self, owner: RecordKey) -> Result<DataKey, KeyError>;

    /// The record's key; `None` if it was destroyed or never made.
    async fn existing(&self, owner: RecordKey) -> Result<Option<DataKey>, KeyError>;

    /// The key of this id, whosever it is; `None` if it was destroyed or never made. Tells what was erased from what
    /// was made to look so.
    async fn named(&self, id: KeyId) -> Result<Option<DataKey>, KeyError>;

    /// Destroys the record's key for good. Says nothing if there is none.
    async fn destroy(&self, owner: RecordKey) -> Result<(), KeyError>;
}

/// Data keys in memory: for tests, and for the profile that keeps nothing.
pub struct InMemoryKeys {
    masters: MasterKeys,
    entropy: Arc<dyn Entropy>,
    salts: Mutex<BTreeMap<RecordKey, (KeyId, Salt)>>,
}

impl InMemoryKeys {
    /// Keys under a random master key.
    pub fn new() -> Self {
        Self::seeded(Arc::new(SystemEntropy::new()))
    }

    /// Keys made from this source of randomness, so that a simulation repeats itself.
    pub fn seeded(entropy: Arc<dyn Entropy>) -> Self {
        let mut master = [0; 32];
        entropy.fill(&mut master);
        Self { masters: MasterKeys::new(1, master), entropy, salts: Mutex::default() }
    }
}

impl Default for InMemoryKeys {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Keys for InMemoryKeys {
    async fn data_key(&self, owner: RecordKey) -> Result<DataKey, KeyError> {
        let mut salts = self.salts.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, salt) = salts.entry(owner).or_insert_with(|| {
            let id = KeyId { epoch: self.masters.current_epoch(), salt: self.entropy.uuid() };
            (id, Salt::random(self.entropy.as_ref()))
        });
        self.masters.derive(*id, salt)
    }

    async fn existing(&self, owner: RecordKey) -> Result<Option<DataKey>, KeyError> {
        let salts = self.salts.lock().unwrap_or_else(PoisonError::into_inner);
        salts.get(&owner).map(|(id, salt)| self.masters.derive(*id, salt)).transpose()
    }

    async fn named(&self, id: KeyId) -> Result<Option<DataKey>, KeyError> {
        let salts = self.salts.lock().unwrap_or_else(PoisonError::into_inner);
        let found = salts.values().find(|(known, _)| *known == id);
        found.map(|(id, salt)| self.masters.derive(*id, salt)).transpose()
    }

    async fn destroy(&self, owner: RecordKey) -> Result<(), KeyError> {
        self.salts.lock().unwrap_or_else(PoisonError::into_inner).remove(&owner);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_salt_gives_the_same_key_and_another_epoch_another() {
        let masters = MasterKeys::new(1, [1; 32]).with(2, [2; 32]);
        let salt = Salt::from_bytes([7; 32]);
        let of = |epoch| masters.derive(KeyId { epoch, salt: Uuid::nil() }, &salt).unwrap();
        assert_eq!(of(1).hash(b"x"), of(1).hash(b"x"));
        assert_ne!(of(1).hash(b"x"), of(2).hash(b"x"));
        assert_eq!(masters.current_epoch(), 2);
    }

    #[test]
    fn a_missing_master_key_is_named() {
        let masters = MasterKeys::new(1, [1; 32]);
        let id = KeyId { epoch: 4, salt: Uuid::nil() };
        assert_eq!(masters.derive(id, &Salt::from_bytes([0; 32])).unwrap_err(), KeyError::UnknownEpoch(4));
    }

    #[test]
    fn a_key_id_reads_back_from_its_bytes() {
        let id = KeyId { epoch: 9, salt: Uuid::from_u128(77) };
        assert_eq!(KeyId::from_bytes(&id.to_bytes()), Some(id));
        assert_eq!(KeyId::from_bytes(&[0; 19]), None);
    }

    #[test]
    fn secrets_are_not_printed() {
        let masters = MasterKeys::new(1, [171; 32]);
        let salt = Salt::from_bytes([171; 32]);
        let key = masters.derive(KeyId { epoch: 1, salt: Uuid::nil() }, &salt).unwrap();
        assert!(!format!("{masters:?}{salt:?}{key:?}").contains("171"));
    }

    #[tokio::test]
    async fn a_destroyed_key_is_gone_and_its_successor_has_another_id() {
        let keys = InMemoryKeys::new();
        let owner = RecordKey(Uuid::from_u128(1));
        assert!(keys.existing(owner).await.unwrap().is_none());
        let first = keys.data_key(owner).await.unwrap();
        assert_eq!(keys.existing(owner).await.unwrap().unwrap().id(), first.id());
        assert_eq!(keys.named(first.id()).await.unwrap().unwrap().hash(b"x"), first.hash(b"x"));
        keys.destroy(owner).await.unwrap();
        assert!(keys.existing(owner).await.unwrap().is_none());
        assert!(keys.named(first.id()).await.unwrap().is_none());
        assert_ne!(keys.data_key(owner).await.unwrap().id(), first.id());
    }
}
