//! No audit, no data: a body leaves with a durable leaf that says what was decided, or not at all.

use super::applied::item;
use super::knobs::{COUNCIL, Knobs};
use super::lab::Lab;
use super::twists::OVERRIDE_NOW;
use super::world::{OVERRIDE, SESSION, World, at, first_flow, organisation};
use crate::{Acknowledged, DisclosureLog, Error, Permitted, PermittedView, SystemFacts, refuse, release};
use async_trait::async_trait;
use domain::{
    Credential, CredentialKind, DisclosureId, Exit, ItemKind, ItemMask, Labels, Leaf, OrganisationId,
    Purpose, ReasonCode, SharingEvent, UserId,
};
use futures::executor::block_on;
use std::sync::Mutex;
use uuid::Uuid;

const LEAF: DisclosureId = DisclosureId(Uuid::from_u128(9));

/// A log that keeps what it takes, fails, or acknowledges another leaf.
#[derive(Default)]
struct Log {
    taken: Mutex<Vec<Leaf>>,
    fails: bool,
    confuses: bool,
}

#[async_trait]
impl DisclosureLog for Log {
    async fn append(&self, leaf: Leaf) -> Result<Acknowledged, Error> {
        if self.fails {
            return Err(Error::Disclosure("the disk is full".to_owned()));
        }
        let disclosure = if self.confuses { DisclosureId(Uuid::from_u128(10)) } else { leaf.id };
        self.taken.lock().unwrap().push(leaf);
        Ok(Acknowledged { disclosure })
    }
}

/// A leaf whose maker claims what was not decided.
fn boastful(organisation: OrganisationId, body_digest: Vec<u8>) -> Leaf {
    Leaf {
        id: LEAF,
        at: at(0),
        exit: Exit::JsonView,
        disclosed: false,
        bundle_hash: vec![7; 32],
        user: UserId::parse("nurse").unwrap(),
        position: None,
        host_organisation: organisation.clone(),
        organisation,
        session: SESSION,
        purpose: Purpose::DirectCare,
        person: vec![1; 32],
        flows: Vec::new(),
        items: ItemMask::EMPTY.with(ItemKind::CASE_NOTE),
        item_count: 99,
        reasons: vec![ReasonCode::Never],
        override_id: None,
        body_digest,
        trace_id: String::new(),
        stated_reason: None,
    }
}

fn world() -> World {
    let mut knobs = Knobs { relationships: Vec::new(), declared: Some(OVERRIDE_NOW), ..Knobs::default() };
    knobs.flow.override_cap = 2;
    World::of(&knobs)
}

fn view(world: &World) -> PermittedView {
    let policy = world.policy();
    let loaded = ["1", "2"].map(|instance| item(ItemKind::CARE_PACKAGE, instance, Labels::NONE));
    policy.apply(&world.decide(&policy, at(0)), loaded.to_vec())
}

fn permitted(world: &World) -> Permitted<Vec<u8>> {
    Permitted::render(&view(world), |view| vec![0xab; view.items().len()])
}

fn board() -> OrganisationId {
    organisation(super::knobs::BOARD)
}

#[test]
fn the_leaf_says_what_was_decided_whatever_its_maker_thinks() {
    let (log, world) = (Log::default(), world());
    let body = permitted(&world);
    let digest = body.keyed_digest(b"key");
    let released = block_on(release(&log, boastful(board(), digest.clone()), body)).unwrap();
    assert_eq!((released.disclosure(), released.body().as_slice()), (LEAF, &[0xab, 0xab][..]));
    let leaf = log.taken.lock().unwrap().remove(0);
    assert!(leaf.disclosed);
    assert_eq!(leaf.bundle_hash, world.policy().bundle_hash());
    assert_eq!(leaf.items, ItemMask::EMPTY.with(ItemKind::CARE_PACKAGE));
    assert_eq!(leaf.item_count, 2);
    assert_eq!(leaf.override_id, Some(OVERRIDE));
    assert_eq!(leaf.reasons, [ReasonCode::RelNone]);
    assert_eq!((leaf.flows.len(), &leaf.flows[0].flow), (1, &first_flow()));
    assert_eq!((leaf.flows[0].agreement_version, leaf.flows[0].items), (1, leaf.items));
    assert_eq!(leaf.body_digest, digest);
}

#[test]
fn a_log_that_fails_lets_nothing_go() {
    let world = world();
    for log in [Log { fails: true, ..Log::default() }, Log { confuses: true, ..Log::default() }] {
        let body = permitted(&world);
        let digest = body.keyed_digest(b"key");
        let result = block_on(release(&log, boastful(board(), digest), body));
        assert!(matches!(result, Err(Error::Disclosure(_))));
    }
}

