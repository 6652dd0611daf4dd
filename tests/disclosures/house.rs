//! A log in a file, a store, the read model, a gate and the keeper of the tree, in one process.

use domain::{
    Assurance, AssuranceRank, Credential, CredentialKind, EventId, Exit, Leaf, Organisation, OrganisationId,
    ReasonCode, RecordChange, RecordEvent, RecordVersion, SharingEvent, Side, SourceRecord, SystemClock,
    UserId,
};
use event_codec::{Codec, Event, Heading};
use event_log::{InMemoryKeys, MemoryLog, Sealer, Stream, SystemEntropy};
use event_log_sqlite::{Options, SqliteLog};
use gate::{DisclosureKey, Gate, GateParts, Lease, LeaseSettings, SharingSnapshot};
use jiff::SignedDuration;
use pipeline::{Consumer, Ground};
use proto::disclosure::v1::ListDisclosuresRequest;
use proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use proto::viewing::v1::PersonIdentifier;
use proto::viewing::v1::person_identifier::Identifier;
use ring::signature::Ed25519KeyPair;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use storage_sqlite::SqliteStore;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::Request;
use tonic::transport::{Channel, Server};
use transport::{Caller, CallerCheck};
use viewer::disclosures::{CheckpointKey, CheckpointVerifier, DisclosureParts, Disclosures};

const OPERATOR: &str = "operator-secret";
const NODE: &str = "yett-operator";

/// Everything.
pub struct House {
    ground: Ground,
    gate: Arc<Gate>,
    disclosures: Disclosures,
    key: CheckpointVerifier,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl House {
    pub async fn open(path: &Path) -> Self {
        let codec = Codec::new(Sealer::new(Arc::new(InMemoryKeys::new()), Arc::new(SystemEntropy::new())));
        let ground = Ground {
            log: Arc::new(SqliteLog::open(path, &Options::default()).unwrap()),
            store: Arc::new(SqliteStore::in_memory().unwrap()),
            codec,
            clock: Arc::new(SystemClock),
        };
        append(&ground, "organisation", Event::Sharing(organisation())).await;
        append(&ground, "credential", Event::Sharing(credential())).await;
        let snapshot =
            SharingSnapshot::new(Arc::clone(&ground.log), ground.codec.clone(), Arc::clone(&ground.clock));
        let gate = gate(&ground, &snapshot);
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).unwrap();
        let key = CheckpointKey::new("yett.example/disclosures", pkcs8.as_ref()).unwrap();
        let verifier = key.verifier().clone();
        let disclosures = Disclosures::new(DisclosureParts {
            ground: ground.clone(),
            gate: Arc::clone(&gate),
            callers: CallerCheck::new(snapshot.clone()),
            key,
            operator: OrganisationId::parse(NODE).unwrap(),
        });
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (signer, told) = (disclosures.signer(), stop.clone());
        tasks.spawn(async move { signer.run(told).await.unwrap() });
        let house = Self { ground, gate, disclosures, key: verifier, stop, tasks };
        house.read_leaves().await;
        snapshot.catch_up().await.unwrap();
        house.gate.lease().look().await.unwrap();
        house
    }

