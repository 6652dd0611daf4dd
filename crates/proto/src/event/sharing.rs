//! Events of the sharing stream.

use super::{Encoded, payload, v1};
use crate::governance;
use crate::reading::{Part, timestamp};
use domain::{Assurance, DirectiveId, FieldViolation, OrganisationId, PartPath, PositionId, SharingEvent};
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// Encodes an event of this stream.
pub(super) fn encode(event: &SharingEvent) -> Encoded {
    use SharingEvent as Event;
    match event {
        Event::OrganisationRegistered(organisation) => {
            let organisation = Some(governance::wire_organisation(organisation));
            Encoded::of("OrganisationRegistered", &v1::OrganisationRegistered { organisation })
        }
        Event::AssuranceRecorded { organisation, assurance } => wire_assurance(organisation, assurance),
        Event::SigningKeyRegistered(key) => {
            let key = Some(governance::wire_signing_key(key));
            Encoded::of("SigningKeyRegistered", &v1::SigningKeyRegistered { key })
        }
        Event::CredentialRegistered(credential) => {
            let credential = Some(governance::wire_credential(credential));
            Encoded::of("CredentialRegistered", &v1::CredentialRegistered { credential })
        }
        Event::CredentialWithdrawn { secret_digest } => {
            let secret_digest = secret_digest.clone();
            Encoded::of("CredentialWithdrawn", &v1::CredentialWithdrawn { secret_digest })
        }
        Event::PositionAssigned(position) => {
            let position = Some(governance::wire_position(position));
            Encoded::of("PositionAssigned", &v1::PositionAssigned { position })
        }
        Event::PositionEnded { position, at } => wire_position_ended(position, *at),
        Event::RoleMapped(mapping) => {
            let mapping = Some(governance::wire_role_mapping(mapping));
            Encoded::of("RoleMapped", &v1::RoleMapped { mapping })
        }
        Event::TrainingRecorded(training) => {
            let training = Some(governance::wire_training(training));
            Encoded::of("TrainingRecorded", &v1::TrainingRecorded { training })
        }
        Event::DirectiveSet(directive) => {
            let directive = Some(governance::wire_directive(directive));
            Encoded::of("DirectiveSet", &v1::DirectiveSet { directive })
        }
        Event::DirectiveLifted { directive, at } => wire_directive_lifted(*directive, *at),
        Event::AgreementDrafted(agreement) => {
            let agreement = Some(governance::wire_agreement(agreement));
            Encoded::of("AgreementDrafted", &v1::AgreementDrafted { agreement })
        }
        Event::AgreementSigned(signature) => {
            let signature = Some(governance::wire_signature(signature));
            Encoded::of("AgreementSigned", &v1::AgreementSigned { signature })
        }
        Event::AgreementWithdrawn { part, organisation, at } => wire_withdrawn(part, organisation, *at),
        Event::AgreementSuspended { part, organisation, at } => wire_suspended(part, organisation, *at),
        Event::AgreementResumed { part, organisation, at } => wire_resumed(part, organisation, *at),
        Event::OverrideDeclared(declared) => {
            let r#override = Some(governance::wire_override(declared));
            Encoded::of("OverrideDeclared", &v1::OverrideDeclared { r#override })
        }
        Event::OverrideEnded { id, at } => wire_override_ended(*id, *at),
    }
}

/// Decodes an event of this stream; `None` for a type of another one.
pub(super) fn decode(event_type: &str, bytes: &[u8]) -> Option<Result<SharingEvent, Vec<FieldViolation>>> {
    Some(match event_type {
        "OrganisationRegistered" => payload(bytes, organisation_registered),
        "AssuranceRecorded" => payload(bytes, assurance_recorded),
        "SigningKeyRegistered" => payload(bytes, signing_key_registered),
        "CredentialRegistered" => payload(bytes, credential_registered),
        "CredentialWithdrawn" => payload(bytes, |value: v1::CredentialWithdrawn, _| {
            Some(SharingEvent::CredentialWithdrawn { secret_digest: value.secret_digest })
        }),
        "PositionAssigned" => payload(bytes, position_assigned),
        "PositionEnded" => payload(bytes, position_ended),
        "RoleMapped" => payload(bytes, role_mapped),
        "TrainingRecorded" => payload(bytes, training_recorded),
        "DirectiveSet" => payload(bytes, directive_set),
        "DirectiveLifted" => payload(bytes, directive_lifted),
        "AgreementDrafted" => payload(bytes, agreement_drafted),
        "AgreementSigned" => payload(bytes, agreement_signed),
        "AgreementWithdrawn" => payload(bytes, agreement_withdrawn),
        "AgreementSuspended" => payload(bytes, agreement_suspended),
        "AgreementResumed" => payload(bytes, agreement_resumed),
        "OverrideDeclared" => payload(bytes, override_declared),
        "OverrideEnded" => payload(bytes, override_ended),
        _ => return None,
    })
}

fn wire_assurance(organisation: &OrganisationId, assurance: &Assurance) -> Encoded {
    let (organisation, assurance) = (organisation.to_string(), Some(governance::wire_assurance(assurance)));
    Encoded::of("AssuranceRecorded", &v1::AssuranceRecorded { organisation, assurance })
}

fn wire_position_ended(position: &PositionId, at: Timestamp) -> Encoded {
    Encoded::of(
        "PositionEnded",
        &v1::PositionEnded { position: position.to_string(), at: Some(timestamp(at)) },
    )
}

fn wire_directive_lifted(directive: DirectiveId, at: Timestamp) -> Encoded {
    let (directive_id, at) = (directive.to_string(), Some(timestamp(at)));
    Encoded::of("DirectiveLifted", &v1::DirectiveLifted { directive_id, at })
}

fn wire_withdrawn(part: &PartPath, organisation: &OrganisationId, at: Timestamp) -> Encoded {
    let (part, at) = (Some(governance::wire_part_path(part)), Some(timestamp(at)));
    Encoded::of(
        "AgreementWithdrawn",
        &v1::AgreementWithdrawn { part, organisation: organisation.to_string(), at },
    )
}

fn wire_suspended(part: &PartPath, organisation: &OrganisationId, at: Timestamp) -> Encoded {
    let (part, at) = (Some(governance::wire_part_path(part)), Some(timestamp(at)));
    Encoded::of(
        "AgreementSuspended",
        &v1::AgreementSuspended { part, organisation: organisation.to_string(), at },
    )
}

fn wire_resumed(part: &PartPath, organisation: &OrganisationId, at: Timestamp) -> Encoded {
    let (part, at) = (Some(governance::wire_part_path(part)), Some(timestamp(at)));
    Encoded::of(
        "AgreementResumed",
        &v1::AgreementResumed { part, organisation: organisation.to_string(), at },
    )
}

fn wire_override_ended(id: DirectiveId, at: Timestamp) -> Encoded {
    let (override_id, at) = (id.to_string(), Some(timestamp(at)));
    Encoded::of("OverrideEnded", &v1::OverrideEnded { override_id, at })
}

fn organisation_registered(value: v1::OrganisationRegistered, part: &mut Part<'_>) -> Option<SharingEvent> {
    let organisation = part.inner("organisation", value.organisation, governance::read_organisation);
    organisation.map(SharingEvent::OrganisationRegistered)
}

fn assurance_recorded(value: v1::AssuranceRecorded, part: &mut Part<'_>) -> Option<SharingEvent> {
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let assurance = part.inner("assurance", value.assurance, governance::read_assurance);
    Some(SharingEvent::AssuranceRecorded { organisation: organisation?, assurance: assurance? })
}

fn signing_key_registered(value: v1::SigningKeyRegistered, part: &mut Part<'_>) -> Option<SharingEvent> {
    part.inner("key", value.key, governance::read_signing_key).map(SharingEvent::SigningKeyRegistered)
}

fn credential_registered(value: v1::CredentialRegistered, part: &mut Part<'_>) -> Option<SharingEvent> {
    let credential = part.inner("credential", value.credential, governance::read_credential);
    credential.map(SharingEvent::CredentialRegistered)
}

fn position_assigned(value: v1::PositionAssigned, part: &mut Part<'_>) -> Option<SharingEvent> {
    part.inner("position", value.position, governance::read_position).map(SharingEvent::PositionAssigned)
}

fn position_ended(value: v1::PositionEnded, part: &mut Part<'_>) -> Option<SharingEvent> {
    let position = part.checked("position", PositionId::parse(&value.position));
    let at = part.instant("at", value.at);
    Some(SharingEvent::PositionEnded { position: position?, at: at? })
}

fn role_mapped(value: v1::RoleMapped, part: &mut Part<'_>) -> Option<SharingEvent> {
    part.inner("mapping", value.mapping, governance::read_role_mapping).map(SharingEvent::RoleMapped)
}

fn training_recorded(value: v1::TrainingRecorded, part: &mut Part<'_>) -> Option<SharingEvent> {
    part.inner("training", value.training, governance::read_training).map(SharingEvent::TrainingRecorded)
}

fn directive_set(value: v1::DirectiveSet, part: &mut Part<'_>) -> Option<SharingEvent> {
    part.inner("directive", value.directive, governance::read_directive).map(SharingEvent::DirectiveSet)
}

fn directive_lifted(value: v1::DirectiveLifted, part: &mut Part<'_>) -> Option<SharingEvent> {
    let directive = part.checked("directive_id", DirectiveId::parse(&value.directive_id));
    let at = part.instant("at", value.at);
    Some(SharingEvent::DirectiveLifted { directive: directive?, at: at? })
}

fn agreement_drafted(value: v1::AgreementDrafted, part: &mut Part<'_>) -> Option<SharingEvent> {
    let agreement = part.inner("agreement", value.agreement, governance::read_agreement);
    agreement.map(|agreement| SharingEvent::AgreementDrafted(Box::new(agreement)))
}

fn agreement_signed(value: v1::AgreementSigned, part: &mut Part<'_>) -> Option<SharingEvent> {
    part.inner("signature", value.signature, governance::read_signature).map(SharingEvent::AgreementSigned)
}

fn agreement_withdrawn(value: v1::AgreementWithdrawn, part: &mut Part<'_>) -> Option<SharingEvent> {
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let (path, at) = part_and_time(value.part, value.at, part);
    Some(SharingEvent::AgreementWithdrawn { part: path?, organisation: organisation?, at: at? })
}

fn agreement_suspended(value: v1::AgreementSuspended, part: &mut Part<'_>) -> Option<SharingEvent> {
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let (path, at) = part_and_time(value.part, value.at, part);
    Some(SharingEvent::AgreementSuspended { part: path?, organisation: organisation?, at: at? })
}

fn agreement_resumed(value: v1::AgreementResumed, part: &mut Part<'_>) -> Option<SharingEvent> {
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let (path, at) = part_and_time(value.part, value.at, part);
    Some(SharingEvent::AgreementResumed { part: path?, organisation: organisation?, at: at? })
}

fn override_declared(value: v1::OverrideDeclared, part: &mut Part<'_>) -> Option<SharingEvent> {
    part.inner("override", value.r#override, governance::read_override).map(SharingEvent::OverrideDeclared)
}

fn override_ended(value: v1::OverrideEnded, part: &mut Part<'_>) -> Option<SharingEvent> {
    let id = part.checked("override_id", DirectiveId::parse(&value.override_id));
    let at = part.instant("at", value.at);
    Some(SharingEvent::OverrideEnded { id: id?, at: at? })
}

fn part_and_time(
    path: Option<governance::v1::PartPath>,
    at: Option<prost_types::Timestamp>,
    part: &mut Part<'_>,
) -> (Option<PartPath>, Option<Timestamp>) {
    (part.inner("part", path, governance::read_part_path), part.instant("at", at))
}
