//! What a consumer leans on: one commit for everything, fencing, repeats, parking, rebuild.

use super::samples::{
    arrival, begin, begin_disclosures, by_machine, event, leaf, link, message, person, record, second,
    store_records,
};
use crate::{
    CheckpointRow, Error, Ledger, OutboxRow, ParkedRow, ParkedState, SeenBefore, Store, UnitOfWork,
    apply_link_event, apply_record_change,
};
use domain::{Authority, LinkEvent, LinkStatus};
use event_log::{LogPosition, Stream};
use projection::RecordModel;
use std::sync::Arc;

fn outbox_row(number: u128) -> OutboxRow {
    let (stream, key) = (Stream::Links, record("P-1").key());
    OutboxRow { sequence: 0, stream, key, event: event(number), body: vec![1, 2] }
}

async fn write_everything(work: &mut dyn UnitOfWork) {
    apply_record_change(work, &message(&record("P-1"), 1, None), arrival(0)).await.unwrap();
    work.advance(Stream::Records, LogPosition { partition: 2, offset: 5 }).await.unwrap();
    work.caught_up(Stream::Records, second(3)).await.unwrap();
    work.push_outbox(outbox_row(1)).await.unwrap();
    work.note_seen(event(1), &[1; 32]).await.unwrap();
}

async fn is_empty(store: &dyn Store) -> bool {
    store.dump().await.unwrap().is_empty()
        && store.positions("projector", Stream::Records).await.unwrap().is_empty()
        && store.caught_up_at("projector", Stream::Records).await.unwrap().is_none()
        && store.outbox("projector", 10).await.unwrap().is_empty()
        && store.changes_since(0, 10).await.unwrap().is_empty()
}

pub(super) async fn a_dropped_unit_leaves_nothing(store: Arc<dyn Store>) {
    let mut work = begin(store.as_ref()).await;
    write_everything(work.as_mut()).await;
    drop(work);
    assert!(is_empty(store.as_ref()).await);
}

pub(super) async fn rows_position_outbox_and_changes_commit_together(store: Arc<dyn Store>) {
    let mut work = begin(store.as_ref()).await;
    write_everything(work.as_mut()).await;
    work.commit().await.unwrap();
    let next = LogPosition { partition: 2, offset: 5 };
    assert_eq!(store.positions("projector", Stream::Records).await.unwrap(), [next]);
    assert!(store.positions("other", Stream::Records).await.unwrap().is_empty());
    assert!(store.positions("projector", Stream::Links).await.unwrap().is_empty());
    assert_eq!(store.caught_up_at("projector", Stream::Records).await.unwrap(), Some(second(3)));
    assert_eq!(store.outbox("projector", 10).await.unwrap().len(), 1);
    let changes = store.changes_since(0, 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes.first().map(|change| change.record), Some(record("P-1").key()));
    assert!(store.find_record(record("P-1").key()).await.unwrap().is_some());
}

pub(super) async fn a_stale_epoch_is_fenced(store: Arc<dyn Store>) {
    let old = store.claim("projector").await.unwrap();
    let new = store.claim("projector").await.unwrap();
    assert!(new > old);
    let fenced = store.begin("projector", old).await;
    let refused = match fenced {
        Ok(mut work) => {
            write_everything(work.as_mut()).await;
            work.commit().await.err()
        }
        Err(error) => Some(error),
    };
    assert_eq!(refused, Some(Error::Fenced { role: "projector".to_owned() }));
    assert!(is_empty(store.as_ref()).await);
    store.begin("projector", new).await.unwrap().commit().await.unwrap();
    store.begin("viewer", 0).await.unwrap().commit().await.unwrap();
}

pub(super) async fn an_event_is_new_once_and_a_changed_one_is_a_conflict(store: Arc<dyn Store>) {
    let mut work = begin(store.as_ref()).await;
    assert_eq!(work.note_seen(event(1), &[1; 32]).await.unwrap(), SeenBefore::New);
    assert_eq!(work.note_seen(event(1), &[1; 32]).await.unwrap(), SeenBefore::Repeat);
    work.commit().await.unwrap();
    let mut work = begin(store.as_ref()).await;
    assert_eq!(work.note_seen(event(1), &[2; 32]).await.unwrap(), SeenBefore::Conflict);
    work.commit().await.unwrap();
    let mut work = store.begin("matcher", 0).await.unwrap();
    assert_eq!(work.note_seen(event(1), &[1; 32]).await.unwrap(), SeenBefore::New);
}

