//! Every HL7 v2 message of the corpora through the real MLLP port: one connection at a time, then all in one go.

use super::{Table, corpora, files, source};
use crate::feed::{ledger, settle};
use crate::mllp::{Ack, Mllp, framed};
use crate::node::Node;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tokio::io::AsyncWriteExt;

/// One message as it goes over the wire, and the folder that it is from.
struct Message {
    source: String,
    bytes: Vec<u8>,
}

impl Message {
    /// Fields of its header, by number from MSH-1 on.
    fn header(&self, number: usize) -> Option<&[u8]> {
        let separator = *self.bytes.get(3).filter(|_| self.bytes.starts_with(b"MSH"))?;
        let line = self.bytes.split(|&byte| byte == b'\r').next()?;
        line.split(|&byte| byte == separator).nth(number - 1)
    }

    fn control_id(&self) -> Option<String> {
        let id = self.header(10)?;
        Some(String::from_utf8_lossy(id).trim().to_owned())
    }
}

/// The messages of a file: segments ended by CR, each message from its MSH to the next. A file without any is sent as
/// it is.
fn messages_of(corpora: &Path, file: &Path) -> Vec<Message> {
    let bytes = std::fs::read(file).unwrap();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut found: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split(|&byte| byte == b'\r' || byte == b'\n').filter(|line| !line.is_empty()) {
        let of_a_batch = [b"FHS", b"BHS", b"BTS", b"FTS"].iter().any(|name| line.starts_with(*name));
        if line.starts_with(b"MSH") {
            found.push(Vec::new());
        }
        if let (Some(message), false) = (found.last_mut(), of_a_batch) {
            message.extend_from_slice(line);
            message.push(b'\r');
        }
    }
    if found.is_empty() {
        found.push(bytes.to_vec());
    }
    let source = source(corpora, file);
    found.into_iter().map(|bytes| Message { source: source.clone(), bytes }).collect()
}

fn all_messages(corpora: &Path) -> Vec<Message> {
    let wanted = |name: &str| {
        let other = name.starts_with("LICENSE") || name.starts_with("COPYING") || name.starts_with("NOTICE");
        !other && name != "INDEX.csv" && !name.starts_with('.')
    };
    files(&corpora.join("hl7v2"), wanted).iter().flat_map(|file| messages_of(corpora, file)).collect()
}

/// What an answer comes to in the table: the code, and the place of the first error.
fn outcome(ack: &Ack) -> String {
    let kind = match ack.code.as_str() {
        "AA" | "CA" => return "accepted".to_owned(),
        _ => "parked, answered",
    };
    let error = ack.errors.first().map(String::as_str).unwrap_or_default();
    let fields: Vec<&str> = error.split('|').collect();
    let words = fields.get(8).or(fields.get(7)).copied().unwrap_or_default();
    // Without what differs from message to message.
    let words: String = words.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).take(70).collect();
    format!("{kind} {}: {} {words}", ack.code, fields.get(2).copied().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_is_answered_once_and_nothing_is_lost() {
    let Some(folder) = corpora("the test with real HL7 v2 messages") else { return };
    let messages = all_messages(&folder);
    assert!(messages.len() > 100, "only {} messages in {}", messages.len(), folder.display());
    let mut node = Node::seeded_with(&[("YETT_INTAKE__MLLP_TAKE_UNNAMED", "true")]).await;
    let mut table = Table::default();
    let mut mllp = Mllp::open(node.mllp).await;
    let mut answers = Vec::new();
    for message in &messages {
        let ack = mllp.send(&message.bytes).await.expect("the log can be written, so there is an answer");
        assert!(["AA", "AE", "AR", "CA", "CE", "CR"].contains(&ack.code.as_str()), "{}", ack.code);
        if let Some(id) = message.control_id() {
            assert_eq!(unescaped(&ack.control_id), unescaped(&id), "{}", message.source);
        }
        table.count(&message.source, outcome(&ack));
        answers.push(ack);
        node.must_be_well();
    }
    settle(&node).await;
    let stored = stored_once(&messages, &answers);
    let feed = ledger(&node, world::HEALTH_AUTHORITY).await;
    assert_eq!(feed.accepted_count, stored, "as many as were answered, repeats once");
    assert_eq!(feed.accepted_count, feed.applied_count + feed.superseded_count + feed.parked_count);

    let pipelined = all_at_once(&node, &messages).await;
    assert_eq!(pipelined.len(), answers.len(), "exactly one answer to each");
    for ((message, before), after) in messages.iter().zip(&answers).zip(&pipelined) {
        assert_eq!(after, before, "the same message is answered the same: {}", message.source);
    }
    settle(&node).await;
    assert_eq!(
        ledger(&node, world::HEALTH_AUTHORITY).await.accepted_count,
        stored,
        "nothing was stored again"
    );
    node.must_be_well();
    node.stop().await;
    assert!(node.must(&["rebuild", "--check"]).starts_with("identical: "));
    table.print(&format!("HL7 v2 over MLLP: {} messages, one by one and again all at once", messages.len()));
    assert!(table.of("accepted") > 100, "the test takes too few to mean anything");
}

/// Messages that must be in the log: each id that was accepted once, each content that was refused once.
fn stored_once(messages: &[Message], answers: &[Ack]) -> u64 {
    let mut accepted = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for (message, ack) in messages.iter().zip(answers) {
        if ["AA", "CA"].contains(&ack.code.as_str()) {
            let sender = (message.header(3).map(<[u8]>::to_vec), message.header(4).map(<[u8]>::to_vec));
            accepted.insert((sender, message.control_id()));
        } else {
            refused.insert((ack.code.clone(), message.bytes.clone()));
        }
    }
    u64::try_from(accepted.len() + refused.len()).unwrap()
}

/// Sends everything without waiting, and reads the answers meanwhile.
async fn all_at_once(node: &Node, messages: &[Message]) -> Vec<Ack> {
    let (mut acks, mut write) = Mllp::open(node.mllp).await.into_parts();
    let frames: Vec<u8> = messages.iter().flat_map(|message| framed(&message.bytes)).collect();
    let sending = tokio::spawn(async move {
        // In pieces that never end where a frame ends.
        for piece in frames.chunks(7919) {
            write.write_all(piece).await.unwrap();
        }
        write
    });
    let mut answers = Vec::new();
    while answers.len() < messages.len() {
        answers.push(acks.next().await.expect("an answer to each"));
    }
    drop(sending.await.unwrap());
    assert!(acks.next().await.is_none(), "and no more than that");
    answers
}

/// Escapes undone, for the comparison of ids: an answer escapes by its own separators.
fn unescaped(id: &str) -> String {
    let pairs: BTreeMap<&str, &str> =
        BTreeMap::from([("\\F\\", "|"), ("\\S\\", "^"), ("\\T\\", "&"), ("\\R\\", "~"), ("\\E\\", "\\")]);
    pairs.iter().fold(id.to_owned(), |text, (escape, plain)| text.replace(escape, plain))
}
