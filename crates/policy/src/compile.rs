//! The compiled table: everything that can be worked out before a request comes.
//!
//! Swapping one table for another is how a permission is revoked; there is no decision cache.

use crate::canonical::{Writer, canonical_bytes, sha256};
use crate::status::PartRule;
use crate::{Error, Rules, SharingState};
use domain::{
    AGE_BANDS, Agreement, AgreementId, AppendixId, Authority, Catalogue, Ceiling, DataFlow, Directive,
    FlowId, FlowUse, ItemKind, ItemMask, Label, LegalBasis, Organisation, OrganisationId, Override, PURPOSES,
    PositionId, Purpose, RecordKey, RoleClass, RoleGrant, ScheduleEntry, SessionId, SharingLevel, UserId,
    Window,
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What pages, leaves and explanations say of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowFacts {
    /// Flow.
    pub id: FlowId,
    /// Its agreement.
    pub agreement: AgreementId,
    /// Version of the agreement.
    pub version: u32,
    /// Title of the agreement.
    pub title: String,
    /// Appendix, or none for the base.
    pub appendix: Option<AppendixId>,
    /// Title of the appendix; empty for the base.
    pub appendix_title: String,
    /// Who discloses.
    pub discloser: OrganisationId,
    /// Who receives.
    pub recipient: OrganisationId,
    /// When the part holds.
    pub window: Window,
    /// Why it may share.
    pub legal_basis: LegalBasis,
    /// Kinds and their levels, as signed.
    pub schedule: Vec<ScheduleEntry>,
}

impl FlowFacts {
    /// The level at which the signed schedule shares a kind; the higher one, where it names the kind twice.
    pub fn level_of(&self, kind: ItemKind) -> Option<SharingLevel> {
        self.schedule.iter().filter(|entry| entry.kind == kind).map(|entry| entry.level).max()
    }

    pub(crate) fn used_for(&self, items: ItemMask) -> FlowUse {
        FlowUse { flow: self.id.clone(), agreement_version: self.version, items }
    }
}

/// One flow, ready to be judged.
#[derive(Debug, Clone)]
pub(crate) struct CompiledFlow {
    pub(crate) facts: Arc<FlowFacts>,
    pub(crate) part: PartRule,
    /// The discloser and the recipient are parties, so that their signatures are among the required ones.
    pub(crate) parties: bool,
    pub(crate) level: Ceiling,
    pub(crate) schedule: u128,
    /// Kinds at or below each ceiling, 0 to 4.
    pub(crate) level_mask: [u128; 5],
    pub(crate) basis_complete: bool,
    purposes: u8,
    ages: u8,
    pub(crate) grants: Vec<RoleGrant>,
    pub(crate) scopes: domain::Labels,
    pub(crate) without_relationship: Ceiling,
    pub(crate) override_cap: Ceiling,
    pub(crate) relationship_by_launch: bool,
}

impl CompiledFlow {
    pub(crate) fn covers_purpose(&self, purpose: Purpose) -> bool {
        PURPOSES.iter().position(|one| *one == purpose).is_some_and(|bit| self.purposes >> bit & 1 == 1)
    }

    /// Whether every band of the set is in scope; an empty set is not.
    pub(crate) fn covers_ages(&self, bands: u8) -> bool {
        bands != 0 && bands & !self.ages == 0
    }
}

/// A member of staff in one organisation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staff {
    pub(crate) positions: Vec<(PositionId, Window, Option<RoleClass>)>,
    pub(crate) training: Option<Timestamp>,
}

/// The rule, compiled for the facts of governance known at one moment.
#[derive(Debug, Clone)]
pub struct Policy {
    pub(crate) rules: Rules,
    pub(crate) hash: [u8; 32],
    pub(crate) organisations: BTreeMap<OrganisationId, Organisation>,
    pub(crate) authorities: BTreeMap<Authority, OrganisationId>,
    pub(crate) staff: BTreeMap<OrganisationId, BTreeMap<UserId, Staff>>,
    pub(crate) flows: BTreeMap<OrganisationId, Vec<CompiledFlow>>,
    pub(crate) directives: BTreeMap<RecordKey, Vec<Directive>>,
    pub(crate) overrides: BTreeMap<SessionId, Vec<Override>>,
    pub(crate) operators: BTreeMap<Vec<u8>, OrganisationId>,
    /// Kinds that are never shared.
    pub(crate) never: u128,
    /// Kinds that carry each label, by the label's position.
    pub(crate) labelled: [u128; 6],
    #[cfg(test)]
    pub(crate) dropped: Option<crate::tests::Dropped>,
}

