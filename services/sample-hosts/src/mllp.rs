//! A client of HL7 v2 over MLLP: one message, its acknowledgement, the next. Must not share code with the server.

use crate::Error;
use domain::FieldViolation;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

const START: u8 = 0x0B;
const END: [u8; 2] = [0x1C, 0x0D];
/// What senders of this kind usually wait.
const PATIENCE: Duration = Duration::from_secs(10);
/// An acknowledgement is short.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// MSA-1: `AA`, `AE`, `AR` or, in enhanced mode, `CA`, `CE`, `CR`.
    pub code: String,
    /// MSA-2: the id of the message that is answered.
    pub control_id: String,
    /// Place and words of each ERR segment.
    pub errors: Vec<String>,
}

/// Sends messages to one receiver over one connection, opened when needed.
#[derive(Debug)]
pub struct MllpClient {
    address: SocketAddr,
    stream: Mutex<Option<TcpStream>>,
}

impl MllpClient {
    /// A client of a receiver. Nothing is opened yet.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: Mutex::new(None) }
    }

    /// Sends a message and waits for its acknowledgement.
    ///
    /// Refused where the receiver answers anything but accepted; unavailable where it does not answer: the same
    /// message may then be sent again. A connection that failed is never used again, so no late answer is taken for
    /// that of another message.
    pub async fn send(&self, message: &str) -> Result<Acknowledgement, Error> {
        let mut held = self.stream.lock().await;
        let kept = held.take();
        let was_open = kept.is_some();
        let answer = match self.exchange(kept, message).await {
            // A connection that stood idle may be gone; a new one tells.
            Err(_) if was_open => self.exchange(None, message).await,
            other => other,
        };
        let (stream, answer) = answer?;
        *held = Some(stream);
        drop(held);
        judge(answer, message)
    }

    async fn exchange(
        &self,
        stream: Option<TcpStream>,
        message: &str,
    ) -> Result<(TcpStream, Acknowledgement), Error> {
        let unavailable = |error: std::io::Error| Error::Unavailable(error.kind().to_string());
        let work = async {
            let mut stream = match stream {
                Some(stream) => stream,
                None => TcpStream::connect(self.address).await.map_err(unavailable)?,
            };
            stream.write_all(&framed(message)).await.map_err(unavailable)?;
            let answer = read_frame(&mut stream).await.map_err(unavailable)?;
            Ok((stream, acknowledgement(&answer)?))
        };
        timeout(PATIENCE, work).await.map_err(|_| Error::Unavailable("no answer in time".to_owned()))?
    }
}

fn framed(message: &str) -> Vec<u8> {
    let mut frame = Vec::with_capacity(message.len() + 3);
    frame.push(START);
    frame.extend_from_slice(message.as_bytes());
    frame.extend_from_slice(&END);
    frame
}

