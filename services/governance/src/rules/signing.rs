//! Rules about signing: who signs with which key, when, and whether there is still something to sign.

use super::conflict;
use crate::rights;
use domain::{Agreement, PartPath, Signature, SigningKey};
use jiff::{SignedDuration, Timestamp};
use policy::{PartStatus, SharingState};
use transport::{Caller, Failure};

/// How far a signatory's clock may run ahead of ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// Those who run the node may pass a signature on: it holds by itself.
pub(super) fn sign(
    state: &SharingState,
    caller: &Caller,
    signature: &Signature,
    now: Timestamp,
) -> Result<(), Failure> {
    rights::own(caller, &signature.organisation)?;
    let agreement = part(state, &signature.part)?;
    if !agreement.parties.contains(&signature.organisation) {
        return Err(Failure::field("signature.organisation", "must be a party of the agreement"));
    }
    let key = state.signing_key(&signature.key).ok_or(Failure::NotFound { what: "signing key" })?;
    open_to_signatures(state, &signature.part, now)?;
    let theirs = |one: &Signature| one.organisation == signature.organisation;
    if state.signatures_on(&signature.part).any(|(one, valid)| valid && theirs(one)) {
        return Err(conflict("this party has signed this part already"));
    }
    verify(key, agreement, signature, now)
}

/// The version of an agreement that has this part.
pub(super) fn part<'a>(state: &'a SharingState, part: &PartPath) -> Result<&'a Agreement, Failure> {
    let found = state.agreement_version(&part.agreement, part.version);
    let agreement = found.ok_or(Failure::NotFound { what: "version of the agreement" })?;
    match &part.appendix {
        Some(id) if !agreement.appendices.iter().any(|one| one.id == *id) => {
            Err(Failure::NotFound { what: "appendix of the agreement" })
        }
        Some(_) | None => Ok(agreement),
    }
}

fn open_to_signatures(state: &SharingState, part: &PartPath, now: Timestamp) -> Result<(), Failure> {
    match state.part_status(part, now) {
        Some(PartStatus::Withdrawn) => Err(conflict("the part was withdrawn: draft a new version")),
        Some(PartStatus::Expired) => Err(conflict("the time of the part is over: draft a new version")),
        Some(PartStatus::Superseded) => Err(conflict("a later version is signed by all: sign that one")),
        Some(
            PartStatus::Draft
            | PartStatus::PartlySigned { .. }
            | PartStatus::NotYet
            | PartStatus::InForce
            | PartStatus::Suspended,
        )
        | None => Ok(()),
    }
}

fn verify(
    key: &SigningKey,
    agreement: &Agreement,
    signature: &Signature,
    now: Timestamp,
) -> Result<(), Failure> {
    let hash = policy::content_hash(agreement, signature.part.appendix.as_ref()).unwrap_or_default();
    let refused = if key.organisation != signature.organisation {
        Some(("key", "must be a key of the organisation that signs"))
    } else if signature.signed_at > now.saturating_add(CLOCK_SKEW).unwrap_or(now) {
        Some(("signed_at", "must not be in the future"))
    } else if !key.window.contains(signature.signed_at) {
        Some(("signed_at", "must lie in the time in which the key may be used"))
    } else if signature.content_hash != hash {
        Some(("content_hash", "must be the hash of the part as it was drafted: sign that text"))
    } else if !policy::verify_signature(key, agreement, signature) {
        Some(("signature", "must be the key's signature of the part as it was drafted"))
    } else {
        None
    };
    refused.map_or(Ok(()), |(field, rule)| Err(Failure::field(format!("signature.{field}"), rule)))
}
