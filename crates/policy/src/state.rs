//! The facts of governance, folded from the sharing stream. Deterministic: the same events give the same state.
//!
//! Must not judge anything at an instant: that is `status.rs` and the compiled [`crate::Policy`].

use crate::signing::verify_signature;
use domain::{
    Agreement, AgreementId, Authority, Credential, Directive, DirectiveId, Organisation, OrganisationId,
    Override, PartPath, Position, PositionId, RecordKey, RoleClass, SessionId, SharingEvent, Signature,
    SigningKey, SigningKeyId, Training, UserId,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One signature and whether it holds for the content and keys that are known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldSignature {
    pub(crate) signature: Signature,
    pub(crate) valid: bool,
}

/// A stretch in which one organisation stopped a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) organisation: OrganisationId,
    pub(crate) from: Timestamp,
    /// End of a suspension; a withdrawal has none.
    pub(crate) to: Option<Timestamp>,
    pub(crate) for_good: bool,
}

/// Everything that the sharing stream has told so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SharingState {
    pub(crate) organisations: BTreeMap<OrganisationId, Organisation>,
    pub(crate) authorities: BTreeMap<Authority, OrganisationId>,
    pub(crate) keys: BTreeMap<SigningKeyId, SigningKey>,
    pub(crate) credentials: BTreeMap<Vec<u8>, Credential>,
    pub(crate) positions: BTreeMap<PositionId, Position>,
    pub(crate) roles: BTreeMap<(OrganisationId, String), RoleClass>,
    pub(crate) training: BTreeMap<(OrganisationId, UserId), Timestamp>,
    pub(crate) agreements: BTreeMap<AgreementId, BTreeMap<u32, Agreement>>,
    pub(crate) signatures: BTreeMap<PartPath, Vec<HeldSignature>>,
    pub(crate) stops: BTreeMap<PartPath, Vec<Stop>>,
    pub(crate) directives: BTreeMap<RecordKey, Vec<Directive>>,
    pub(crate) overrides: BTreeMap<SessionId, Vec<Override>>,
}

impl SharingState {
    /// Takes in one event.
    pub fn apply(&mut self, event: &SharingEvent) {
        match event {
            SharingEvent::OrganisationRegistered(organisation) => self.register(organisation),
            SharingEvent::AssuranceRecorded { organisation, assurance } => {
                if let Some(known) = self.organisations.get_mut(organisation) {
                    known.assurance = assurance.clone();
                }
            }
            SharingEvent::SigningKeyRegistered(key) => self.register_key(key),
            SharingEvent::CredentialRegistered(credential) => {
                self.credentials.insert(credential.secret_digest.clone(), credential.clone());
            }
            SharingEvent::CredentialWithdrawn { secret_digest } => {
                self.credentials.remove(secret_digest);
            }
            SharingEvent::PositionAssigned(position) => {
                self.positions.insert(position.id.clone(), position.clone());
            }
            SharingEvent::PositionEnded { position, at } => {
                if let Some(known) = self.positions.get_mut(position) {
                    known.window.to = Some(earlier(known.window.to, *at));
                }
            }
            SharingEvent::RoleMapped(mapping) => {
                let key = (mapping.organisation.clone(), mapping.local_role.clone());
                self.roles.insert(key, mapping.role.clone());
            }
            SharingEvent::TrainingRecorded(training) => self.record_training(training),
            SharingEvent::DirectiveSet(directive) => self.set_directive(directive),
            SharingEvent::DirectiveLifted { directive, at } => self.lift(*directive, *at),
            SharingEvent::OverrideDeclared(declared) => {
                self.overrides.entry(declared.session).or_default().push(declared.clone());
            }
            SharingEvent::OverrideEnded { id, at } => self.end_override(*id, *at),
            SharingEvent::AgreementDrafted(_)
            | SharingEvent::AgreementSigned(_)
            | SharingEvent::AgreementWithdrawn { .. }
            | SharingEvent::AgreementSuspended { .. }
            | SharingEvent::AgreementResumed { .. } => self.apply_agreement(event),
        }
    }

