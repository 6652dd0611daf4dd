//! Data flows: schedule, grants, purposes and legal basis, between wire and domain.

use super::organisation::kind;
use super::v1;
use crate::reading::{Part, whole};
use domain::{
    AgeBand, Ceiling, DataFlow, FieldViolation, FlowId, Label, Labels, LegalBasis, OrganisationId, Purpose,
    RoleClass, RoleGrant, ScheduleEntry, SharingLevel, Violation,
};

/// Longest text of one part of a legal basis, and of how data is transferred or stored.
const LONGEST_WORDS: usize = 1000;

/// Reads a flow.
pub fn data_flow(value: v1::DataFlow, path: &str) -> Result<DataFlow, Vec<FieldViolation>> {
    whole(path, |part| read_data_flow(value, part))
}

/// A flow on the wire.
pub fn wire_data_flow(flow: &DataFlow) -> v1::DataFlow {
    v1::DataFlow {
        id: flow.id.to_string(),
        discloser: flow.discloser.to_string(),
        recipient: flow.recipient.to_string(),
        level: flow.level.value().into(),
        schedule: flow.schedule.iter().map(wire_schedule_entry).collect(),
        purposes: flow.purposes.iter().map(|purpose| purpose.as_str().to_owned()).collect(),
        legal_basis: Some(wire_legal_basis(&flow.legal_basis)),
        grants: flow.grants.iter().map(wire_grant).collect(),
        scopes: wire_labels(flow.scopes),
        ages: flow.ages.iter().map(|band| band.as_str().to_owned()).collect(),
        without_relationship: flow.without_relationship.value().into(),
        override_cap: flow.override_cap.value().into(),
        relationship_by_launch: flow.relationship_by_launch,
        transfer: flow.transfer.clone(),
        storage: flow.storage.clone(),
    }
}

/// Reads a legal basis. It may be incomplete: then the flow permits nothing.
pub fn legal_basis(value: v1::LegalBasis, path: &str) -> Result<LegalBasis, Vec<FieldViolation>> {
    whole(path, |part| Some(read_legal_basis(value, part)))
}

/// A legal basis on the wire.
pub fn wire_legal_basis(basis: &LegalBasis) -> v1::LegalBasis {
    v1::LegalBasis {
        article_6: basis.article_6.clone(),
        article_9: basis.article_9.clone(),
        statutory_gateway: basis.statutory_gateway.clone(),
        confidentiality: basis.confidentiality.clone(),
    }
}

/// Reads a ceiling of 0 to 4.
pub(crate) fn ceiling(part: &mut Part<'_>, field: &str, number: u32) -> Option<Ceiling> {
    let ceiling = u8::try_from(number).ok().and_then(Ceiling::new);
    part.checked(field, ceiling.ok_or(Violation::of("must be a level from 0 to 4")))
}

pub(crate) fn read_data_flow(value: v1::DataFlow, part: &mut Part<'_>) -> Option<DataFlow> {
    let id = part.checked("id", FlowId::parse(&value.id));
    let discloser = part.checked("discloser", OrganisationId::parse(&value.discloser));
    let recipient = part.checked("recipient", OrganisationId::parse(&value.recipient));
    let level = ceiling(part, "level", value.level);
    let schedule = read_schedule(value.schedule, part);
    let purposes = part.codes("purposes", value.purposes, purpose);
    let legal_basis =
        part.inner("legal_basis", value.legal_basis, |basis, part| Some(read_legal_basis(basis, part)));
    let grants = read_grants(value.grants, part);
    let scopes = labels(part, value.scopes);
    let ages = part.codes("ages", value.ages, age_band);
    let without_relationship = ceiling(part, "without_relationship", value.without_relationship);
    let override_cap = ceiling(part, "override_cap", value.override_cap);
    let transfer = part.words("transfer", value.transfer, 0, LONGEST_WORDS);
    let storage = part.words("storage", value.storage, 0, LONGEST_WORDS);
    Some(DataFlow {
        id: id?,
        discloser: discloser?,
        recipient: recipient?,
        level: level?,
        schedule: schedule?,
        purposes: purposes?,
        legal_basis: legal_basis?,
        grants: grants?,
        scopes: scopes?,
        ages: ages?,
        without_relationship: without_relationship?,
        override_cap: override_cap?,
        relationship_by_launch: value.relationship_by_launch,
        transfer,
        storage,
    })
}

fn read_schedule(entries: Vec<v1::ScheduleEntry>, part: &mut Part<'_>) -> Option<Vec<ScheduleEntry>> {
    let schedule = part.each("schedule", entries, |entry, part| {
        let kind = part.checked("kind", kind(&entry.kind));
        let level = part.checked("level", sharing_level(entry.level));
        Some(ScheduleEntry { kind: kind?, level: level? })
    })?;
    part.once("schedule", &schedule, |entry| &entry.kind);
    Some(schedule)
}

fn read_grants(grants: Vec<v1::RoleGrant>, part: &mut Part<'_>) -> Option<Vec<RoleGrant>> {
    let grants = part.each("grants", grants, |grant, part| {
        let role = part.checked("role", RoleClass::parse(&grant.role));
        let level = ceiling(part, "level", grant.level);
        let scopes = labels(part, grant.scopes);
        Some(RoleGrant { role: role?, level: level?, scopes: scopes?, may_override: grant.may_override })
    })?;
    part.once("grants", &grants, |grant| &grant.role);
    Some(grants)
}

fn read_legal_basis(value: v1::LegalBasis, part: &mut Part<'_>) -> LegalBasis {
    let article_6 = part.words("article_6", value.article_6, 0, LONGEST_WORDS);
    let article_9 = part.words("article_9", value.article_9, 0, LONGEST_WORDS);
    let statutory_gateway = part.words("statutory_gateway", value.statutory_gateway, 0, LONGEST_WORDS);
    let confidentiality = part.words("confidentiality", value.confidentiality, 0, LONGEST_WORDS);
    LegalBasis { article_6, article_9, statutory_gateway, confidentiality }
}

fn labels(part: &mut Part<'_>, ids: Vec<String>) -> Option<Labels> {
    let rule = Violation::of("must be a known label, such as third-party");
    let labels = part.codes("scopes", ids, |id| Label::by_id(id).ok_or(rule))?;
    Some(labels.into_iter().collect())
}

fn wire_labels(labels: Labels) -> Vec<String> {
    labels.iter().map(|label| label.id().to_owned()).collect()
}

fn sharing_level(number: u32) -> Result<SharingLevel, Violation> {
    SharingLevel::try_from(u8::try_from(number).unwrap_or(u8::MAX))
}

fn purpose(code: &str) -> Result<Purpose, Violation> {
    Purpose::parse(code).ok_or(Violation::of("must be a known purpose, such as direct-care"))
}

fn age_band(code: &str) -> Result<AgeBand, Violation> {
    AgeBand::parse(code).ok_or(Violation::of("must be one of under-12, 12-15, 16-17, adult"))
}

fn wire_schedule_entry(entry: &ScheduleEntry) -> v1::ScheduleEntry {
    v1::ScheduleEntry { kind: entry.kind.to_string(), level: entry.level.value().into() }
}

fn wire_grant(grant: &RoleGrant) -> v1::RoleGrant {
    v1::RoleGrant {
        role: grant.role.to_string(),
        level: grant.level.value().into(),
        scopes: wire_labels(grant.scopes),
        may_override: grant.may_override,
    }
}
