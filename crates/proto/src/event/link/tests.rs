//! Every event of the links stream reads back as it was written, and bytes of old logs stay readable.

use super::super::{Event, decode, encode, golden};
use super::*;
use crate::matching::samples;
use crate::samples::record;
use domain::{Decider, LinkStatus, Redirect, RedirectScope};
use proptest::prelude::*;
use uuid::Uuid;

fn unlinked_by(decided_by: Decider) -> LinkEvent {
    LinkEvent::RecordUnlinked {
        record: record("W-1"),
        person: samples::person(1),
        decided_by,
        decided_at: samples::at(),
        never_again: true,
    }
}

fn redirected(scope: RedirectScope) -> LinkEvent {
    LinkEvent::RecordRedirected {
        redirect: Redirect { from: record("I-1"), to: record("I-2"), scope },
        cause: EventId(Uuid::from_u128(5)),
        decided_at: samples::at(),
    }
}

fn decided_so(outcome: ReviewOutcome) -> LinkEvent {
    LinkEvent::ReviewDecided {
        review: ReviewId(Uuid::from_u128(77)),
        record: record("W-1"),
        outcome,
        decided_by: samples::manual(),
        decided_at: samples::at(),
    }
}

fn answered_so(refused_because: Option<&str>) -> LinkEvent {
    LinkEvent::AssignmentAnswered {
        record: record("W-1"),
        person: samples::person(1),
        refused_because: refused_because.map(str::to_owned),
        answered_at: samples::at(),
    }
}

fn reads_back(event: LinkEvent) {
    let event = Event::Link(event);
    let encoded = encode(&event);
    assert_eq!(decode(encoded.event_type, encoded.version, &encoded.bytes), Ok(event));
}

#[test]
fn bytes_of_every_type_are_readable_for_ever() {
    let holds = |event, committed| golden::holds(&Event::Link(event), committed);
    holds(
        LinkEvent::RecordLinked(samples::link(LinkStatus::Confirmed)),
        include_str!("../golden/record_linked.hex"),
    );
    holds(unlinked_by(samples::manual()), include_str!("../golden/record_unlinked.hex"));
    holds(redirected(RedirectScope::Record), include_str!("../golden/record_redirected.hex"));
    holds(LinkEvent::ReviewRaised(samples::review()), include_str!("../golden/review_raised.hex"));
    let never = ReviewOutcome::Never(vec![samples::person(1), samples::person(2)]);
    holds(decided_so(never), include_str!("../golden/review_decided.hex"));
    holds(answered_so(Some("not our client")), include_str!("../golden/assignment_answered.hex"));
}

#[test]
fn every_choice_in_an_event_reads_back() {
    for status in [LinkStatus::Confirmed, LinkStatus::Possible, LinkStatus::Disputed] {
        reads_back(LinkEvent::RecordLinked(samples::link(status)));
    }
    for decider in [Decider::Index, samples::machine(), samples::manual()] {
        reads_back(unlinked_by(decider));
    }
    for scope in [RedirectScope::Record, RedirectScope::Data] {
        reads_back(redirected(scope));
    }
    for outcome in [
        ReviewOutcome::Linked(samples::person(3)),
        ReviewOutcome::Never(Vec::new()),
        ReviewOutcome::Never(vec![samples::person(1)]),
        ReviewOutcome::Superseded,
    ] {
        reads_back(decided_so(outcome));
    }
    for answer in [None, Some(""), Some("not our client")] {
        reads_back(answered_so(answer));
    }
    reads_back(LinkEvent::ReviewRaised(samples::review()));
}

#[test]
fn a_payload_without_a_part_names_the_part() {
    let rule = |event_type: &str| decode(event_type, 1, &[]).unwrap_err().to_string();
    assert_eq!(rule(LINKED), "link: is required");
    assert_eq!(rule(UNLINKED), "record: is required");
    assert_eq!(rule(REDIRECTED), "redirect: is required");
    assert_eq!(rule(RAISED), "review: is required");
    assert_eq!(rule(DECIDED), "review_id: must be a UUID");
    assert_eq!(rule(ANSWERED), "record: is required");
}

#[test]
fn an_outcome_that_is_not_said_is_refused() {
    let event = decided_so(ReviewOutcome::Superseded);
    let mut wire: v1::ReviewDecided = super::super::message(&encode(&Event::Link(event)).bytes).unwrap();
    wire.outcome = None;
    let bytes = prost::Message::encode_to_vec(&wire);
    assert_eq!(decode(DECIDED, 1, &bytes).unwrap_err().to_string(), "outcome: is required");
}

proptest! {
    #[test]
    fn every_link_reads_back(link in samples::any_link()) {
        reads_back(LinkEvent::RecordLinked(link));
    }
}
