//! The log in one SQLite file: the contract of every log, and what only this one promises.

use super::*;
use event_log::conformance::{Backend, event, keys_of_every_partition, read_to_end};
use rusqlite::Connection;

/// A log in a folder that goes with it.
struct InFile(tempfile::TempDir);

impl InFile {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("log.db")
    }

    fn log(&self) -> SqliteLog {
        SqliteLog::open(&self.path(), &Options { queue: 16 }).unwrap()
    }

    fn run(&self, sql: &str) {
        Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }
}

#[async_trait]
impl Backend for InFile {
    async fn open(&self) -> Arc<dyn EventLog> {
        Arc::new(self.log())
    }

    async fn lose(&self, stream: Stream, position: LogPosition) {
        let table = schema::events_table(stream, position.partition);
        let sql = format!("DELETE FROM {table} WHERE place = {}", position.offset);
        assert_eq!(Connection::open(self.path()).unwrap().execute(&sql, []).unwrap(), 1);
    }
}

fn make() -> InFile {
    InFile::new()
}

event_log::log_conformance!(make);

fn batch(range: std::ops::Range<usize>) -> Vec<NewEvent> {
    let keys = keys_of_every_partition(Stream::Records);
    range.map(|number| event(number, keys[number % 4], b"text")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_appends_share_a_sync() {
    let file = InFile::new();
    let log = SqliteLog::open(&file.path(), &Options::default()).unwrap();
    let calls = (0..500).map(|number| log.append(Stream::Records, batch(number..number + 1)));
    let mut calls = std::pin::pin!(futures::future::join_all(calls));
    // While somebody else holds the line, the writer takes some, and the others gather behind it.
    let turn = log.shared.turn.lock().unwrap();
    assert!(futures::FutureExt::now_or_never(&mut calls).is_none());
    drop(turn);
    assert!(calls.await.iter().all(Result::is_ok));
    let counts = log.counts();
    assert_eq!(counts.events, 500);
    assert!(counts.commits <= 2, "{counts:?}");
}

#[tokio::test]
async fn a_full_disk_is_told_and_the_log_recovers_by_itself() {
    let file = InFile::new();
    let log = file.log();
    log.append(Stream::Records, batch(0..4)).await.unwrap();
    // The page limit of SQLite stands in for the disk's: it belongs to the connection, and goes with it.
    let pages: i64 =
        Connection::open(file.path()).unwrap().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    drop(log);
    let mut writing = writer::Writing::open(&file.path()).unwrap();
    writing.limit_pages(pages);
    let log = SqliteLog::start(&file.path(), writing, &Options::default()).unwrap();
    let big = vec![event(10, keys_of_every_partition(Stream::Records)[0], &vec![1; 1 << 20])];
    assert_eq!(log.append(Stream::Records, big.clone()).await, Err(Error::Full));
    assert!(matches!(log.append(Stream::Records, big).await.unwrap()[..], [Appended::Stored(_)]));
    assert_eq!(log.counts().failures, 1);
    let (events, _) = read_to_end(&log, Stream::Records, &[]).await.unwrap();
    assert_eq!(events.len(), 5);
}

#[tokio::test]
async fn a_second_writer_is_noticed_and_nothing_is_overwritten() {
    let file = InFile::new();
    let (one, other) = (file.log(), file.log());
    one.append(Stream::Records, batch(0..4)).await.unwrap();
    assert_eq!(other.append(Stream::Records, batch(4..8)).await, Err(Error::Fenced));
    let (events, _) = read_to_end(&one, Stream::Records, &[]).await.unwrap();
    assert_eq!(events.len(), 4);
}

#[tokio::test]
async fn a_damaged_row_stops_the_reader_after_what_came_before() {
    let file = InFile::new();
    drop({
        let log = file.log();
        log.append(Stream::Sharing, batch(0..5)).await.unwrap();
        log
    });
    file.run("UPDATE sharing_0 SET payload = x'00' WHERE place = 3");
    let log = file.log();
    let mut entries = log.read(Stream::Sharing, Vec::new());
    for _ in 0..3 {
        let entry = futures::StreamExt::next(&mut entries).await.unwrap().unwrap();
        assert!(matches!(entry, Entry::Event(_)));
    }
    let error = futures::StreamExt::next(&mut entries).await.unwrap().unwrap_err();
    let position = LogPosition { partition: 0, offset: 3 };
    assert_eq!(error, Error::Corrupt { position, what: "column 15 cannot be read".to_owned() });
}

#[tokio::test]
async fn a_file_that_is_not_a_log_is_refused_and_left_alone() {
    let file = InFile::new();
    file.run("CREATE TABLE other (id INTEGER); PRAGMA application_id = 7;");
    assert!(matches!(SqliteLog::open(&file.path(), &Options::default()), Err(Error::Unavailable(_))));
    file.run("INSERT INTO other VALUES (1); PRAGMA application_id = 0x59455454; PRAGMA user_version = 99;");
    let error = SqliteLog::open(&file.path(), &Options::default()).unwrap_err();
    assert!(error.to_string().contains("another version"), "{error}");
}

#[tokio::test]
async fn a_reader_ends_when_the_log_is_closed() {
    let file = InFile::new();
    let log = file.log();
    let mut entries = log.read(Stream::Links, Vec::new());
    assert!(futures::StreamExt::next(&mut entries).await.unwrap().is_ok());
    drop(log);
    let rest: Vec<_> = futures::StreamExt::collect(&mut entries).await;
    assert!(matches!(rest[..], [Err(Error::Unavailable(_))]), "{rest:?}");
}

#[tokio::test]
async fn the_write_ahead_file_stays_short_and_is_gone_after_closing() {
    let file = InFile::new();
    let log = file.log();
    let key = keys_of_every_partition(Stream::Records)[0];
    for number in 0..120 {
        log.append(Stream::Records, vec![event(number, key, &vec![7; 1 << 20])]).await.unwrap();
    }
    let ahead = file.0.path().join("log.db-wal");
    assert!(std::fs::metadata(&ahead).unwrap().len() < 100 << 20);
    assert_eq!(log.counts().checkpoint_failures, 0);
    drop(log);
    assert_eq!(std::fs::metadata(&ahead).map_or(0, |file| file.len()), 0);
}

#[tokio::test]
async fn an_offline_log_is_scanned_and_verified() {
    let file = InFile::new();
    drop({
        let log = file.log();
        log.append(Stream::Records, batch(0..100)).await.unwrap();
        log
    });
    let offline = OfflineLog::open(&file.path()).unwrap();
    let mut places = Stream::Records.start();
    let mut count = 0;
    loop {
        let events = offline.scan(Stream::Records, &places, 7).unwrap();
        if events.is_empty() {
            break;
        }
        count += events.len();
        for event in &events {
            places[usize::from(event.position.partition)] = event.position.next();
        }
    }
    assert_eq!((count, &places), (100, &offline.end(Stream::Records).unwrap()));
    assert_eq!(offline.verify().unwrap()[0], Verified { stream: Stream::Records, end: places });
}

#[tokio::test]
async fn verifying_finds_what_is_missing_from_either_table() {
    for (sql, gap) in [
        ("DELETE FROM records_0 WHERE place = 3", true),
        ("DELETE FROM records_ids WHERE part = 0 AND place = 3", false),
        ("DELETE FROM records_0 WHERE place = 24", false),
    ] {
        let file = InFile::new();
        drop({
            let log = file.log();
            log.append(Stream::Records, batch(0..100)).await.unwrap();
            log
        });
        file.run(sql);
        let error = OfflineLog::open(&file.path()).unwrap().verify().unwrap_err();
        assert_eq!(matches!(error, Error::Gap { .. }), gap, "{error}");
        assert_eq!(matches!(error, Error::Corrupt { .. }), !gap, "{error}");
    }
}

#[test]
fn an_offline_log_must_be_there() {
    let file = InFile::new();
    assert!(OfflineLog::open(&file.path()).is_err());
    assert!(!file.path().exists());
}
