//! What a view leans on: whom a question means, and what is read of them.

use super::samples::{
    arrival, begin, by_machine, chi, event, item, link, message, person, record, review, second, store_links,
    store_records,
};
use crate::{PersonQuery, RedirectRow, ResolvedPerson, Store, apply_record_change};
use domain::{
    Catalogue, Change, Decider, ItemKind, ItemMask, LinkStatus, RecordChange, RecordVersion, Redirect,
    RedirectScope, ReviewOutcome, SourceRecord,
};
use projection::{RecordModel, is_derived};
use std::collections::BTreeSet;
use std::sync::Arc;

async fn resolve(store: &dyn Store, record: &SourceRecord) -> Option<ResolvedPerson> {
    store.resolve(&PersonQuery::Record(record.clone())).await.unwrap().map(|person| (*person).clone())
}

fn names(person: &ResolvedPerson) -> BTreeSet<&str> {
    person.records.iter().map(|row| row.record.local_id.as_str()).collect()
}

async fn redirect(store: &dyn Store, from: &SourceRecord, to: &SourceRecord, scope: RedirectScope) {
    let redirect = Redirect { from: from.clone(), to: to.clone(), scope };
    let mut work = begin(store).await;
    work.save_redirect(&RedirectRow { redirect, cause: event(1), decided_at: second(1) }).await.unwrap();
    work.commit().await.unwrap();
}

pub(super) async fn a_saved_record_reads_back_whole(store: Arc<dyn Store>) {
    let one = record("P-1");
    let mut model = RecordModel::new(one.clone());
    let outcome = model.apply(&message(&one, 4, Some(chi())), arrival(0));
    let mut work = begin(store.as_ref()).await;
    work.save_record(&model, &outcome.touched).await.unwrap();
    assert_eq!(work.record(one.key()).await.unwrap(), Some(model.clone()));
    work.commit().await.unwrap();
    assert_eq!(store.find_record(one.key()).await.unwrap(), Some(model));
    assert_eq!(store.records_after(None, 10).await.unwrap(), std::slice::from_ref(&one));
    assert!(store.records_after(Some(one.key()), 10).await.unwrap().is_empty());
}

pub(super) async fn removed_records_are_not_present_and_authorities_are_told_apart(store: Arc<dyn Store>) {
    let other = SourceRecord::parse("other-system", "P-1").unwrap();
    let (one, two, gone) = (record("P-1"), record("P-2"), record("P-3"));
    store_records(store.as_ref(), &[(&one, None), (&two, None), (&gone, None), (&other, None)]).await;
    let removal = RecordChange {
        record_removed: true,
        ..RecordChange::new(gone, RecordVersion::Sequence(2), second(2))
    };
    let mut work = begin(store.as_ref()).await;
    apply_record_change(work.as_mut(), &removal, arrival(1)).await.unwrap();
    work.commit().await.unwrap();
    let authority = &one.authority;
    let all = store.present_records(authority, None, 10).await.unwrap();
    let mut wanted = vec![(one.clone(), RecordVersion::Sequence(1)), (two, RecordVersion::Sequence(1))];
    wanted.sort_by_key(|(record, _)| record.key());
    assert_eq!(all, wanted);
    let first = store.present_records(authority, None, 1).await.unwrap();
    assert_eq!(first, wanted[..1]);
    assert_eq!(store.present_records(authority, Some(first[0].0.key()), 10).await.unwrap(), wanted[1..]);
}

pub(super) async fn an_identifier_leads_to_the_person_of_the_index_record(store: Arc<dyn Store>) {
    let (index, wrong) = (record("P-1"), record("P-2"));
    store_records(store.as_ref(), &[(&index, Some(chi())), (&wrong, Some(chi()))]).await;
    let links = [
        link(&index, person(1), LinkStatus::Confirmed, Decider::Index),
        link(&wrong, person(2), LinkStatus::Confirmed, by_machine()),
    ];
    store_links(store.as_ref(), &links).await;
    let found = store.resolve(&PersonQuery::Chi(chi())).await.unwrap().unwrap();
    assert_eq!((found.person, found.status), (person(1), LinkStatus::Confirmed));
    assert_eq!(names(&found), BTreeSet::from(["P-1"]));
    let mut change = message(&index, 2, None);
    change.demographics.chi = Change::Deleted;
    let mut work = begin(store.as_ref()).await;
    apply_record_change(work.as_mut(), &change, arrival(1)).await.unwrap();
    work.commit().await.unwrap();
    let found = store.resolve(&PersonQuery::Chi(chi())).await.unwrap().unwrap();
    assert_eq!(found.person, person(2));
}

pub(super) async fn an_identifier_of_two_persons_leads_to_nobody(store: Arc<dyn Store>) {
    let (one, other) = (record("P-1"), record("P-2"));
    store_records(store.as_ref(), &[(&one, Some(chi())), (&other, Some(chi()))]).await;
    let links = [
        link(&one, person(1), LinkStatus::Confirmed, by_machine()),
        link(&other, person(2), LinkStatus::Confirmed, by_machine()),
    ];
    store_links(store.as_ref(), &links).await;
    assert_eq!(store.resolve(&PersonQuery::Chi(chi())).await.unwrap(), None);
    assert_eq!(resolve(store.as_ref(), &one).await.map(|found| found.person), Some(person(1)));
}

