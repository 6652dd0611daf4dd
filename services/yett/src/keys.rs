//! Reads the keys that the settings point to, and makes missing ones where the settings allow it.

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Entropy;
use event_log::SystemEntropy;
use ring::signature::Ed25519KeyPair;
use settings::{Keys, SecretReference};
use std::path::Path;

/// The keys of a node.
pub(crate) struct NodeKeys {
    /// Master key of the data keys.
    pub(crate) master: [u8; 32],
    /// Signs checkpoints.
    pub(crate) checkpoint: Vec<u8>,
    /// Pseudonyms and digests.
    pub(crate) disclosure: [u8; 32],
}

impl NodeKeys {
    /// Reads all of them; relative files lie in the data directory.
    pub(crate) fn read(keys: &Keys, data_dir: &Path) -> Result<Self> {
        let entropy = SystemEntropy::new();
        let random = || {
            let mut bytes = [0; 32];
            entropy.fill(&mut bytes);
            Ok(hex(&bytes))
        };
        let signing = || {
            let random = ring::rand::SystemRandom::new();
            let key = Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| anyhow!("no key can be made"))?;
            Ok(STANDARD.encode(key.as_ref()))
        };
        let master = secret(&keys.master, data_dir, keys.make_missing, random)?;
        let disclosure = secret(&keys.disclosure, data_dir, keys.make_missing, random)?;
        let checkpoint = secret(&keys.checkpoint, data_dir, keys.make_missing, signing)?;
        Ok(Self {
            master: from_hex(&master).context("keys.master must be 64 hexadecimal digits")?,
            disclosure: from_hex(&disclosure).context("keys.disclosure must be 64 hexadecimal digits")?,
            checkpoint: STANDARD.decode(checkpoint).context("keys.checkpoint must be PKCS#8 in base64")?,
        })
    }
}

/// Reads a secret; makes its file first where it is missing and may be made.
pub(crate) fn secret(
    reference: &SecretReference,
    data_dir: &Path,
    make_missing: bool,
    make: impl FnOnce() -> Result<String>,
) -> Result<String> {
    let SecretReference::File(name) = reference else {
        return Ok(reference.read()?.expose().to_owned());
    };
    let path = data_dir.join(name);
    if !path.exists() {
        if !make_missing {
            bail!("the key file {} is missing, and keys.make_missing is off", path.display());
        }
        write_private(&path, &make()?)?;
    }
    let there = SecretReference::File(path.to_string_lossy().into_owned());
    Ok(there.read()?.expose().to_owned())
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.with_context(|| format!("cannot make {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    Ok(file.sync_all()?)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, target) in bytes.iter_mut().enumerate() {
        *target = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
