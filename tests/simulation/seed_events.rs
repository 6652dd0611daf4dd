//! What governance had said before a run begins: the seed of the project, its parts A and B signed by both, the keys of
//! both parties, a credential for each caller, and one record sealed for good.

use domain::{
    Agreement, AppendixId, Credential, CredentialKind, Directive, DirectiveId, DirectiveKind, Organisation,
    OrganisationId, PartPath, SharingEvent, Signature, SigningKey, SigningKeyId, UserId, Window,
};
use governance::documents::Positions;
use jiff::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::sync::LazyLock;
use support::cast::{Holder, SEALED, record};
use support::node::secrets;
use uuid::Uuid;

/// The user that the council's case system is.
pub const CASE_SYSTEM: &str = "case-system";

/// When runs begin.
pub fn start() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().expect("a time")
}

/// The agreement, as it is drafted.
pub static AGREEMENT: LazyLock<Agreement> =
    LazyLock::new(|| governance::documents::agreement(world::seed::AGREEMENT).expect("the seed's agreement"));

/// Who works where.
pub static STAFF: LazyLock<Positions> =
    LazyLock::new(|| governance::documents::positions(world::seed::POSITIONS).expect("the seed's staff"));

/// Every event.
pub static SEED: LazyLock<Vec<SharingEvent>> = LazyLock::new(events);

/// The parts of the agreement: the base, then A, B and C.
pub fn part(number: u8) -> PartPath {
    let appendix = [None, Some("A"), Some("B"), Some("C")][usize::from(number) % 4];
    PartPath {
        agreement: AGREEMENT.id.clone(),
        version: AGREEMENT.version,
        appendix: appendix.map(|id| AppendixId::parse(id).expect("a code")),
    }
}

/// A party signs a part with its own key, or with one that is not its own.
pub fn sign(holder: Holder, part: &PartPath, at: Timestamp, forged: bool) -> Signature {
    let secret = private_key(if forged { 9 } else { holder as u8 + 1 });
    policy::sign(&secret, &key(holder), &AGREEMENT, part, at).expect("a signature")
}

fn key(holder: Holder) -> SigningKey {
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private_key(holder as u8 + 1)).expect("a key");
    SigningKey {
        id: SigningKeyId::parse(&format!("{}-key", holder.organisation())).expect("a code"),
        organisation: organisation(holder.organisation()),
        signatory: "Signatory".to_owned(),
        public_key: pair.public_key().as_ref().to_vec(),
        window: Window::default(),
    }
}

/// A private key in PKCS#8 whose 32 bytes are all this one.
fn private_key(byte: u8) -> Vec<u8> {
    // SEQUENCE { 0, SEQUENCE { Ed25519 }, OCTET STRING { OCTET STRING of 32 bytes } }
    let head = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20];
    head.into_iter().chain([byte; 32]).collect()
}

/// A code.
pub fn organisation(code: &str) -> OrganisationId {
    OrganisationId::parse(code).expect("a code")
}

fn credential(code: &str, kind: CredentialKind, (secret, holder): (&str, &str)) -> SharingEvent {
    SharingEvent::CredentialRegistered(Credential {
        organisation: organisation(code),
        kind,
        secret_digest: transport::secret_digest(secret),
        holder: UserId::parse(holder).expect("a code"),
    })
}

fn events() -> Vec<SharingEvent> {
    let organisations =
        governance::documents::organisations(world::seed::ORGANISATIONS).expect("organisations");
    let node = Organisation {
        id: organisation("yett-operator"),
        authorities: Vec::new(),
        origins: Vec::new(),
        may_assert: Vec::new(),
        ..organisations[0].clone()
    };
    let known = organisations.into_iter().chain([node]);
    let mut events: Vec<SharingEvent> = known.map(SharingEvent::OrganisationRegistered).collect();
    events.extend(STAFF.positions.iter().cloned().map(SharingEvent::PositionAssigned));
    events.extend(STAFF.roles.iter().cloned().map(SharingEvent::RoleMapped));
    events.extend(STAFF.training.iter().cloned().map(SharingEvent::TrainingRecorded));
    let (board, council) = (Holder::Board.organisation(), Holder::Council.organisation());
    events.push(credential("yett-operator", CredentialKind::Operator, (secrets::OPERATOR, "holder")));
    events.push(credential(board, CredentialKind::Host, (secrets::BOARD_HOST, "holder")));
    events.push(credential(council, CredentialKind::Host, (secrets::COUNCIL_HOST, "holder")));
    // It is made out to the user whose position a flow tells of identities.
    events.push(credential(council, CredentialKind::Feed, (secrets::COUNCIL_FEED, CASE_SYSTEM)));
    events.extend(Holder::ALL.into_iter().map(|holder| SharingEvent::SigningKeyRegistered(key(holder))));
    events.push(SharingEvent::AgreementDrafted(Box::new(AGREEMENT.clone())));
    for number in 0..3 {
        let signed = |holder| SharingEvent::AgreementSigned(sign(holder, &part(number), start(), false));
        events.extend(Holder::ALL.into_iter().map(signed));
    }
    events.push(SharingEvent::DirectiveSet(Directive {
        id: DirectiveId(Uuid::from_u128(1)),
        kind: DirectiveKind::Sealed,
        record: record(Holder::Council, SEALED),
        flow: None,
        window: Window::default(),
        recorded_by: organisation(Holder::Council.organisation()),
    }));
    events
}