pub(super) async fn what_is_pushed_twice_is_in_the_outbox_once(store: Arc<dyn Store>) {
    let mut work = begin(store.as_ref()).await;
    for number in [3, 1, 3, 2] {
        work.push_outbox(outbox_row(number)).await.unwrap();
    }
    work.commit().await.unwrap();
    let rows = store.outbox("projector", 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.event).collect::<Vec<_>>(), [event(3), event(1), event(2)]);
    assert_eq!(store.outbox("projector", 1).await.unwrap().len(), 1);
    assert!(store.outbox("other", 10).await.unwrap().is_empty());
    let mut work = begin(store.as_ref()).await;
    let first: Vec<u64> = rows.iter().take(2).map(|row| row.sequence).collect();
    work.delete_outbox(&first).await.unwrap();
    work.commit().await.unwrap();
    let left = store.outbox("projector", 10).await.unwrap();
    assert_eq!(left.iter().map(|row| row.event).collect::<Vec<_>>(), [event(2)]);
}

fn parked(number: u128, state: ParkedState) -> ParkedRow {
    ParkedRow {
        event: event(number),
        key: record("P-1").key(),
        authority: Some(Authority::parse("case-system").unwrap()),
        stream: Stream::Records,
        position: LogPosition { partition: 1, offset: u64::try_from(number).unwrap() },
        event_type: "RecordChanged".to_owned(),
        reason: "unknown event type".to_owned(),
        since: second(1),
        state,
    }
}

pub(super) async fn a_parked_event_blocks_its_key_and_no_other(store: Arc<dyn Store>) {
    let key = record("P-1").key();
    let mut work = begin(store.as_ref()).await;
    work.save_parked(&parked(5, ParkedState::Waiting)).await.unwrap();
    work.save_parked(&parked(4, ParkedState::Blocking)).await.unwrap();
    work.save_parked(&ParkedRow { key: record("P-2").key(), ..parked(6, ParkedState::Quarantined) })
        .await
        .unwrap();
    assert!(work.is_blocked(Stream::Records, key).await.unwrap());
    assert!(!work.is_blocked(Stream::Links, key).await.unwrap());
    assert!(!work.is_blocked(Stream::Records, record("P-2").key()).await.unwrap());
    let open = work.open_parked(Stream::Records, key).await.unwrap();
    assert_eq!(open.iter().map(|row| row.event).collect::<Vec<_>>(), [event(4), event(5)]);
    work.commit().await.unwrap();
    let mut work = store.begin("matcher", 0).await.unwrap();
    assert!(!work.is_blocked(Stream::Records, key).await.unwrap());
    drop(work);
    let keys = [record("P-2").key(), key];
    assert_eq!(store.with_parked(&keys).await.unwrap(), [key]);
    assert_eq!(store.parked("projector", 10).await.unwrap().len(), 3);
    let mut work = begin(store.as_ref()).await;
    work.save_parked(&parked(4, ParkedState::Replayed)).await.unwrap();
    work.save_parked(&parked(5, ParkedState::Skipped)).await.unwrap();
    assert!(!work.is_blocked(Stream::Records, key).await.unwrap());
    work.commit().await.unwrap();
    assert_eq!(store.parked("projector", 10).await.unwrap().len(), 1);
    assert_eq!(
        store.find_parked("projector", event(4)).await.unwrap(),
        Some(parked(4, ParkedState::Replayed))
    );
}

pub(super) async fn a_feed_is_never_heard_earlier_and_its_books_add_up(store: Arc<dyn Store>) {
    let feed = Authority::parse("case-system").unwrap();
    let mut work = begin(store.as_ref()).await;
    work.add_to_ledger(&feed, Ledger { accepted: 3, applied: 1, parked: 2, ..Ledger::default() })
        .await
        .unwrap();
    work.feed_heard(&feed, second(5)).await.unwrap();
    work.feed_heard(&feed, second(2)).await.unwrap();
    work.add_to_ledger(&feed, Ledger { parked: -1, superseded: 1, ..Ledger::default() }).await.unwrap();
    work.commit().await.unwrap();
    let feeds = store.feeds().await.unwrap();
    let row = feeds.first().unwrap();
    assert_eq!((row.last_heard, row.ledger.parked), (Some(second(5)), 1));
    assert!(row.ledger.balances());
}

