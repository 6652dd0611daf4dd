//! The matcher from event to event.

use domain::{Link, LinkStatus, PersonId, ReviewId, ReviewOutcome, UserId};

use super::*;
use crate::ReviewReason;
use crate::error::Error;
use crate::sample::{Sample, chi_for, person, record};

/// A matcher and a counter for versions and event ids.
struct Site {
    matcher: Matcher,
    turn: u64,
}

fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

impl Site {
    fn new() -> Self {
        let settings = Settings {
            index_authorities: BTreeSet::from([Authority::parse("board").unwrap()]),
            switches: CohortSwitches::default(),
        };
        Self { matcher: Matcher::new(settings, Parameters::shipped()), turn: 0 }
    }

    fn event(&mut self) -> EventId {
        self.turn += 1;
        EventId::of_message("test", &self.turn.to_string())
    }

    fn hears(&mut self, of: &SourceRecord, sample: &Sample) -> Vec<LinkEvent> {
        let event = self.event();
        let stored = Stored {
            record: of,
            demographics: &sample.build(),
            version: RecordVersion::Sequence(self.turn),
            looked_after: false,
        };
        self.matcher.observe(Observation { stored, event, now: now() })
    }

    fn person_of(&self, of: &SourceRecord) -> Option<PersonId> {
        self.matcher.graph().person_of(of)
    }

    fn answer(&mut self, of: &SourceRecord, outcome: ReviewOutcome) -> Result<Vec<LinkEvent>, Error> {
        let review = self.matcher.graph().review_of(of).unwrap().clone();
        let decision = ReviewDecision {
            review: review.id,
            outcome,
            by: reviewer(),
            reason: "seen the papers".into(),
            judged_version: review.judged_version,
        };
        self.matcher.decide_review(&decision, now())
    }

    fn unlink(&mut self, of: &SourceRecord, never_again: bool) -> Result<Vec<LinkEvent>, Error> {
        let unlinking =
            Unlinking { record: of.clone(), by: reviewer(), reason: "another person".into(), never_again };
        self.matcher.unlink(&unlinking, now())
    }
}

fn reviewer() -> UserId {
    UserId::parse("reviewer-1").unwrap()
}

fn ailsa() -> Sample {
    person("Tulloch", "Ailsa", "1958-08-03").at("ST9 4QX", "3 Mill Lane").chi(&chi_for("030858", true, 3))
}

fn ailsa_without_number() -> Sample {
    person("Tulloch", "Ailsa", "1958-08-03").at("ST9 4QX", "3 Mill Lane")
}

fn twin() -> Sample {
    person("Tulloch", "Morven", "1958-08-03").at("ST9 4QX", "3 Mill Lane")
}

fn board() -> SourceRecord {
    record("board", "1")
}

fn council() -> SourceRecord {
    record("council", "1")
}

#[test]
fn a_person_without_chi_is_matched_and_the_chi_is_due_back() {
    let mut site = Site::new();
    assert_eq!(site.hears(&board(), &ailsa()).len(), 1);
    let events = site.hears(&council(), &ailsa_without_number());
    assert!(matches!(&events[..], [LinkEvent::RecordLinked(link)] if link.evidence.total >= 17.0));
    assert_eq!(site.person_of(&council()), site.person_of(&board()));
    let due = site.matcher.assignments_due();
    assert_eq!(due.len(), 1);
    assert_eq!((&due[0].record, due[0].chi.as_str()), (&council(), chi_for("030858", true, 3).as_str()));
    site.matcher.replay(&LinkEvent::AssignmentAnswered {
        record: council(),
        person: due[0].person,
        refused_because: None,
        answered_at: now(),
    });
    assert!(site.matcher.assignments_due().is_empty());
}

#[test]
fn a_new_index_record_finds_those_who_waited() {
    let mut site = Site::new();
    assert!(site.hears(&council(), &ailsa_without_number()).is_empty());
    assert_eq!(site.hears(&board(), &ailsa()).len(), 2);
    assert_eq!(site.person_of(&council()), site.person_of(&board()));
}

#[test]
fn a_link_made_before_the_twin_was_known_comes_into_question_when_the_twin_appears() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    // One letter off: near enough while there is nobody else.
    let query = person("Tulloch", "Alsa", "1958-08-03").at("ST9 4QX", "3 Mill Lane").phone("07700 900123");
    site.hears(&council(), &query);
    let linked = |site: &Site| site.matcher.graph().own_link_of(&council()).map(|link| link.status);
    assert_eq!(linked(&site), Some(LinkStatus::Confirmed));
    let aisla = person("Tulloch", "Aisla", "1958-08-03")
        .at("ST9 4QX", "3 Mill Lane")
        .chi(&chi_for("030858", true, 4));
    site.hears(&record("board", "2"), &aisla);
    assert_eq!(linked(&site), Some(LinkStatus::Disputed), "a disputed link shows nothing");
    assert!(site.matcher.graph().review_of(&council()).is_some());
}

