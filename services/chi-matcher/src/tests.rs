//! The decider's memory from event to event: what is decided, what comes back, and what is left after building it anew.

use crate::memory::{Memory, ReadBack, Told, assignment_id};
use crate::sight::{Sight, authorities_of};
use domain::{
    Change, ChiNumber, Code, DataItem, Demographics, DemographicsPatch, EventId, FieldValue, HeldChi,
    Instance, ItemKind, Labels, LinkEvent, NameParts, NameUse, PartialDate, PersonName, Postcode,
    RecordChange, RecordVersion, Redirect, RedirectScope, ReviewOutcome, Sex, SourceRecord, UserId,
};
use event_log::LogPosition;
use jiff::Timestamp;
use matching::{CohortSwitches, ReviewDecision, Settings, Unlinking, event_name};
use projection::Arrival;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A memory with the log that it reads and writes.
struct Site {
    memory: Memory,
    records: Vec<(EventId, RecordChange, Arrival)>,
    links: Vec<(EventId, LinkEvent)>,
    turn: u64,
}

fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

fn settings() -> Settings {
    let board = domain::Authority::parse("board").unwrap();
    Settings { index_authorities: BTreeSet::from([board]), switches: CohortSwitches::default() }
}

impl Site {
    fn new() -> Self {
        Self { memory: Memory::new(settings()), records: Vec::new(), links: Vec::new(), turn: 0 }
    }

    /// A message arrives; what follows goes to the log.
    fn hears(&mut self, record: &SourceRecord, change: impl FnOnce(&mut RecordChange)) -> Vec<LinkEvent> {
        self.turn += 1;
        let mut said = RecordChange::new(record.clone(), RecordVersion::Sequence(self.turn), now());
        change(&mut said);
        let id = EventId::of_message("test", &self.turn.to_string());
        let arrival = Arrival { received_at: now(), offset: self.turn };
        let events = self.memory.hear(Told { id, change: &said, arrival });
        self.links
            .extend(events.iter().map(|event| (EventId::derived(id, &event_name(event)), event.clone())));
        self.records.push((id, said, arrival));
        events
    }

    fn is(&mut self, record: &SourceRecord, who: &Who) -> Vec<LinkEvent> {
        self.hears(record, |change| change.demographics = who.patch())
    }

    /// A person decides; what follows goes to the log.
    fn commands(
        &mut self,
        request: &str,
        decide: impl FnOnce(&mut matching::Matcher) -> Result<Vec<LinkEvent>, matching::Error>,
    ) -> Result<EventId, matching::Error> {
        let id = EventId::of_message("command", request);
        let events = self.memory.command(id, decide)?;
        self.links.extend(events);
        Ok(id)
    }

    fn unlinks(&mut self, record: &SourceRecord, never_again: bool) -> Result<EventId, matching::Error> {
        let unlinking =
            Unlinking { record: record.clone(), by: reviewer(), reason: "another".into(), never_again };
        self.commands("unlink", |matcher| matcher.unlink(&unlinking, now()))
    }

    /// Everything that was decided comes back on the links stream.
    fn reads_back(&mut self) {
        for (place, (id, event)) in self.links.clone().iter().enumerate() {
            self.memory.read_back(ReadBack { id: *id, position: at(place), event });
        }
    }

    /// The same log, read by another process.
    fn rebuilt(&self) -> Memory {
        let mut memory = Memory::new(settings());
        for (id, event) in &self.links {
            memory.fold_link(*id, event);
        }
        memory.folded_up_to(&[at(self.links.len())], HashSet::new());
        for (_, change, arrival) in &self.records {
            memory.fold_record(change, *arrival);
        }
        memory.restore(HashMap::new());
        memory
    }

    fn person_of(&self, record: &SourceRecord) -> Option<domain::PersonId> {
        self.memory.matcher().graph().person_of(record)
    }
}

fn at(place: usize) -> LogPosition {
    LogPosition { partition: 0, offset: u64::try_from(place).unwrap() }
}

fn reviewer() -> UserId {
    UserId::parse("reviewer-1").unwrap()
}

fn record(authority: &str, local_id: &str) -> SourceRecord {
    SourceRecord::parse(authority, local_id).unwrap()
}

/// An invented person.
#[derive(Clone)]
struct Who {
    given: &'static str,
    chi: Option<HeldChi>,
}

