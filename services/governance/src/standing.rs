//! Where the parts of an agreement stand, as the wire tells it. Must not judge: `policy` says the status.

use domain::{Agreement, AppendixId, OrganisationId, PartPath};
use jiff::Timestamp;
use policy::{PartStatus, SharingState};
use proto::governance::v1;
use std::collections::BTreeSet;

/// The base and each appendix of an agreement, in the order of the agreement.
pub(crate) fn part_states(state: &SharingState, agreement: &Agreement, now: Timestamp) -> Vec<v1::PartState> {
    let appendices = agreement.appendices.iter().map(|one| Some(&one.id));
    std::iter::once(None).chain(appendices).map(|one| part_state(state, agreement, one, now)).collect()
}

/// One part of an agreement.
pub(crate) fn part_state(
    state: &SharingState,
    agreement: &Agreement,
    appendix: Option<&AppendixId>,
    now: Timestamp,
) -> v1::PartState {
    let part = domain::part_path(&agreement.id, agreement.version, appendix);
    let valid = || state.signatures_on(&part).filter(|(_, valid)| *valid).map(|(signature, _)| signature);
    let signed: BTreeSet<&OrganisationId> = valid().map(|signature| &signature.organisation).collect();
    let missing = agreement.parties.iter().filter(|party| !signed.contains(party));
    let status = state.part_status(&part, now).map_or(v1::PartStatus::Unspecified, wire_status);
    v1::PartState {
        status: status.into(),
        content_hash: policy::content_hash(agreement, appendix).map(Vec::from).unwrap_or_default(),
        canonical: policy::canonical_bytes(agreement, appendix).unwrap_or_default(),
        signatures: valid().map(proto::governance::wire_signature).collect(),
        missing: missing.map(ToString::to_string).collect(),
        ended_at: ended_at(state, &part).map(proto::timestamp),
        part: Some(proto::governance::wire_part_path(&part)),
    }
}

fn ended_at(state: &SharingState, part: &PartPath) -> Option<Timestamp> {
    state.withdrawn_at(part).or_else(|| state.suspended_by(part).map(|(_, from)| from).min())
}

fn wire_status(status: PartStatus) -> v1::PartStatus {
    match status {
        PartStatus::Draft | PartStatus::PartlySigned { .. } => v1::PartStatus::Unsigned,
        PartStatus::InForce => v1::PartStatus::InForce,
        PartStatus::NotYet | PartStatus::Expired | PartStatus::Superseded => v1::PartStatus::OutsideWindow,
        PartStatus::Suspended => v1::PartStatus::Suspended,
        PartStatus::Withdrawn => v1::PartStatus::Withdrawn,
    }
}
