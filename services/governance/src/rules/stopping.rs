//! Rules about withdrawing, suspending and resuming: every party may stop a part, for itself alone.
//!
//! Nobody stops or resumes a part in a party's name, not even those who run the node: nothing here is signed.

use super::{conflict, signing};
use crate::rights;
use domain::{OrganisationId, PartPath};
use policy::SharingState;
use transport::{Caller, Failure};

pub(super) fn withdraw(
    state: &SharingState,
    caller: &Caller,
    part: &PartPath,
    party: &OrganisationId,
) -> Result<(), Failure> {
    by_a_party(state, caller, part, party)
}

pub(super) fn suspend(
    state: &SharingState,
    caller: &Caller,
    part: &PartPath,
    party: &OrganisationId,
) -> Result<(), Failure> {
    by_a_party(state, caller, part, party)?;
    if state.suspended_by(part).any(|(one, _)| one == party) {
        return Err(conflict("this party has suspended the part already"));
    }
    Ok(())
}

pub(super) fn resume(
    state: &SharingState,
    caller: &Caller,
    part: &PartPath,
    party: &OrganisationId,
) -> Result<(), Failure> {
    by_a_party(state, caller, part, party)?;
    if state.suspended_by(part).any(|(one, _)| one == party) {
        Ok(())
    } else {
        Err(conflict("this party has not suspended the part: whoever suspended it resumes it"))
    }
}

fn by_a_party(
    state: &SharingState,
    caller: &Caller,
    part: &PartPath,
    party: &OrganisationId,
) -> Result<(), Failure> {
    rights::itself(caller, party)?;
    if !signing::part(state, part)?.parties.contains(party) {
        return Err(Failure::field("organisation", "must be a party of the agreement"));
    }
    match state.withdrawn_at(part) {
        Some(_) => Err(conflict("the part was withdrawn for good: draft a new version")),
        None => Ok(()),
    }
}