    /// Ends everything that holds the log, and gives what the log was read with, over an empty log.
    pub async fn close(self) -> (Ground, CheckpointVerifier) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        let ground = Ground { log: Arc::new(MemoryLog::new()), ..self.ground.clone() };
        (ground, self.key.clone())
    }

    pub fn key(&self) -> &CheckpointVerifier {
        &self.key
    }

    /// The read model reads what there is.
    pub async fn read_leaves(&self) {
        let records = Consumer::claim(self.ground.clone(), projector::ReadModel).await;
        records.unwrap().catch_up().await.unwrap();
        let leaves = Consumer::claim(self.ground.clone(), projector::DisclosureIndex::default()).await;
        leaves.unwrap().catch_up().await.unwrap();
    }

    /// So many calls are refused and recorded.
    pub async fn refuse(&self, count: usize) {
        let caller = Caller {
            organisation: OrganisationId::parse("board").unwrap(),
            kind: CredentialKind::Host,
            holder: UserId::parse("portal").unwrap(),
        };
        for _ in 0..count {
            self.gate.record_refusal(&caller, Exit::Launch, ReasonCode::ActLaunch).await.unwrap();
        }
        self.read_leaves().await;
    }

    /// So many records are fed.
    pub async fn feed(&self, count: u64) {
        for number in 0..count {
            let record = SourceRecord::parse("case-system", &format!("P-{number}")).unwrap();
            let change = RecordChange::new(record, RecordVersion::Sequence(1), self.ground.clock.now());
            let event = Event::Record(RecordEvent::Changed(Box::new(change)));
            append(&self.ground, &format!("record {number}"), event).await;
        }
        self.read_leaves().await;
    }

    /// The note of a checkpoint over so many leaves, once it is signed.
    pub async fn signed(&self, size: u64) -> String {
        for _ in 0..300 {
            let latest = self.ground.store.latest_checkpoint().await.unwrap();
            if let Some(latest) = latest.filter(|latest| latest.size == size) {
                return latest.note;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no checkpoint over {size} leaves was signed in time");
    }

    /// The leaves that are kept, in order.
    pub async fn leaves(&self) -> Vec<Leaf> {
        self.ground.store.leaves(0, 100).await.unwrap().into_iter().map(|row| row.leaf).collect()
    }

    pub async fn serve(&self) -> DisclosureServiceClient<Channel> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Server::builder().add_service(self.disclosures.service());
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let incoming = TcpListenerStream::new(listener);
            router.serve_with_incoming_shutdown(incoming, stop.cancelled_owned()).await.unwrap();
        });
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        DisclosureServiceClient::new(channel)
    }
}

/// A message with the operator's credential.
pub fn request<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {OPERATOR}").parse().unwrap());
    request
}

/// Who saw the person of this record?
pub fn about(local_id: &str) -> ListDisclosuresRequest {
    let record = proto::intake::v1::SourceRecord {
        authority: "case-system".to_owned(),
        local_id: local_id.to_owned(),
    };
    let person = PersonIdentifier { identifier: Some(Identifier::Record(record)) };
    ListDisclosuresRequest { person: Some(person), ..ListDisclosuresRequest::default() }
}

fn gate(ground: &Ground, snapshot: &Arc<SharingSnapshot>) -> Arc<Gate> {
    let settings =
        LeaseSettings { lasts: SignedDuration::from_mins(5), clock_skew: SignedDuration::from_secs(5) };
    let (store, clock) = (Arc::clone(&ground.store), Arc::clone(&ground.clock));
    let lease = Lease::new(Arc::clone(snapshot), store, clock, settings);
    Arc::new(Gate::new(GateParts {
        log: Arc::clone(&ground.log),
        codec: ground.codec.clone(),
        store: Arc::clone(&ground.store),
        snapshot: Arc::clone(snapshot),
        lease: Arc::new(lease),
        clock: Arc::clone(&ground.clock),
        entropy: Arc::new(SystemEntropy::new()),
        key: DisclosureKey::new(&[9; 32]),
    }))
}

/// Appends leaves to a log, whose bytes are the same whenever the leaves are.
pub async fn disclose(ground: &Ground, leaves: &[Leaf]) {
    for leaf in leaves {
        let heading = Heading::own(EventId(leaf.id.0), "gate", leaf.at, None);
        let sealed = ground.codec.seal(heading, &Event::Leaf(leaf.clone())).await.unwrap();
        ground.log.append(Stream::Disclosures, vec![sealed]).await.unwrap();
    }
}

async fn append(ground: &Ground, id: &str, event: Event) {
    let heading = Heading::own(EventId::of_message("test", id), "test", ground.clock.now(), None);
    let sealed = ground.codec.seal(heading, &event).await.unwrap();
    ground.log.append(event_codec::stream_of(&event), vec![sealed]).await.unwrap();
}

fn organisation() -> SharingEvent {
    SharingEvent::OrganisationRegistered(Organisation {
        id: OrganisationId::parse(NODE).unwrap(),
        name: "Operator of the node".to_owned(),
        side: Side::Any,
        ico_registration: String::new(),
        active: true,
        assurance: Assurance { rank: AssuranceRank::NeverSubmitted, expires_at: None },
        sponsor: None,
        authorities: Vec::new(),
        origins: Vec::new(),
        may_assert: Vec::new(),
        heard_every_s: 0,
        not_sent: Vec::new(),
        phones: Vec::new(),
    })
}

fn credential() -> SharingEvent {
    SharingEvent::CredentialRegistered(Credential {
        organisation: OrganisationId::parse(NODE).unwrap(),
        kind: CredentialKind::Operator,
        secret_digest: transport::secret_digest(OPERATOR),
        holder: UserId::parse("operator").unwrap(),
    })
}
