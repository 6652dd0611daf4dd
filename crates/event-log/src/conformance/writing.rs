//! What holds of appending.

use super::Backend;
use super::fixtures::{event, ids, key, read_to_end};
use crate::{Appended, LogPosition, Stream};
use domain::EventId;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// Acknowledged means durable.
pub async fn an_acknowledged_event_is_there_after_reopening(backend: &dyn Backend) {
    for round in 0..3_usize {
        let log = backend.open().await;
        let events = (0..10).map(|number| event(round * 10 + number, key(number), b"text")).collect();
        let appended = log.append(Stream::Records, events).await.unwrap();
        assert!(appended.iter().all(|one| matches!(one, Appended::Stored(_))));
        drop(log);
        let log = backend.open().await;
        let (events, end) = read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap();
        let found: BTreeSet<EventId> = ids(&events).into_iter().collect();
        let expected: BTreeSet<EventId> =
            (0..(round + 1) * 10).map(|number| event(number, key(0), b"").id).collect();
        assert_eq!(found, expected);
        assert_eq!(end, log.end(Stream::Records).await.unwrap());
    }
}

/// Within a call and across calls, and the offsets have no gap.
pub async fn events_of_one_key_keep_their_order(backend: &dyn Backend) {
    let log = backend.open().await;
    let numbers: Vec<usize> = (0..200).collect();
    for batch in numbers.chunks(7) {
        let events = batch.iter().map(|number| event(*number, key(1), b"text")).collect();
        log.append(Stream::Links, events).await.unwrap();
    }
    let (events, _) = read_to_end(log.as_ref(), Stream::Links, &[]).await.unwrap();
    let expected: Vec<EventId> = numbers.iter().map(|number| event(*number, key(1), b"").id).collect();
    assert_eq!(ids(&events), expected);
    let partition = Stream::Links.partition_of(key(1));
    assert!((0..).zip(&events).all(|(offset, event)| event.position == LogPosition { partition, offset }));
}

/// In the same call, in a later one, and after reopening; with the same payload and with another.
pub async fn a_repeat_is_recognised_and_a_conflict_told(backend: &dyn Backend) {
    let log = backend.open().await;
    let first = event(1, key(1), b"text");
    let (id, received_at) = (first.id, first.envelope.received_at);
    let mut other = event(1, key(2), b"other");
    other.envelope.received_at = Timestamp::UNIX_EPOCH;
    let repeat = |same_payload| Appended::Repeat { id, same_payload, received_at };

    let call = vec![first.clone(), first.clone(), other.clone(), event(2, key(1), b"text")];
    let answers = log.append(Stream::Records, call).await.unwrap();
    let start = LogPosition { partition: Stream::Records.partition_of(key(1)), offset: 0 };
    let expected = [Appended::Stored(start), repeat(true), repeat(false), Appended::Stored(start.next())];
    assert_eq!(answers, expected);
    assert_eq!(log.append(Stream::Records, vec![first.clone()]).await.unwrap(), [repeat(true)]);
    drop(log);
    let log = backend.open().await;
    let answers = log.append(Stream::Records, vec![other, first]).await.unwrap();
    assert_eq!(answers, [repeat(false), repeat(true)]);
    assert_eq!(read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap().0.len(), 2);
}

/// Repeats are judged per stream.
pub async fn the_same_id_may_stand_in_two_streams(backend: &dyn Backend) {
    let log = backend.open().await;
    for stream in Stream::ALL {
        let answers = log.append(stream, vec![event(1, key(1), b"text")]).await.unwrap();
        assert!(matches!(answers[0], Appended::Stored(_)), "{stream}");
    }
}

