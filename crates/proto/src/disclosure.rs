//! The area `yett.disclosure.v1`: leaves, read and written.
//!
//! A mask keeps the bits of kinds that this version does not know: an older program must read what a newer one wrote
//! and lose nothing of it.

pub use crate::generated::yett::disclosure::v1;
use crate::reading::{Part, timestamp, whole};
use domain::{
    DirectiveId, DisclosureId, Exit, FieldViolation, FlowId, FlowUse, ItemMask, Leaf, LongText,
    OrganisationId, PositionId, Purpose, ReasonCode, SessionId, UserId, Violation,
};

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

/// Bytes of a digest or a pseudonym.
const DIGEST: usize = 32;
/// Bits of one half of a mask.
const HALF: u32 = 64;

/// Reads a leaf. Whether something was disclosed stands in the type of the event, not in the leaf.
pub fn leaf(value: v1::Leaf, disclosed: bool, path: &str) -> Result<Leaf, Vec<FieldViolation>> {
    whole(path, |part| read_leaf(value, disclosed, part))
}

/// A leaf on the wire.
pub fn wire_leaf(leaf: &Leaf) -> v1::Leaf {
    v1::Leaf {
        id: leaf.id.to_string(),
        at: Some(timestamp(leaf.at)),
        exit: leaf.exit.as_str().to_owned(),
        bundle_hash: leaf.bundle_hash.clone(),
        user: leaf.user.to_string(),
        position: leaf.position.as_ref().map(PositionId::to_string).unwrap_or_default(),
        organisation: leaf.organisation.to_string(),
        host_organisation: leaf.host_organisation.to_string(),
        session_id: leaf.session.to_string(),
        purpose: leaf.purpose.as_str().to_owned(),
        person: leaf.person.clone(),
        flows: leaf.flows.iter().map(wire_flow_use).collect(),
        items: Some(wire_item_mask(leaf.items)),
        item_count: leaf.item_count,
        reasons: leaf.reasons.iter().map(|reason| reason.as_str().to_owned()).collect(),
        override_id: leaf.override_id.as_ref().map(DirectiveId::to_string).unwrap_or_default(),
        body_digest: leaf.body_digest.clone(),
        trace_id: leaf.trace_id.clone(),
        stated_reason: leaf.stated_reason.as_ref().map(LongText::as_str).unwrap_or_default().to_owned(),
    }
}

/// Reads a set of kinds. Every mask is one: bits without a known kind are kept.
pub fn item_mask(value: v1::ItemMask) -> ItemMask {
    ItemMask::from_bits(u128::from(value.high) << HALF | u128::from(value.low))
}

/// A set of kinds on the wire.
pub fn wire_item_mask(mask: ItemMask) -> v1::ItemMask {
    let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
    v1::ItemMask { low: half(mask.bits()), high: half(mask.bits() >> HALF) }
}

/// Reads the use of a flow.
pub fn flow_use(value: v1::FlowUse, path: &str) -> Result<FlowUse, Vec<FieldViolation>> {
    whole(path, |part| read_flow_use(value, part))
}

/// The use of a flow on the wire.
pub fn wire_flow_use(flow_use: &FlowUse) -> v1::FlowUse {
    v1::FlowUse {
        flow: flow_use.flow.to_string(),
        agreement_version: flow_use.agreement_version,
        items: Some(wire_item_mask(flow_use.items)),
    }
}

pub(crate) fn read_leaf(value: v1::Leaf, disclosed: bool, part: &mut Part<'_>) -> Option<Leaf> {
    let exit = Exit::parse(&value.exit).ok_or(Violation::of("must be a known exit, such as panel"));
    let purpose =
        Purpose::parse(&value.purpose).ok_or(Violation::of("must be a known purpose, such as direct-care"));
    let id = part.checked("id", DisclosureId::parse(&value.id));
    let at = part.instant("at", value.at);
    let exit = part.checked("exit", exit);
    let user = part.checked("user", UserId::parse(&value.user));
    let position = part.optional("position", &value.position, PositionId::parse);
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let host_organisation =
        part.checked("host_organisation", OrganisationId::parse(&value.host_organisation));
    let session = part.checked("session_id", SessionId::parse(&value.session_id));
    let purpose = part.checked("purpose", purpose);
    let flows = part.each("flows", value.flows, read_flow_use);
    let items = part.inner("items", value.items, |mask, _| Some(item_mask(mask)));
    let reasons = part.each("reasons", value.reasons, |code, part| part.checked("", reason(&code)));
    let override_id = part.optional("override_id", &value.override_id, DirectiveId::parse);
    let stated_reason = part.optional("stated_reason", &value.stated_reason, LongText::parse);
    part.limit("person", !matches!(value.person.len(), 0 | DIGEST), "must have 32 bytes, or none");
    Some(Leaf {
        id: id?,
        at: at?,
        exit: exit?,
        disclosed,
        bundle_hash: part.bytes("bundle_hash", value.bundle_hash, DIGEST),
        user: user?,
        position,
        organisation: organisation?,
        host_organisation: host_organisation?,
        session: session?,
        purpose: purpose?,
        person: value.person,
        flows: flows?,
        items: items?,
        item_count: value.item_count,
        reasons: reasons?,
        override_id,
        body_digest: part.bytes("body_digest", value.body_digest, if disclosed { DIGEST } else { 0 }),
        trace_id: part.line("trace_id", value.trace_id, 0, 64),
        stated_reason,
    })
}

fn read_flow_use(value: v1::FlowUse, part: &mut Part<'_>) -> Option<FlowUse> {
    let flow = part.checked("flow", FlowId::parse(&value.flow));
    let items = part.inner("items", value.items, |mask, _| Some(item_mask(mask)));
    Some(FlowUse { flow: flow?, agreement_version: value.agreement_version, items: items? })
}

fn reason(code: &str) -> Result<ReasonCode, Violation> {
    ReasonCode::parse(code).ok_or(Violation::of("must be a known reason code, such as LVL_FLOW"))
}