#[test]
fn a_twin_goes_to_review_is_linked_by_a_reviewer_and_unlinked() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&council(), &ailsa_without_number());
    let sister = record("council", "2");
    let events = site.hears(&sister, &twin());
    assert!(matches!(&events[..], [LinkEvent::ReviewRaised(review)] if review.candidates.len() == 1));
    let ailsas = site.person_of(&board()).unwrap();
    site.answer(&sister, ReviewOutcome::Linked(ailsas)).unwrap();
    assert_eq!(site.person_of(&sister), Some(ailsas));
    assert!(site.matcher.graph().open_reviews().is_empty());

    let before: Vec<Link> =
        site.matcher.graph().links().filter(|link| link.record != sister).cloned().collect();
    site.unlink(&sister, true).unwrap();
    assert_eq!(site.person_of(&sister), None);
    let after: Vec<Link> = site.matcher.graph().links().cloned().collect();
    assert_eq!(before, after, "every other link is exactly as it was");
    assert!(site.hears(&sister, &twin()).is_empty(), "never again is remembered");
}

#[test]
fn the_same_news_again_says_nothing() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    for (of, sample) in
        [(council(), ailsa_without_number()), (record("council", "2"), twin()), (board(), ailsa())]
    {
        site.hears(&of, &sample);
        assert!(site.hears(&of, &sample).is_empty());
    }
    let question = site.matcher.graph().open_reviews().len();
    site.hears(
        &record("board", "9"),
        &person("Raeburn", "Struan", "1971-05-30").chi(&chi_for("300571", true, 0)),
    );
    assert_eq!(site.matcher.graph().open_reviews().len(), question, "a stranger re-opens nothing");
}

#[test]
fn an_older_version_is_not_listened_to() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    let late = site.event();
    let (of, old) = (board(), twin().build());
    let stored =
        Stored { record: &of, demographics: &old, version: RecordVersion::Sequence(0), looked_after: false };
    assert!(site.matcher.observe(Observation { stored, event: late, now: now() }).is_empty());
    assert!(site.matcher.index().is_index_record(&board()));
}

#[test]
fn a_contradicted_automatic_link_is_disputed_and_not_undone() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&council(), &ailsa_without_number());
    let ailsas = site.person_of(&board()).unwrap();
    let events =
        site.hears(&council(), &person("Tulloch", "Morven", "1958-08-03").at("ST9 4QX", "3 Mill Lane"));
    assert!(matches!(&events[..], [LinkEvent::RecordLinked(link), LinkEvent::ReviewRaised(_)]
        if link.status == LinkStatus::Disputed && link.person == ailsas));
    assert_eq!(site.person_of(&council()), None, "a disputed link discloses nothing");
    site.answer(&council(), ReviewOutcome::Never(Vec::new())).unwrap();
    assert!(site.matcher.graph().own_link_of(&council()).is_none());
}

#[test]
fn a_reviewer_can_confirm_a_disputed_link() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&council(), &ailsa_without_number());
    let ailsas = site.person_of(&board()).unwrap();
    site.hears(&council(), &twin());
    site.answer(&council(), ReviewOutcome::Linked(ailsas)).unwrap();
    assert_eq!(site.person_of(&council()), Some(ailsas));
    assert!(
        site.hears(&council(), &person("Raeburn", "Struan", "1971-05-30")).is_empty(),
        "manual links stick"
    );
}

#[test]
fn a_link_that_only_weakens_a_little_stays() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&council(), &ailsa_without_number());
    let moved = person("Tulloch", "Ailsa", "1958-08-03").at("KW1 5AA", "9 Shore Road");
    assert!(site.hears(&council(), &moved).is_empty(), "below the link threshold, above the lower one");
}

#[test]
fn an_unlinked_record_is_proposed_and_not_linked_again() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&council(), &ailsa_without_number());
    site.unlink(&council(), false).unwrap();
    let events = site.hears(&council(), &ailsa_without_number());
    assert!(matches!(&events[..], [LinkEvent::ReviewRaised(review)]
        if review.reason == ReviewReason::UndoneBefore.words()));
}

