//! Rules about posts, role maps and training: each is of one organisation's own staff.

use super::{conflict, registered};
use crate::rights;
use domain::{OrganisationId, Position, PositionId};
use policy::SharingState;
use transport::{Caller, Failure};

pub(super) fn of_staff(
    state: &SharingState,
    caller: &Caller,
    organisation: &OrganisationId,
) -> Result<(), Failure> {
    rights::own(caller, organisation)?;
    registered(state, organisation)
}

pub(super) fn assign(state: &SharingState, caller: &Caller, position: &Position) -> Result<(), Failure> {
    of_staff(state, caller, &position.organisation)?;
    match state.position(&position.id) {
        Some(known) if known.organisation != position.organisation => {
            Err(conflict("another organisation has a position of this code: choose another code"))
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn end(state: &SharingState, caller: &Caller, position: &PositionId) -> Result<(), Failure> {
    let known = state.position(position).ok_or(Failure::NotFound { what: "position" })?;
    rights::own(caller, &known.organisation)
}