impl Policy {
    /// Compiles the table with the default settings of the rule.
    pub fn compile(state: &SharingState) -> Result<Self, Error> {
        Self::compile_with(state, Rules::default())
    }

    /// Compiles the table.
    pub fn compile_with(state: &SharingState, rules: Rules) -> Result<Self, Error> {
        let catalogue = Catalogue::standard();
        catalogue.check()?;
        let never = catalogue.iter().filter(|row| row.level.level().is_none()).map(|row| row.kind);
        Ok(Self {
            rules,
            hash: bundle_hash(state, &rules),
            organisations: state.organisations.clone(),
            authorities: state.authorities.clone(),
            staff: staff(state),
            flows: flows(state),
            directives: state.directives.clone(),
            overrides: state.overrides.clone(),
            operators: operators(state),
            never: never.collect::<ItemMask>().bits(),
            labelled: Label::ALL.map(|label| catalogue.labelled(label).bits()),
            #[cfg(test)]
            dropped: None,
        })
    }

    /// SHA-256 over everything that this policy enforces. The same facts give the same hash.
    pub fn bundle_hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Who controls the records of a source system.
    pub fn controller_of(&self, authority: &Authority) -> Option<&OrganisationId> {
        self.authorities.get(authority)
    }
}

fn operators(state: &SharingState) -> BTreeMap<Vec<u8>, OrganisationId> {
    let operators = state.credentials.iter().filter(|(_, one)| one.kind == domain::CredentialKind::Operator);
    operators.map(|(digest, one)| (digest.clone(), one.organisation.clone())).collect()
}

fn staff(state: &SharingState) -> BTreeMap<OrganisationId, BTreeMap<UserId, Staff>> {
    let mut staff: BTreeMap<OrganisationId, BTreeMap<UserId, Staff>> = BTreeMap::new();
    for position in state.positions.values() {
        let theirs = staff.entry(position.organisation.clone()).or_default().entry(position.user.clone());
        let role = state.role_of(position).cloned();
        theirs.or_default().positions.push((position.id.clone(), position.window, role));
    }
    for ((organisation, user), expires_at) in &state.training {
        let theirs = staff.entry(organisation.clone()).or_default().entry(user.clone());
        theirs.or_default().training = Some(*expires_at);
    }
    staff
}

fn flows(state: &SharingState) -> BTreeMap<OrganisationId, Vec<CompiledFlow>> {
    let mut flows: BTreeMap<OrganisationId, Vec<CompiledFlow>> = BTreeMap::new();
    for agreement in state.agreements.values().flat_map(BTreeMap::values) {
        let mut add = |flow: &DataFlow, appendix: Option<&domain::Appendix>, part: &PartRule| {
            let compiled = compile_flow(agreement, appendix, flow, part.clone());
            flows.entry(flow.recipient.clone()).or_default().push(compiled);
        };
        let base = PartRule::of(state, agreement, None);
        agreement.flows.iter().for_each(|flow| add(flow, None, &base));
        for appendix in &agreement.appendices {
            let part = PartRule::of(state, agreement, Some(&appendix.id));
            appendix.flows.iter().for_each(|flow| add(flow, Some(appendix), &part));
        }
    }
    flows
}

fn compile_flow(
    agreement: &Agreement,
    appendix: Option<&domain::Appendix>,
    flow: &DataFlow,
    part: PartRule,
) -> CompiledFlow {
    let (schedule, level_mask) = schedule_masks(flow);
    let facts = FlowFacts {
        id: flow.id.clone(),
        agreement: agreement.id.clone(),
        version: agreement.version,
        title: agreement.title.clone(),
        appendix: appendix.map(|one| one.id.clone()),
        appendix_title: appendix.map(|one| one.title.clone()).unwrap_or_default(),
        discloser: flow.discloser.clone(),
        recipient: flow.recipient.clone(),
        window: part.window(),
        legal_basis: flow.legal_basis.clone(),
        schedule: flow.schedule.clone(),
    };
    CompiledFlow {
        facts: Arc::new(facts),
        part,
        parties: agreement.parties.contains(&flow.discloser) && agreement.parties.contains(&flow.recipient),
        level: flow.level,
        schedule,
        level_mask,
        basis_complete: flow.legal_basis.is_complete(),
        purposes: bits(PURPOSES, |purpose| flow.purposes.contains(purpose)),
        ages: bits(AGE_BANDS, |band| flow.ages.contains(band)),
        grants: flow.grants.clone(),
        scopes: flow.scopes,
        without_relationship: flow.without_relationship,
        override_cap: flow.override_cap,
        relationship_by_launch: flow.relationship_by_launch,
    }
}

