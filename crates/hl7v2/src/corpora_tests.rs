//! Every message of the outside test data is read, answered and written back, when `CORPORA_DIR` names its folder.
//! The messages are invented or published examples; none of them is copied into the project.

use crate::{Answer, Error, Header, Message, Settings, ack, receive};
use domain::Authority;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Default)]
struct Count {
    accepted: usize,
    rejected: usize,
    faulty: usize,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().to_ascii_lowercase();
        let not_data =
            ["license", "copying", "notice", "index.csv", "readme"].iter().any(|word| name.starts_with(word));
        match (path.is_dir(), not_data) {
            (true, _) => files(&path, found),
            (false, false) => found.push(path),
            (false, true) => {}
        }
    }
}

/// A file holds one message or several; each header segment starts one.
fn messages(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = vec![Vec::new()];
    for line in bytes.split_inclusive(|b| matches!(b, b'\r' | b'\n')) {
        let starts = [b"MSH".as_slice(), b"FHS", b"BHS"].iter().any(|name| line.starts_with(name));
        let begun = all.last().is_some_and(|message| message.iter().any(|b| !b.is_ascii_whitespace()));
        if starts && begun {
            all.push(Vec::new());
        }
        all.last_mut().unwrap().extend_from_slice(line);
    }
    all
}

fn settings() -> Settings {
    let authority = || Authority::parse("corpora").unwrap();
    Settings { otherwise: Some(authority()), ..Settings::new("LOCAL", authority()) }
}

/// As the other parser sees it, where it can read the message at all.
fn agrees_with_another_parser(message: &Message) -> bool {
    let text = message.write();
    let Ok(other) = hl7_parser::Message::parse(&text) else { return true };
    let own: Vec<(String, Vec<String>)> = message
        .segments()
        .map(|segment| {
            let fields = (1..=40).map(|n| segment.field(n).raw().to_owned()).collect();
            (segment.name().to_owned(), fields)
        })
        .collect();
    let theirs: Vec<(String, Vec<String>)> = other
        .segments()
        .map(|segment| {
            let raw = |n| segment.field(n).map(|field| field.raw_value().to_owned()).unwrap_or_default();
            (segment.name.to_owned(), (1..=40).map(raw).collect())
        })
        .collect();
    // The other parser takes a fifth encoding character, which version 2.7 added, for a field of its own, and stops
    // without an error at a segment of a name alone; such messages prove nothing.
    let fifth = message.single("MSH").is_ok_and(|msh| msh.is_some_and(|msh| msh.field(2).raw().len() > 4));
    own == theirs || fifth || theirs.len() < own.len()
}

fn without_line_ends(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect()
}

fn check_one(bytes: &[u8], place: &str, table: &mut BTreeMap<String, Count>) -> Option<String> {
    let settings = settings();
    let received = receive(bytes, &settings);
    let name = match (&received.header.message_type, &received.header.trigger) {
        (kind, _) if kind.is_empty() => "(none)".to_owned(),
        (kind, trigger) if kind == "ADT" => format!("ADT^{trigger}"),
        (kind, _) => kind.clone(),
    };
    let answer = received.outcome.as_ref().map_or_else(Error::answer, |_| Answer::Accept);
    let reply = ack::write(&received.header, answer, &[], Timestamp::UNIX_EPOCH);
    let read_back = Header::peek(&reply);
    assert_eq!(read_back.message_type, "ACK", "{place}");
    let told =
        Message::decode(&reply).unwrap_or_else(|error| panic!("{place}: the answer is no message: {error}"));
    let named = told.single("MSA").unwrap().unwrap().field(2).raw().to_owned();
    assert_eq!(named, received.header.control_id, "{place}: MSA-2 is not MSH-10");

    if let Ok(message) = Message::decode(bytes) {
        let written = message.header().encoding.encode(&message.write()).0.into_owned();
        let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let (ours, theirs) = (without_line_ends(&written), without_line_ends(plain));
        assert_eq!(ours.trim_ascii(), theirs.trim_ascii(), "{place}: writing back loses something");
        assert!(agrees_with_another_parser(&message), "{place}: another parser reads other fields");
    }
    let count = table.entry(name.clone()).or_default();
    match answer {
        Answer::Accept => count.accepted += 1,
        Answer::Error => count.faulty += 1,
        Answer::Reject => count.rejected += 1,
    }
    let ours = ["ADT^A01", "ADT^A03", "ADT^A08", "ADT^A28", "ADT^A31", "ADT^A40"].contains(&name.as_str());
    let unread = name == "(none)" || answer == Answer::Error;
    received.outcome.err().filter(|_| ours || unread).map(|error| format!("{place}: {name}: {error}"))
}

#[test]
fn every_message_of_the_corpora_is_read_and_answered() {
    let Some(folder) = std::env::var_os("CORPORA_DIR").map(|dir| PathBuf::from(dir).join("hl7v2")) else {
        println!(
            "\n*** NOT RUN: set CORPORA_DIR to the folder of outside test data to read its HL7 v2 messages ***\n"
        );
        return;
    };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let (mut table, mut refused, mut total) = (BTreeMap::new(), Vec::new(), 0);
    for path in paths {
        for (number, message) in messages(&std::fs::read(&path).unwrap()).iter().enumerate() {
            total += 1;
            let place = format!("{} #{}", path.strip_prefix(&folder).unwrap().display(), number + 1);
            refused.extend(check_one(message, &place, &mut table));
        }
    }
    println!("\n{:<12} {:>9} {:>9} {:>9}", "type", "accepted", "AR", "AE");
    for (name, count) in &table {
        println!("{name:<12} {:>9} {:>9} {:>9}", count.accepted, count.rejected, count.faulty);
    }
    println!("{total} messages; refused for another reason than their type or event:");
    for line in &refused {
        println!("  {line}");
    }
    assert!(total > 0, "the folder holds no message");
}