    fn apply_agreement(&mut self, event: &SharingEvent) {
        match event {
            SharingEvent::AgreementDrafted(agreement) => self.draft(agreement),
            SharingEvent::AgreementSigned(signature) => self.hold_signature(signature),
            SharingEvent::AgreementWithdrawn { part, organisation, at } => {
                self.stop(
                    part,
                    Stop { organisation: organisation.clone(), from: *at, to: None, for_good: true },
                );
            }
            SharingEvent::AgreementSuspended { part, organisation, at } => {
                self.stop(
                    part,
                    Stop { organisation: organisation.clone(), from: *at, to: None, for_good: false },
                );
            }
            SharingEvent::AgreementResumed { part, organisation, at } => self.resume(part, organisation, *at),
            SharingEvent::OrganisationRegistered(_)
            | SharingEvent::AssuranceRecorded { .. }
            | SharingEvent::SigningKeyRegistered(_)
            | SharingEvent::CredentialRegistered(_)
            | SharingEvent::CredentialWithdrawn { .. }
            | SharingEvent::PositionAssigned(_)
            | SharingEvent::PositionEnded { .. }
            | SharingEvent::RoleMapped(_)
            | SharingEvent::TrainingRecorded(_)
            | SharingEvent::DirectiveSet(_)
            | SharingEvent::DirectiveLifted { .. }
            | SharingEvent::OverrideDeclared(_)
            | SharingEvent::OverrideEnded { .. } => {}
        }
    }

    fn register(&mut self, organisation: &Organisation) {
        self.authorities.retain(|_, owner| *owner != organisation.id);
        for authority in &organisation.authorities {
            // The first organisation that claims a source system keeps it: a later claim must not take its records.
            self.authorities.entry(authority.clone()).or_insert_with(|| organisation.id.clone());
        }
        self.organisations.insert(organisation.id.clone(), organisation.clone());
    }

    fn register_key(&mut self, key: &SigningKey) {
        self.keys.insert(key.id.clone(), key.clone());
        let id = key.id.clone();
        self.judge_signatures(|signature| signature.key == id);
    }

    fn record_training(&mut self, training: &Training) {
        let key = (training.organisation.clone(), training.user.clone());
        self.training.insert(key, training.expires_at);
    }

    fn set_directive(&mut self, directive: &Directive) {
        for held in self.directives.values_mut() {
            held.retain(|one| one.id != directive.id);
        }
        self.directives.retain(|_, held| !held.is_empty());
        self.directives.entry(directive.record.key()).or_default().push(directive.clone());
    }

    fn lift(&mut self, id: DirectiveId, at: Timestamp) {
        for directive in self.directives.values_mut().flatten().filter(|one| one.id == id) {
            directive.window.to = Some(earlier(directive.window.to, at));
        }
    }

    fn end_override(&mut self, id: DirectiveId, at: Timestamp) {
        for declared in self.overrides.values_mut().flatten().filter(|one| one.id == id) {
            declared.ended_at = Some(earlier(declared.ended_at, at));
        }
    }

    fn draft(&mut self, agreement: &Agreement) {
        let versions = self.agreements.entry(agreement.id.clone()).or_default();
        versions.insert(agreement.version, agreement.clone());
        let (id, version) = (agreement.id.clone(), agreement.version);
        self.judge_signatures(|one| one.part.agreement == id && one.part.version == version);
    }

    fn hold_signature(&mut self, signature: &Signature) {
        let valid = self.judge(signature);
        let held = self.signatures.entry(signature.part.clone()).or_default();
        held.push(HeldSignature { signature: signature.clone(), valid });
    }

    /// Judges again the signatures that a change may have touched.
    fn judge_signatures(&mut self, touched: impl Fn(&Signature) -> bool) {
        let mut held = std::mem::take(&mut self.signatures);
        for one in held.values_mut().flatten().filter(|one| touched(&one.signature)) {
            one.valid = self.judge(&one.signature);
        }
        self.signatures = held;
    }

    fn judge(&self, signature: &Signature) -> bool {
        let agreement = self.version(&signature.part.agreement, signature.part.version);
        let key = self.keys.get(&signature.key);
        key.zip(agreement).is_some_and(|(key, agreement)| verify_signature(key, agreement, signature))
    }

    fn stop(&mut self, part: &PartPath, stop: Stop) {
        self.stops.entry(part.clone()).or_default().push(stop);
    }

    fn resume(&mut self, part: &PartPath, organisation: &OrganisationId, at: Timestamp) {
        let stops = self.stops.get_mut(part).into_iter().flatten();
        for stop in stops.filter(|one| !one.for_good && one.to.is_none() && one.organisation == *organisation)
        {
            stop.to = Some(at);
        }
    }

    pub(crate) fn version(&self, id: &AgreementId, version: u32) -> Option<&Agreement> {
        self.agreements.get(id)?.get(&version)
    }
}