/// The kinds scheduled, and those at or below each ceiling. A kind named twice counts at the higher level.
fn schedule_masks(flow: &DataFlow) -> (u128, [u128; 5]) {
    let mut levels: BTreeMap<ItemKind, SharingLevel> = BTreeMap::new();
    for entry in &flow.schedule {
        let level = levels.entry(entry.kind).or_insert(entry.level);
        *level = entry.level.max(*level);
    }
    let up_to = |ceiling: u8| {
        let within = levels.iter().filter(|(_, level)| level.value() <= ceiling).map(|(kind, _)| *kind);
        within.collect::<ItemMask>().bits()
    };
    (up_to(4), [0, up_to(1), up_to(2), up_to(3), up_to(4)])
}

fn bits<T, const N: usize>(all: [T; N], has: impl Fn(&T) -> bool) -> u8 {
    all.iter().enumerate().filter(|(_, one)| has(one)).fold(0, |set, (bit, _)| set | 1 << bit)
}

fn bundle_hash(state: &SharingState, rules: &Rules) -> [u8; 32] {
    let mut writer = Writer::default();
    writer.text("yett policy bundle 1");
    writer.ceiling(rules.self_assessed_cap);
    writer.ceiling(rules.reviewed_cap);
    writer.text(&format!("{} {}", rules.override_lasts_s, rules.override_authentication_s));
    for row in Catalogue::standard().iter() {
        writer.text(row.id);
        writer.number(u64::from(row.labels.bits()));
        writer.flag(row.level.level().is_none());
    }
    write_organisations(state, &mut writer);
    writer.text("agreements");
    for agreement in state.agreements.values().flat_map(BTreeMap::values) {
        write_part(state, agreement, None, &mut writer);
        for appendix in &agreement.appendices {
            write_part(state, agreement, Some(&appendix.id), &mut writer);
        }
    }
    write_directives(state, &mut writer);
    sha256(&writer.0)
}

fn write_organisations(state: &SharingState, writer: &mut Writer) {
    writer.text("organisations");
    for organisation in state.organisations.values() {
        writer.text(organisation.id.as_str());
        writer.flag(organisation.active);
        writer.number(organisation.assurance.rank as u64);
        writer.instant(organisation.assurance.expires_at);
        writer.optional(organisation.sponsor.as_ref().map(OrganisationId::as_str));
        writer.list(&organisation.may_assert, |writer, one| writer.text(one.as_str()));
    }
    writer.text("authorities");
    for (authority, owner) in &state.authorities {
        writer.text(authority.as_str());
        writer.text(owner.as_str());
    }
    writer.text("positions");
    for position in state.positions.values() {
        writer.text(position.id.as_str());
        writer.text(position.organisation.as_str());
        writer.text(position.user.as_str());
        writer.window(position.window);
        writer.optional(state.role_of(position).map(RoleClass::as_str));
    }
    writer.text("training");
    for ((organisation, user), expires_at) in &state.training {
        writer.text(organisation.as_str());
        writer.text(user.as_str());
        writer.instant(Some(*expires_at));
    }
    writer.text("operators");
    for (digest, organisation) in &operators(state) {
        writer.bytes(digest);
        writer.text(organisation.as_str());
    }
}

fn write_part(
    state: &SharingState,
    agreement: &Agreement,
    appendix: Option<&AppendixId>,
    writer: &mut Writer,
) {
    let rule = PartRule::of(state, agreement, appendix);
    writer.bytes(&canonical_bytes(agreement, appendix).unwrap_or_default());
    writer.list(&rule.signed, |writer, at| writer.instant(Some(*at)));
    writer.list(&rule.suspensions, |writer, window| writer.window(*window));
    writer.instant(rule.withdrawn_at);
    writer.instant(rule.superseded_at);
}

fn write_directives(state: &SharingState, writer: &mut Writer) {
    writer.text("directives");
    for (record, directives) in &state.directives {
        writer.bytes(record.0.as_bytes());
        writer.list(directives, |writer, one| {
            writer.bytes(one.id.0.as_bytes());
            writer.number(one.kind as u64);
            writer.optional(one.flow.as_ref().map(FlowId::as_str));
            writer.window(one.window);
        });
    }
    writer.text("overrides");
    for one in state.overrides.values().flatten() {
        writer.bytes(one.id.0.as_bytes());
        writer.bytes(one.session.0.as_bytes());
        writer.bytes(one.person.0.as_bytes());
        writer.text(one.user.as_str());
        writer.text(one.organisation.as_str());
        writer.text(&one.text);
        for at in [Some(one.declared_at), Some(one.authenticated_at), one.ended_at] {
            writer.instant(at);
        }
    }
}
