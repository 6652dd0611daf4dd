//! A log and a store in memory, the read model, the council's door and the operators' services, in one process.

use async_trait::async_trait;
use clinical_adapter::{FeedSource, Limits, MllpSettings, NotTaken, Rereader};
use domain::{
    Assurance, AssuranceRank, Authority, Credential, CredentialKind, Decider, EventId, Leaf, Link, LinkEvent,
    LinkEvidence, LinkStatus, Organisation, OrganisationId, PersonId, QuarantinedMessage, RecordVersion,
    SharingEvent, Side, SourceRecord, SystemClock, UserId,
};
use event_codec::{Codec, Event, Heading};
use event_log::{Entry, InMemoryKeys, MemoryLog, Sealer, Stream, SystemEntropy};
use futures::StreamExt;
use gate::{DisclosureKey, Gate, GateParts, Lease, LeaseSettings, SharingSnapshot};
use intake::{Door, Feed, FeedRegister, Intake, LogIntake, WireIntake};
use jiff::{SignedDuration, tz::TimeZone};
use pipeline::{Consumer, Ground};
use projector::{ConsumerRole, DisclosureIndex, NotRead, Operations, Parts, ReadModel, Reread, Rereading};
use proto::operations::v1::quarantine_service_client::QuarantineServiceClient;
use proto::operations::v1::status_service_client::StatusServiceClient;
use social_care_adapter::ExtractGround;
use std::sync::Arc;
use storage::PersonQuery;
use storage_sqlite::SqliteStore;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::Request;
use tonic::transport::{Channel, Server};
use transport::{Caller, CallerCheck};

pub const FEED: &str = "feed-secret";
const OPERATOR: &str = "operator-secret";
const NODE: &str = "yett-operator";

/// Everything.
pub struct House {
    pub ground: Ground,
    pub key: DisclosureKey,
    pub intake: Arc<LogIntake>,
    pub channel: Channel,
    stop: CancellationToken,
    reading: JoinHandle<()>,
}

struct Register;

pub fn council() -> Feed {
    feed("council", "case-system", Side::SocialWork)
}

pub fn board() -> Feed {
    Feed { door: Door::Hl7v2, ..feed("board", "pas", Side::Health) }
}

fn feed(organisation: &str, authority: &str, side: Side) -> Feed {
    let organisation = OrganisationId::parse(organisation).unwrap();
    Feed { organisation, authorities: vec![Authority::parse(authority).unwrap()], side, door: Door::Grpc }
}

impl FeedRegister for Register {
    fn feed(&self, caller: &Caller, door: Door) -> Option<Feed> {
        (caller.organisation == council().organisation).then(|| Feed { door, ..council() })
    }
}

struct Board(Rereader);

#[async_trait]
impl Rereading for Board {
    async fn read_again(&self, message: &QuarantinedMessage) -> Result<Reread, NotRead> {
        match self.0.take_again(&message.body).await {
            Ok(_) => Ok(Reread::Taken),
            Err(NotTaken::Refused(reason)) => Ok(Reread::Refused(reason)),
            Err(NotTaken::Unavailable(reason)) => Err(NotRead(reason)),
        }
    }

    fn record_of(&self, message: &QuarantinedMessage) -> Option<SourceRecord> {
        self.0.record_of(&message.body)
    }
}

impl House {
    pub async fn open() -> Self {
        let codec = Codec::new(Sealer::new(Arc::new(InMemoryKeys::new()), Arc::new(SystemEntropy::new())));
        let ground = Ground {
            log: Arc::new(MemoryLog::new()),
            store: Arc::new(SqliteStore::in_memory().unwrap()),
            codec,
            clock: Arc::new(SystemClock),
        };
        for (number, event) in register().into_iter().enumerate() {
            append(&ground, &format!("register {number}"), Event::Sharing(event)).await;
        }
        let snapshot =
            SharingSnapshot::new(Arc::clone(&ground.log), ground.codec.clone(), Arc::clone(&ground.clock));
        snapshot.catch_up().await.unwrap();
        let (log, clock) = (Arc::clone(&ground.log), Arc::clone(&ground.clock));
        let intake = Arc::new(LogIntake::new(log, ground.codec.clone(), clock));
        let stop = CancellationToken::new();
        let reading = read(&ground, &stop).await;
        let gate = gate(&ground, &snapshot);
        tokio::spawn(Arc::clone(gate.lease()).follow(stop.clone()));
        let channel = serve(&ground, &gate, &snapshot, &intake).await;
        Self { key: gate.key().clone(), ground, intake, channel, stop, reading }
    }

