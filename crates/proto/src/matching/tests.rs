//! What matching sends reads back as it was written, and what breaks a rule is refused under its own path.

use super::samples;
use super::*;
use domain::{Decider, FieldViolation, LinkStatus};
use proptest::prelude::*;

fn paths<T>(read: Result<T, Vec<FieldViolation>>) -> Vec<String> {
    read.err().unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

fn wire() -> v1::Link {
    wire_link(&samples::link(LinkStatus::Confirmed))
}

#[test]
fn every_noun_that_is_sent_reads_back() {
    for status in [LinkStatus::Confirmed, LinkStatus::Possible, LinkStatus::Disputed] {
        let sent = samples::link(status);
        assert_eq!(link(wire_link(&sent), "link"), Ok(sent));
        assert_eq!(link_status(wire_link_status(status).into(), "status"), Ok(status));
    }
    for sent in [Decider::Index, samples::machine(), samples::manual()] {
        assert_eq!(decider(wire_decider(&sent), "decided_by"), Ok(sent));
    }
    assert_eq!(link_evidence(wire_link_evidence(&samples::evidence()), "evidence"), Ok(samples::evidence()));
    let question = samples::review();
    assert_eq!(candidate(wire_candidate(&question.candidates[1]), "c"), Ok(question.candidates[1].clone()));
    assert_eq!(clerical_review(wire_clerical_review(&question), "review"), Ok(question));
}

#[test]
fn a_status_or_a_decider_that_is_not_said_is_refused() {
    for number in [0, 4, -7] {
        assert_eq!(paths(link(v1::Link { status: number, ..wire() }, "link")), ["link.status"]);
        assert_eq!(paths(link_status(number, "status")), ["status"]);
    }
    assert_eq!(paths(decider(v1::Decider { decider: None }, "decided_by")), ["decided_by"]);
    assert_eq!(paths(link(v1::Link { decided_by: None, ..wire() }, "")), ["decided_by"]);
}

#[test]
fn a_link_names_what_it_lacks() {
    let empty =
        v1::Link { status: 1, decided_by: Some(wire_decider(&Decider::Index)), ..v1::Link::default() };
    let missing =
        ["link.record", "link.person_id", "link.evidence", "link.decided_at", "link.judged_version"];
    assert_eq!(paths(link(empty, "link")), missing);
}

#[test]
fn a_weight_that_is_not_a_number_is_refused() {
    let mut sent = wire_link_evidence(&samples::evidence());
    sent.fields[1].weight = f64::NAN;
    sent.runner_up = Some(f64::NAN);
    assert_eq!(paths(link_evidence(sent, "evidence")), ["evidence.fields[1].weight", "evidence.runner_up"]);
}

#[test]
fn a_question_has_three_candidates_at_most() {
    let mut sent = wire_clerical_review(&samples::review());
    sent.candidates.resize(3, sent.candidates[0].clone());
    assert!(clerical_review(sent.clone(), "review").is_ok());
    sent.candidates.push(sent.candidates[0].clone());
    assert_eq!(paths(clerical_review(sent, "review")), ["review.candidates"]);
}

#[test]
fn a_reviewers_words_are_bounded() {
    let manual = |reason: String| {
        let manual = v1::ManualDecider { user: "reviewer-1".into(), reason };
        decider(v1::Decider { decider: Some(v1::decider::Decider::Manual(manual)) }, "by")
    };
    assert!(manual("é".repeat(500)).is_ok());
    assert_eq!(paths(manual("é".repeat(501))), ["by.manual.reason"]);
    assert_eq!(paths(manual("\u{0}".into())), ["by.manual.reason"]);
}

proptest! {
    #[test]
    fn a_link_that_is_accepted_is_accepted_as_it_was_sent(sent in samples::any_link()) {
        if let Ok(read) = link(wire_link(&sent), "link") {
            prop_assert_eq!(read, sent);
        }
    }
}
