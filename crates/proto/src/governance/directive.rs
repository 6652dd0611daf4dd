//! Directives on records and declared emergency access, between wire and domain.

use super::organisation::optional_window;
use super::{v1, wire_window};
use crate::intake;
use crate::reading::{Part, timestamp, whole};
use domain::{
    Directive, DirectiveId, DirectiveKind, FieldViolation, FlowId, OrganisationId, Override, OverrideReason,
    PersonId, SessionId, UserId,
};

/// Longest text of a requester's own words.
const LONGEST_OWN_WORDS: usize = 500;

/// Reads a directive.
pub fn directive(value: v1::Directive, path: &str) -> Result<Directive, Vec<FieldViolation>> {
    whole(path, |part| read_directive(value, part))
}

/// Reads a directive that is to be set: where the sender left its id out, it gets this one.
pub fn new_directive(
    value: v1::Directive,
    path: &str,
    id: DirectiveId,
) -> Result<Directive, Vec<FieldViolation>> {
    let chosen = if value.id.is_empty() { id.to_string() } else { value.id };
    directive(v1::Directive { id: chosen, ..value }, path)
}

/// A directive on the wire.
pub fn wire_directive(directive: &Directive) -> v1::Directive {
    v1::Directive {
        id: directive.id.to_string(),
        kind: wire_kind(directive.kind).into(),
        record: Some(intake::wire_source_record(&directive.record)),
        flow: directive.flow.as_ref().map(FlowId::to_string).unwrap_or_default(),
        window: Some(wire_window(&directive.window)),
        recorded_by: directive.recorded_by.to_string(),
    }
}

/// Reads a declaration of emergency access.
pub fn override_declaration(value: v1::Override, path: &str) -> Result<Override, Vec<FieldViolation>> {
    whole(path, |part| read_override(value, part))
}

/// A declaration of emergency access on the wire.
pub fn wire_override(declared: &Override) -> v1::Override {
    v1::Override {
        id: declared.id.to_string(),
        user: declared.user.to_string(),
        organisation: declared.organisation.to_string(),
        person_id: declared.person.to_string(),
        session_id: declared.session.to_string(),
        reason: wire_reason(declared.reason).into(),
        text: declared.text.clone(),
        declared_at: Some(timestamp(declared.declared_at)),
        authenticated_at: Some(timestamp(declared.authenticated_at)),
        ended_at: declared.ended_at.map(timestamp),
    }
}

pub(crate) fn read_directive(value: v1::Directive, part: &mut Part<'_>) -> Option<Directive> {
    let id = part.checked("id", DirectiveId::parse(&value.id));
    let kind = part.known("kind", kind(value.kind));
    let record = part.with("record", |at, reading| intake::source_record(value.record, at, reading));
    let flow = part.optional("flow", &value.flow, FlowId::parse);
    let window = optional_window(part, "window", value.window);
    let recorded_by = part.checked("recorded_by", OrganisationId::parse(&value.recorded_by));
    Some(Directive {
        id: id?,
        kind: kind?,
        record: record?,
        flow,
        window: window?,
        recorded_by: recorded_by?,
    })
}

pub(crate) fn read_override(value: v1::Override, part: &mut Part<'_>) -> Option<Override> {
    let id = part.checked("id", DirectiveId::parse(&value.id));
    let user = part.checked("user", UserId::parse(&value.user));
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let person = part.checked("person_id", PersonId::parse(&value.person_id));
    let session = part.checked("session_id", SessionId::parse(&value.session_id));
    let reason = part.known("reason", reason(value.reason));
    let text = part.words("text", value.text, 1, LONGEST_OWN_WORDS);
    let declared_at = part.instant("declared_at", value.declared_at);
    let authenticated_at = part.instant("authenticated_at", value.authenticated_at);
    let ended_at = part.optional_instant("ended_at", value.ended_at);
    Some(Override {
        id: id?,
        user: user?,
        organisation: organisation?,
        person: person?,
        session: session?,
        reason: reason?,
        text,
        declared_at: declared_at?,
        authenticated_at: authenticated_at?,
        ended_at,
    })
}

fn kind(number: i32) -> Option<DirectiveKind> {
    match v1::DirectiveKind::try_from(number).ok()? {
        v1::DirectiveKind::Unspecified => None,
        v1::DirectiveKind::Dissent => Some(DirectiveKind::Dissent),
        v1::DirectiveKind::Restriction => Some(DirectiveKind::Restriction),
        v1::DirectiveKind::Sealed => Some(DirectiveKind::Sealed),
        v1::DirectiveKind::LegalHold => Some(DirectiveKind::LegalHold),
        v1::DirectiveKind::ProtectedAddress => Some(DirectiveKind::ProtectedAddress),
    }
}

fn wire_kind(kind: DirectiveKind) -> v1::DirectiveKind {
    match kind {
        DirectiveKind::Dissent => v1::DirectiveKind::Dissent,
        DirectiveKind::Restriction => v1::DirectiveKind::Restriction,
        DirectiveKind::Sealed => v1::DirectiveKind::Sealed,
        DirectiveKind::LegalHold => v1::DirectiveKind::LegalHold,
        DirectiveKind::ProtectedAddress => v1::DirectiveKind::ProtectedAddress,
    }
}

fn reason(number: i32) -> Option<OverrideReason> {
    match v1::OverrideReason::try_from(number).ok()? {
        v1::OverrideReason::Unspecified => None,
        v1::OverrideReason::PublicInterest => Some(OverrideReason::PublicInterest),
        v1::OverrideReason::Statute => Some(OverrideReason::Statute),
        v1::OverrideReason::CourtOrder => Some(OverrideReason::CourtOrder),
        v1::OverrideReason::Emergency => Some(OverrideReason::Emergency),
        v1::OverrideReason::Other => Some(OverrideReason::Other),
    }
}

fn wire_reason(reason: OverrideReason) -> v1::OverrideReason {
    match reason {
        OverrideReason::PublicInterest => v1::OverrideReason::PublicInterest,
        OverrideReason::Statute => v1::OverrideReason::Statute,
        OverrideReason::CourtOrder => v1::OverrideReason::CourtOrder,
        OverrideReason::Emergency => v1::OverrideReason::Emergency,
        OverrideReason::Other => v1::OverrideReason::Other,
    }
}
