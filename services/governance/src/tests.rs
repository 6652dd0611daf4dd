//! The services over the log in memory: commands become events, events become the register, repeats change nothing.

use crate::grpc::Door;
use crate::{EventDoor, Governance, GovernanceParts, documents};
use domain::{
    Credential, CredentialKind, EventId, ManualClock, NODE_OPERATOR, OrganisationId, SeededEntropy,
    SharingEvent, UserId, Window,
};
use event_codec::{Codec, Event, Heading};
use event_log::{EventLog, Fault, InMemoryKeys, MemoryLog, NewEvent, Sealer, Stream};
use gate::SharingSnapshot;
use jiff::Timestamp;
use proto::governance as wire;
use proto::governance::v1;
use proto::governance::v1::agreement_service_server::AgreementService;
use proto::governance::v1::directive_service_server::DirectiveService;
use proto::governance::v1::organisation_service_server::OrganisationService;
use proto::governance::v1::position_service_server::PositionService;
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Code, Request, Status};
use transport::CallerCheck;

pub(crate) const COUNCIL: &str = "strathorr-council";
pub(crate) const BOARD: &str = "nhs-strathorr";

/// An outbox in memory before the log, as the store's own is.
struct Outbox {
    log: MemoryLog,
    codec: Codec,
    clock: Arc<ManualClock>,
    waiting: Mutex<Vec<NewEvent>>,
}

#[async_trait::async_trait]
impl EventDoor for Outbox {
    async fn settle(&self) -> Result<(), pipeline::Error> {
        let mut waiting = self.waiting.lock().await;
        if !waiting.is_empty() {
            self.log.append(Stream::Sharing, waiting.clone()).await?;
            waiting.clear();
        }
        Ok(())
    }

    async fn submit(&self, events: Vec<(EventId, Event)>) -> Result<(), pipeline::Error> {
        for (id, event) in events {
            let heading = Heading::own(id, crate::ROLE, domain::Clock::now(&*self.clock), None);
            let sealed = self.codec.seal(heading, &event).await?;
            self.waiting.lock().await.push(sealed);
        }
        self.settle().await
    }
}

struct Node {
    door: Door,
    log: MemoryLog,
    clock: Arc<ManualClock>,
    _following: DropGuard,
}

fn secret(organisation: &str) -> String {
    format!("secret of {organisation}")
}

/// A node on which the seed's organisations and an operator of each are registered.
async fn node() -> Node {
    let log = MemoryLog::new();
    let clock = Arc::new(ManualClock::new("2026-03-01T09:00:00Z".parse().unwrap()));
    let node = Node::on(log, clock, codec()).await;
    for organisation in
        documents::organisations(include_str!("../../../config/seed/organisations.toml")).unwrap()
    {
        let code = organisation.id.to_string();
        let request = v1::RegisterOrganisationRequest {
            request_id: uuid(&code),
            organisation: Some(wire::wire_organisation(&organisation)),
        };
        node.door.register_organisation(by(NODE_OPERATOR, request)).await.unwrap();
        let credential = Some(wire::wire_credential(&credential(&code)));
        let request = v1::RegisterCredentialRequest { request_id: uuid(&secret(&code)), credential };
        node.door.register_credential(by(NODE_OPERATOR, request)).await.unwrap();
    }
    node
}

fn codec() -> Codec {
    Codec::new(Sealer::new(Arc::new(InMemoryKeys::new()), Arc::new(SeededEntropy::new(4))))
}

fn credential(organisation: &str) -> Credential {
    Credential {
        organisation: OrganisationId::parse(organisation).unwrap(),
        kind: CredentialKind::Operator,
        secret_digest: transport::secret_digest(&secret(organisation)),
        holder: UserId::parse("operator").unwrap(),
    }
}

impl Node {
    async fn on(log: MemoryLog, clock: Arc<ManualClock>, codec: Codec) -> Self {
        let waiting = Mutex::default();
        let outbox = Outbox { log: log.clone(), codec: codec.clone(), clock: Arc::clone(&clock), waiting };
        let first = EventId::of_message("bootstrap", "credential");
        let bootstrap = Event::Sharing(SharingEvent::CredentialRegistered(credential(NODE_OPERATOR)));
        outbox.submit(vec![(first, bootstrap)]).await.unwrap();
        let snapshot = SharingSnapshot::new(Arc::new(log.clone()), codec.clone(), Arc::clone(&clock) as _);
        let stop = CancellationToken::new();
        tokio::spawn(Arc::clone(&snapshot).follow(stop.clone()));
        let parts = GovernanceParts {
            log: Arc::new(log.clone()),
            codec,
            clock: Arc::clone(&clock) as _,
            events: Arc::new(outbox),
            snapshot: Arc::clone(&snapshot),
            callers: CallerCheck::new(Arc::clone(&snapshot) as _),
        };
        snapshot.reached(1).await;
        Self { door: Governance::new(parts).door, log, clock, _following: stop.drop_guard() }
    }

