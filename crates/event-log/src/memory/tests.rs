//! The log in memory: the contract of every log, its mixing of partitions and its planted faults.

use super::*;
use crate::conformance::{Backend, event, keys_of_every_partition, read_to_end};

struct InMemory(MemoryLog);

#[async_trait]
impl Backend for InMemory {
    async fn open(&self) -> Arc<dyn EventLog> {
        Arc::new(self.0.clone())
    }

    async fn lose(&self, stream: Stream, position: LogPosition) {
        assert!(self.0.lose(stream, position));
    }
}

mod in_turn {
    use super::{InMemory, MemoryLog};

    fn make() -> InMemory {
        InMemory(MemoryLog::new())
    }
    crate::log_conformance!(make);
}

mod mixing {
    use super::{InMemory, MemoryLog};

    fn make() -> InMemory {
        InMemory(MemoryLog::mixing(7))
    }
    crate::log_conformance!(make);
}

fn one(number: usize) -> Vec<NewEvent> {
    vec![event(number, keys_of_every_partition(Stream::Sharing)[0], b"text")]
}

async fn partitions_read(log: &MemoryLog) -> Vec<u16> {
    let (events, _) = read_to_end(log, Stream::Records, &[]).await.unwrap();
    events.iter().map(|event| event.position.partition).collect()
}

#[tokio::test]
async fn a_seed_decides_how_partitions_are_mixed() {
    let mut orders = Vec::new();
    for seed in [1, 1, 2] {
        let log = MemoryLog::mixing(seed);
        let keys = keys_of_every_partition(Stream::Records);
        log.append(Stream::Records, (0..80).map(|n| event(n, keys[n % 4], b"text")).collect()).await.unwrap();
        orders.push(partitions_read(&log).await);
    }
    assert_eq!(orders[0], orders[1]);
    assert_ne!(orders[0], orders[2]);
}

#[tokio::test]
async fn a_refused_append_stores_nothing_and_a_lost_answer_stores_everything() {
    let log = MemoryLog::new();
    let unavailable = Error::Unavailable("fault".to_owned());
    log.fail_appends(Fault::Refuse(Error::Full), 1);
    assert_eq!(log.append(Stream::Sharing, one(1)).await, Err(Error::Full));
    assert_eq!(log.end(Stream::Sharing).await.unwrap(), Stream::Sharing.start());

    log.fail_appends(Fault::StoreAndRefuse(unavailable.clone()), 1);
    assert_eq!(log.append(Stream::Sharing, one(1)).await, Err(unavailable));
    let again = log.append(Stream::Sharing, one(1)).await.unwrap();
    assert!(matches!(again[..], [Appended::Repeat { same_payload: true, .. }]));
}

#[tokio::test]
async fn a_reader_that_was_made_to_fail_ends_and_a_new_one_goes_on() {
    let log = MemoryLog::new();
    log.fail_reads(Some(Error::Fenced));
    assert_eq!(read_to_end(&log, Stream::Sharing, &[]).await.unwrap_err(), Error::Fenced);
    log.fail_reads(None);
    assert!(read_to_end(&log, Stream::Sharing, &[]).await.is_ok());
}
