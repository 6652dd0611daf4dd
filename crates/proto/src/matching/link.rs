//! Links and who decided them, between wire and domain.

use super::evidence::read_evidence;
use super::{v1, wire_link_evidence};
use crate::intake;
use crate::reading::{Part, timestamp, whole};
use domain::{Decider, FieldViolation, Link, LinkStatus, PersonId, UserId};
use v1::decider::Decider as Wire;

/// Longest text of a reviewer's own words.
const LONGEST_OWN_WORDS: usize = 500;

/// Reads a link.
pub fn link(value: v1::Link, path: &str) -> Result<Link, Vec<FieldViolation>> {
    whole(path, |part| read_link(value, part))
}

/// A link on the wire.
pub fn wire_link(link: &Link) -> v1::Link {
    v1::Link {
        record: Some(intake::wire_source_record(&link.record)),
        person_id: link.person.to_string(),
        status: wire_link_status(link.status).into(),
        evidence: Some(wire_link_evidence(&link.evidence)),
        decided_by: Some(wire_decider(&link.decided_by)),
        decided_at: Some(timestamp(link.decided_at)),
        judged_version: Some(intake::wire_record_version(link.judged_version)),
    }
}

/// Reads who or what decided.
pub fn decider(value: v1::Decider, path: &str) -> Result<Decider, Vec<FieldViolation>> {
    whole(path, |part| read_decider(value, part))
}

/// Who or what decided, on the wire.
pub fn wire_decider(decider: &Decider) -> v1::Decider {
    let decider = match decider {
        Decider::Index => Wire::Index(v1::IndexDecider {}),
        Decider::Machine { model } => Wire::Machine(v1::MachineDecider { model: model.clone() }),
        Decider::Manual { user, reason } => {
            Wire::Manual(v1::ManualDecider { user: user.to_string(), reason: reason.clone() })
        }
    };
    v1::Decider { decider: Some(decider) }
}

/// Reads how sure a link is.
pub fn link_status(number: i32, path: &str) -> Result<LinkStatus, Vec<FieldViolation>> {
    whole(path, |part| part.known("", status(number)))
}

/// How sure a link is, on the wire.
pub fn wire_link_status(status: LinkStatus) -> v1::LinkStatus {
    match status {
        LinkStatus::Confirmed => v1::LinkStatus::Confirmed,
        LinkStatus::Possible => v1::LinkStatus::Possible,
        LinkStatus::Disputed => v1::LinkStatus::Disputed,
    }
}

pub(crate) fn read_link(value: v1::Link, part: &mut Part<'_>) -> Option<Link> {
    let record = part.with("record", |at, reading| intake::source_record(value.record, at, reading));
    let person = part.checked("person_id", PersonId::parse(&value.person_id));
    let status = part.known("status", status(value.status));
    let evidence = part.inner("evidence", value.evidence, read_evidence);
    let decided_by = part.inner("decided_by", value.decided_by, read_decider);
    let decided_at = part.instant("decided_at", value.decided_at);
    let judged_version =
        part.with("judged_version", |at, reading| intake::record_version(value.judged_version, at, reading));
    Some(Link {
        record: record?,
        person: person?,
        status: status?,
        evidence: evidence?,
        decided_by: decided_by?,
        decided_at: decided_at?,
        judged_version: judged_version?,
    })
}

pub(crate) fn read_decider(value: v1::Decider, part: &mut Part<'_>) -> Option<Decider> {
    part.inner("", value.decider, |decider, part| match decider {
        Wire::Index(v1::IndexDecider {}) => Some(Decider::Index),
        Wire::Machine(machine) => {
            Some(Decider::Machine { model: part.line("machine.model", machine.model, 1, 64) })
        }
        Wire::Manual(manual) => {
            let user = part.checked("manual.user", UserId::parse(&manual.user));
            let reason = part.words("manual.reason", manual.reason, 0, LONGEST_OWN_WORDS);
            Some(Decider::Manual { user: user?, reason })
        }
    })
}

fn status(number: i32) -> Option<LinkStatus> {
    match v1::LinkStatus::try_from(number).ok()? {
        v1::LinkStatus::Unspecified => None,
        v1::LinkStatus::Confirmed => Some(LinkStatus::Confirmed),
        v1::LinkStatus::Possible => Some(LinkStatus::Possible),
        v1::LinkStatus::Disputed => Some(LinkStatus::Disputed),
    }
}
