//! Log, store, projector, gate and decider in one process, without files, with the seed's agreement signed.

use chi_matcher::{ChiMatcher, Doors, Settings};
use domain::{
    Agreement, AppendixId, Authority, Credential, CredentialKind, EventId, Exit, Leaf, ManualClock,
    Organisation, OrganisationId, PartPath, PersonId, RecordChange, RecordEvent, SeededEntropy, SharingEvent,
    SigningKey, SigningKeyId, SourceRecord, UserId, Window,
};
use event_codec::{Codec, Event, Heading};
use event_log::{Entry, EventLog, InMemoryKeys, MemoryLog, Sealer, Stream};
use futures::StreamExt;
use gate::{DisclosureKey, Gate, GateParts, Lease, LeaseSettings, SharingSnapshot};
use jiff::{SignedDuration, Timestamp};
use pipeline::{Consumer, Ground, Handler};
use proto::matching::v1::assignment_service_client::AssignmentServiceClient;
use proto::matching::v1::review_service_client::ReviewServiceClient;
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use storage_sqlite::SqliteStore;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::Request;
use tonic::transport::{Channel, Server};
use transport::CallerCheck;

/// Authority whose records stand for persons.
pub const INDEX: &str = "nhs-strathorr";
const OPERATOR: &str = "operator-secret";
const CASE_SYSTEM: &str = "case-system-secret";

pub fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// Everything.
pub struct House {
    pub log: MemoryLog,
    ground: Ground,
    snapshot: Arc<SharingSnapshot>,
    channel: Channel,
    stop: CancellationToken,
    tasks: TaskTracker,
    turn: AtomicU64,
}

impl House {
    pub async fn open() -> Self {
        let log = MemoryLog::new();
        let entropy = Arc::new(SeededEntropy::new(7));
        let codec = Codec::new(Sealer::new(Arc::new(InMemoryKeys::new()), entropy));
        let ground = Ground {
            log: Arc::new(log.clone()),
            store: Arc::new(SqliteStore::in_memory().unwrap()),
            codec,
            clock: Arc::new(ManualClock::new(now())),
        };
        for (place, event) in seed().into_iter().enumerate() {
            append(&ground, &format!("seed {place}"), Event::Sharing(event)).await;
        }
        Self::of(log, ground, 0).await
    }

    /// The same log and store under a new process.
    pub async fn restart(self) -> Self {
        let (log, ground, turn) = (self.log.clone(), self.ground.clone(), self.turn.load(Ordering::SeqCst));
        self.close().await;
        Self::of(log, ground, turn).await
    }

    async fn of(log: MemoryLog, ground: Ground, turn: u64) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let snapshot =
            SharingSnapshot::new(Arc::clone(&ground.log), ground.codec.clone(), Arc::clone(&ground.clock));
        snapshot.catch_up().await.unwrap();
        tasks.spawn(Arc::clone(&snapshot).follow(stop.clone()));
        let gate = gate(&ground, &snapshot);
        let lease = Arc::clone(gate.lease());
        tasks.spawn(Arc::clone(gate.lease()).follow(stop.clone()));
        run(&tasks, Consumer::claim(ground.clone(), projector::ReadModel).await.unwrap(), &stop);
        let leaves = projector::DisclosureIndex::default();
        run(&tasks, Consumer::claim(ground.clone(), leaves).await.unwrap(), &stop);