pub(super) async fn a_commit_rings_once_for_its_changes(store: Arc<dyn Store>) {
    let mut watch = store.changes();
    let mut work = begin(store.as_ref()).await;
    work.push_change(record("P-1").key(), None).await.unwrap();
    work.push_change(record("P-2").key(), Some(person(7))).await.unwrap();
    work.commit().await.unwrap();
    let newest = watch.next().await.unwrap();
    assert_eq!(store.newest_change().await.unwrap(), newest);
    let changes = store.changes_since(0, 10).await.unwrap();
    assert_eq!(
        changes.last().map(|change| (change.sequence, change.person)),
        Some((newest, Some(person(7))))
    );
    assert!(store.changes_since(newest, 10).await.unwrap().is_empty());
    let mut work = begin(store.as_ref()).await;
    work.prune_changes(newest).await.unwrap();
    work.push_change(record("P-3").key(), None).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.changes_since(newest, 10).await.unwrap().len(), 1);
}

pub(super) async fn leaves_keep_their_order_and_refuse_a_gap(store: Arc<dyn Store>) {
    let mut work = begin_disclosures(store.as_ref()).await;
    for index in 0..3 {
        work.append_leaf(&leaf(index)).await.unwrap();
    }
    assert!(matches!(work.append_leaf(&leaf(7)).await, Err(Error::Corrupt(_))));
    assert_eq!(work.leaf_hash(2).await.unwrap(), Some(leaf(2).hash));
    assert_eq!(work.leaf_hash(3).await.unwrap(), None);
    work.commit().await.unwrap();
    assert_eq!(store.leaf_count().await.unwrap(), 3);
    assert_eq!(store.leaf_hashes(1, 10).await.unwrap().len(), 2);
    assert_eq!(store.leaves(2, 10).await.unwrap(), [leaf(2)]);
    assert_eq!(store.leaves_of(&[0; 32]).await.unwrap(), [leaf(0), leaf(2)]);
    assert_eq!(store.find_leaf(leaf(1).leaf.id).await.unwrap(), Some(leaf(1)));
    assert_eq!(store.latest_checkpoint().await.unwrap(), None);
}

pub(super) async fn checkpoints_are_read_by_size(store: Arc<dyn Store>) {
    let checkpoint = |size: u64| CheckpointRow {
        size,
        root: [u8::try_from(size).unwrap(); 32],
        note: format!("a note of {size}"),
        signed_at: second(i64::try_from(size).unwrap()),
    };
    let mut work = begin_disclosures(store.as_ref()).await;
    for size in [44, 2, 17] {
        work.save_checkpoint(&CheckpointRow { root: [0; 32], ..checkpoint(size) }).await.unwrap();
        work.save_checkpoint(&checkpoint(size)).await.unwrap();
    }
    work.commit().await.unwrap();
    assert_eq!(store.checkpoints(0, 10).await.unwrap(), [2, 17, 44].map(&checkpoint));
    assert_eq!(store.checkpoints(3, 1).await.unwrap(), [checkpoint(17)]);
    assert!(store.checkpoints(45, 10).await.unwrap().is_empty());
    assert_eq!(store.latest_checkpoint().await.unwrap(), Some(checkpoint(44)));
}

pub(super) async fn a_rebuild_gives_the_same_dump(store: Arc<dyn Store>) {
    let (one, other) = (record("P-1"), record("P-2"));
    store_records(store.as_ref(), &[(&one, None), (&other, None)]).await;
    let linked = LinkEvent::RecordLinked(link(&one, person(1), LinkStatus::Confirmed, by_machine()));
    let mut work = begin(store.as_ref()).await;
    apply_link_event(work.as_mut(), &linked).await.unwrap();
    work.advance(Stream::Records, LogPosition { partition: 0, offset: 9 }).await.unwrap();
    work.commit().await.unwrap();
    let before = store.dump().await.unwrap();
    assert!(before.lines().count() > 4);
    let models: Vec<RecordModel> = [&other, &one].map(folded).into();
    let mut work = begin(store.as_ref()).await;
    work.clear_read_model().await.unwrap();
    work.insert_records(&models).await.unwrap();
    apply_link_event(work.as_mut(), &linked).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.dump().await.unwrap(), before);
    assert!(store.positions("projector", Stream::Records).await.unwrap().is_empty());
}

fn folded(record: &domain::SourceRecord) -> RecordModel {
    let mut model = RecordModel::new(record.clone());
    model.apply(&message(record, 1, None), arrival(0));
    model
}
