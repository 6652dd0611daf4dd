//! Rules about directives: an organisation directs what happens with the records that it controls.

use super::{conflict, registered};
use crate::rights;
use domain::{Agreement, DataFlow, Directive, DirectiveId, FlowId};
use jiff::Timestamp;
use policy::SharingState;
use transport::{Caller, Failure};

pub(super) fn set(state: &SharingState, caller: &Caller, directive: &Directive) -> Result<(), Failure> {
    rights::own(caller, &directive.recorded_by)?;
    registered(state, &directive.recorded_by)?;
    if state.controller_of(&directive.record.authority) != Some(&directive.recorded_by) {
        let rule = "must be a source system that the recording organisation controls";
        return Err(Failure::field("directive.record.authority", rule));
    }
    if directive.flow.as_ref().is_some_and(|flow| !has_flow(state, flow)) {
        return Err(Failure::field("directive.flow", "must be a flow of an agreement"));
    }
    // Setting it again would move it, or open again what was lifted.
    match state.directive(directive.id) {
        Some(_) => Err(conflict("a directive has this id already: lift it and set a new one")),
        None => Ok(()),
    }
}

/// A directive of others is as unknown as one that there is not: that it stands says something of a person.
pub(super) fn lift(
    state: &SharingState,
    caller: &Caller,
    id: DirectiveId,
    at: Timestamp,
) -> Result<(), Failure> {
    let unknown = Failure::NotFound { what: "directive" };
    let known =
        state.directive(id).filter(|one| rights::own(caller, &one.recorded_by).is_ok()).ok_or(unknown)?;
    if known.window.from.is_some_and(|from| at < from) {
        return Err(Failure::field("at", "must not be before the directive begins"));
    }
    if known.window.to.is_some_and(|to| to <= at) {
        return Err(conflict("the directive has ended by then"));
    }
    Ok(())
}

fn has_flow(state: &SharingState, flow: &FlowId) -> bool {
    state.agreements().any(|agreement| flows(agreement).any(|one| one.id == *flow))
}

fn flows(agreement: &Agreement) -> impl Iterator<Item = &DataFlow> {
    agreement.flows.iter().chain(agreement.appendices.iter().flat_map(|one| &one.flows))
}