/// Reads one frame; what stands before its start is passed over.
async fn read_frame(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(frame) = whole_frame(&bytes) {
            return Ok(frame.to_vec());
        }
        if bytes.len() > LONGEST_ANSWER {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn whole_frame(bytes: &[u8]) -> Option<&[u8]> {
    let start = bytes.iter().position(|byte| *byte == START)? + 1;
    let rest = bytes.get(start..)?;
    let end = rest.windows(2).position(|pair| pair == END)?;
    rest.get(..end)
}

fn acknowledgement(bytes: &[u8]) -> Result<Acknowledgement, Error> {
    let unreadable = || Error::Unavailable("the answer is no acknowledgement".to_owned());
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable())?;
    let segments: Vec<Vec<&str>> = text.split('\r').map(|line| line.split('|').collect()).collect();
    let named = |name: &'static str| segments.iter().filter(move |s| s.first() == Some(&name));
    let msa = named("MSA").next().ok_or_else(unreadable)?;
    let field = |segment: &[&str], number: usize| segment.get(number).copied().unwrap_or_default().to_owned();
    let errors = named("ERR").map(|err| {
        let words = [field(err, 8), field(err, 7), field(err, 3).replace('^', " ")];
        let words = words.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
        format!("{} {words}", field(err, 2).replace('^', "-")).trim().to_owned()
    });
    Ok(Acknowledgement { code: field(msa, 1), control_id: field(msa, 2), errors: errors.collect() })
}

/// Checks that the answer belongs to the message and accepts it.
fn judge(answer: Acknowledgement, message: &str) -> Result<Acknowledgement, Error> {
    let own_id = message.split('\r').next().and_then(|head| head.split('|').nth(9)).unwrap_or_default();
    if answer.control_id != own_id {
        return Err(Error::Unavailable("the answer is to another message".to_owned()));
    }
    if answer.code == "AA" || answer.code == "CA" {
        return Ok(answer);
    }
    let violation = |error: String| {
        let (place, rule) = error.split_once(' ').unwrap_or(("", &error));
        // Yett's own words begin with the place once more.
        let again = rule.split_once(": ").filter(|(first, _)| first.starts_with(segment(place)));
        FieldViolation::new(place, again.map_or(rule, |(_, rest)| rest))
    };
    let violations = answer.errors.into_iter().map(violation).collect();
    Err(Error::Refused { reason: answer.code, violations })
}

/// `PID` of `PID-1-7`; a place without a name is none, and begins nothing.
fn segment(place: &str) -> &str {
    place.split('-').next().filter(|name| !name.is_empty()).unwrap_or("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    const MESSAGE: &str = "MSH|^~\\&|PAS|S|Y|Y|20261124||ADT^A31|ID-7|P|2.5.1\rPID|1\r";

    fn answer(code: &str, id: &str) -> String {
        format!(
            "MSH|^~\\&|Y|Y|PAS|S|20261124||ACK|1|P|2.5.1\rMSA|{code}|{id}\rERR||PID^1^7|102^Data type error|E\r"
        )
    }

    async fn against(answers: Vec<Vec<u8>>) -> Result<Acknowledgement, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = MllpClient::new(listener.local_addr().unwrap());
        let server = async {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let got = read_frame(&mut stream).await.unwrap();
                assert_eq!(got, MESSAGE.as_bytes());
                for byte in answer.chunks(5) {
                    stream.write_all(byte).await.unwrap();
                    stream.flush().await.unwrap();
                }
            }
        };
        tokio::join!(client.send(MESSAGE), server).0
    }

    #[tokio::test]
    async fn an_accepted_message_is_acknowledged_whatever_pieces_the_answer_comes_in() {
        let answer = against(vec![framed(&answer("AA", "ID-7"))]).await.unwrap();
        assert_eq!((answer.code.as_str(), answer.control_id.as_str()), ("AA", "ID-7"));
    }

    #[tokio::test]
    async fn a_refusal_tells_where_and_an_answer_to_another_message_is_none() {
        let refused = against(vec![framed(&answer("AR", "ID-7"))]).await.unwrap_err();
        let Error::Refused { reason, violations } = refused else { panic!("{refused}") };
        let expected = FieldViolation::new("PID-1-7", "102 Data type error");
        assert_eq!((reason.as_str(), &violations[0]), ("AR", &expected));
        assert!(against(vec![framed(&answer("AA", "ID-6"))]).await.unwrap_err().is_passing());
    }

    #[tokio::test]
    async fn a_socket_closed_without_an_answer_may_be_tried_again() {
        assert!(against(vec![Vec::new()]).await.unwrap_err().is_passing());
        assert!(against(vec![vec![START, b'x']]).await.unwrap_err().is_passing());
    }

    #[test]
    fn a_frame_begins_and_ends_by_its_own_bytes_and_1c_alone_is_data() {
        let mut bytes = b"noise".to_vec();
        bytes.extend_from_slice(&framed("a\u{1c}b"));
        assert_eq!(whole_frame(&bytes), Some(&b"a\x1cb"[..]));
        assert_eq!(whole_frame(&bytes[..bytes.len() - 1]), None);
    }
}