impl Who {
    fn patch(&self) -> DemographicsPatch {
        let parts = NameParts {
            family: "Tulloch".into(),
            given: vec![self.given.into()],
            name_use: NameUse::Usual,
            ..NameParts::default()
        };
        DemographicsPatch {
            names: Change::Set(vec![PersonName::new(&parts).unwrap()]),
            birth_date: Change::Set(PartialDate::parse("1958-08-03").unwrap()),
            sex: Change::Set(Sex::Female),
            chi: self.chi.clone().map_or(Change::Unchanged, Change::Set),
            addresses: Change::Set(vec![domain::Address {
                used_as: domain::AddressUse::Home,
                lines: vec!["3 Mill Lane".into()],
                postcode: Postcode::parse("ST9 4QX").ok(),
                uprn: None,
                from: PartialDate::Unknown,
                to: PartialDate::Unknown,
                protected: false,
            }]),
            ..DemographicsPatch::default()
        }
    }
}

fn ailsa() -> Who {
    let fits = |digits: &String| {
        let even = (digits.as_bytes()[8] - b'0').is_multiple_of(2);
        even && ChiNumber::parse(digits).is_ok_and(|(_, scheme)| scheme.catches_every_slip())
    };
    let digits = (0..10_000).map(|n| format!("030858{n:04}")).find(fits).unwrap();
    let (number, scheme) = ChiNumber::parse(&digits).unwrap();
    Who { given: "Ailsa", chi: Some(HeldChi { number, scheme, padded: false }) }
}

fn ailsa_without_number() -> Who {
    Who { chi: None, ..ailsa() }
}

fn twin() -> Who {
    Who { given: "Morven", chi: None }
}

fn board() -> SourceRecord {
    record("board", "1")
}

fn council() -> SourceRecord {
    record("council", "1")
}

/// Ailsa in both systems, linked; her twin in the council's, in review.
fn family() -> Site {
    let mut site = Site::new();
    site.is(&board(), &ailsa());
    site.is(&council(), &ailsa_without_number());
    site.is(&record("council", "2"), &twin());
    site
}

#[test]
fn the_same_log_gives_the_same_graph_the_same_questions_and_the_same_dues() {
    let mut site = family();
    site.unlinks(&council(), false).unwrap();
    site.is(&council(), &ailsa_without_number());
    site.hears(&record("board", "1"), |change| {
        change.redirect =
            Some(Redirect { from: record("board", "7"), to: board(), scope: RedirectScope::Record });
    });
    let other = site.rebuilt();
    assert_eq!(other.matcher().graph(), site.memory.matcher().graph());
    let councils = [domain::Authority::parse("council").unwrap()];
    assert_eq!(other.due_of(&councils), site.memory.due_of(&councils));
    assert_eq!(other.matcher().index().size(), site.memory.matcher().index().size());
}

#[test]
fn a_memory_built_anew_goes_on_as_the_old_one_would_have() {
    let mut old = family();
    let mut new = Site { memory: old.rebuilt(), records: Vec::new(), links: Vec::new(), turn: old.turn };
    let cousin = Who { given: "Isla", chi: None };
    for (of, who) in [(record("council", "3"), &cousin), (council(), &twin()), (board(), &ailsa())] {
        assert_eq!(old.is(&of, who), new.is(&of, who));
    }
    assert_eq!(old.memory.matcher().graph(), new.memory.matcher().graph());
}

#[test]
fn what_was_decided_here_changes_nothing_when_it_comes_back() {
    let mut site = family();
    let before = site.memory.matcher().graph().clone();
    site.reads_back();
    assert_eq!(*site.memory.matcher().graph(), before);
}

#[test]
fn a_link_that_comes_back_after_it_was_undone_does_not_rise_again() {
    let mut site = family();
    site.unlinks(&council(), false).unwrap();
    let linked = site
        .links
        .iter()
        .position(|(_, event)| matches!(event, LinkEvent::RecordLinked(link) if link.record == council()));
    let (id, event) = site.links[linked.unwrap()].clone();
    site.memory.read_back(ReadBack { id, position: at(linked.unwrap()), event: &event });
    assert_eq!(site.person_of(&council()), None);
    let mut other = site.rebuilt();
    other.read_back(ReadBack { id, position: at(linked.unwrap()), event: &event });
    assert_eq!(other.matcher().graph().person_of(&council()), None, "nor after the memory was built anew");
}