        let settings = Settings {
            index_authority: Authority::parse(INDEX).unwrap(),
            adults: true,
            children: false,
            assignment_retry: Duration::from_millis(300),
        };
        let matcher = ChiMatcher::new(settings, ground.clone());
        let consumer = Consumer::claim(ground.clone(), matcher.decider()).await.unwrap();
        let doors = Doors {
            gate,
            callers: CallerCheck::new(snapshot.clone()),
            commands: consumer.commands(),
            entropy: Arc::new(SeededEntropy::new(11 + turn)),
            stop: stop.clone(),
        };
        run(&tasks, consumer, &stop);
        let channel = serve(&tasks, &matcher, &doors).await;
        let house = Self { log, ground, snapshot, channel, stop, tasks, turn: AtomicU64::new(turn) };
        house
            .until("the decider is ready", async || {
                let list = house.as_operator(proto::matching::v1::ListReviewsRequest::default());
                house.reviews().list_reviews(list).await.ok().filter(|_| lease.facts().1.lease_valid)
            })
            .await;
        house
    }

    pub async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub fn reviews(&self) -> ReviewServiceClient<Channel> {
        ReviewServiceClient::new(self.channel.clone())
    }

    pub fn assignments(&self) -> AssignmentServiceClient<Channel> {
        AssignmentServiceClient::new(self.channel.clone())
    }

    pub fn as_operator<T>(&self, message: T) -> Request<T> {
        with(message, OPERATOR)
    }

    pub fn as_case_system<T>(&self, message: T) -> Request<T> {
        with(message, CASE_SYSTEM)
    }

    /// A feed's message is accepted.
    pub async fn hears(&self, change: &RecordChange) {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst);
        let event = Event::Record(RecordEvent::Changed(Box::new(change.clone())));
        append(&self.ground, &format!("message {turn}"), event).await;
    }

    /// The board ends every part of the agreement.
    pub async fn withdraw_the_agreement(&self) {
        let agreement = agreement();
        for (place, part) in parts(&agreement).into_iter().enumerate() {
            let organisation = agreement.parties[1].clone();
            let event = SharingEvent::AgreementWithdrawn { part, organisation, at: now() };
            append(&self.ground, &format!("withdraw {place}"), Event::Sharing(event)).await;
        }
        self.snapshot.catch_up().await.unwrap();
    }

    pub async fn person_of(&self, record: &SourceRecord) -> Option<PersonId> {
        self.ground.store.find_link(record.key()).await.unwrap().map(|link| link.person)
    }

    pub async fn linked(&self, record: &SourceRecord) -> PersonId {
        self.until("the record is linked", async || self.person_of(record).await).await
    }

    pub async fn unlinked(&self, record: &SourceRecord) {
        let gone = async || self.person_of(record).await.is_none().then_some(());
        self.until("the record is unlinked", gone).await;
    }

    /// Disclosures through an exit.
    pub async fn leaves_through(&self, exit: Exit) -> usize {
        self.count(Stream::Disclosures, |event| is_leaf(event, |leaf| leaf.exit == exit && leaf.disclosed))
            .await
    }

    /// Waits for a refusal through an exit.
    pub async fn refusals_through(&self, exit: Exit) {
        let refused = |event: &Event| is_leaf(event, |leaf| leaf.exit == exit && !leaf.disclosed);
        self.until("a refusal is recorded", async || {
            (self.count(Stream::Disclosures, refused).await > 0).then_some(())
        })
        .await;
    }

    /// Events in the log that undo a link.
    pub async fn unlinkings(&self) -> usize {
        let unlinked = |event: &Event| matches!(event, Event::Link(domain::LinkEvent::RecordUnlinked { .. }));
        self.count(Stream::Links, unlinked).await
    }

    async fn count(&self, stream: Stream, counts: impl Fn(&Event) -> bool) -> usize {
        let mut entries = self.log.read(stream, Vec::new());
        let mut count = 0;
        while let Some(Entry::Event(stored)) = entries.next().await.map(Result::unwrap) {
            count += usize::from(counts(&self.ground.codec.open(stream, &stored).await.unwrap()));
        }
        count
    }

    pub async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        for _ in 0..500 {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("not in time: {what}");
    }
}

fn is_leaf(event: &Event, counts: impl Fn(&Leaf) -> bool) -> bool {
    matches!(event, Event::Leaf(leaf) if counts(leaf))
}

fn with<T>(message: T, secret: &str) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {secret}").parse().unwrap());
    request
}

fn gate(ground: &Ground, snapshot: &Arc<SharingSnapshot>) -> Arc<Gate> {
    let settings =
        LeaseSettings { lasts: SignedDuration::from_secs(30), clock_skew: SignedDuration::from_secs(5) };
    let (store, clock) = (Arc::clone(&ground.store), Arc::clone(&ground.clock));
    let lease = Lease::new(Arc::clone(snapshot), store, clock, settings);
    Arc::new(Gate::new(GateParts {
        log: Arc::clone(&ground.log),
        codec: ground.codec.clone(),
        store: Arc::clone(&ground.store),
        snapshot: Arc::clone(snapshot),
        lease: Arc::new(lease),
        clock: Arc::clone(&ground.clock),
        entropy: Arc::new(event_log::SystemEntropy::new()),
        key: DisclosureKey::new(&[9; 32]),
    }))
}