    async fn events(&self) -> u64 {
        self.log.end(Stream::Sharing).await.unwrap().iter().map(|position| position.offset).sum()
    }

    async fn draft(&self, name: &str) -> Result<v1::DraftAgreementResponse, Status> {
        let request = v1::DraftAgreementRequest { request_id: uuid(name), agreement: Some(seed_agreement()) };
        Ok(self.door.draft_agreement(by(COUNCIL, request)).await?.into_inner())
    }

    /// Registers a key for the organisation and signs the appendix with it.
    async fn sign(&self, organisation: &str, appendix: &str) -> Result<v1::SignAgreementResponse, Status> {
        let (pkcs8, key) = signing_key(organisation);
        let request = v1::RegisterSigningKeyRequest {
            request_id: uuid(&format!("key of {organisation}")),
            key: Some(wire::wire_signing_key(&key)),
        };
        self.door.register_signing_key(by(organisation, request)).await?;
        let agreement = wire::agreement(seed_agreement(), "agreement").unwrap();
        let appendix_id = domain::AppendixId::parse(appendix).ok();
        let part = domain::part_path(&agreement.id, 1, appendix_id.as_ref());
        let signature =
            policy::sign(&pkcs8, &key, &agreement, &part, domain::Clock::now(&*self.clock)).unwrap();
        let request = v1::SignAgreementRequest {
            request_id: uuid(&format!("{organisation} signs {appendix}")),
            signature: Some(wire::wire_signature(&signature)),
        };
        Ok(self.door.sign_agreement(by(organisation, request)).await?.into_inner())
    }

    async fn shown(&self) -> v1::GetAgreementResponse {
        let request = v1::GetAgreementRequest { agreement: "adult-care-isp".to_owned(), version: 0 };
        self.door.get_agreement(by(BOARD, request)).await.unwrap().into_inner()
    }
}

fn by<T>(organisation: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let header = format!("Bearer {}", secret(organisation)).parse().unwrap();
    request.metadata_mut().insert("authorization", header);
    request
}

/// A request id with a name that a test can read.
fn uuid(name: &str) -> String {
    EventId::of_message("test", name).to_string()
}

fn seed_agreement() -> v1::Agreement {
    wire::wire_agreement(&documents::agreement(include_str!("../../../config/seed/agreement.toml")).unwrap())
}

/// A signatory's key pair in PKCS#8 and its entry in the register, the same at each call.
pub(crate) fn signing_key(organisation: &str) -> (Vec<u8>, domain::SigningKey) {
    // The envelope of RFC 8410 around a seed made of one letter.
    let mut pkcs8 = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    pkcs8.extend([organisation.as_bytes()[0]; 32]);
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pkcs8).unwrap();
    let key = domain::SigningKey {
        id: domain::SigningKeyId::parse(&format!("{organisation}-key")).unwrap(),
        organisation: OrganisationId::parse(organisation).unwrap(),
        signatory: "Chief officer".to_owned(),
        public_key: pair.public_key().as_ref().to_vec(),
        window: Window::default(),
    };
    (pkcs8, key)
}

#[tokio::test]
async fn an_agreement_is_drafted_signed_by_both_and_then_in_force() {
    let node = node().await;
    let drafted = node.draft("draft").await.unwrap();
    assert_eq!(drafted.parts.len(), 4);
    assert!(drafted.parts.iter().all(|part| part.status() == v1::PartStatus::Unsigned));
    for part in ["", "B"] {
        let once = node.sign(COUNCIL, part).await.unwrap().part.unwrap();
        assert_eq!(
            (once.status().as_str_name(), once.missing.as_slice()),
            ("PART_STATUS_UNSIGNED", &[BOARD.to_owned()][..])
        );
        let twice = node.sign(BOARD, part).await.unwrap().part.unwrap();
        assert_eq!((twice.status().as_str_name(), twice.signatures.len()), ("PART_STATUS_IN_FORCE", 2));
    }
    let states: Vec<_> = node.shown().await.parts.iter().map(v1::PartState::status).collect();
    use v1::PartStatus::{InForce, Unsigned};
    assert!(states == [InForce, Unsigned, InForce, Unsigned]);
}