pub(super) async fn a_possible_link_says_so(store: Arc<dyn Store>) {
    let (index, unsure) = (record("P-1"), record("P-2"));
    store_records(store.as_ref(), &[(&index, None), (&unsure, None)]).await;
    let links = [
        link(&index, person(1), LinkStatus::Confirmed, Decider::Index),
        link(&unsure, person(1), LinkStatus::Possible, by_machine()),
    ];
    store_links(store.as_ref(), &links).await;
    let found = resolve(store.as_ref(), &unsure).await.unwrap();
    assert_eq!(found.status, LinkStatus::Possible);
    let found = resolve(store.as_ref(), &index).await.unwrap();
    assert_eq!(found.status, LinkStatus::Confirmed);
    let status =
        |name: &str| found.records.iter().find(|row| row.record == record(name)).map(|row| row.status);
    assert_eq!(status("P-2"), Some(LinkStatus::Possible));
    assert_eq!(store.resolve_person(person(1)).await.unwrap().map(|found| found.records.len()), Some(2));
    assert_eq!(store.resolve_person(person(9)).await.unwrap(), None);
}

pub(super) async fn an_unlinked_record_leads_to_nobody(store: Arc<dyn Store>) {
    let one = record("P-1");
    store_records(store.as_ref(), &[(&one, Some(chi()))]).await;
    assert_eq!(resolve(store.as_ref(), &one).await, None);
    store_links(store.as_ref(), &[link(&one, person(1), LinkStatus::Confirmed, by_machine())]).await;
    assert_eq!(store.person_of(one.key()).await.unwrap(), Some(person(1)));
    let mut work = begin(store.as_ref()).await;
    assert!(!work.remove_link(one.key(), person(2)).await.unwrap());
    assert!(work.remove_link(one.key(), person(1)).await.unwrap());
    work.commit().await.unwrap();
    assert_eq!(resolve(store.as_ref(), &one).await, None);
    assert_eq!(store.resolve(&PersonQuery::Chi(chi())).await.unwrap(), None);
    assert_eq!(store.person_of(one.key()).await.unwrap(), None);
}

pub(super) async fn a_merged_record_belongs_to_the_survivors_person(store: Arc<dyn Store>) {
    let (first, second, third) = (record("P-1"), record("P-2"), record("P-3"));
    store_records(store.as_ref(), &[(&first, Some(chi())), (&second, None), (&third, None)]).await;
    let links = [
        link(&first, person(1), LinkStatus::Confirmed, Decider::Index),
        link(&third, person(3), LinkStatus::Confirmed, Decider::Index),
    ];
    store_links(store.as_ref(), &links).await;
    redirect(store.as_ref(), &first, &second, RedirectScope::Record).await;
    assert_eq!(resolve(store.as_ref(), &first).await, None);
    redirect(store.as_ref(), &second, &third, RedirectScope::Record).await;
    for asked in [&first, &second, &third] {
        let found = resolve(store.as_ref(), asked).await.unwrap();
        assert_eq!(found.person, person(3));
        assert_eq!(names(&found), BTreeSet::from(["P-1", "P-2", "P-3"]));
        assert!(found.records.iter().all(|row| row.kinds == Catalogue::standard().all()));
    }
    assert_eq!(
        store.resolve(&PersonQuery::Chi(chi())).await.unwrap().map(|found| found.person),
        Some(person(3))
    );
    assert_eq!(store.person_of(first.key()).await.unwrap(), Some(person(3)));
    assert_eq!(store.records_of(person(3)).await.unwrap().len(), 3);
    assert_eq!(store.resolve_person(person(1)).await.unwrap(), None);
}

pub(super) async fn a_ring_of_redirects_leads_to_nobody(store: Arc<dyn Store>) {
    let (one, other) = (record("P-1"), record("P-2"));
    store_records(store.as_ref(), &[(&one, None), (&other, None)]).await;
    let links = [
        link(&one, person(1), LinkStatus::Confirmed, Decider::Index),
        link(&other, person(2), LinkStatus::Confirmed, Decider::Index),
    ];
    store_links(store.as_ref(), &links).await;
    redirect(store.as_ref(), &one, &other, RedirectScope::Record).await;
    redirect(store.as_ref(), &other, &one, RedirectScope::Record).await;
    assert_eq!(resolve(store.as_ref(), &one).await, None);
    assert_eq!(store.person_of(one.key()).await.unwrap(), None);
}