#[test]
fn a_leaf_for_another_organisation_or_without_a_digest_releases_nothing() {
    let (log, world) = (Log::default(), world());
    let digest = permitted(&world).keyed_digest(b"key");
    let wrong = boastful(organisation(COUNCIL), digest);
    assert_eq!(block_on(release(&log, wrong, permitted(&world))), Err(Error::OtherDecision));
    let blank = boastful(board(), Vec::new());
    assert_eq!(block_on(release(&log, blank, permitted(&world))), Err(Error::NoDigest));
    assert!(log.taken.lock().unwrap().is_empty());
}

#[test]
fn the_digest_depends_on_the_key_and_the_bytes() {
    let body = permitted(&world());
    assert_eq!(body.keyed_digest(b"key"), body.keyed_digest(b"key"));
    assert_ne!(body.keyed_digest(b"key"), body.keyed_digest(b"other key"));
    let other = Permitted::render(&view(&world()), |_| vec![0xac_u8; 2]);
    assert_ne!(body.keyed_digest(b"key"), other.keyed_digest(b"key"));
}

#[test]
fn a_permitted_body_cannot_be_read() {
    assert_eq!(format!("{:?}", Permitted::render(&view(&world()), |_| "SECRET".to_owned())), "Permitted(…)");
}

#[test]
fn a_refusal_is_a_leaf_too_and_claims_nothing() {
    let log = Log::default();
    let refused = block_on(refuse(&log, boastful(board(), vec![1; 32]))).unwrap();
    assert_eq!(refused.disclosure(), LEAF);
    let leaf = log.taken.lock().unwrap().remove(0);
    assert!(!leaf.disclosed && leaf.items.is_empty() && leaf.flows.is_empty());
    assert_eq!((leaf.item_count, leaf.body_digest.len()), (0, 0));
    let failing = Log { fails: true, ..Log::default() };
    assert!(block_on(refuse(&failing, boastful(board(), Vec::new()))).is_err());
}

#[test]
fn a_body_of_another_exit_needs_every_kind_permitted() {
    let decision = Lab::default().decide(&Knobs::default());
    let of = |kind| ItemMask::EMPTY.with(kind);
    let make = |used: &[(OrganisationId, ItemMask)]| decision.permit_body(used, |_| Vec::<u8>::new());
    let identity = (organisation(COUNCIL), of(ItemKind::IDENTITY));
    assert_eq!(make(std::slice::from_ref(&identity)).unwrap().items(), of(ItemKind::IDENTITY));
    assert!(make(&[]).is_none());
    assert!(make(&[(organisation(COUNCIL), ItemMask::EMPTY)]).is_none());
    assert!(make(&[identity.clone(), (organisation(COUNCIL), of(ItemKind::CASE_NOTE))]).is_none());
    assert!(make(&[identity, (board(), of(ItemKind::IDENTITY))]).is_none());
}

#[test]
fn an_operator_sees_its_own_organisation_only_while_everything_is_in_order() {
    let credential = Credential {
        organisation: board(),
        kind: CredentialKind::Operator,
        secret_digest: vec![3; 32],
        holder: UserId::parse("operator").unwrap(),
    };
    let mut world = World::of(&Knobs::default());
    let asks = |world: &World, one: &Credential, system: &SystemFacts| {
        world
            .policy()
            .permit_operator(one, system, |whose| whose.as_str().to_owned())
            .map_err(crate::ReasonSet::to_vec)
    };
    let healthy = SystemFacts::HEALTHY;
    assert_eq!(asks(&world, &credential, &healthy).unwrap_err(), [ReasonCode::ActInactive]);
    world.state.apply(&SharingEvent::CredentialRegistered(credential.clone()));
    assert!(asks(&world, &credential, &healthy).is_ok());
    let unwritable = SystemFacts { audit_writable: false, ..healthy };
    assert_eq!(asks(&world, &credential, &unwritable).unwrap_err(), [ReasonCode::SysAudit]);
    // The same secret under another organisation's name, or as another kind of credential.
    let lent = Credential { organisation: organisation(COUNCIL), ..credential.clone() };
    assert_eq!(asks(&world, &lent, &healthy).unwrap_err(), [ReasonCode::ActInactive]);
    let host = Credential { kind: CredentialKind::Host, ..credential };
    assert_eq!(asks(&world, &host, &healthy).unwrap_err(), [ReasonCode::ActInactive]);
}
