//! Secrets of a demo's organisations: made once in its data directory, so that a second start is the same demo.

use crate::bootstrap::new_secret;
use crate::keys::write_private;
use anyhow::{Context, Result, anyhow};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::path::{Path, PathBuf};

/// What one organisation holds.
pub(crate) struct OrganisationSecrets {
    /// Bearer secret of its feed.
    pub(crate) feed: String,
    /// Bearer secret of its host.
    pub(crate) host: String,
    /// Bearer secret of its own operator: withdraws and suspends for the organisation.
    pub(crate) operator: String,
    /// File of that secret.
    pub(crate) operator_file: PathBuf,
    /// Private key of its signatory, PKCS#8.
    pub(crate) signatory: Vec<u8>,
    /// File of that key, in base64.
    pub(crate) signatory_file: PathBuf,
}

impl OrganisationSecrets {
    /// Reads them from the folder, and makes those that are missing.
    pub(crate) fn ensure(folder: &Path, name: &str) -> Result<Self> {
        let operator_file = folder.join(format!("{name}-operator.token"));
        let operator = ensure(&operator_file, || Ok(new_secret()))?;
        let signatory_file = folder.join(format!("{name}-signatory.pkcs8"));
        let feed = ensure(&folder.join(format!("{name}-feed.token")), || Ok(new_secret()))?;
        let host = ensure(&folder.join(format!("{name}-host.token")), || Ok(new_secret()))?;
        let signatory = ensure(&signatory_file, new_signing_key)?;
        let signatory = STANDARD.decode(signatory).context("a signatory's key is not base64")?;
        Ok(Self { feed, host, operator, operator_file, signatory, signatory_file })
    }

    /// The public key of the signatory, 32 bytes.
    pub(crate) fn public_key(&self) -> Result<Vec<u8>> {
        let pair = Ed25519KeyPair::from_pkcs8(&self.signatory)
            .map_err(|_| anyhow!("a signatory's key is damaged"))?;
        Ok(pair.public_key().as_ref().to_vec())
    }
}

/// A new Ed25519 key, PKCS#8 in base64.
pub(crate) fn new_signing_key() -> Result<String> {
    let random = ring::rand::SystemRandom::new();
    let key = Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| anyhow!("no key can be made"))?;
    Ok(STANDARD.encode(key.as_ref()))
}

/// The text of a file; makes it first where it is missing.
pub(crate) fn ensure(path: &Path, make: impl FnOnce() -> Result<String>) -> Result<String> {
    if !path.exists() {
        write_private(path, &make()?)?;
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.trim_end().to_owned())
}