/// What others read.
impl SharingState {
    /// An organisation in the register.
    pub fn organisation(&self, id: &OrganisationId) -> Option<&Organisation> {
        self.organisations.get(id)
    }

    /// Every organisation, by code.
    pub fn organisations(&self) -> impl Iterator<Item = &Organisation> {
        self.organisations.values()
    }

    /// Who controls the records of a source system.
    pub fn controller_of(&self, authority: &Authority) -> Option<&OrganisationId> {
        self.authorities.get(authority)
    }

    /// The credential whose secret has this SHA-256.
    pub fn credential(&self, digest: &[u8]) -> Option<&Credential> {
        self.credentials.get(digest)
    }

    /// The positions that somebody holds or held in an organisation, past and future ones included.
    pub fn positions_of(&self, user: &UserId, organisation: &OrganisationId) -> Vec<&Position> {
        let theirs = |one: &&Position| one.user == *user && one.organisation == *organisation;
        self.positions.values().filter(theirs).collect()
    }

    /// A position by its code.
    pub fn position(&self, id: &PositionId) -> Option<&Position> {
        self.positions.get(id)
    }

    /// The class of roles that a position's local role means.
    pub fn role_of(&self, position: &Position) -> Option<&RoleClass> {
        self.roles.get(&(position.organisation.clone(), position.local_role.clone()))
    }

    /// When somebody's training runs out.
    pub fn training_of(&self, user: &UserId, organisation: &OrganisationId) -> Option<Timestamp> {
        self.training.get(&(organisation.clone(), user.clone())).copied()
    }

    /// A registered signing key.
    pub fn signing_key(&self, id: &SigningKeyId) -> Option<&SigningKey> {
        self.keys.get(id)
    }

    /// Every signing key, by id.
    pub fn signing_keys(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.values()
    }

    /// The latest version of an agreement, signed or not.
    pub fn agreement(&self, id: &AgreementId) -> Option<&Agreement> {
        self.agreements.get(id)?.values().next_back()
    }

    /// One version of an agreement.
    pub fn agreement_version(&self, id: &AgreementId, version: u32) -> Option<&Agreement> {
        self.version(id, version)
    }

    /// The latest version of every agreement, by code.
    pub fn agreements(&self) -> impl Iterator<Item = &Agreement> {
        self.agreements.values().filter_map(|versions| versions.values().next_back())
    }

    /// The signatures on a part, each with whether it holds for the present content.
    pub fn signatures_on(&self, part: &PartPath) -> impl Iterator<Item = (&Signature, bool)> {
        self.signatures.get(part).into_iter().flatten().map(|held| (&held.signature, held.valid))
    }

    /// When a party withdrew a part for good, where one did.
    pub fn withdrawn_at(&self, part: &PartPath) -> Option<Timestamp> {
        let stops = self.stops.get(part).into_iter().flatten();
        stops.filter(|stop| stop.for_good).map(|stop| stop.from).min()
    }

    /// The parties whose suspension of a part has not ended, each with when it began.
    pub fn suspended_by(&self, part: &PartPath) -> impl Iterator<Item = (&OrganisationId, Timestamp)> {
        let stops = self.stops.get(part).into_iter().flatten();
        stops.filter(|stop| !stop.for_good && stop.to.is_none()).map(|stop| (&stop.organisation, stop.from))
    }

    /// Who stopped a part, and when, where a withdrawal or a suspension holds at the instant: the newest of them.
    pub fn stopped_by(&self, part: &PartPath, now: Timestamp) -> Option<(&OrganisationId, Timestamp)> {
        let stops = self.stops.get(part).into_iter().flatten();
        let held = stops.filter(|stop| stop.from <= now && stop.to.is_none_or(|end| now < end));
        held.max_by_key(|stop| stop.from).map(|stop| (&stop.organisation, stop.from))
    }

    /// The directives that stand, stood or will stand on a record.
    pub fn directives_on(&self, record: &RecordKey) -> &[Directive] {
        self.directives.get(record).map_or(&[], Vec::as_slice)
    }

    /// A directive by its id.
    pub fn directive(&self, id: DirectiveId) -> Option<&Directive> {
        self.directives.values().flatten().find(|one| one.id == id)
    }

    /// The overrides that were declared in a session.
    pub fn overrides_in(&self, session: &SessionId) -> &[Override] {
        self.overrides.get(session).map_or(&[], Vec::as_slice)
    }
}

fn earlier(known: Option<Timestamp>, at: Timestamp) -> Timestamp {
    known.map_or(at, |known| known.min(at))
}
