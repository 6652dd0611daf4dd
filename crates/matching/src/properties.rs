//! What must hold for any two people and any history.

use domain::{Authority, EventId, LinkEvent, RecordVersion, SourceRecord, UserId};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::sample::{Sample, chi_for, person, record};
use crate::{
    CohortSwitches, Comparison, LinkGraph, Matcher, Observation, Parameters, Settings, Stored, TermCounts,
    Unlinking,
};

const FORENAMES: [&str; 8] = ["Ailsa", "Ailsa Jane", "Morven", "Margaret", "Peggy", "M", "Baby", ""];
const SURNAMES: [&str; 7] =
    ["Tulloch", "Tullock", "MacDonald", "Mc Donald", "Baird-Tulloch", "Baird", "Ailsa"];
const BORN: [&str; 6] = ["1958-08-03", "1958-03-08", "1958-01-01", "1958", "1961-02-11", ""];
const PLACES: [(&str, &str); 4] =
    [("ST9 4QX", "3 Mill Lane"), ("ST9 4QY", ""), ("KW1 5AA", "9 Shore Road"), ("", "")];

fn anybody() -> impl Strategy<Value = Sample> {
    let name = (0..FORENAMES.len(), 0..SURNAMES.len(), 0..BORN.len(), 0..PLACES.len());
    (name, any::<bool>(), 0..5_usize, any::<bool>()).prop_map(
        |((first, last, born, place), male, chi, phone)| {
            let mut sample = person(SURNAMES[last], FORENAMES[first], BORN[born]);
            if !PLACES[place].0.is_empty() {
                sample = sample.at(PLACES[place].0, PLACES[place].1);
            }
            if male {
                sample = sample.male();
            }
            if chi > 1 {
                sample = sample.chi(&chi_for("030858", true, chi));
            }
            if phone { sample.phone("07700 900123") } else { sample }
        },
    )
}

fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// Turns of a history: an even place is an index record, an odd one is not.
fn history() -> impl Strategy<Value = Vec<(u8, Sample)>> {
    prop::collection::vec((0..10_u8, anybody()), 1..25)
}

fn record_of(place: u8) -> SourceRecord {
    record(if place.is_multiple_of(2) { "board" } else { "council" }, &place.to_string())
}

fn lived(history: &[(u8, Sample)]) -> (Matcher, Vec<LinkEvent>) {
    let settings = Settings {
        index_authorities: [Authority::parse("board").unwrap()].into(),
        switches: CohortSwitches::all_on(),
    };
    let mut matcher = Matcher::new(settings, Parameters::shipped());
    let mut events = Vec::new();
    for (turn, (place, sample)) in (0_u64..).zip(history) {
        let of = record_of(*place);
        let demographics = sample.build();
        let stored = Stored {
            record: &of,
            demographics: &demographics,
            version: RecordVersion::Sequence(turn),
            looked_after: false,
        };
        let event = EventId::of_message("test", &turn.to_string());
        events.extend(matcher.observe(Observation { stored, event, now: now() }));
    }
    (matcher, events)
}

proptest! {
    #[test]
    fn weights_add_up_and_comparing_is_symmetric(a in anybody(), b in anybody()) {
        let (parameters, mut counts) = (Parameters::shipped(), TermCounts::default());
        counts.add(&a.profile().terms());
        counts.add(&b.profile().terms());
        let one = Comparison::of(&a.profile(), &b.profile(), &counts);
        let other = Comparison::of(&b.profile(), &a.profile(), &counts);
        prop_assert_eq!(&one, &other);
        let evidence = parameters.evidence(&one, &counts);
        let sum = evidence.prior + evidence.fields.iter().map(|line| line.weight).sum::<f64>();
        prop_assert!((sum - evidence.total).abs() < 1e-9);
        prop_assert_eq!(evidence.fields.len(), 10);
    }

    #[test]
    fn a_history_gives_the_same_graph_again_and_replayed(history in history()) {
        let (matcher, events) = lived(&history);
        let (again, same) = lived(&history);
        prop_assert_eq!(&events, &same);
        prop_assert_eq!(matcher.graph(), again.graph());
        let mut replayed = LinkGraph::default();
        for event in &events {
 replayed.apply(event);
}
        prop_assert_eq!(matcher.graph(), &replayed);
        for event in &events {
 replayed.apply(event);
}
        for link in matcher.graph().links() {
            prop_assert_eq!(matcher.graph().person_of(&link.record), replayed.person_of(&link.record));
        }
    }

    #[test]
    fn events_of_different_records_may_come_in_any_order(history in history()) {
        let (matcher, mut events) = lived(&history);
        events.sort_by_key(|event| event.record().clone());
        let mut sorted = LinkGraph::default();
        for event in &events {
 sorted.apply(event);
}
        prop_assert_eq!(matcher.graph(), &sorted);
    }

    #[test]
    fn unlinking_removes_exactly_one_link(history in history(), which in any::<prop::sample::Index>()) {
        let (mut matcher, _) = lived(&history);
        let by_machine: Vec<SourceRecord> = matcher.graph().links()
            .filter(|link| matches!(link.decided_by, domain::Decider::Machine { .. })).map(|link| link.record.clone()).collect();
        prop_assume!(!by_machine.is_empty());
        let chosen = by_machine[which.index(by_machine.len())].clone();
        let expected: Vec<_> = matcher.graph().links().filter(|link| link.record != chosen).cloned().collect();
        let unlinking = Unlinking {
            record: chosen,
            by: UserId::parse("reviewer-1").unwrap(),
            reason: "another person".into(),
            never_again: true,
        };
        matcher.unlink(&unlinking, now()).unwrap();
        let left: Vec<_> = matcher.graph().links().cloned().collect();
        prop_assert_eq!(left, expected);
    }

    #[test]
    fn the_last_state_heard_twice_says_nothing_new(history in history()) {
        let mut twice = history.clone();
        twice.extend(history.last().cloned());
        let (_, once) = lived(&history);
        let (_, events) = lived(&twice);
        prop_assert_eq!(once.len(), events.len());
    }

    #[test]
    fn a_twin_without_number_is_never_linked(
        first in 0..4_usize, second in 4..8_usize, phone in any::<bool>(), male in any::<bool>(),
    ) {
        let names = ["Ailsa", "Effie", "Una", "Struan", "Morven", "Isla", "Rory", "Fergus"];
        let make = |given: &str| {
            let sample = person("Raithwell", given, "1988-08-23").at("ST9 4QX", "3 Mill Lane").uprn(42);
            if phone { sample.phone("07700 900123") } else { sample }
        };
        let twin = if male { make(names[second]).male() } else { make(names[second]) };
        let held = make(names[first]).chi(&chi_for("230888", true, 1));
        let (matcher, _) = lived(&[(2, held), (1, twin)]);
        prop_assert_eq!(matcher.graph().person_of(&record_of(1)), None);
    }
}