#[test]
fn a_parked_link_event_is_folded_when_it_comes_back_after_all() {
    let site = family();
    let linked =
        |event: &LinkEvent| matches!(event, LinkEvent::RecordLinked(link) if link.record == council());
    let (id, event) = site.links.iter().find(|(_, event)| linked(event)).cloned().unwrap();
    let mut memory = Memory::new(settings());
    for (other, event) in site.links.iter().filter(|(other, _)| *other != id) {
        memory.fold_link(*other, event);
    }
    memory.folded_up_to(&[at(site.links.len())], HashSet::from([id]));
    assert_eq!(memory.matcher().graph().person_of(&council()), None);
    memory.read_back(ReadBack { id, position: at(1), event: &event });
    assert!(memory.matcher().graph().person_of(&council()).is_some());
}

#[test]
fn an_unlinking_by_hand_sticks() {
    let mut site = family();
    assert!(site.person_of(&council()).is_some());
    site.unlinks(&council(), true).unwrap();
    site.is(&council(), &ailsa_without_number());
    site.is(&board(), &ailsa());
    assert_eq!(site.person_of(&council()), None);
    assert!(site.memory.matcher().graph().review_of(&council()).is_none(), "never again is not asked again");
    assert_eq!(site.rebuilt().matcher().graph().person_of(&council()), None);
}

#[test]
fn an_unlinking_knows_since_when_the_link_stood() {
    let mut site = family();
    let id = site.unlinks(&council(), false).unwrap();
    let done = site.memory.done(id).cloned().unwrap();
    assert_eq!(done.stood_since, Some(now()));
    assert_eq!(site.rebuilt().done(id), Some(&done), "after a restart as well");
}

#[test]
fn a_doubt_in_between_does_not_shorten_the_time_that_a_link_stood() {
    let mut site = family();
    let later = "2026-11-25T09:00:00Z".parse().unwrap();
    let graph = site.memory.matcher().graph();
    let mut link = graph.own_link_of(&council()).cloned().unwrap();
    link.status = domain::LinkStatus::Disputed;
    link.decided_at = later;
    site.memory.fold_link(EventId::of_message("test", "doubt"), &LinkEvent::RecordLinked(link));
    let id = site.unlinks(&council(), false).unwrap();
    assert_eq!(site.memory.done(id).unwrap().stood_since, Some(now()));
}

#[test]
fn a_reviewers_answer_bears_the_commands_own_id_whatever_else_follows() {
    let mut site = family();
    let sister = record("council", "2");
    let review = site.memory.matcher().graph().review_of(&sister).cloned().unwrap();
    let decision = ReviewDecision {
        review: review.id,
        outcome: ReviewOutcome::Linked(site.person_of(&board()).unwrap()),
        by: reviewer(),
        reason: "seen the papers".into(),
        judged_version: review.judged_version,
    };
    let id = site.commands("answer", |matcher| matcher.decide_review(&decision, now())).unwrap();
    assert!(matches!(&site.memory.done(id).unwrap().event,
        LinkEvent::ReviewDecided { review: answered, .. } if *answered == review.id));
    let ids: HashSet<EventId> = site.links.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids.len(), site.links.len(), "every event has an id of its own");
    let again = site.commands("again", |matcher| matcher.decide_review(&decision, now()));
    assert_eq!(again, Err(matching::Error::ReviewNotOpen));
}

#[test]
fn a_number_is_due_until_it_is_answered_or_the_record_has_it() {
    let mut site = family();
    let councils = [domain::Authority::parse("council").unwrap()];
    let due = site.memory.due_of(&councils);
    assert_eq!(due.len(), 1);
    assert_eq!((&due[0].assignment.record, &due[0].from), (&council(), &board()));
    assert_eq!(due[0].id, assignment_id(&council(), due[0].assignment.person));
    assert!(site.memory.due_of(&[domain::Authority::parse("other").unwrap()]).is_empty());

    site.memory.note_offered(&due[0]);
    site.is(&council(), &ailsa());
    assert!(site.memory.due_of(&councils).is_empty(), "the record has it");
    assert_eq!(site.memory.assignment(due[0].id).as_ref(), Some(&due[0]), "and may still be confirmed");
}

#[test]
fn a_number_is_no_longer_due_once_the_link_is_undone() {
    let mut site = family();
    let councils = [domain::Authority::parse("council").unwrap()];
    let id = site.memory.due_of(&councils)[0].id;
    site.unlinks(&council(), false).unwrap();
    assert!(site.memory.due_of(&councils).is_empty());
    assert_eq!(site.memory.assignment(id), None);
}

