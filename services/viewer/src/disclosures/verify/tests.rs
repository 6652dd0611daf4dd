//! What a check finds, and that it says where.

use super::*;
use crate::disclosures::samples::{Tamper, World};
use domain::RecordKey;
use event_log::{KeyId, StoredEvent};
use uuid::Uuid;

fn check(world: &World) -> Check<'_, crate::disclosures::samples::StoredLeaves> {
    Check { log: &world.log, keys: world.keys.as_ref(), store: &world.store, key: world.store.key.verifier() }
}

async fn whole(world: &World) -> Report {
    check(world).whole(&[]).await.unwrap()
}

fn found(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

/// Eight records and eleven leaves, with checkpoints over some of them.
async fn world() -> World {
    let mut world = World::new();
    world.feed(8).await;
    world.disclose(11).await;
    for size in [1, 2, 4, 7, 10] {
        world.store.sign_first(size);
    }
    world
}

async fn changed(at: (Stream, LogPosition), tamper: Tamper) -> Report {
    let mut world = world().await;
    world.log.changed = Some((at.0, at.1, tamper));
    whole(&world).await
}

fn leaf_at(offset: u64) -> (Stream, LogPosition) {
    (Stream::Disclosures, LogPosition { partition: 0, offset })
}

#[tokio::test]
async fn an_honest_log_passes_and_everything_was_looked_at() {
    let world = world().await;
    let report = whole(&world).await;
    assert_eq!(found(&report), Vec::<String>::new());
    assert_eq!((report.events, report.leaves, report.checkpoints, report.erased), (20, 11, 5, 0));
    assert_eq!(report.root, world.store.root(11));
    let since = check(&world).since_checkpoint().await.unwrap();
    assert!(since.is_sound());
    assert_eq!((since.events, since.leaves, since.checkpoints, since.root), (1, 11, 1, report.root));
}

#[tokio::test]
async fn an_empty_log_passes() {
    let world = World::new();
    assert!(whole(&world).await.is_sound());
    assert!(check(&world).since_checkpoint().await.unwrap().is_sound());
}

#[tokio::test]
async fn any_changed_part_of_a_leafs_event_is_found_where_it_lies() {
    let changes: [Tamper; 14] = [
        |event| event.id.0 = Uuid::from_u128(event.id.0.as_u128() ^ 1),
        |event| event.key = RecordKey(Uuid::nil()),
        |event| event.envelope.record = RecordKey(Uuid::nil()),
        |event| event.envelope.event_type = "DisclosureRefused".to_owned(),
        |event| event.envelope.type_version = 2,
        |event| event.envelope.source.push('x'),
        |event| event.envelope.received_at = jiff::Timestamp::from_second(5).unwrap(),
        |event| event.envelope.payload_hash[9] ^= 4,
        |event| event.envelope.key_id.epoch ^= 1,
        |event| event.payload.key_id.epoch ^= 1,
        |event| event.payload.key_id = KeyId { salt: Uuid::nil(), ..event.payload.key_id },
        |event| event.payload.nonce[3] ^= 1,
        |event| flip(event, 0),
        |event| flip(event, 40),
    ];
    for (number, tamper) in changes.into_iter().enumerate() {
        let report = changed(leaf_at(5), tamper).await;
        assert!(found(&report)[0].starts_with("disclosures 0/5: "), "change {number}: {:?}", found(&report));
    }
}

fn flip(event: &mut StoredEvent, place: usize) {
    let mut bytes = event.payload.ciphertext.to_vec();
    bytes[place] ^= 1;
    event.payload.ciphertext = bytes.into();
}

#[tokio::test]
async fn a_changed_record_is_found_and_does_not_pass_for_an_erased_one() {
    let changes: [Tamper; 5] = [
        |event| flip(event, 3),
        |event| event.payload.key_id.salt = Uuid::from_u128(event.payload.key_id.salt.as_u128() ^ 1),
        |event| event.envelope.record = RecordKey(Uuid::nil()),
        |event| {
            // Record and key are one field on the disk. Another key in the same partition is the harder case.
            let own = Stream::Records.partition_of(event.key);
            let others = (0..).map(|number| RecordKey(Uuid::from_u128(number)));
            let other = others.into_iter().find(|key| Stream::Records.partition_of(*key) == own).unwrap();
            (event.key, event.envelope.record) = (other, other);
        },
        |event| event.envelope.sequence = Some(9),
    ];
    let position = LogPosition { partition: 1, offset: 0 };
    for (number, tamper) in changes.into_iter().enumerate() {
        let report = changed((Stream::Records, position), tamper).await;
        assert_eq!((report.findings.len(), report.erased), (1, 0), "change {number}: {:?}", found(&report));
        assert!(found(&report)[0].starts_with("records 1/0: "), "change {number}");
    }
}

#[tokio::test]
async fn an_erased_record_is_counted_and_is_no_damage() {
    let world = world().await;
    let record = domain::SourceRecord::parse("case-system", "P-3").unwrap().key();
    world.keys.destroy(record).await.unwrap();
    let report = whole(&world).await;
    assert!(report.is_sound(), "{:?}", found(&report));
    assert_eq!(report.erased, 1);
    world.keys.data_key(record).await.unwrap();
    let report = whole(&world).await;
    assert_eq!((report.is_sound(), report.erased), (true, 1), "and stays so when a new key is made");
}

#[tokio::test]
async fn a_lost_event_is_found_where_it_lay() {
    let world = world().await;
    assert!(world.log.honest.lose(Stream::Disclosures, LogPosition { partition: 0, offset: 4 }));
    let report = whole(&world).await;
    assert_eq!(found(&report), ["disclosures 0/4: events are missing: the next that is there is 0/5"]);
}

#[tokio::test]
async fn a_log_that_lost_its_end_is_found_whole_and_since_the_checkpoint() {
    let world = world().await;
    for offset in [9, 10] {
        assert!(world.log.honest.lose(Stream::Disclosures, LogPosition { partition: 0, offset }));
    }
    for report in [whole(&world).await, check(&world).since_checkpoint().await.unwrap()] {
        let found = found(&report).join("\n");
        assert!(found.contains("disclosures 0/9: the store holds 11 leaves, the log only 9"), "{found}");
        assert!(found.contains("disclosures 0/9: a checkpoint was signed over 10 leaves"), "{found}");
        assert!(found.contains("disclosures 0/9: events are missing at the end"), "{found}");
    }
}

#[tokio::test]
async fn a_leaf_of_the_store_that_is_not_the_logs_is_found() {
    let mut world = world().await;
    world.store.leaves[6].leaf.item_count = 40;
    let report = whole(&world).await;
    assert_eq!(found(&report), ["disclosures 0/6: the store's leaf says something else than the log's"]);
    world.store.leaves[6].hash[0] ^= 1;
    let report = whole(&world).await;
    assert_eq!(found(&report), ["disclosures 0/6: it is not the event that the tree was built from"]);
    let report = check(&world).since_checkpoint().await.unwrap();
    assert!(found(&report)[0].starts_with("disclosures 0/10: the first 10 leaves do not give the root"));
}

#[tokio::test]
async fn a_changed_checkpoint_is_found() {
    let mut world = world().await;
    world.store.checkpoints[2].root[0] ^= 1;
    world.store.checkpoints[3].note = world.store.checkpoints[3].note.replace("yett.example", "yetz.example");
    let report = whole(&world).await;
    let found = found(&report);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("disclosures 0/4: the checkpoint of 4 leaves is stored as another"));
    assert!(found[1].starts_with("disclosures 0/7: the checkpoint of 7 leaves: "));
    assert_eq!(report.checkpoints, 3);
}

#[tokio::test]
async fn a_rewritten_log_does_not_pass_a_checkpoint_that_was_kept_elsewhere() {
    let (mut world, other) = (world().await, World::new());
    let kept = [world.store.checkpoints[3].note.clone()];
    assert!(check(&world).whole(&kept).await.unwrap().is_sound());
    // Another history, whole in itself, under the same signing key.
    let key = std::mem::replace(&mut world.store.key, other.store.key);
    world = World::new();
    world.store.key = key;
    world.disclose(11).await;
    world.store.sign_first(11);
    assert!(whole(&world).await.is_sound());
    let report = check(&world).whole(&kept).await.unwrap();
    assert_eq!(found(&report), ["disclosures 0/7: a kept checkpoint of 7 leaves has another root"]);
    let foreign = [World::new().store.key.sign(7, [0; 32])];
    assert!(matches!(check(&world).whole(&foreign).await, Err(Error::Note(_))));
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_no_finding() {
    let world = world().await;
    world.log.honest.fail_reads(Some(event_log::Error::Unavailable("it rests".to_owned())));
    let error = check(&world).whole(&[]).await.unwrap_err();
    assert!(error.is_transient());
}
