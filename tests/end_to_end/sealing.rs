//! What lies on the disk: the log holds no plain text of anybody, and a record whose key is destroyed is gone for good
//! while everything else still stands.

use crate::feed::{Council, care, settle, submission};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::known;
use crate::reading::{NURSE, Session, shown, shows};
use domain::SourceRecord;
use event_log::{Keys, MasterKeys, SystemEntropy};
use std::sync::Arc;
use storage_sqlite::SqliteKeys;

/// Words that stand in no program and no other test.
const CANARIES: [&str; 4] = ["Zephyrinequx", "Obsidianwynd", "Thrumblefoot", "07700900461"];

fn telling() -> proto::intake::v1::RecordSubmission {
    let mut telling = known(1).submission("canaries");
    let demographics = telling.demographics.as_mut().unwrap();
    let nickname = proto::intake::v1::NameUse::Nickname.into();
    let names = demographics.names.as_mut().unwrap();
    names.names.push(proto::intake::v1::PersonName { r#use: nickname, ..crate::feed::name("", CANARIES[0]) });
    demographics.addresses.as_mut().unwrap().addresses[0].lines[0] = format!("1 {}", CANARIES[1]);
    demographics.contacts = Some(proto::intake::v1::ContactPoints {
        contacts: vec![proto::intake::v1::ContactPoint {
            kind: proto::intake::v1::ContactKind::Mobile.into(),
            value: CANARIES[3].to_owned(),
        }],
    });
    telling.upserts = vec![care("canary", CANARIES[2])];
    telling
}

/// Every file of the data directory whose name begins so, as bytes.
fn bytes_of(node: &Node, beginning: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(node.file("")).unwrap().map(|entry| entry.unwrap().path());
    let named = entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let wanted = named.filter(|(name, _)| name.starts_with(beginning));
    wanted.map(|(name, path)| (name, std::fs::read(path).unwrap())).collect()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [word.as_bytes(), word.to_uppercase().as_bytes(), &utf16]
        .iter()
        .any(|needle| bytes.windows(needle.len()).any(|part| part == *needle))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_on_the_disk_holds_no_plain_text_of_anybody() {
    let mut node = Node::seeded().await;
    let (council, mut mllp) = (Council::of(&node), Mllp::open(node.mllp).await);
    known(1).introduce(&council, &mut mllp).await;
    council.submit(telling()).await.unwrap();
    let parked = known(2).message("kept", "", CANARIES[1]).replace("A28^ADT_A05", "A45^ADT_A45");
    assert_eq!(mllp.send(parked.as_bytes()).await.unwrap().code, "AR");
    settle(&node).await;
    let session = Session::open(&node, NURSE, "P-1").await;
    let view = session
        .wait(&node, "the canaries", |view| shown(view, "care_package", "canary", "provider").is_some())
        .await;
    for canary in CANARIES {
        assert!(view.to_string().contains(canary), "{canary} is shown, so it is stored: {view}");
    }
    let words =
        CANARIES.into_iter().map(str::to_owned).chain([known(1).family, known(1).chi, known(2).family]);
    let words: Vec<String> = words.collect();
    for stopped in [false, true] {
        if stopped {
            node.stop().await;
        }
        let files = [bytes_of(&node, "log.db"), bytes_of(&node, "keys.db")].concat();
        let length: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(length > 10_000, "there is a log to look at");
        for (name, bytes) in &files {
            for word in &words {
                assert!(!holds(bytes, word), "{name} holds {word} in plain text");
            }
        }
    }
    // The search itself finds what is there: the read model is for reading, and is not part of the promise.
    let store = bytes_of(&node, "store.db");
    assert!(store.iter().any(|(_, bytes)| holds(bytes, CANARIES[2])), "the search finds nothing anywhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_whose_key_is_destroyed_is_gone_and_everything_else_stands() {
    let mut node = Node::seeded().await;
    let (council, mut mllp) = (Council::of(&node), Mllp::open(node.mllp).await);
    for number in [1, 2] {
        known(number).introduce(&council, &mut mllp).await;
        let mut more = submission(&format!("more {number}"), &known(number).case);
        more.upserts = vec![care("home", "Larchwood Homecare")];
        council.submit(more).await.unwrap();
        let session = Session::open(&node, NURSE, &known(number).patient).await;
        session
            .wait(&node, "the care", |view| shown(view, "care_package", "home", "provider").is_some())
            .await;
    }
    node.stop().await;
    let whole = node.must(&["disclosures", "verify"]);
    assert!(!whole.contains("erased"), "{whole}");
    destroy(&node, &known(1).case).await;
    let erased = node.must(&["disclosures", "verify"]);
    // Two changes of the record, and the link that names it.
    assert!(
        erased.contains("3 of them erased") && erased.contains("the log is as it was written"),
        "{erased}"
    );
    let agreeing = |said: &str| said.split_whitespace().next().map(str::to_owned);
    assert_eq!(agreeing(&erased), agreeing(&whole), "as many events as before");

    node.must(&["rebuild"]);
    assert!(node.must(&["rebuild", "--check"]).starts_with("identical: "));
    node.start().await;
    settle(&node).await;
    let gone = Session::open(&node, NURSE, &known(1).patient).await.view(&node).await;
    assert!(!shows(&gone) && !gone.to_string().contains("Larchwood"), "{gone}");
    let session = Session::open(&node, NURSE, &known(2).patient).await;
    session
        .wait(&node, "everybody else", |view| shown(view, "care_package", "home", "provider").is_some())
        .await;
    node.must_be_well();
}

/// Destroys the key of one record, as an erasure does.
async fn destroy(node: &Node, case: &str) {
    let masters = MasterKeys::new(1, [0; 32]);
    let keys = SqliteKeys::open(&node.file("keys.db"), masters, Arc::new(SystemEntropy::new())).unwrap();
    let record = SourceRecord::parse(world::COUNCIL_AUTHORITY, case).unwrap().key();
    keys.destroy(record).await.unwrap();
}
