//! HL7 v2 over MLLP from a sender's side, bytes and all: what is sent need be no message.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest that an acknowledgement may take.
pub const PATIENCE: Duration = Duration::from_secs(15);
const END: [u8; 2] = [0x1C, 0x0D];

/// One connection.
pub struct Mllp {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What a message was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// Every byte of it.
    pub bytes: Vec<u8>,
    /// MSA-1.
    pub code: String,
    /// MSA-2.
    pub control_id: String,
    /// ERR segments.
    pub errors: Vec<String>,
}

/// The bytes of a message in its frame.
pub fn framed(message: &[u8]) -> Vec<u8> {
    [&[0x0B], message, &END].concat()
}

impl Mllp {
    pub async fn open(to: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(to).await.unwrap(), read: Vec::new() }
    }

    /// Sends a message and reads its acknowledgement; none where the socket is closed instead.
    pub async fn send(&mut self, message: &[u8]) -> Option<Ack> {
        self.stream.write_all(&framed(message)).await.ok()?;
        self.answer().await
    }

    /// Reads the next acknowledgement.
    pub async fn answer(&mut self) -> Option<Ack> {
        timeout(PATIENCE, next(&mut self.stream, &mut self.read))
            .await
            .expect("no answer and no closed socket")
    }

    /// The two halves, to send without waiting.
    pub fn into_parts(self) -> (Acks<tokio::net::tcp::OwnedReadHalf>, tokio::net::tcp::OwnedWriteHalf) {
        let (stream, write) = self.stream.into_split();
        (Acks { stream, read: self.read }, write)
    }
}

/// The acknowledgements of a connection.
pub struct Acks<R> {
    stream: R,
    read: Vec<u8>,
}

impl<R: tokio::io::AsyncRead + Unpin> Acks<R> {
    pub async fn next(&mut self) -> Option<Ack> {
        timeout(PATIENCE, next(&mut self.stream, &mut self.read))
            .await
            .expect("no answer and no closed socket")
    }
}

async fn next(stream: &mut (impl tokio::io::AsyncRead + Unpin), read: &mut Vec<u8>) -> Option<Ack> {
    loop {
        if let Some(end) = read.windows(2).position(|pair| pair == END) {
            let frame: Vec<u8> = read.drain(..end + 2).take(end).collect();
            assert_eq!(frame.first(), Some(&0x0B), "an answer begins with its own byte");
            return Some(acknowledgement(&frame[1..]));
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => read.extend_from_slice(&chunk[..length]),
        }
    }
}

/// Reads by the separator of the answer itself: it is the sender's own.
fn acknowledgement(bytes: &[u8]) -> Ack {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let separator = text.chars().nth(3).unwrap_or_else(|| panic!("no header in {text:?}"));
    let segments: Vec<Vec<String>> =
        text.split('\r').map(|line| line.split(separator).map(str::to_owned).collect()).collect();
    let msa =
        segments.iter().find(|fields| fields[0] == "MSA").unwrap_or_else(|| panic!("no MSA in {text:?}"));
    let field = |number: usize| msa.get(number).cloned().unwrap_or_default();
    let errors = segments.iter().filter(|fields| fields[0] == "ERR").map(|fields| fields.join("|")).collect();
    Ack { bytes: bytes.to_vec(), code: field(1), control_id: field(2), errors }
}