#[tokio::test]
async fn a_withdrawn_appendix_leaves_the_base_and_is_withdrawn_by_its_party_only() {
    let node = node().await;
    node.draft("draft").await.unwrap();
    for organisation in [COUNCIL, BOARD] {
        node.sign(organisation, "").await.unwrap();
        node.sign(organisation, "C").await.unwrap();
    }
    let withdraw = |name: &str| v1::WithdrawAgreementRequest {
        request_id: uuid(name),
        part: Some(v1::PartPath {
            agreement: "adult-care-isp".to_owned(),
            version: 1,
            appendix: "C".to_owned(),
        }),
        organisation: BOARD.to_owned(),
    };
    let refused = node.door.withdraw_agreement(by(NODE_OPERATOR, withdraw("node"))).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let first = node.door.withdraw_agreement(by(BOARD, withdraw("board"))).await.unwrap().into_inner();
    let shown = node.shown().await;
    assert_eq!(shown.parts[0].status().as_str_name(), "PART_STATUS_IN_FORCE");
    assert_eq!(shown.parts[3].status().as_str_name(), "PART_STATUS_WITHDRAWN");
    assert_eq!(shown.parts[3].ended_at, Some(proto::timestamp(domain::Clock::now(&*node.clock))));
    node.clock.advance_ms(5000);
    let again = node.door.withdraw_agreement(by(BOARD, withdraw("board"))).await.unwrap().into_inner();
    assert_eq!(again.event_id, first.event_id, "a repeat is answered, though its instant is another one");
    assert_eq!(node.shown().await.parts[3].ended_at, shown.parts[3].ended_at);
    let other = node.door.withdraw_agreement(by(BOARD, withdraw("other"))).await.unwrap_err();
    assert_eq!(other.code(), Code::Aborted);
}

#[tokio::test]
async fn the_same_request_again_changes_nothing_and_another_under_its_id_is_a_conflict() {
    let node = node().await;
    let first = node.draft("draft").await.unwrap();
    let events = node.events().await;
    assert_eq!(node.draft("draft").await.unwrap().event_id, first.event_id);
    assert_eq!(node.events().await, events);
    assert_eq!(node.draft("another").await.unwrap_err().code(), Code::Aborted, "version 1 is drafted");
    let mut other = seed_agreement();
    other.version = 2;
    let request = v1::DraftAgreementRequest { request_id: uuid("draft"), agreement: Some(other) };
    assert_eq!(node.door.draft_agreement(by(COUNCIL, request)).await.unwrap_err().code(), Code::Aborted);
    assert_eq!(node.events().await, events);
}

#[tokio::test]
async fn a_restart_knows_the_requests_that_were_carried_out() {
    let (log, keys) = (MemoryLog::new(), codec());
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    let organisations =
        documents::organisations(include_str!("../../../config/seed/organisations.toml")).unwrap();
    let request = || v1::RegisterOrganisationRequest {
        request_id: uuid("first"),
        organisation: Some(wire::wire_organisation(&organisations[0])),
    };
    let before = Node::on(log.clone(), Arc::clone(&clock), keys.clone()).await;
    let first = before.door.register_organisation(by(NODE_OPERATOR, request())).await.unwrap().into_inner();
    let events = before.events().await;
    drop(before);
    let after = Node::on(log, clock, keys).await;
    let again = after.door.register_organisation(by(NODE_OPERATOR, request())).await.unwrap().into_inner();
    assert_eq!((again.event_id, after.events().await), (first.event_id, events));
}

