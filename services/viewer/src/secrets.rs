//! Secrets that leave once and are kept as digests only: launch codes and bearers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Entropy, OrganisationId};
use storage::SecretDigest;

/// Stands between the parts of a code; no organisation's code can hold it.
const SEPARATOR: char = '~';

/// A new secret of 256 bits, fit for an address and a header.
pub(crate) fn new_secret(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// SHA-256 of a secret: all that is stored of it.
pub(crate) fn digest(secret: &str) -> SecretDigest {
    let mut digest = [0; 32];
    for (target, source) in digest.iter_mut().zip(transport::secret_digest(secret)) {
        *target = source;
    }
    digest
}

/// A one-time launch code: `host~requester~secret`.
///
/// The organisations stand in it because the document of the panel must be served, with the right list of who may
/// frame it, before the code is used up, and reading a code uses it up. They are no secret, and they cannot be edited:
/// the digest is that of the whole text, so that an edited code is an unknown one.
pub(crate) struct LaunchCode {
    text: String,
    /// Organisation whose host frames the panel.
    pub(crate) host: OrganisationId,
    /// Organisation that the reader acts for.
    pub(crate) requester: OrganisationId,
}

impl LaunchCode {
    /// A new code.
    pub(crate) fn make(host: &OrganisationId, requester: &OrganisationId, entropy: &dyn Entropy) -> Self {
        let secret = new_secret(entropy);
        Self {
            text: format!("{host}{SEPARATOR}{requester}{SEPARATOR}{secret}"),
            host: host.clone(),
            requester: requester.clone(),
        }
    }

    /// Reads a code as it came back. Says nothing of whether it is known.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(SEPARATOR);
        let (host, requester, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && secret.len() == 43;
        let host = OrganisationId::parse(host).ok().filter(|_| whole)?;
        Some(Self { text: text.to_owned(), host, requester: OrganisationId::parse(requester).ok()? })
    }

    /// The code as it stands in an address.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Its digest.
    pub(crate) fn digest(&self) -> SecretDigest {
        digest(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SeededEntropy;

    fn made(seed: u64) -> LaunchCode {
        let [host, requester] =
            ["strathorr-council", "nhs-strathorr"].map(|one| OrganisationId::parse(one).unwrap());
        LaunchCode::make(&host, &requester, &SeededEntropy::new(seed))
    }

    #[test]
    fn a_code_reads_back_and_needs_no_escaping_in_an_address() {
        let code = made(1);
        let again = LaunchCode::read(code.as_str()).unwrap();
        assert_eq!((again.host.as_str(), again.digest()), ("strathorr-council", code.digest()));
        assert!(code.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)));
        assert_ne!(made(2).digest(), code.digest());
    }

    #[test]
    fn an_edited_organisation_makes_another_code() {
        let edited = made(1).as_str().replacen("strathorr-council", "elsewhere", 1);
        assert_ne!(LaunchCode::read(&edited).unwrap().digest(), made(1).digest());
    }

    #[test]
    fn what_is_no_code_is_told_apart_before_anything_is_read() {
        let long = format!("{}x", made(1).as_str());
        for bad in ["", "a~b", "a~b~c", "a~b~c~d", long.as_str(), "~~~", "a b~c~d"] {
            assert!(LaunchCode::read(bad).is_none(), "{bad}");
        }
    }
}
