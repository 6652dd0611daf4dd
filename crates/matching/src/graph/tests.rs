//! The fold of link events.

use domain::{EventId, LinkEvidence, RecordVersion, UserId};

use super::*;
use crate::sample::record;

fn person(name: &str) -> PersonId {
    PersonId::of_index_event(EventId::of_message("test", name), record("board", name).key())
}

fn manual() -> Decider {
    Decider::Manual { user: UserId::parse("reviewer-1").unwrap(), reason: "seen the papers".into() }
}

fn machine() -> Decider {
    Decider::Machine { model: "shipped-1".into() }
}

fn linked(of: &SourceRecord, to: PersonId, by: Decider) -> LinkEvent {
    LinkEvent::RecordLinked(Link {
        record: of.clone(),
        person: to,
        status: LinkStatus::Confirmed,
        evidence: LinkEvidence::default(),
        decided_by: by,
        decided_at: Timestamp::UNIX_EPOCH,
        judged_version: RecordVersion::Sequence(1),
    })
}

fn unlinked(of: &SourceRecord, from: PersonId, by: Decider, never_again: bool) -> LinkEvent {
    LinkEvent::RecordUnlinked {
        record: of.clone(),
        person: from,
        decided_by: by,
        decided_at: Timestamp::UNIX_EPOCH,
        never_again,
    }
}

fn redirected(from: &SourceRecord, to: &SourceRecord, scope: RedirectScope) -> LinkEvent {
    LinkEvent::RecordRedirected {
        redirect: Redirect { from: from.clone(), to: to.clone(), scope },
        cause: EventId::of_message("test", "a40"),
        decided_at: Timestamp::UNIX_EPOCH,
    }
}

fn graph(events: &[LinkEvent]) -> LinkGraph {
    let mut graph = LinkGraph::default();
    for event in events {
        graph.apply(event);
    }
    graph
}

#[test]
fn a_manual_link_outranks_the_machine_in_either_order() {
    let one = record("council", "1");
    let by_hand = linked(&one, person("a"), manual());
    let by_machine = linked(&one, person("b"), machine());
    for events in [[by_hand.clone(), by_machine.clone()], [by_machine, by_hand]] {
        assert_eq!(graph(&events).person_of(&one), Some(person("a")));
    }
}

#[test]
fn the_machine_cannot_undo_what_a_person_linked() {
    let one = record("council", "1");
    let events = [linked(&one, person("a"), manual()), unlinked(&one, person("a"), machine(), false)];
    assert_eq!(graph(&events).person_of(&one), Some(person("a")));
}

#[test]
fn never_again_holds_against_the_machine_until_a_person_links() {
    let one = record("council", "1");
    let mut events = vec![
        linked(&one, person("a"), machine()),
        unlinked(&one, person("a"), manual(), true),
        linked(&one, person("a"), machine()),
    ];
    let held = graph(&events);
    assert_eq!(held.person_of(&one), None);
    assert!(held.never_of(&one).contains(&person("a")));
    events.push(linked(&one, person("a"), manual()));
    let held = graph(&events);
    assert_eq!(held.person_of(&one), Some(person("a")));
    assert!(held.never_of(&one).is_empty());
}

#[test]
fn a_merge_is_followed_when_read_and_rekeys_nothing() {
    let (old, new, social) = (record("board", "old"), record("board", "new"), record("council", "1"));
    let mut held = graph(&[
        linked(&old, person("a"), Decider::Index),
        linked(&new, person("b"), Decider::Index),
        linked(&social, person("a"), machine()),
    ]);
    held.apply(&redirected(&old, &new, RedirectScope::Record));
    assert_eq!(held.person_of(&social), Some(person("b")));
    assert_eq!(held.person_of(&old), Some(person("b")));
    assert_eq!(held.records_of(person("a")), held.records_of(person("b")));
    assert_eq!(held.records_of(person("b")).len(), 3);
    assert_eq!(held.own_link_of(&social).unwrap().person, person("a"), "the link itself is as it was made");
}

#[test]
fn a_move_of_data_moves_no_identity() {
    let (one, other) = (record("board", "1"), record("board", "2"));
    let held = graph(&[
        linked(&one, person("a"), Decider::Index),
        linked(&other, person("b"), Decider::Index),
        redirected(&one, &other, RedirectScope::Data),
    ]);
    assert_eq!(held.person_of(&one), Some(person("a")));
    assert_eq!(held.resolve_data(&one), other);
    assert_eq!(held.resolve(&one), one);
}

#[test]
fn redirects_in_a_circle_end_at_one_record() {
    let (a, b, c) = (record("board", "a"), record("board", "b"), record("board", "c"));
    let held = graph(&[
        linked(&a, person("a"), Decider::Index),
        linked(&b, person("b"), Decider::Index),
        redirected(&a, &b, RedirectScope::Record),
        redirected(&b, &a, RedirectScope::Record),
        redirected(&c, &b, RedirectScope::Record),
    ]);
    for from in [&a, &b, &c] {
        assert_eq!(held.resolve(from), a);
        assert_eq!(held.person_of(from), Some(person("a")));
    }
    assert_eq!(held.resolve_person(person("b")), person("a"));
    assert_eq!(held.records_of(person("b")).len(), 3);
}

#[test]
fn a_disputed_link_discloses_nobody() {
    let one = record("council", "1");
    let LinkEvent::RecordLinked(mut link) = linked(&one, person("a"), machine()) else { unreachable!() };
    link.status = LinkStatus::Disputed;
    let held = graph(&[linked(&one, person("a"), machine()), LinkEvent::RecordLinked(link)]);
    assert_eq!(held.person_of(&one), None);
    assert!(held.link_of(&one).is_some());
    assert!(held.records_of(person("a")).is_empty());
}

#[test]
fn a_question_that_was_answered_does_not_open_again() {
    let one = record("council", "1");
    let id = ReviewId(EventId::of_message("test", "review").0);
    let raised = LinkEvent::ReviewRaised(ClericalReview {
        id,
        record: one.clone(),
        judged_version: RecordVersion::Sequence(1),
        reason: "two candidates fit".into(),
        candidates: Vec::new(),
        raised_at: Timestamp::UNIX_EPOCH,
    });
    let decided = LinkEvent::ReviewDecided {
        review: id,
        record: one.clone(),
        outcome: ReviewOutcome::Never(vec![person("a")]),
        decided_by: manual(),
        decided_at: Timestamp::UNIX_EPOCH,
    };
    let held = graph(&[raised.clone(), decided, raised]);
    assert!(held.open_reviews().is_empty());
    assert!(held.review_of(&one).is_none());
    assert!(held.never_of(&one).contains(&person("a")));
}

#[test]
fn an_answer_to_an_assignment_is_kept() {
    let one = record("council", "1");
    let held = graph(&[LinkEvent::AssignmentAnswered {
        record: one.clone(),
        person: person("a"),
        refused_because: Some("holds another".into()),
        answered_at: Timestamp::UNIX_EPOCH,
    }]);
    assert_eq!(held.answer_of(&one).unwrap().refused_because.as_deref(), Some("holds another"));
}
