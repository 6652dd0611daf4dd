//! What holds of reading.

use super::Backend;
use super::fixtures::{PATIENCE, event, ids, key, keys_of_every_partition, read_to_end};
use crate::{Entry, Error, EventLog, LogPosition, Stream};
use futures::StreamExt;
use std::time::Duration;

/// So many events, spread over all partitions.
async fn fill(log: &dyn EventLog, count: usize) {
    let events = (0..count).map(|number| event(number, key(number), b"text")).collect();
    log.append(Stream::Records, events).await.unwrap();
}

/// What follows any place is the same as in one go.
pub async fn reading_resumes_from_any_position(backend: &dyn Backend) {
    let log = backend.open().await;
    fill(log.as_ref(), 1500).await;
    let (all, end) = read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap();
    assert_eq!(all.len(), 1500);
    for cut in [0, 1, 2, 511, 512, 513, 1024, 1499, 1500] {
        let mut places = Stream::Records.start();
        for event in all.iter().take(cut) {
            places[usize::from(event.position.partition)] = event.position.next();
        }
        let (mut rest, rest_end) = read_to_end(log.as_ref(), Stream::Records, &places).await.unwrap();
        let mut expected = all[cut..].to_vec();
        rest.sort_by_key(|event| event.position);
        expected.sort_by_key(|event| event.position);
        assert_eq!(ids(&rest), ids(&expected), "from {cut}");
        assert_eq!(rest_end, end);
    }
    let only = [LogPosition { partition: 2, offset: end[2].offset - 1 }];
    let (events, _) = read_to_end(log.as_ref(), Stream::Records, &only).await.unwrap();
    let other = end.iter().map(|place| place.offset).sum::<u64>() - end[2].offset;
    assert_eq!(u64::try_from(events.len()).unwrap(), other + 1, "what is not named is read from its start");
}

/// And `CaughtUp` names the end of each.
pub async fn four_partitions_are_read_each_in_order(backend: &dyn Backend) {
    let log = backend.open().await;
    let keys = keys_of_every_partition(Stream::Records);
    assert_eq!(keys.len(), 4);
    let numbers = 0..1000_usize;
    let events = numbers.map(|number| event(number, keys[number * 7 % 4], b"text")).collect();
    log.append(Stream::Records, events).await.unwrap();
    let (events, end) = read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap();
    let mut expected = Stream::Records.start();
    for event in &events {
        let place = &mut expected[usize::from(event.position.partition)];
        assert_eq!(event.position, *place);
        assert_eq!(event.key, keys[usize::from(event.position.partition)]);
        *place = place.next();
    }
    assert_eq!(end, expected);
    assert_eq!(end, log.end(Stream::Records).await.unwrap());
    assert!(end.iter().all(|place| place.offset == 250));
}

/// Lost at the start, in the middle: the reader ends there, and says what it expected and what it found.
pub async fn a_missing_event_stops_the_reader(backend: &dyn Backend) {
    let log = backend.open().await;
    let events = (0..10).map(|number| event(number, key(1), b"text")).collect();
    log.append(Stream::Sharing, events).await.unwrap();
    drop(log);
    let place = |offset| LogPosition { partition: 0, offset };
    for lost in [5, 0] {
        backend.lose(Stream::Sharing, place(lost)).await;
        let log = backend.open().await;
        let mut entries = log.read(Stream::Sharing, Vec::new());
        let mut read = 0;
        let error = loop {
            match tokio::time::timeout(PATIENCE, entries.next()).await.unwrap().unwrap() {
                Ok(Entry::Event(event)) => {
                    assert_eq!(event.position, place(read));
                    read += 1;
                }
                Ok(Entry::CaughtUp(places)) => panic!("went over the gap, to {places:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error, Error::Gap { expected: place(lost), found: place(lost + 1) });
        assert_eq!(read, lost);
        assert!(entries.next().await.is_none(), "an error is the last thing that a reader says");
    }
}

/// A log that ends before the place was restored from an old copy, or is another one.
pub async fn a_place_beyond_the_end_is_a_gap(backend: &dyn Backend) {
    let log = backend.open().await;
    log.append(Stream::Sharing, vec![event(1, key(1), b"text")]).await.unwrap();
    let place = |offset| LogPosition { partition: 0, offset };
    assert!(read_to_end(log.as_ref(), Stream::Sharing, &[place(1)]).await.unwrap().0.is_empty());
    let error = read_to_end(log.as_ref(), Stream::Sharing, &[place(2)]).await.unwrap_err();
    assert_eq!(error, Error::Gap { expected: place(2), found: place(1) });
}

/// So is a place in a partition that this log does not have.
pub async fn a_partition_that_does_not_exist_is_a_gap(backend: &dyn Backend) {
    let log = backend.open().await;
    let place = LogPosition { partition: 1, offset: 0 };
    let error = read_to_end(log.as_ref(), Stream::Sharing, &[place]).await.unwrap_err();
    assert!(matches!(error, Error::Gap { .. }), "{error:?}");
}

/// The lease is renewed by it.
pub async fn an_idle_reader_says_again_that_it_is_caught_up(backend: &dyn Backend) {
    let log = backend.open().await;
    let mut entries = log.read(Stream::Links, Vec::new());
    for _ in 0..3 {
        let entry = tokio::time::timeout(Duration::from_secs(10), entries.next()).await.unwrap().unwrap();
        assert_eq!(entry, Ok(Entry::CaughtUp(Stream::Links.start())));
    }
}

/// After it was told that it is caught up, and again after each event.
pub async fn a_waiting_reader_hears_of_new_events(backend: &dyn Backend) {
    let log = backend.open().await;
    let mut entries = log.read(Stream::Sharing, Vec::new());
    for number in 0..20 {
        while !matches!(entries.next().await.unwrap().unwrap(), Entry::CaughtUp(_)) {}
        log.append(Stream::Sharing, vec![event(number, key(number), b"text")]).await.unwrap();
        let next = async {
            loop {
                if let Entry::Event(event) = entries.next().await.unwrap().unwrap() {
                    break event;
                }
            }
        };
        let heard = tokio::time::timeout(PATIENCE, next).await.unwrap();
        assert_eq!(heard.id, event(number, key(0), b"").id);
    }
}

/// Each sees everything, though one is slow and one has gone away.
pub async fn readers_do_not_disturb_each_other(backend: &dyn Backend) {
    let log = backend.open().await;
    fill(log.as_ref(), 600).await;
    let mut slow = log.read(Stream::Records, Vec::new());
    assert!(matches!(slow.next().await, Some(Ok(Entry::Event(_)))));
    let mut gone = log.read(Stream::Records, Vec::new());
    assert!(gone.next().await.is_some());
    drop(gone);
    log.append(Stream::Records, vec![event(600, key(600), b"text")]).await.unwrap();
    assert_eq!(read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap().0.len(), 601);
    let mut count = 1;
    while let Entry::Event(_) = slow.next().await.unwrap().unwrap() {
        count += 1;
    }
    assert_eq!(count, 601);
}
