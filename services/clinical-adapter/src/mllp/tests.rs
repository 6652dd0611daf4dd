//! The port over a real socket, with an intake that remembers in memory.

use super::*;
use async_trait::async_trait;
use domain::{Authority, EventId, FieldViolation, OrganisationId, RecordChange, Side};
use intake::{Door, Error, Receipt, Submission};
use jiff::Timestamp;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Reason, bytes, receipt.
type Kept = (String, Vec<u8>, Receipt);

#[derive(Default)]
struct FakeIntake {
    taken: Mutex<HashMap<String, (RecordChange, Receipt)>>,
    order: Mutex<Vec<String>>,
    parked: Mutex<HashMap<String, Kept>>,
    down: AtomicBool,
    clock: AtomicI64,
}

impl FakeIntake {
    fn receipt(&self, id: &str) -> Receipt {
        let second = self.clock.fetch_add(1, Ordering::SeqCst);
        let received_at = Timestamp::from_second(1_700_000_000 + second).unwrap();
        Receipt { event_id: EventId::of_message("fake", id), repeat: false, received_at }
    }

    fn check_up(&self) -> Result<(), Error> {
        if self.down.load(Ordering::SeqCst) { Err(Error::Unavailable("down".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl Intake for FakeIntake {
    async fn submit(&self, feed: &Feed, submission: Submission) -> Result<Receipt, Error> {
        self.submit_all(feed, vec![submission]).await.remove(0)
    }

    async fn submit_all(&self, _: &Feed, submissions: Vec<Submission>) -> Vec<Result<Receipt, Error>> {
        let take = |Submission { message_id, change }| {
            self.check_up()?;
            let mut taken = self.taken.lock().unwrap();
            if let Some((before, receipt)) = taken.get(&message_id) {
                let receipt = Receipt { repeat: true, ..*receipt };
                return if *before == change {
                    Ok(receipt)
                } else {
                    Err(Error::Conflict { event_id: receipt.event_id })
                };
            }
            let receipt = self.receipt(&message_id);
            self.order.lock().unwrap().push(change.record.local_id.as_str().to_owned());
            taken.insert(message_id, (change, receipt));
            Ok(receipt)
        };
        submissions.into_iter().map(take).collect()
    }

    fn check(&self, _: &Feed, _: &Submission) -> Result<(), Vec<FieldViolation>> {
        Ok(())
    }

    async fn quarantine(&self, _: &Feed, id: &str, reason: &str, body: &[u8]) -> Result<Receipt, Error> {
        self.check_up()?;
        let mut parked = self.parked.lock().unwrap();
        if let Some((_, _, receipt)) = parked.get(id) {
            return Ok(Receipt { repeat: true, ..*receipt });
        }
        let receipt = self.receipt(id);
        parked.insert(id.to_owned(), (reason.to_owned(), body.to_vec(), receipt));
        Ok(receipt)
    }

    async fn heartbeat(&self, _: &Feed) -> Result<Receipt, Error> {
        Ok(self.receipt("heartbeat"))
    }
}

struct Node {
    address: SocketAddr,
    intake: Arc<FakeIntake>,
    registered: Arc<AtomicBool>,
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

fn short() -> Limits {
    Limits {
        connections: 4,
        first_byte: Duration::from_millis(200),
        frame: Duration::from_millis(300),
        idle: Duration::from_secs(20),
        answer: Duration::from_secs(2),
        frame_bytes: 64 * 1024,
    }
}

async fn node(limits: Limits) -> Node {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let intake = Arc::new(FakeIntake::default());
    let authority = Authority::parse("strathorr-pas").unwrap();
    let feed = Feed {
        organisation: OrganisationId::parse("strathorr-board").unwrap(),
        authorities: vec![authority.clone()],
        side: Side::Health,
        door: Door::Hl7v2,
    };
    let settings = MllpSettings { limits, ..MllpSettings::new(hl7v2::Settings::new("STR", authority)) };
    let shutdown = CancellationToken::new();
    let way_in = Arc::clone(&intake);
    let registered = Arc::new(AtomicBool::new(true));
    let source = Arc::clone(&registered);
    let feed: FeedSource = Arc::new(move || source.load(Ordering::SeqCst).then(|| feed.clone()));
    let task = tokio::spawn(run_mllp(listener, way_in, feed, settings, shutdown.clone()));
    Node { address, intake, registered, shutdown, task }
}

struct Sender {
    stream: TcpStream,
    decoder: Decoder,
}

impl Sender {
    async fn connect(node: &Node) -> Self {
        Self { stream: TcpStream::connect(node.address).await.unwrap(), decoder: Decoder::new(1 << 20) }
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next acknowledgement; `None` when the connection is closed.
    async fn answer(&mut self) -> Option<String> {
        let mut chunk = [0; 4096];
        loop {
            if let Some(frame) = self.decoder.next_frame().unwrap() {
                return Some(String::from_utf8(frame).unwrap());
            }
            let read = timeout(Duration::from_secs(10), self.stream.read(&mut chunk))
                .await
                .expect("no answer in 10 s");
            match read {
                Ok(length) if length > 0 => self.decoder.feed(&chunk[..length]),
                Ok(_) | Err(_) => return None,
            }
        }
    }

    async fn ask(&mut self, message: &str) -> String {
        self.send(&frame(message.as_bytes())).await;
        self.answer().await.expect("an answer")
    }
}

fn adt(trigger: &str, id: &str, local: &str) -> String {
    format!(
        "MSH|^~\\&|PAS|STR|YETT|B|20261117093000||ADT^{trigger}|{id}|P|2.4\rEVN||20261117093000\rPID|1||{local}^^^STR||Dunbrae^Elspeth\r"
    )
}

fn msa(answer: &str) -> String {
    answer.split('\r').find(|line| line.starts_with("MSA")).unwrap().to_owned()
}

#[tokio::test]
async fn a_message_is_acknowledged_once_it_is_appended() {
    let node = node(short()).await;
    let mut sender = Sender::connect(&node).await;
    let answer = sender.ask(&adt("A31", "C-1", "P-1")).await;
    assert_eq!(msa(&answer), "MSA|AA|C-1");
    assert!(answer.starts_with("MSH|^~\\&|YETT|B|PAS|STR|"));
    assert_eq!(*node.intake.order.lock().unwrap(), ["P-1"]);
}

#[tokio::test]
async fn a_repeat_gets_the_same_bytes_and_is_applied_once() {
    let node = node(short()).await;
    let first = Sender::connect(&node).await.ask(&adt("A31", "C-1", "P-1")).await;
    let again = Sender::connect(&node).await.ask(&adt("A31", "C-1", "P-1")).await;
    assert_eq!(first, again);
    assert_eq!(node.intake.taken.lock().unwrap().len(), 1);
    let refused = Sender::connect(&node).await.ask(&adt("A45", "C-2", "P-1")).await;
    let refused_again = Sender::connect(&node).await.ask(&adt("A45", "C-2", "P-1")).await;
    assert_eq!(refused, refused_again);
    assert_eq!(node.intake.parked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_unknown_event_is_rejected_by_name_and_kept_whole() {
    let node = node(short()).await;
    let message = adt("A45", "C-9", "P-1");
    let answer = Sender::connect(&node).await.ask(&message).await;
    assert_eq!(msa(&answer), "MSA|AR|C-9");
    assert!(
        answer.contains(
            "ERR||MSH^1^9^1^2|201^Unsupported event code^HL70357|E||||MSH-9: event ADT\\S\\A45 is not"
        ),
        "{answer}"
    );
    let parked = node.intake.parked.lock().unwrap();
    let (reason, body, _) = parked.values().next().unwrap();
    assert!(reason.contains("ADT^A45"));
    assert_eq!(body, message.as_bytes());
}

#[tokio::test]
async fn an_id_used_for_other_content_is_rejected_and_both_are_kept() {
    let node = node(short()).await;
    let mut sender = Sender::connect(&node).await;
    sender.ask(&adt("A31", "C-1", "P-1")).await;
    let answer = sender.ask(&adt("A31", "C-1", "P-2")).await;
    assert_eq!(msa(&answer), "MSA|AR|C-1");
    assert!(answer.contains("|205^"));
    assert_eq!(node.intake.parked.lock().unwrap().len(), 1);
    let other_sender = adt("A31", "C-1", "P-3").replace("|PAS|", "|LAB|");
    assert_eq!(msa(&sender.ask(&other_sender).await), "MSA|AA|C-1");
}

#[tokio::test]
async fn an_unreadable_frame_is_answered_and_its_neighbours_are_not_lost() {
    let node = node(short()).await;
    let mut sender = Sender::connect(&node).await;
    let good = |id: &str| frame(adt("A31", id, id).as_bytes());
    let stream = [good("P-1"), b"\r\n noise ".to_vec(), frame(b"rubbish"), frame(b""), good("P-2")].concat();
    sender.send(&stream).await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(msa(&sender.answer().await.unwrap()));
    }
    assert_eq!(codes, ["MSA|AA|P-1", "MSA|AR", "MSA|AR", "MSA|AA|P-2"]);
    assert_eq!(*node.intake.order.lock().unwrap(), ["P-1", "P-2"]);
}

#[tokio::test]
async fn pipelined_messages_are_answered_in_order() {
    let node = node(short()).await;
    let mut sender = Sender::connect(&node).await;
    let ids: Vec<String> = (0..200).map(|n| format!("P-{n}")).collect();
    let stream: Vec<u8> = ids.iter().flat_map(|id| frame(adt("A08", id, id).as_bytes())).collect();
    sender.send(&stream).await;
    for id in &ids {
        assert_eq!(msa(&sender.answer().await.unwrap()), format!("MSA|AA|{id}"));
    }
    assert_eq!(*node.intake.order.lock().unwrap(), ids);
}

#[tokio::test]
async fn when_the_log_cannot_be_written_the_socket_is_closed_without_an_answer() {
    let node = node(short()).await;
    node.intake.down.store(true, Ordering::SeqCst);
    for message in [adt("A31", "C-1", "P-1"), adt("A45", "C-2", "P-1")] {
        let mut sender = Sender::connect(&node).await;
        sender.send(&frame(message.as_bytes())).await;
        assert_eq!(sender.answer().await, None);
    }
    node.intake.down.store(false, Ordering::SeqCst);
    assert_eq!(msa(&Sender::connect(&node).await.ask(&adt("A31", "C-1", "P-1")).await), "MSA|AA|C-1");
}

#[tokio::test]
async fn while_the_organisation_is_not_registered_the_socket_is_closed_without_an_answer() {
    let node = node(short()).await;
    node.registered.store(false, Ordering::SeqCst);
    let mut sender = Sender::connect(&node).await;
    sender.send(&frame(adt("A31", "C-1", "P-1").as_bytes())).await;
    assert_eq!(sender.answer().await, None);
    assert!(node.intake.taken.lock().unwrap().is_empty());
    node.registered.store(true, Ordering::SeqCst);
    assert_eq!(msa(&Sender::connect(&node).await.ask(&adt("A31", "C-1", "P-1")).await), "MSA|AA|C-1");
}

#[tokio::test]
async fn unknown_segments_are_kept_with_the_change() {
    let node = node(short()).await;
    let message = format!("{}ZPI|1|something of its own\r", adt("A31", "C-1", "P-1"));
    assert_eq!(msa(&Sender::connect(&node).await.ask(&message).await), "MSA|AA|C-1");
    let taken = node.intake.taken.lock().unwrap();
    let (change, _) = taken.values().next().unwrap();
    assert_eq!(change.unread.0, b"ZPI|1|something of its own\r");
}

#[tokio::test]
async fn a_kept_message_is_taken_once_it_is_understood() {
    let node = node(short()).await;
    let unknown = adt("A45", "C-9", "P-1");
    Sender::connect(&node).await.ask(&unknown).await;
    let feed = Feed {
        organisation: OrganisationId::parse("strathorr-board").unwrap(),
        authorities: vec![Authority::parse("strathorr-pas").unwrap()],
        side: Side::Health,
        door: Door::Hl7v2,
    };
    let hl7 = hl7v2::Settings::new("STR", Authority::parse("strathorr-pas").unwrap());
    let way_in: Arc<dyn Intake> = Arc::clone(&node.intake) as Arc<dyn Intake>;
    let reader = crate::Rereader::new(way_in, Arc::new(move || Some(feed.clone())), hl7);
    let still = reader.take_again(unknown.as_bytes()).await.unwrap_err();
    assert!(matches!(still, crate::NotTaken::Refused(reason) if reason.contains("ADT^A45")));
    let receipt = reader.take_again(adt("A31", "C-10", "P-1").as_bytes()).await.unwrap();
    assert!(!receipt.repeat);
    assert_eq!(*node.intake.order.lock().unwrap(), ["P-1"]);
}

#[tokio::test]
async fn silence_noise_and_half_a_frame_are_closed_in_time() {
    let node = node(short()).await;
    for bytes in [b"".as_slice(), b"noise without a frame", b"\x0BMSH|^~"] {
        let mut sender = Sender::connect(&node).await;
        sender.send(bytes).await;
        let started = Instant::now();
        assert_eq!(sender.answer().await, None);
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn a_trickle_does_not_keep_a_frame_open() {
    let node = node(short()).await;
    let mut sender = Sender::connect(&node).await;
    sender.send(b"\x0BMSH").await;
    let started = Instant::now();
    while sender.stream.write_all(b"x").await.is_ok() && started.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(started.elapsed() < Duration::from_secs(2), "the frame's time is counted from its start");
}

#[tokio::test]
async fn an_endless_frame_is_closed_at_the_cap() {
    let node = node(short()).await;
    let mut sender = Sender::connect(&node).await;
    sender.send(b"\x0B").await;
    let mut sent = 0;
    while sender.stream.write_all(&[b'x'; 4096]).await.is_ok() && sent < 200 << 20 {
        sent += 4096;
    }
    assert!(sent < 32 << 20, "closed long before {sent} bytes");
    assert_eq!(msa(&Sender::connect(&node).await.ask(&adt("A31", "C-1", "P-1")).await), "MSA|AA|C-1");
}

#[tokio::test]
async fn a_connection_too_many_is_closed_at_once() {
    let node = node(Limits { first_byte: Duration::from_secs(5), ..short() }).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut sender = Sender::connect(&node).await;
        sender.ask(&adt("A31", "C-1", "P-1")).await;
        open.push(sender);
    }
    let mut one_more = Sender::connect(&node).await;
    assert_eq!(one_more.answer().await, None);
    assert_eq!(msa(&open[0].ask(&adt("A31", "C-2", "P-1")).await), "MSA|AA|C-2");
}

#[tokio::test]
async fn shutdown_closes_connections_and_ends_the_port() {
    let mut node = node(short()).await;
    let mut sender = Sender::connect(&node).await;
    sender.ask(&adt("A31", "C-1", "P-1")).await;
    node.shutdown.cancel();
    assert_eq!(sender.answer().await, None);
    timeout(Duration::from_secs(2), &mut node.task).await.expect("the port ends").unwrap();
}
