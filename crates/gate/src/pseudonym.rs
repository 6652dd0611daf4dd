//! Keyed digests for leaves: the same person gives the same pseudonym, and nobody without the key can tell who.

use domain::PersonId;
use ring::hmac;
use storage::PersonQuery;

/// The key of pseudonyms and digests.
#[derive(Clone)]
pub struct DisclosureKey {
    key: hmac::Key,
    bytes: [u8; 32],
}

impl DisclosureKey {
    /// A key of 32 bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, bytes), bytes: *bytes }
    }

    /// Pseudonym of a person.
    pub fn person(&self, person: PersonId) -> Vec<u8> {
        self.digest(b"person", person.0.as_bytes())
    }

    /// Pseudonym of whomever a host asked for, when nobody was found.
    pub fn asked(&self, query: &PersonQuery) -> Vec<u8> {
        match query {
            PersonQuery::Chi(chi) => self.digest(b"chi", chi.as_str().as_bytes()),
            PersonQuery::NhsNumber(number) => self.digest(b"nhs-number", number.as_str().as_bytes()),
            PersonQuery::Record(record) => self.digest(b"record", record.key().0.as_bytes()),
        }
    }

    /// Digest of a body that may leave.
    pub(crate) fn body<B: policy::Body>(&self, body: &policy::Permitted<B>) -> Vec<u8> {
        body.keyed_digest(&self.bytes)
    }

    fn digest(&self, domain: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(domain);
        context.update(&[0]);
        context.update(bytes);
        context.sign().as_ref().to_vec()
    }
}

impl std::fmt::Debug for DisclosureKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DisclosureKey(…)")
    }
}
