//! Whether a command may be carried out as things stand: pure, one file a subject. What a command means afterwards is
//! the business of `policy`.

mod agreement;
mod directive;
mod organisation;
mod position;
mod signing;
mod stopping;
#[cfg(test)]
mod tests;

use crate::rights;
use domain::{FieldViolation, OrganisationId, SharingEvent};
use jiff::Timestamp;
use policy::SharingState;
use transport::{Caller, Failure};

/// Checks a command, given as the event that it would leave, against the state that the event would follow.
pub(crate) fn check(
    state: &SharingState,
    caller: &Caller,
    event: &SharingEvent,
    now: Timestamp,
) -> Result<(), Failure> {
    match event {
        SharingEvent::OrganisationRegistered(entry) => organisation::register(state, caller, entry),
        SharingEvent::AssuranceRecorded { organisation, .. } => {
            rights::node_operator_only(caller)?;
            registered(state, organisation)
        }
        SharingEvent::SigningKeyRegistered(key) => organisation::register_key(state, caller, key),
        SharingEvent::CredentialRegistered(one) => organisation::register_credential(state, caller, one),
        SharingEvent::CredentialWithdrawn { secret_digest } => {
            organisation::withdraw_credential(state, caller, secret_digest)
        }
        SharingEvent::PositionAssigned(position) => position::assign(state, caller, position),
        SharingEvent::PositionEnded { position, .. } => position::end(state, caller, position),
        SharingEvent::RoleMapped(mapping) => position::of_staff(state, caller, &mapping.organisation),
        SharingEvent::TrainingRecorded(training) => position::of_staff(state, caller, &training.organisation),
        SharingEvent::DirectiveSet(directive) => directive::set(state, caller, directive),
        SharingEvent::DirectiveLifted { directive, at } => directive::lift(state, caller, *directive, *at),
        SharingEvent::AgreementDrafted(draft) => agreement::draft(state, caller, draft),
        SharingEvent::AgreementSigned(signature) => signing::sign(state, caller, signature, now),
        SharingEvent::AgreementWithdrawn { part, organisation, .. } => {
            stopping::withdraw(state, caller, part, organisation)
        }
        SharingEvent::AgreementSuspended { part, organisation, .. } => {
            stopping::suspend(state, caller, part, organisation)
        }
        SharingEvent::AgreementResumed { part, organisation, .. } => {
            stopping::resume(state, caller, part, organisation)
        }
        // Emergency access is declared from the panel, by whoever looks at it.
        SharingEvent::OverrideDeclared(_) | SharingEvent::OverrideEnded { .. } => {
            Err(Failure::Forbidden { reason: "DECLARED_FROM_THE_PANEL" })
        }
    }
}

/// An organisation that a command is about must be in the register.
fn registered(state: &SharingState, organisation: &OrganisationId) -> Result<(), Failure> {
    match state.organisation(organisation) {
        Some(_) => Ok(()),
        None => Err(Failure::NotFound { what: "organisation" }),
    }
}

fn conflict(rule: &str) -> Failure {
    Failure::Conflict { rule: rule.to_owned() }
}

/// Refuses where rules were broken, with all of them at once.
fn none(violations: Vec<FieldViolation>) -> Result<(), Failure> {
    if violations.is_empty() { Ok(()) } else { Err(Failure::Invalid(violations)) }
}