    /// Waits until the read model has everything.
    pub async fn settle(&self) {
        let end = self.ground.log.end(Stream::Records).await.unwrap();
        loop {
            let read = self.ground.store.positions("projector", Stream::Records).await.unwrap();
            let offset = |part| read.iter().find(|one| one.partition == part).map_or(0, |one| one.offset);
            if end.iter().all(|place| offset(place.partition) >= place.offset) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// The record is linked to a person, by hand.
    pub async fn link(&self, record: &SourceRecord, person: PersonId) {
        let link = Link {
            record: record.clone(),
            person,
            status: LinkStatus::Confirmed,
            evidence: LinkEvidence::default(),
            decided_by: Decider::Manual { user: UserId::parse("holder").unwrap(), reason: String::new() },
            decided_at: self.ground.clock.now(),
            judged_version: RecordVersion::Arrival(0),
        };
        append(&self.ground, "link", Event::Link(LinkEvent::RecordLinked(link))).await;
        for _ in 0..400 {
            if self.ground.store.resolve(&PersonQuery::Record(record.clone())).await.unwrap().is_some() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("the link was not read in time");
    }

    /// The leaves of the log so far, in order.
    pub async fn leaves(&self) -> Vec<Leaf> {
        let mut entries = self.ground.log.read(Stream::Disclosures, Stream::Disclosures.start());
        let mut leaves = Vec::new();
        while let Some(Ok(Entry::Event(stored))) = entries.next().await {
            match self.ground.codec.open(Stream::Disclosures, &stored).await.unwrap() {
                Event::Leaf(leaf) => leaves.push(leaf),
                other => panic!("no leaf: {other:?}"),
            }
        }
        leaves
    }

    /// Ends the consumer and folds the log anew.
    pub async fn rebuild(self) -> Ground {
        self.stop.cancel();
        self.reading.await.unwrap();
        projector::rebuild(self.ground.clone()).await.unwrap();
        self.ground
    }

    pub fn quarantine(&self) -> QuarantineServiceClient<Channel> {
        QuarantineServiceClient::new(self.channel.clone())
    }

    pub fn status(&self) -> StatusServiceClient<Channel> {
        StatusServiceClient::new(self.channel.clone())
    }
}

/// A message with the operator's credential.
pub fn request<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {OPERATOR}").parse().unwrap());
    request
}

pub async fn append(ground: &Ground, id: &str, event: Event) -> EventId {
    let id = EventId::of_message("test", id);
    let heading = Heading::own(id, "case-system", ground.clock.now(), None);
    let sealed = ground.codec.seal(heading, &event).await.unwrap();
    ground.log.append(event_codec::stream_of(&event), vec![sealed]).await.unwrap();
    id
}

async fn read(ground: &Ground, stop: &CancellationToken) -> JoinHandle<()> {
    let records = Consumer::claim(ground.clone(), ReadModel).await.unwrap();
    let leaves = Consumer::claim(ground.clone(), DisclosureIndex::default()).await.unwrap();
    let stop = stop.clone();
    tokio::spawn(async move { drop(tokio::join!(records.run(stop.clone()), leaves.run(stop))) })
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

async fn serve(
    ground: &Ground,
    gate: &Arc<Gate>,
    snapshot: &Arc<SharingSnapshot>,
    intake: &Arc<LogIntake>,
) -> Channel {
    let callers = CallerCheck::new(Arc::clone(snapshot) as Arc<dyn transport::CredentialRegister>);
    let way_in: Arc<dyn Intake> = Arc::clone(intake) as Arc<dyn Intake>;
    let settings =
        MllpSettings::for_authority(Authority::parse("pas").unwrap(), TimeZone::UTC, Limits::default());
    let source: FeedSource = Arc::new(|| Some(board()));
    let rereader = Rereader::new(Arc::clone(&way_in), source, settings.hl7);
    let operations = Operations::start(Parts {
        ground: ground.clone(),
        gate: Arc::clone(gate),
        snapshot: Arc::clone(snapshot),
        callers: callers.clone(),
        entropy: Arc::new(SystemEntropy::new()),
        roles: vec![ConsumerRole { role: projector::ROLE, streams: &[Stream::Records, Stream::Links] }],
        rereading: Arc::new(Board(rereader)),
        not_ready: Arc::new(Vec::new),
    });
    let operations = operations.await.unwrap();
    let extracts = ExtractGround {
        store: Arc::clone(&ground.store),
        log: Arc::clone(&ground.log),
        removal_stop_percent: 20,
    };
    let wire = WireIntake::new(way_in, callers, Arc::new(Register));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Server::builder()
        .add_service(social_care_adapter::service(wire, extracts, 1 << 20))
        .add_service(operations.quarantine_service())
        .add_service(operations.status_service());
    tokio::spawn(router.serve_with_incoming(TcpListenerStream::new(listener)));
    Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

fn register() -> Vec<SharingEvent> {
    let credential = |organisation: &str, kind, secret| {
        SharingEvent::CredentialRegistered(Credential {
            organisation: OrganisationId::parse(organisation).unwrap(),
            kind,
            secret_digest: transport::secret_digest(secret),
            holder: UserId::parse("holder").unwrap(),
        })
    };
    vec![
        organisation(NODE, Side::Any, &[]),
        organisation("council", Side::SocialWork, &["case-system"]),
        organisation("board", Side::Health, &["pas"]),
        credential(NODE, CredentialKind::Operator, OPERATOR),
        credential("council", CredentialKind::Feed, FEED),
    ]
}

fn organisation(id: &str, side: Side, authorities: &[&str]) -> SharingEvent {
    SharingEvent::OrganisationRegistered(Organisation {
        id: OrganisationId::parse(id).unwrap(),
        name: id.to_owned(),
        side,
        ico_registration: String::new(),
        active: true,
        assurance: Assurance { rank: AssuranceRank::Reviewed, expires_at: None },
        sponsor: None,
        authorities: authorities.iter().map(|one| Authority::parse(one).unwrap()).collect(),
        origins: Vec::new(),
        may_assert: Vec::new(),
        heard_every_s: 300,
        not_sent: Vec::new(),
        phones: Vec::new(),
    })
}
