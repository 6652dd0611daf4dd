//! What is no message at all: endless, huge, nested, packed, silent. Memory stays bounded, the connection ends within
//! ten seconds, and it is counted.

use crate::node::Node;
use crate::web::{Ask, Web, grpc_frame};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const MIB: usize = 1024 * 1024;
/// More than any one of these may cost.
const MOST_KIB: u64 = 24 * 1024;
/// The longest that a hopeless connection may live.
const CLOSED_WITHIN: Duration = Duration::from_secs(10);
const CLOSED: &str = "yett_connections_closed_total";
const REFUSED: &str = "yett_calls_refused_total";
const SUBMIT: &str = "/yett.intake.v1.SocialCareIntakeService/SubmitRecord";

/// Sends a beginning, then these bytes over and over until nobody takes them; answers how much was taken.
async fn pour(to: SocketAddr, beginning: &[u8], more: &[u8], most: usize) -> usize {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(beginning).await.unwrap();
    let mut taken = 0;
    let pouring = async {
        while taken < most && stream.write_all(more).await.is_ok() {
            taken += more.len();
        }
    };
    timeout(CLOSED_WITHIN, pouring).await.ok();
    taken
}

/// How long a connection lives that sends this and no more; what it was answered.
async fn lives(to: SocketAddr, beginning: &[u8]) -> (Duration, Vec<u8>) {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(beginning).await.unwrap();
    let mut answer = Vec::new();
    let closed = timeout(CLOSED_WITHIN, stream.read_to_end(&mut answer)).await;
    assert!(closed.is_ok(), "still open after {CLOSED_WITHIN:?}: {:?}", String::from_utf8_lossy(beginning));
    (begun.elapsed(), answer)
}

