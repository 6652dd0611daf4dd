//! The suite on both profiles, and what only a file can show.

use super::*;
use std::time::Duration;
use storage::conformance;

fn in_memory() -> Arc<dyn Store> {
    Arc::new(SqliteStore::in_memory().unwrap())
}

#[tokio::test]
async fn the_store_in_memory_conforms() {
    for (name, case) in conformance::cases() {
        let run = tokio::time::timeout(Duration::from_secs(20), case(in_memory()));
        assert!(run.await.is_ok(), "{name} hangs");
    }
}

#[tokio::test]
async fn the_store_in_a_file_conforms() {
    for (name, case) in conformance::cases() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("store.db")).unwrap());
        let run = tokio::time::timeout(Duration::from_secs(20), case(store));
        assert!(run.await.is_ok(), "{name} hangs");
    }
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let key = domain::SourceRecord::parse("case-system", "P-1").unwrap().key();
    let store = SqliteStore::open(&path).unwrap();
    let mut work = store.begin("projector", 0).await.unwrap();
    work.push_change(key, None).await.unwrap();
    work.commit().await.unwrap();
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.changes().newest(), 1);
    let mut watch = store.changes();
    let mut work = store.begin("projector", 0).await.unwrap();
    work.push_change(key, None).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(watch.next().await, Some(2));
}

#[tokio::test]
async fn readers_of_a_file_do_not_wait_for_the_unit_of_work() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("store.db")).unwrap();
    let work = store.begin("projector", 0).await.unwrap();
    let read = tokio::time::timeout(Duration::from_secs(5), storage::ChangeReads::newest_change(&store));
    assert_eq!(read.await.unwrap(), Ok(0));
    drop(work);
}

#[tokio::test]
async fn a_second_opening_fences_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (first, second) = (SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap());
    let epoch = first.claim("projector").await.unwrap();
    assert!(first.begin("projector", epoch).await.is_ok());
    assert!(second.claim("projector").await.unwrap() > epoch);
    let fenced = first.begin("projector", epoch).await.err();
    assert_eq!(fenced, Some(Error::Fenced { role: "projector".to_owned() }));
}