fn run<H: Handler>(tasks: &TaskTracker, consumer: Consumer<H>, stop: &CancellationToken) {
    let (relay, told) = (consumer.relay(), stop.clone());
    tasks.spawn(async move { relay.run(told).await.unwrap() });
    tasks.spawn(consumer.run(stop.clone()));
}

async fn serve(tasks: &TaskTracker, matcher: &ChiMatcher, doors: &Doors) -> Channel {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Server::builder()
        .add_service(matcher.review_service(doors))
        .add_service(matcher.assignment_service(doors));
    let stop = doors.stop.clone();
    tasks.spawn(async move {
        let ended =
            router.serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop.cancelled_owned());
        ended.await.unwrap();
    });
    Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

async fn append(ground: &Ground, id: &str, event: Event) {
    let heading = Heading::own(EventId::of_message("test", id), "test", now(), None);
    let stream = event_codec::stream_of(&event);
    let sealed = ground.codec.seal(heading, &event).await.unwrap();
    ground.log.append(stream, vec![sealed]).await.unwrap();
}

fn agreement() -> Agreement {
    governance::documents::agreement(world::seed::AGREEMENT).unwrap()
}

fn parts(agreement: &Agreement) -> Vec<PartPath> {
    let appendices = agreement.appendices.iter().map(|one| Some(one.id.clone()));
    let part = |appendix: Option<AppendixId>| PartPath {
        agreement: agreement.id.clone(),
        version: agreement.version,
        appendix,
    };
    std::iter::once(None).chain(appendices).map(part).collect()
}

/// The seed as events, every part signed by both parties, and a credential for each caller.
fn seed() -> Vec<SharingEvent> {
    let organisations = governance::documents::organisations(world::seed::ORGANISATIONS).unwrap();
    let node = Organisation {
        id: OrganisationId::parse("yett-operator").unwrap(),
        authorities: Vec::new(),
        origins: Vec::new(),
        may_assert: Vec::new(),
        ..organisations[0].clone()
    };
    let positions = governance::documents::positions(world::seed::POSITIONS).unwrap();
    let agreement = agreement();
    let mut events: Vec<SharingEvent> =
        organisations.into_iter().chain([node]).map(SharingEvent::OrganisationRegistered).collect();
    events.extend(positions.positions.into_iter().map(SharingEvent::PositionAssigned));
    events.extend(positions.roles.into_iter().map(SharingEvent::RoleMapped));
    events.extend(positions.training.into_iter().map(SharingEvent::TrainingRecorded));
    events.push(credential("yett-operator", CredentialKind::Operator, OPERATOR, "operator"));
    events.push(credential("strathorr-council", CredentialKind::Feed, CASE_SYSTEM, "case-system"));
    events.push(SharingEvent::AgreementDrafted(Box::new(agreement.clone())));
    for party in &agreement.parties {
        events.extend(signed_by(party, &agreement));
    }
    events
}

fn credential(organisation: &str, kind: CredentialKind, secret: &str, holder: &str) -> SharingEvent {
    SharingEvent::CredentialRegistered(Credential {
        organisation: OrganisationId::parse(organisation).unwrap(),
        kind,
        secret_digest: transport::secret_digest(secret),
        holder: UserId::parse(holder).unwrap(),
    })
}

fn signed_by(party: &OrganisationId, agreement: &Agreement) -> Vec<SharingEvent> {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    let key = SigningKey {
        id: SigningKeyId::parse(&format!("{party}-key")).unwrap(),
        organisation: party.clone(),
        signatory: "Signatory".to_owned(),
        public_key: pair.public_key().as_ref().to_vec(),
        window: Window::default(),
    };
    let signatures = parts(agreement).into_iter().map(|part| {
        let signature =
            policy::sign(pkcs8.as_ref(), &key, agreement, &part, "2024-04-01T09:00:00Z".parse().unwrap());
        SharingEvent::AgreementSigned(signature.unwrap())
    });
    std::iter::once(SharingEvent::SigningKeyRegistered(key.clone())).chain(signatures).collect()
}