pub(super) async fn moved_data_leaves_the_identity_behind(store: Arc<dyn Store>) {
    let (from, to) = (record("P-1"), record("P-2"));
    store_records(store.as_ref(), &[(&from, None), (&to, None)]).await;
    let links = [
        link(&from, person(1), LinkStatus::Confirmed, Decider::Index),
        link(&to, person(2), LinkStatus::Confirmed, Decider::Index),
    ];
    store_links(store.as_ref(), &links).await;
    redirect(store.as_ref(), &from, &to, RedirectScope::Data).await;
    let left = resolve(store.as_ref(), &from).await.unwrap();
    assert_eq!((left.person, names(&left)), (person(1), BTreeSet::from(["P-1"])));
    assert!(left.records.iter().all(|row| row.kinds.iter().all(is_derived)));
    let gained = resolve(store.as_ref(), &to).await.unwrap();
    assert_eq!(names(&gained), BTreeSet::from(["P-1", "P-2"]));
    let moved = gained.records.iter().find(|row| row.record == from).unwrap();
    assert!(moved.kinds.contains(ItemKind::CARE_PACKAGE) && !moved.kinds.iter().any(is_derived));
}

pub(super) async fn only_the_kinds_of_each_mask_are_read(store: Arc<dyn Store>) {
    let (one, other) = (record("P-1"), record("P-2"));
    store_records(store.as_ref(), &[(&one, None), (&other, None)]).await;
    let wanted = [
        (one.key(), ItemMask::EMPTY.with(ItemKind::CARE_PACKAGE)),
        (other.key(), ItemMask::EMPTY.with(ItemKind::ALLERGY).with(ItemKind::IDENTITY)),
        (record("P-3").key(), Catalogue::standard().all()),
    ];
    let rows = store.view_rows(&wanted).await.unwrap();
    let kinds: BTreeSet<_> = rows.iter().map(|row| (row.record, row.item.kind)).collect();
    let expected = [
        (one.key(), ItemKind::CARE_PACKAGE),
        (other.key(), ItemKind::ALLERGY),
        (other.key(), ItemKind::IDENTITY),
    ];
    assert_eq!((rows.len(), kinds), (3, BTreeSet::from(expected)));
    let package = rows.iter().find(|row| row.item.kind == ItemKind::CARE_PACKAGE).unwrap();
    assert_eq!(*package.item, item(ItemKind::CARE_PACKAGE, "1", "Home care"));
    assert_eq!(package.received_at, arrival(0).received_at);
    assert!(store.view_rows(&[]).await.unwrap().is_empty());
    assert!(store.view_rows(&[(one.key(), ItemMask::EMPTY)]).await.unwrap().is_empty());
    let every = ItemMask::from_bits(u128::MAX);
    assert_eq!(store.view_rows(&[(one.key(), every)]).await.unwrap().len(), 3);
}

pub(super) async fn removed_items_are_not_read(store: Arc<dyn Store>) {
    let one = record("P-1");
    store_records(store.as_ref(), &[(&one, None)]).await;
    let gone = item(ItemKind::ALLERGY, "1", "Penicillin");
    let mut change = domain::RecordChange::new(one.clone(), domain::RecordVersion::Sequence(2), second(0));
    change.removals = vec![(gone.kind, gone.instance.clone())];
    change.complete_kinds = vec![ItemKind::CARE_PACKAGE];
    let mut work = begin(store.as_ref()).await;
    assert!(apply_record_change(work.as_mut(), &change, arrival(1)).await.unwrap().changed);
    let late = message(&one, 1, None);
    assert!(apply_record_change(work.as_mut(), &late, arrival(2)).await.unwrap().touched.is_empty());
    work.commit().await.unwrap();
    let mask = ItemMask::EMPTY.with(ItemKind::ALLERGY).with(ItemKind::CARE_PACKAGE);
    assert!(store.view_rows(&[(one.key(), mask)]).await.unwrap().is_empty());
}

pub(super) async fn a_decided_review_is_not_open(store: Arc<dyn Store>) {
    let one = record("P-1");
    let mut work = begin(store.as_ref()).await;
    work.save_review(&review(2, &one)).await.unwrap();
    work.save_review(&review(1, &one)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.open_reviews(10).await.unwrap(), [review(1, &one), review(2, &one)]);
    let mut work = begin(store.as_ref()).await;
    let id = review(1, &one).id;
    let outcome = ReviewOutcome::Never(vec![person(4)]);
    assert!(work.close_review(id, &outcome, &by_machine(), second(9)).await.unwrap());
    assert!(!work.close_review(id, &outcome, &by_machine(), second(9)).await.unwrap());
    work.save_review(&review(1, &one)).await.unwrap();
    assert_eq!(work.open_review(id).await.unwrap(), None);
    work.commit().await.unwrap();
    assert_eq!(store.open_reviews_of(one.key()).await.unwrap(), [review(2, &one)]);
    assert_eq!(store.find_open_review(id).await.unwrap(), None);
}

pub(super) async fn a_pair_that_is_never_to_be_linked_is_kept_until_lifted(store: Arc<dyn Store>) {
    let one = record("P-1");
    let mut work = begin(store.as_ref()).await;
    work.save_never(&one, person(2)).await.unwrap();
    work.save_never(&one, person(1)).await.unwrap();
    work.save_never(&one, person(1)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.never_of(one.key()).await.unwrap(), [person(1), person(2)]);
    let mut work = begin(store.as_ref()).await;
    work.remove_never(one.key(), person(1)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.never_of(one.key()).await.unwrap(), [person(2)]);
}