/// Every writer's events are there once, in the writer's order.
pub async fn concurrent_writers_lose_nothing(backend: &dyn Backend) {
    let log = backend.open().await;
    let writers = (0..8_usize).map(|writer| {
        let log = Arc::clone(&log);
        tokio::spawn(async move {
            for call in 0..40_usize {
                let number = |place| writer * 1000 + call * 3 + place;
                let events = (0..3).map(|place| event(number(place), key(writer), b"text")).collect();
                log.append(Stream::Records, events).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let (events, end) = read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap();
    assert_eq!(end.iter().map(|place| place.offset).sum::<u64>(), 8 * 120);
    for writer in 0..8_usize {
        let found: Vec<EventId> =
            events.iter().filter(|one| one.key == key(writer)).map(|one| one.id).collect();
        let expected: Vec<EventId> =
            (0..120).map(|place| event(writer * 1000 + place, key(0), b"").id).collect();
        assert_eq!(found, expected, "writer {writer}");
    }
}

/// Of several who append the same event at once, exactly one stores it.
pub async fn racing_repeats_are_stored_once(backend: &dyn Backend) {
    let log = backend.open().await;
    let racers = (0..16).map(|_| {
        let log = Arc::clone(&log);
        tokio::spawn(
            async move { log.append(Stream::Records, vec![event(1, key(1), b"text")]).await.unwrap() },
        )
    });
    let mut stored = 0;
    for racer in racers.collect::<Vec<_>>() {
        stored += usize::from(matches!(racer.await.unwrap()[..], [Appended::Stored(_)]));
    }
    assert_eq!(stored, 1);
    assert_eq!(read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap().0.len(), 1);
}

/// More calls than any queue holds: they wait, and none is forgotten.
pub async fn many_waiting_appends_are_all_answered(backend: &dyn Backend) {
    let log = backend.open().await;
    let calls = (0..3000).map(|number| {
        let log = Arc::clone(&log);
        tokio::spawn(async move {
            log.append(Stream::Disclosures, vec![event(number, key(number), b"text")]).await
        })
    });
    let mut places = BTreeSet::new();
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap().unwrap()[..] {
            [Appended::Stored(place)] => assert!(places.insert(place)),
            ref other => panic!("{other:?}"),
        }
    }
    assert_eq!(places.last(), Some(&LogPosition { partition: 0, offset: 2999 }));
}

/// Many of them in one call.
pub async fn a_payload_of_one_mebibyte_comes_back_whole(backend: &dyn Backend) {
    let log = backend.open().await;
    let text = |number: usize| -> Vec<u8> {
        (0..1_048_576_usize).map(|place| u8::try_from((place * 31 + number) % 251).unwrap()).collect()
    };
    let events: Vec<_> = (0..6).map(|number| event(number, key(number), &text(number))).collect();
    log.append(Stream::Records, events.clone()).await.unwrap();
    let (stored, _) = read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap();
    assert_eq!(stored.len(), events.len());
    for event in events {
        assert!(stored.iter().any(|one| one.id == event.id && one.payload == event.payload));
    }
}

/// With every field at its extreme, and with none.
pub async fn the_whole_envelope_comes_back(backend: &dyn Backend) {
    let log = backend.open().await;
    let mut full = event(1, key(1), b"text");
    full.envelope.record = key(7);
    full.envelope.type_version = u32::MAX;
    full.envelope.sequence = Some(u64::MAX);
    full.envelope.occurred_at = Timestamp::MIN;
    full.envelope.received_at = Timestamp::MAX;
    full.envelope.correlation_id = Some(Uuid::from_u128(u128::MAX));
    full.envelope.causation_id = Some(EventId(Uuid::from_u128(3)));
    full.envelope.traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
    full.envelope.payload_hash = [255; 32];
    let plain = event(2, key(1), b"");
    log.append(Stream::Records, vec![full.clone(), plain.clone()]).await.unwrap();
    drop(log);
    let log = backend.open().await;
    let (stored, _) = read_to_end(log.as_ref(), Stream::Records, &[]).await.unwrap();
    for (stored, new) in stored.into_iter().zip([full, plain]) {
        assert_eq!((stored.id, stored.key), (new.id, new.key));
        assert_eq!(stored.envelope, new.envelope.to_the_microsecond());
        assert_eq!(stored.payload, new.payload);
    }
}

/// An empty call is answered.
pub async fn nothing_appended_is_nothing_answered(backend: &dyn Backend) {
    let log = backend.open().await;
    assert_eq!(log.append(Stream::Records, Vec::new()).await.unwrap(), []);
    assert_eq!(log.end(Stream::Records).await.unwrap(), Stream::Records.start());
}