#[tokio::test]
async fn a_command_that_the_log_did_not_take_is_carried_out_once_by_its_repeat() {
    let node = node().await;
    let before = node.events().await;
    node.log.fail_appends(Fault::Refuse(event_log::Error::Full), 1);
    assert_eq!(node.draft("draft").await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(node.events().await, before);
    node.draft("draft").await.unwrap();
    assert_eq!(node.events().await, before + 1);
}

#[tokio::test]
async fn without_an_operators_credential_nothing_is_said() {
    let node = node().await;
    let unknown = node.door.list_organisations(Request::new(v1::ListOrganisationsRequest::default())).await;
    assert_eq!(unknown.unwrap_err().code(), Code::Unauthenticated);
    let mut feed = credential("feed");
    (feed.organisation, feed.kind) = (OrganisationId::parse(COUNCIL).unwrap(), CredentialKind::Feed);
    let request = v1::RegisterCredentialRequest {
        request_id: uuid("feed"),
        credential: Some(wire::wire_credential(&feed)),
    };
    node.door.register_credential(by(COUNCIL, request)).await.unwrap();
    let of_feed = node.door.list_organisations(by("feed", v1::ListOrganisationsRequest::default())).await;
    assert_eq!(of_feed.unwrap_err().code(), Code::PermissionDenied);
    let digest = feed.secret_digest.clone();
    let request = v1::WithdrawCredentialRequest { request_id: uuid("no feed"), secret_digest: digest };
    node.door.withdraw_credential(by(COUNCIL, request)).await.unwrap();
    let withdrawn = node.door.list_organisations(by("feed", v1::ListOrganisationsRequest::default())).await;
    assert_eq!(withdrawn.unwrap_err().code(), Code::Unauthenticated, "a withdrawn one stops working at once");
}

#[tokio::test]
async fn the_register_and_the_agreements_are_listed_by_pages() {
    let node = node().await;
    node.draft("draft").await.unwrap();
    let request = v1::ListOrganisationsRequest { page_size: 1, page_token: String::new() };
    let first = node.door.list_organisations(by(COUNCIL, request)).await.unwrap().into_inner();
    assert_eq!((first.organisations[0].id.as_str(), first.next_page_token.as_str()), (BOARD, BOARD));
    let request = v1::ListOrganisationsRequest { page_size: 1, page_token: first.next_page_token };
    let second = node.door.list_organisations(by(COUNCIL, request)).await.unwrap().into_inner();
    assert_eq!((second.organisations[0].id.as_str(), second.next_page_token.as_str()), (COUNCIL, ""));
    let of = |organisation: &str| v1::ListAgreementsRequest {
        organisation: organisation.to_owned(),
        ..v1::ListAgreementsRequest::default()
    };
    let listed = node.door.list_agreements(by(COUNCIL, of(BOARD))).await.unwrap().into_inner();
    assert_eq!((listed.agreements.len(), listed.agreements[0].parts.len()), (1, 4));
    let listed = node.door.list_agreements(by(COUNCIL, of("other"))).await.unwrap().into_inner();
    assert!(listed.agreements.is_empty());
}

#[tokio::test]
async fn a_directive_gets_an_id_and_is_lifted_and_a_post_is_given_and_ended() {
    let node = node().await;
    let seed = documents::directives(include_str!("../../../config/seed/directives.toml")).unwrap().remove(0);
    let directive = v1::Directive { id: String::new(), ..wire::wire_directive(&seed) };
    let request = v1::SetDirectiveRequest { request_id: uuid("set"), directive: Some(directive) };
    let set = node.door.set_directive(by(COUNCIL, request.clone())).await.unwrap().into_inner();
    let again = node.door.set_directive(by(COUNCIL, request)).await.unwrap().into_inner();
    assert_eq!(set.directive_id, again.directive_id);
    let lift =
        v1::LiftDirectiveRequest { request_id: uuid("lift"), directive_id: set.directive_id, at: None };
    node.door.lift_directive(by(COUNCIL, lift)).await.unwrap();
    let posts = documents::positions(include_str!("../../../config/seed/positions.toml")).unwrap();
    let position = Some(wire::wire_position(&posts.positions[0]));
    let assign = v1::AssignPositionRequest { request_id: uuid("assign"), position };
    node.door.assign_position(by(BOARD, assign)).await.unwrap();
    let end = |name: &str| v1::EndPositionRequest {
        request_id: uuid(name),
        position: posts.positions[0].id.to_string(),
        at: None,
    };
    node.door.end_position(by(BOARD, end("end"))).await.unwrap();
    let state = node.door.desk.register().unwrap();
    assert_eq!(
        state.state.position(&posts.positions[0].id).unwrap().window.to,
        Some(domain::Clock::now(&*node.clock))
    );
    assert_eq!(
        node.door.end_position(by(COUNCIL, end("x"))).await.unwrap_err().code(),
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn a_request_without_a_proper_id_or_content_is_refused_by_field() {
    use tonic_types::StatusExt;
    let node = node().await;
    let field =
        |status: Status| status.get_error_details().bad_request().unwrap().field_violations[0].field.clone();
    let request = v1::DraftAgreementRequest { request_id: "1".to_owned(), agreement: Some(seed_agreement()) };
    assert_eq!(field(node.door.draft_agreement(by(COUNCIL, request)).await.unwrap_err()), "request_id");
    let request = v1::DraftAgreementRequest { request_id: uuid("none"), agreement: None };
    assert_eq!(field(node.door.draft_agreement(by(COUNCIL, request)).await.unwrap_err()), "agreement");
}