/// Bytes that unpack to many more.
fn bomb(layers: usize) -> Vec<u8> {
    let gzip = "| gzip -9 ".repeat(layers);
    let script = format!("head -c {} /dev/zero {gzip}", 256 * MIB);
    Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().unwrap().stdout
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_never_ends_is_cut_off_and_counted() {
    let mut node = Node::seeded().await;
    let before = node.resident_kib();
    let junk = vec![b'x'; MIB / 4];
    let poured = pour(node.mllp, b"\x0bMSH|^~\\&|", &junk, 64 * MIB).await;
    assert!(poured < 32 * MIB, "{poured} bytes of one frame were taken");
    let poured = pour(node.mllp, b"no frame at all", &junk, 64 * MIB).await;
    assert!(poured < 32 * MIB, "{poured} bytes of noise were taken");
    assert_eq!(node.metric(CLOSED, &["hl7v2", "frame_too_long"]).await, 1.0);
    assert_eq!(node.metric(CLOSED, &["hl7v2", "noise"]).await, 1.0);
    let head = b"POST /launches HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n";
    pour(node.http, head, format!("40000\r\n{}\r\n", "x".repeat(MIB / 4)).as_bytes(), 64 * MIB).await;
    let lines = vec![b'a'; MIB / 4];
    let poured = pour(node.http, b"GET /livez HTTP/1.1\r\nX: ", &lines, 64 * MIB).await;
    assert!(poured < 32 * MIB, "{poured} bytes of one header were taken");
    let grown = node.resident_kib().saturating_sub(before);
    assert!(grown < MOST_KIB, "{grown} KiB more than before");
    node.must_be_well();
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_17_mib_are_refused_at_every_door_and_counted() {
    let mut node = Node::seeded().await;
    let before = node.resident_kib();
    let large = vec![b'x'; 17 * MIB];
    let message = [b"\x0bMSH|^~\\&|".as_slice(), &large, &[0x1C, 0x0D]].concat();
    pour(node.mllp, b"", &message, message.len()).await;
    assert_eq!(node.metric(CLOSED, &["frame_too_long"]).await, 1.0);

    let ask = Ask::grpc(node.grpc, SUBMIT, grpc_frame(false, &large)).bearer(&node.secret("council-feed"));
    let answer = Web::second().try_ask(ask).await;
    // Where the sender is cut off while it still sends, it may see no more than that.
    if let Ok(answer) = answer {
        assert_eq!(answer.header("grpc-status"), "11", "{:?}", answer.headers);
    }
    assert!(node.metric(REFUSED, &["OutOfRange"]).await >= 1.0, "{}", node.metrics().await);

    let ask = Ask::post(node.http, "/launches", large).bearer(&node.secret("board-host"));
    if let Ok(answer) = Web::default().try_ask(ask).await {
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(answer.text().contains("at most"), "{}", answer.text());
    }
    assert!(node.metric(REFUSED, &["400"]).await >= 1.0, "{}", node.metrics().await);
    let grown = node.resident_kib().saturating_sub(before);
    assert!(grown < MOST_KIB, "{grown} KiB more than before");
    node.must_be_well();
}

#[tokio::test(flavor = "multi_thread")]
async fn packed_and_nested_bodies_are_not_unpacked() {
    let mut node = Node::seeded().await;
    let before = node.resident_kib();
    let (feed, host) = (node.secret("council-feed"), node.secret("board-host"));
    for layers in [1, 2] {
        let bomb = bomb(layers);
        assert!(bomb.len() > 200 && bomb.len() < MIB, "{} bytes", bomb.len());
        let ask =
            Ask::grpc(node.grpc, SUBMIT, grpc_frame(true, &bomb)).with("grpc-encoding", "gzip").bearer(&feed);
        let answer = Web::second().ask(ask).await;
        assert_eq!(answer.header("grpc-status"), "12", "packed calls are not taken: {:?}", answer.headers);
        let ask = Ask::post(node.http, "/launches", bomb).with("content-encoding", "gzip").bearer(&host);
        assert_eq!(Web::default().ask(ask).await.status, 400);
    }
    for nested in ["[".repeat(16_000), "{\"a\":".repeat(3_000), "[".repeat(100_000)] {
        let ask = Ask::post(node.http, "/launches", nested.clone()).bearer(&host);
        assert_eq!(Web::default().ask(ask).await.status, 400);
        let ask = Ask::post(node.http, "/panel/session", nested);
        assert_eq!(Web::default().ask(ask).await.status, 400);
    }
    // Groups in groups, as deep as a message may be long.
    let deep = vec![0x0B; MIB / 2];
    let ask = Ask::grpc(node.grpc, SUBMIT, grpc_frame(false, &deep)).bearer(&feed);
    let answer = Web::second().ask(ask).await;
    assert_ne!(answer.header("grpc-status"), "0");
    assert!(node.metric(REFUSED, &["Unimplemented"]).await >= 2.0, "{}", node.metrics().await);
    let grown = node.resident_kib().saturating_sub(before);
    assert!(grown < MOST_KIB, "{grown} KiB more than before");
    node.must_be_well();
}

#[tokio::test(flavor = "multi_thread")]
async fn half_open_sockets_are_closed_within_ten_seconds_and_counted() {
    let mut node = Node::seeded().await;
    let half_request =
        b"POST /launches HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nAuthorization: Bearer x\r\n";
    let half_body = [half_request.as_slice(), b"\r\n{\"user\":"].concat();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let cases: [(SocketAddr, &[u8]); 9] = [
        (node.http, b""),
        (node.http, b"GET /livez HTT"),
        (node.http, half_request),
        (node.http, &half_body),
        (node.grpc, b""),
        (node.grpc, b"PRI * HT"),
        (node.grpc, preface),
        (node.mllp, b""),
        (node.mllp, b"\x0bMSH|^~\\&|PAS|"),
    ];
    let before = node.metric(CLOSED, &[]).await;
    let all = cases.map(|(to, beginning)| lives(to, beginning));
    for (lived, _) in futures::future::join_all(all).await {
        assert!(lived < CLOSED_WITHIN);
    }
    let counted = node.metric(CLOSED, &[]).await - before;
    assert!(counted >= 8.0, "{counted} of 9 were counted: {}", node.metrics().await);
    node.must_be_well();
}
