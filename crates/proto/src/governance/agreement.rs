//! Agreements, their parts and signatures, between wire and domain.

use super::flow::{ceiling, read_data_flow};
use super::organisation::{DIGEST, optional_window};
use super::{v1, wire_data_flow, wire_window};
use crate::reading::{Part, timestamp, whole};
use domain::{
    Agreement, AgreementId, Appendix, AppendixId, DataFlow, FieldViolation, OrganisationId, PartPath,
    RiskRating, Signature, SigningKeyId,
};

/// Bytes of an Ed25519 signature.
const SIGNATURE: usize = 64;

/// Reads an agreement.
pub fn agreement(value: v1::Agreement, path: &str) -> Result<Agreement, Vec<FieldViolation>> {
    whole(path, |part| read_agreement(value, part))
}

/// An agreement on the wire.
pub fn wire_agreement(agreement: &Agreement) -> v1::Agreement {
    v1::Agreement {
        id: agreement.id.to_string(),
        version: agreement.version,
        title: agreement.title.clone(),
        parties: agreement.parties.iter().map(OrganisationId::to_string).collect(),
        window: Some(wire_window(&agreement.window)),
        review_due: agreement.review_due.map(timestamp),
        overdue_cap: agreement.overdue_cap.value().into(),
        dpia_reference: agreement.dpia_reference.clone().unwrap_or_default(),
        risk: wire_risk(agreement.risk).into(),
        flows: agreement.flows.iter().map(wire_data_flow).collect(),
        appendices: agreement.appendices.iter().map(wire_appendix).collect(),
    }
}

/// Reads an appendix.
pub fn appendix(value: v1::Appendix, path: &str) -> Result<Appendix, Vec<FieldViolation>> {
    whole(path, |part| read_appendix(value, part))
}

/// An appendix on the wire.
pub fn wire_appendix(appendix: &Appendix) -> v1::Appendix {
    v1::Appendix {
        id: appendix.id.to_string(),
        title: appendix.title.clone(),
        window: Some(wire_window(&appendix.window)),
        flows: appendix.flows.iter().map(wire_data_flow).collect(),
    }
}

/// Reads which part of an agreement is meant.
pub fn part_path(value: v1::PartPath, path: &str) -> Result<PartPath, Vec<FieldViolation>> {
    whole(path, |part| read_part_path(value, part))
}

/// A part of an agreement on the wire.
pub fn wire_part_path(part: &PartPath) -> v1::PartPath {
    v1::PartPath {
        agreement: part.agreement.to_string(),
        version: part.version,
        appendix: part.appendix.as_ref().map(AppendixId::to_string).unwrap_or_default(),
    }
}

/// Reads a signature. Whether it is right is for whoever holds the agreement and the key.
pub fn signature(value: v1::Signature, path: &str) -> Result<Signature, Vec<FieldViolation>> {
    whole(path, |part| read_signature(value, part))
}

/// A signature on the wire.
pub fn wire_signature(signature: &Signature) -> v1::Signature {
    v1::Signature {
        part: Some(wire_part_path(&signature.part)),
        organisation: signature.organisation.to_string(),
        key: signature.key.to_string(),
        signed_at: Some(timestamp(signature.signed_at)),
        content_hash: signature.content_hash.clone(),
        signature: signature.bytes.clone(),
    }
}

pub(crate) fn read_agreement(value: v1::Agreement, part: &mut Part<'_>) -> Option<Agreement> {
    let id = part.checked("id", AgreementId::parse(&value.id));
    part.limit("version", value.version == 0, "must be 1 or more");
    let title = part.line("title", value.title, 1, 200);
    let parties = part.codes("parties", value.parties, OrganisationId::parse);
    let window = optional_window(part, "window", value.window);
    let review_due = part.optional_instant("review_due", value.review_due);
    let overdue_cap = ceiling(part, "overdue_cap", value.overdue_cap);
    let dpia_reference = part.line("dpia_reference", value.dpia_reference, 0, 200);
    let risk = part.known("risk", risk(value.risk));
    let flows = read_flows(value.flows, part);
    let appendices = part.each("appendices", value.appendices, read_appendix);
    part.once("appendices", appendices.as_deref().unwrap_or_default(), |appendix| &appendix.id);
    Some(Agreement {
        id: id?,
        version: value.version,
        title,
        parties: parties?,
        window: window?,
        review_due,
        overdue_cap: overdue_cap?,
        dpia_reference: Some(dpia_reference).filter(|text| !text.is_empty()),
        risk: risk?,
        flows: flows?,
        appendices: appendices?,
    })
}

pub(crate) fn read_part_path(value: v1::PartPath, part: &mut Part<'_>) -> Option<PartPath> {
    let agreement = part.checked("agreement", AgreementId::parse(&value.agreement));
    part.limit("version", value.version == 0, "must be 1 or more");
    let appendix = part.optional("appendix", &value.appendix, AppendixId::parse);
    Some(PartPath { agreement: agreement?, version: value.version, appendix })
}

pub(crate) fn read_signature(value: v1::Signature, part: &mut Part<'_>) -> Option<Signature> {
    let signed = part.inner("part", value.part, read_part_path);
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let key = part.checked("key", SigningKeyId::parse(&value.key));
    let signed_at = part.instant("signed_at", value.signed_at);
    let content_hash = part.bytes("content_hash", value.content_hash, DIGEST);
    let bytes = part.bytes("signature", value.signature, SIGNATURE);
    Some(Signature {
        part: signed?,
        organisation: organisation?,
        key: key?,
        signed_at: signed_at?,
        content_hash,
        bytes,
    })
}

fn read_appendix(value: v1::Appendix, part: &mut Part<'_>) -> Option<Appendix> {
    let id = part.checked("id", AppendixId::parse(&value.id));
    let title = part.line("title", value.title, 1, 200);
    let window = optional_window(part, "window", value.window);
    let flows = read_flows(value.flows, part);
    Some(Appendix { id: id?, title, window: window?, flows: flows? })
}

fn read_flows(flows: Vec<v1::DataFlow>, part: &mut Part<'_>) -> Option<Vec<DataFlow>> {
    let flows = part.each("flows", flows, read_data_flow)?;
    part.once("flows", &flows, |flow| &flow.id);
    Some(flows)
}

fn risk(number: i32) -> Option<RiskRating> {
    match v1::RiskRating::try_from(number).ok()? {
        v1::RiskRating::Unspecified => None,
        v1::RiskRating::NotAssessed => Some(RiskRating::NotAssessed),
        v1::RiskRating::Low => Some(RiskRating::Low),
        v1::RiskRating::Medium => Some(RiskRating::Medium),
        v1::RiskRating::High => Some(RiskRating::High),
    }
}

fn wire_risk(risk: RiskRating) -> v1::RiskRating {
    match risk {
        RiskRating::NotAssessed => v1::RiskRating::NotAssessed,
        RiskRating::Low => v1::RiskRating::Low,
        RiskRating::Medium => v1::RiskRating::Medium,
        RiskRating::High => v1::RiskRating::High,
    }
}