#[test]
fn a_removed_record_is_a_candidate_no_more_and_an_older_message_does_not_bring_it_back() {
    let mut site = Site::new();
    site.is(&board(), &ailsa());
    site.hears(&board(), |change| change.record_removed = true);
    let old = RecordChange {
        demographics: ailsa().patch(),
        ..RecordChange::new(board(), RecordVersion::Sequence(1), now())
    };
    let told = Told {
        id: EventId::of_message("test", "late"),
        change: &old,
        arrival: Arrival { received_at: now(), offset: 9 },
    };
    assert!(site.memory.hear(told).is_empty());
    assert_eq!(site.memory.matcher().index().size(), 0);
    assert!(site.is(&council(), &ailsa_without_number()).is_empty());
    assert_eq!(site.rebuilt().matcher().index().size(), 0);
}

#[test]
fn who_is_looked_after_is_known_by_the_item() {
    let mut site = Site::new();
    let item = |kind: ItemKind| DataItem {
        kind,
        instance: Instance::parse("1").unwrap(),
        as_of: now(),
        fields: vec![(
            "type".into(),
            FieldValue::Code(Code { system: String::new(), code: "x".into(), display: "x".into() }),
        )],
        labels: Labels::NONE,
        source_reference: None,
    };
    site.is(&board(), &ailsa());
    let kinds = [ItemKind::LOOKED_AFTER_STATUS, ItemKind::EQUIPMENT];
    let events = site.hears(&council(), |change| {
        change.demographics = ailsa_without_number().patch();
        change.upserts = kinds.map(item).to_vec();
    });
    assert!(matches!(&events[..], [LinkEvent::ReviewRaised(_)]), "that cohort is not linked without asking");
    let rebuilt = site.rebuilt();
    assert_eq!(rebuilt.matcher().graph(), site.memory.matcher().graph());
}

#[test]
fn a_merge_moves_the_due_number_with_the_person() {
    let mut site = family();
    site.is(&record("board", "8"), &Who { given: "Ailsa", chi: None });
    site.hears(&record("board", "8"), |change| {
        change.redirect =
            Some(Redirect { from: record("board", "8"), to: board(), scope: RedirectScope::Record });
    });
    let councils = [domain::Authority::parse("council").unwrap()];
    assert_eq!(site.memory.due_of(&councils), site.rebuilt().due_of(&councils));
    assert_eq!(site.memory.due_of(&councils).len(), 1);
}

#[test]
fn demographics_are_folded_field_by_field() {
    let mut site = family();
    site.hears(&council(), |change| change.demographics.sex = Change::Deleted);
    let held: &Demographics = site.memory.demographics(&council()).unwrap();
    assert_eq!((held.sex, held.names.len()), (None, 1));
}

#[test]
fn an_agency_works_on_its_own_records_and_the_node_on_all() {
    let mut state = policy::SharingState::default();
    let organisation = |id: &str, authorities: &[&str]| {
        domain::SharingEvent::OrganisationRegistered(domain::Organisation {
            id: domain::OrganisationId::parse(id).unwrap(),
            name: id.to_owned(),
            side: domain::Side::Any,
            ico_registration: String::new(),
            active: true,
            assurance: domain::Assurance { rank: domain::AssuranceRank::Reviewed, expires_at: None },
            sponsor: None,
            authorities: authorities.iter().map(|one| domain::Authority::parse(one).unwrap()).collect(),
            origins: Vec::new(),
            may_assert: Vec::new(),
            heard_every_s: 0,
            not_sent: Vec::new(),
            phones: Vec::new(),
        })
    };
    state.apply(&organisation("city", &["council"]));
    state.apply(&organisation("impostor", &["council", "shop"]));
    state.apply(&organisation(domain::NODE_OPERATOR, &[]));
    state.apply(&organisation("charity", &[]));
    let sight = |id: &str| Sight::of(&state, &domain::OrganisationId::parse(id).unwrap());
    let covers = |id: &str| sight(id).unwrap().covers(&council().authority);
    assert_eq!((covers("city"), covers("impostor"), covers(domain::NODE_OPERATOR)), (true, false, true));
    assert!(!covers("charity"), "who holds no records sees nobody's");
    assert!(sight("nobody").is_err());
    let impostor = domain::OrganisationId::parse("impostor").unwrap();
    assert_eq!(authorities_of(&state, &impostor), [domain::Authority::parse("shop").unwrap()]);
}
