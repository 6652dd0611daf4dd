//! Ed25519 signatures on agreement parts. Must not decide whether a part is in force: `status.rs` does.

use crate::Error;
use crate::canonical::{canonical_bytes, sha256};
use domain::{Agreement, PartPath, Signature, SigningKey};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};

/// Whether the signature is the key's, on the present content of the part that it names.
///
/// Checks the agreement, version, organisation and key named, the key's window at the time of signing, the
/// content hash and the signature itself.
pub fn verify_signature(key: &SigningKey, agreement: &Agreement, signature: &Signature) -> bool {
    let named = signature.part.agreement == agreement.id
        && signature.part.version == agreement.version
        && signature.key == key.id
        && signature.organisation == key.organisation
        && key.window.contains(signature.signed_at);
    if !named {
        return false;
    }
    let Some(bytes) = canonical_bytes(agreement, signature.part.appendix.as_ref()) else { return false };
    signature.content_hash == sha256(&bytes)
        && UnparsedPublicKey::new(&ED25519, &key.public_key).verify(&bytes, &signature.bytes).is_ok()
}

/// Signs a part with a private key in PKCS#8, as the command line holds it.
pub fn sign(
    pkcs8: &[u8],
    key: &SigningKey,
    agreement: &Agreement,
    part: &PartPath,
    signed_at: jiff::Timestamp,
) -> Result<Signature, Error> {
    let unknown = || Error::UnknownPart { part: name(part) };
    if part.agreement != agreement.id || part.version != agreement.version {
        return Err(unknown());
    }
    let bytes = canonical_bytes(agreement, part.appendix.as_ref()).ok_or_else(unknown)?;
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(|_| Error::PrivateKey)?;
    Ok(Signature {
        part: part.clone(),
        organisation: key.organisation.clone(),
        key: key.id.clone(),
        signed_at,
        content_hash: sha256(&bytes).to_vec(),
        bytes: pair.sign(&bytes).as_ref().to_vec(),
    })
}

fn name(part: &PartPath) -> String {
    let appendix = part.appendix.as_ref().map_or_else(String::new, |id| format!(" appendix {id}"));
    format!("{} version {}{appendix}", part.agreement, part.version)
}
