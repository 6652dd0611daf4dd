//! Rules about organisations, their keys and their credentials.
//!
//! What an organisation says of itself it may change itself. What makes others trust it (assurance, activity, side,
//! sponsor, whose records it controls, whose staff its host may launch) only those who run the node change.

use super::{conflict, none, registered};
use crate::rights;
use domain::{Credential, FieldViolation, Organisation, SigningKey};
use policy::SharingState;
use transport::{Caller, Failure};

pub(super) fn register(state: &SharingState, caller: &Caller, entry: &Organisation) -> Result<(), Failure> {
    if !rights::runs_node(caller) {
        rights::itself(caller, &entry.id)?;
        let known = state.organisation(&entry.id).ok_or(Failure::NotFound { what: "organisation" })?;
        if trusted(known) != trusted(entry) {
            rights::node_operator_only(caller)?;
        }
    }
    none(faults(state, entry))
}

/// The fields that others' trust rests on.
fn trusted(entry: &Organisation) -> impl PartialEq {
    let Organisation { side, active, assurance, sponsor, authorities, may_assert, .. } = entry.clone();
    (side, active, assurance, sponsor, authorities, may_assert)
}

fn faults(state: &SharingState, entry: &Organisation) -> Vec<FieldViolation> {
    let mut faults = Vec::new();
    let mut refuse = |field: String, rule: &str| {
        faults.push(FieldViolation::new(format!("organisation.{field}"), rule));
    };
    for (index, authority) in entry.authorities.iter().enumerate() {
        if state.controller_of(authority).is_some_and(|owner| *owner != entry.id) {
            refuse(format!("authorities[{index}]"), "is controlled by another organisation");
        }
    }
    for (index, other) in entry.may_assert.iter().enumerate() {
        if state.organisation(other).is_none() {
            refuse(format!("may_assert[{index}]"), "is not in the register");
        }
    }
    match &entry.sponsor {
        Some(sponsor) if *sponsor == entry.id => refuse("sponsor".to_owned(), "must be another organisation"),
        Some(sponsor) if state.organisation(sponsor).is_none() => {
            refuse("sponsor".to_owned(), "is not in the register");
        }
        Some(_) | None => {}
    }
    faults
}

pub(super) fn register_key(state: &SharingState, caller: &Caller, key: &SigningKey) -> Result<(), Failure> {
    rights::own(caller, &key.organisation)?;
    registered(state, &key.organisation)?;
    if key.public_key.len() != 32 {
        return Err(Failure::field("key.public_key", "must be an Ed25519 public key of 32 bytes"));
    }
    // A key that was replaced would make void, or make valid, what was signed before.
    match state.signing_key(&key.id) {
        Some(known) if known.organisation != key.organisation || known.public_key != key.public_key => {
            Err(conflict("a key is registered under this id already: choose another id"))
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn register_credential(
    state: &SharingState,
    caller: &Caller,
    credential: &Credential,
) -> Result<(), Failure> {
    rights::own(caller, &credential.organisation)?;
    registered(state, &credential.organisation)?;
    if credential.secret_digest.len() != 32 {
        return Err(Failure::field("credential.secret_digest", "must be a SHA-256 digest of 32 bytes"));
    }
    match state.credential(&credential.secret_digest) {
        Some(known) if known != credential => {
            Err(conflict("the secret is in use already: make a new secret"))
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn withdraw_credential(
    state: &SharingState,
    caller: &Caller,
    secret_digest: &[u8],
) -> Result<(), Failure> {
    let known = state.credential(secret_digest).ok_or(Failure::NotFound { what: "credential" })?;
    rights::own(caller, &known.organisation)
}
