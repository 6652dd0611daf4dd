//! The disclosure log end to end: leaves from the gate, in a file, numbered, signed, proved, checked, told.

mod house;

use event_log::{EventLog, LogPosition, MemoryLog, StoredEvent, Stream};
use event_log_sqlite::{OfflineLog, Options, SqliteLog};
use house::{House, request};
use pipeline::Ground;
use proto::disclosure::v1::{
    GetCheckpointRequest, ListDisclosuresRequest, ProveConsistencyRequest, ProveInclusionRequest,
};
use std::path::Path;
use std::sync::Arc;
use tonic::Code;
use viewer::disclosures::{Verifier, tree};

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_signed_proved_and_told_to_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(&folder.path().join("log.db")).await;
    house.refuse(5).await;
    let note = house.signed(5).await;
    let mut client = house.serve().await;

    let checkpoint = client.get_checkpoint(request(GetCheckpointRequest {})).await.unwrap().into_inner();
    assert_eq!((checkpoint.tree_size, checkpoint.note.as_str()), (5, note.as_str()));
    assert!(house.key().open(&checkpoint.note).is_ok());

    let list = client.list_disclosures(request(house::about("P-1"))).await.unwrap().into_inner();
    assert!(list.disclosures.is_empty(), "refusals before a person was looked for are about nobody");
    house.read_leaves().await;
    let again = client.list_disclosures(request(house::about("P-1"))).await.unwrap().into_inner();
    let asked = again.disclosures.first().unwrap();
    assert_eq!((asked.exit.as_str(), asked.user.as_str(), asked.leaf_index), ("who-saw", "operator", 5));
    assert_eq!(asked.id, list.reference);

    house.signed(6).await;
    let proof = ProveInclusionRequest { disclosure_id: list.reference, tree_size: 0 };
    let proof = client.prove_inclusion(request(proof)).await.unwrap().into_inner();
    let hash = |bytes: &[u8]| -> tree::Hash { bytes.try_into().unwrap() };
    let path: Vec<tree::Hash> = proof.path.iter().map(|bytes| hash(bytes)).collect();
    let root =
        tree::root_of_inclusion(proof.leaf_index, proof.tree_size, hash(&proof.leaf_hash), &path).unwrap();
    assert_eq!(root.to_vec(), proof.root_hash);
    assert!(client.list_disclosures(ListDisclosuresRequest::default()).await.is_err(), "no credential");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_was_kept_is_proved_to_be_the_past_of_a_newer_one() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(&folder.path().join("log.db")).await;
    house.refuse(5).await;
    let kept = house.key().open(&house.signed(5).await).unwrap();
    house.refuse(6).await;
    let now = house.key().open(&house.signed(11).await).unwrap();
    let mut client = house.serve().await;
    let asked = |older_size, tree_size| ProveConsistencyRequest { older_size, tree_size };
    let proof = client.prove_consistency(request(asked(kept.size, 0))).await.unwrap().into_inner();
    assert_eq!((proof.older_size, proof.tree_size), (5, 11));
    assert_eq!((proof.older_root_hash, proof.root_hash), (kept.root.to_vec(), now.root.to_vec()));
    let path: Vec<tree::Hash> = proof.path.into_iter().map(|bytes| bytes.try_into().unwrap()).collect();
    assert!(tree::continues((kept.size, kept.root), (now.size, now.root), &path));
    assert!(!tree::continues((kept.size, now.root), (now.size, now.root), &path));

    let wrong = client.prove_consistency(request(asked(12, 0))).await.unwrap_err();
    assert_eq!(wrong.code(), Code::InvalidArgument);
    let nobody = client.prove_consistency(asked(5, 11)).await.unwrap_err();
    assert_eq!(nobody.code(), Code::Unauthenticated);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_leaf_at_a_place_that_is_taken_stops_the_read_model() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(&folder.path().join("log.db")).await;
    house.refuse(3).await;
    let honest = house.leaves().await;
    let (ground, _) = house.close().await;
    house::disclose(&ground, &honest).await;
    projector::rebuild(ground.clone()).await.unwrap();

    let changed = Ground { log: Arc::new(MemoryLog::new()), ..ground };
    let mut other = honest.clone();
    other[1].user = domain::UserId::parse("somebody-else").unwrap();
    house::disclose(&changed, &other).await;
    let Err(error) = projector::rebuild(changed.clone()).await else { panic!("it was taken for a repeat") };
    assert!(matches!(error, pipeline::Error::Incident(_)) && !error.is_transient(), "{error}");
    assert!(error.to_string().contains("offset 1"), "{error}");
    assert_eq!(changed.store.leaves(0, 9).await.unwrap().len(), 3);
    assert_eq!(changed.store.leaves(1, 1).await.unwrap()[0].leaf, honest[1], "what was kept stays");
}

/// Every byte of the file in turn would take long; these places follow from a seed, so that a failure repeats itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_byte_of_the_file_is_found_unless_nobody_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let house = House::open(&path).await;
    house.feed(6).await;
    house.refuse(9).await;
    house.signed(9).await;
    let (ground, key) = house.close().await;
    let honest = std::fs::read(&path).unwrap();
    let events = scan(&OfflineLog::open(&path).unwrap()).unwrap();
    assert_eq!(checked(&path, &ground, &key).await, Vec::<String>::new());

    let places = domain::SeededEntropy::new(3);
    let (mut found, mut placed) = (0, 0);
    for _ in 0..400 {
        let place = usize::try_from(places.next_u64() % honest.len() as u64).unwrap();
        let mut bytes = honest.clone();
        bytes[place] ^= 1 << (places.next_u64() % 8);
        let path = folder.path().join(format!("changed-{place}.db"));
        std::fs::write(&path, &bytes).unwrap();
        let findings = checked(&path, &ground, &key).await;
        if findings.is_empty() {
            let unread = OfflineLog::open(&path).and_then(|log| scan(&log)).unwrap();
            assert!(unread == events, "byte {place} was changed unseen");
        } else {
            found += 1;
            placed += usize::from(findings.iter().any(|finding| finding.contains('/')));
        }
        std::fs::remove_file(&path).unwrap();
    }
    assert!(found > 20 && placed > 20, "{found} found, {placed} of them with their place");
}

/// What the whole check finds in a file: first in its structure, then in what it says.
async fn checked(path: &Path, ground: &Ground, key: &viewer::disclosures::CheckpointVerifier) -> Vec<String> {
    let mut findings = Vec::new();
    if let Err(error) = OfflineLog::open(path).and_then(|log| log.verify()) {
        findings.push(error.to_string());
    }
    match SqliteLog::open(path, &Options::default()) {
        Ok(log) => {
            let ground = Ground { log: Arc::new(log) as Arc<dyn EventLog>, ..ground.clone() };
            match Verifier::new(ground, key.clone()).verify_whole(&[]).await {
                Ok(report) => findings.extend(report.findings.iter().map(ToString::to_string)),
                Err(error) => findings.push(error.to_string()),
            }
        }
        Err(error) => findings.push(error.to_string()),
    }
    findings
}

fn scan(log: &OfflineLog) -> Result<Vec<StoredEvent>, event_log::Error> {
    let mut all = Vec::new();
    for stream in Stream::ALL {
        let mut places: Vec<LogPosition> = stream.start();
        loop {
            let events = log.scan(stream, &places, 100)?;
            for event in &events {
                places[usize::from(event.position.partition)] = event.position.next();
            }
            if events.is_empty() {
                break;
            }
            all.extend(events);
        }
    }
    Ok(all)
}