#[test]
fn a_review_of_an_older_state_is_refused() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&council(), &twin());
    let review = site.matcher.graph().review_of(&council()).unwrap().clone();
    let mut decision = ReviewDecision {
        review: review.id,
        outcome: ReviewOutcome::Never(Vec::new()),
        by: reviewer(),
        reason: String::new(),
        judged_version: RecordVersion::Sequence(99),
    };
    let mut decide = |decision: &ReviewDecision| site.matcher.decide_review(decision, now()).unwrap_err();
    assert_eq!(decide(&decision), Error::Reason);
    decision.reason = "seen".into();
    assert_eq!(decide(&decision), Error::RecordChanged);
    decision.judged_version = review.judged_version;
    decision.outcome = ReviewOutcome::Superseded;
    assert_eq!(decide(&decision), Error::NotAReviewersOutcome);
    decision.outcome =
        ReviewOutcome::Linked(PersonId::of_index_event(EventId::of_message("test", "nobody"), board().key()));
    assert_eq!(decide(&decision), Error::UnknownPerson);
    decision.review = ReviewId(EventId::of_message("test", "no review").0);
    assert_eq!(decide(&decision), Error::ReviewNotOpen);
}

#[test]
fn an_index_record_cannot_be_unlinked_from_itself() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    assert_eq!(site.unlink(&board(), false).unwrap_err(), Error::IndexRecord);
    assert_eq!(site.unlink(&council(), false).unwrap_err(), Error::NotLinked);
}

#[test]
fn a_second_index_record_of_the_same_chi_joins_the_first_person() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    let second = record("board", "2");
    site.hears(&second, &ailsa());
    assert_eq!(site.person_of(&second), site.person_of(&board()));
}

#[test]
fn a_merge_moves_the_person_and_keeps_the_links() {
    let mut site = Site::new();
    let other = record("board", "2");
    site.hears(&board(), &ailsa());
    site.hears(&council(), &ailsa_without_number());
    site.hears(&other, &person("Raeburn", "Struan", "1971-05-30").male().chi(&chi_for("300571", false, 0)));
    let redirect = Redirect { from: board(), to: other.clone(), scope: RedirectScope::Record };
    let event = site.event();
    let events = site.matcher.redirect(&redirect, event, now());
    assert!(matches!(&events[..], [LinkEvent::RecordRedirected { .. }, ..]));
    assert_eq!(site.person_of(&board()), site.person_of(&other));
    let event = site.event();
    assert!(
        site.matcher.redirect(&redirect, event, now()).is_empty(),
        "the same redirect again says nothing"
    );
    assert!(!site.matcher.index().is_index_record(&board()));
}

#[test]
fn a_record_that_is_gone_asks_nothing_any_more() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&council(), &twin());
    let event = site.event();
    assert_eq!(site.matcher.forget(&council(), event, now()).len(), 1);
    assert!(site.matcher.graph().open_reviews().is_empty());
    let event = site.event();
    site.matcher.forget(&board(), event, now());
    assert_eq!(site.matcher.index().size(), 0);
}

#[test]
fn a_matcher_built_again_from_events_decides_alike() {
    let mut site = Site::new();
    let news = [(board(), ailsa()), (council(), ailsa_without_number()), (record("council", "2"), twin())];
    let events: Vec<LinkEvent> = news.iter().flat_map(|(of, sample)| site.hears(of, sample)).collect();
    let mut again = Site::new();
    for event in &events {
        again.matcher.replay(event);
    }
    for (turn, (of, sample)) in (1..).zip(&news) {
        let stored = Stored {
            record: of,
            demographics: &sample.build(),
            version: RecordVersion::Sequence(turn),
            looked_after: false,
        };
        again.matcher.restore(stored);
    }
    again.turn = site.turn;
    assert_eq!(site.matcher.graph(), again.matcher.graph());
    let third = record("council", "3");
    assert_eq!(site.hears(&third, &ailsa_without_number()), again.hears(&third, &ailsa_without_number()));
}

#[test]
fn a_link_by_hand_needs_no_question() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    let stranger = person("Raeburn", "Struan", "1971-05-30").male();
    site.hears(&council(), &stranger);
    let wanted = ManualLink {
        record: council(),
        person: site.person_of(&board()).unwrap(),
        by: reviewer(),
        reason: "known to both teams".into(),
    };
    assert_eq!(site.matcher.link(&wanted, now()).unwrap().len(), 1);
    assert_eq!(site.person_of(&council()), site.person_of(&board()));
}

#[test]
fn a_search_finds_candidates_best_first() {
    let mut site = Site::new();
    site.hears(&board(), &ailsa());
    site.hears(&record("board", "2"), &twin().chi(&chi_for("030858", true, 4)));
    let found = site.matcher.search(&ailsa_without_number().build(), 5, now());
    assert_eq!(found.len(), 2);
    assert!(found[0].record == board() && found[0].evidence.total > found[1].evidence.total);
}

#[test]
fn names_of_events_are_their_own() {
    let mut site = Site::new();
    let mut events = site.hears(&council(), &ailsa_without_number());
    events.extend(site.hears(&record("council", "2"), &twin()));
    events.extend(site.hears(&board(), &ailsa()));
    let names: BTreeSet<String> = events.iter().map(event_name).collect();
    assert_eq!(names.len(), events.len());
}
