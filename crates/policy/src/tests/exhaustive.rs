//! The compiled rule beside the naive reading, over every combination of small sets of values.
//!
//! The whole space takes long without optimisation. A test run walks an even part of it and says so;
//! `YETT_EXHAUSTIVE=1` walks all of it, `YETT_EXHAUSTIVE=7` every seventh world.

use super::knobs::{
    ALWAYS, BOARD, COUNCIL, DirectiveKnobs, FIRST_FLOW, HELD, Knobs, OTHER, SECOND_FLOW, Stopped, TRUST,
    every_label, grant, open_flow,
};
use super::lab::{Case, Lab};
use super::naive::Naive;
use super::twists::OVERRIDE_NOW;
use super::world::{OTHER_SESSION, World, at, organisation};
use crate::tests::Dropped;
use crate::{Decision, LinkState, Policy, SharingState};
use domain::{AgeBand, AssuranceRank, DirectiveKind, Label, Labels, PartialDate, PositionId, Purpose};
use proptest::test_runner::TestCaseError;

/// One in how many worlds is walked. A prime, so that no set of values is left out.
const EVEN: usize = 199;

type InGovernance = fn(&mut Knobs);
type InQuestion = fn(&mut World);

fn direct(knobs: &mut Knobs, kind: DirectiveKind, flow: Option<&'static str>) {
    knobs.directives.push(DirectiveKnobs { kind, span: ALWAYS, flow });
}

#[rustfmt::skip]
const GOVERNANCE: &[&[InGovernance]] = &[
    &[
        |_| {},
        |k| k.recipient.rank = AssuranceRank::SelfAssessed,
        |k| k.discloser.expires = Some(0),
        |k| k.sponsor = Some(TRUST),
    ],
    &[
        |_| {},
        |k| k.signed[3] = None,
        |k| k.stops.push(Stopped { appendix: true, by: BOARD, from: -1, resumed: None, for_good: true }),
        |k| { k.review_due = Some(0); k.overdue_cap = 1; },
    ],
    &[|_| {}, |k| k.flow.level = 2],
    &[|_| {}, |k| k.flow.basis[2] = false],
    &[
        |_| {},
        |k| k.flow.grants = vec![grant(HELD, 3, Labels::NONE.with(Label::SpecialCategory), false)],
        |k| k.flow.grants = vec![grant(OTHER, 4, every_label(), true)],
        |k| {
            k.positions.push((OTHER, ALWAYS));
            k.flow.grants = vec![grant(HELD, 4, Labels::NONE, false), grant(OTHER, 1, every_label(), true)];
        },
    ],
    &[|_| {}, |k| k.flow.scopes = Labels::NONE.with(Label::SpecialCategory).with(Label::ThirdParty)],
    &[
        |_| {},
        |k| { let mut flow = open_flow(SECOND_FLOW); flow.purposes = vec![Purpose::Audit]; flow.level = 3; k.second = Some(flow); },
        |k| { let mut flow = open_flow(SECOND_FLOW); flow.level = 2; flow.override_cap = 1; k.second = Some(flow); },
    ],
    &[
        |_| {},
        |k| direct(k, DirectiveKind::Dissent, None),
        |k| direct(k, DirectiveKind::Dissent, Some(FIRST_FLOW)),
        |k| direct(k, DirectiveKind::Sealed, None),
        |k| direct(k, DirectiveKind::ProtectedAddress, None),
    ],
    &[|_| {}, |k| k.flow.ages = vec![AgeBand::Adult]],
    &[|_| {}, |k| { k.flow.without_relationship = 1; k.flow.override_cap = 2; }],
];

#[rustfmt::skip]
const QUESTION: &[&[InQuestion]] = &[
    &[|_| {}, |w| w.system.lease_valid = false],
    &[
        |_| {},
        |w| w.request.requester.position = PositionId::parse("post-of-another").ok(),
        |w| w.request.requester.host_organisation = organisation(TRUST),
    ],
    &[|_| {}, |w| w.request.purpose = Purpose::Audit],
    &[|_| {}, |w| w.request.session = OTHER_SESSION],
    &[
        |_| {},
        |w| w.person.records[0].link = LinkState::Possible,
        |w| w.person.records[0].link = LinkState::Disputed,
    ],
    &[
        |_| {},
        |w| w.person.birth_date = PartialDate::from_day(2015, 1, 1).ok(),
        |w| w.person.birth_date = None,
    ],
    &[
        |_| {},
        |w| w.person.records[1].relationships.clear(),
        |w| { w.person.records[1].relationships.clear(); w.request.relationship_asserted = true; },
    ],
    &[|_| {}, |w| w.person.records[0].protected = true],
];

fn size<T>(sets: &[&[T]]) -> usize {
    sets.iter().map(|set| set.len()).product()
}

/// The values of one state, by its number.
fn values<T: Copy>(sets: &[&[T]], mut number: usize) -> Vec<T> {
    let mut chosen = Vec::with_capacity(sets.len());
    for set in sets {
        chosen.push(set[number % set.len()]);
        number /= set.len();
    }
    chosen
}

/// The states in which at most one set has another value than its first.
fn at_most_one_apart<T>(sets: &[&[T]]) -> Vec<usize> {
    let mut states = vec![0];
    let mut unit = 1;
    for set in sets {
        states.extend((1..set.len()).map(|value| value * unit));
        unit *= set.len();
    }
    states
}

/// With a row dropped: the first difference among worlds and questions that have at most one thing shut each.
pub(crate) fn difference_without(dropped: Dropped) -> Option<String> {
    let questions = at_most_one_apart(QUESTION);
    let mut worlds = at_most_one_apart(GOVERNANCE).into_iter();
    worlds.find_map(|number| difference_in(Some(dropped), number, &questions))
}

fn worlds(stride: usize) -> impl Iterator<Item = usize> {
    (0..size(GOVERNANCE)).step_by(stride)
}

/// Walks one in `stride` worlds, on every core, with every question about each; a difference if there is one.
fn difference_in_walk(stride: usize) -> Option<String> {
    let questions: Vec<usize> = (0..size(QUESTION)).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = |core| {
        let mut worlds = worlds(stride).skip(core).step_by(cores);
        worlds.find_map(|number| difference_in(None, number, &questions))
    };
    std::thread::scope(|scope| {
        let walks: Vec<_> = (0..cores)
            .map(|core| {
                scope.spawn({
                    let share = &share;
                    move || share(core)
                })
            })
            .collect();
        walks.into_iter().find_map(|walk| walk.join().unwrap())
    })
}

fn difference_in(dropped: Option<Dropped>, number: usize, questions: &[usize]) -> Option<String> {
    let mut knobs = Knobs { declared: Some(OVERRIDE_NOW), ..Knobs::default() };
    for change in values(GOVERNANCE, number) {
        change(&mut knobs);
    }
    let world = World::of(&knobs);
    let policy = Policy { dropped, ..world.policy() };
    questions.iter().find_map(|question| {
        let mut asked = question_of(&world);
        for change in values(QUESTION, *question) {
            change(&mut asked);
        }
        let decision = asked.decide(&policy, at(0));
        let naive = naive_of(&world, &asked, 0);
        disagreement(&decision, &naive).map(|said| format!("world {number}, question {question}: {said}"))
    })
}

/// The question of a world; its state stays where it is, since copying it for every question would be slow.
fn question_of(world: &World) -> World {
    World {
        state: SharingState::default(),
        request: world.request.clone(),
        person: world.person.clone(),
        system: world.system,
    }
}

fn naive_of<'a>(world: &'a World, asked: &'a World, offset: i64) -> Naive<'a> {
    Naive {
        state: &world.state,
        request: &asked.request,
        person: &asked.person,
        system: &asked.system,
        now: at(offset),
    }
}

fn disagreement(decision: &Decision, naive: &Naive<'_>) -> Option<String> {
    let controller = organisation(COUNCIL);
    let (compiled, plain) = (decision.items_of(&controller), naive.kinds(&controller));
    if compiled != plain || decision.items() != plain {
        return Some(format!("compiled {compiled:?}, naive {plain:?}"));
    }
    let named = plain.is_empty() != decision.reasons.is_empty();
    (!named).then(|| format!("shows {plain:?}, reasons {:?}", decision.reasons))
}

fn walked(stride: usize) -> usize {
    worlds(stride).count() * size(QUESTION)
}

#[test]
fn the_compiled_rule_equals_the_naive_reading() {
    let asked = std::env::var("YETT_EXHAUSTIVE").ok();
    let one_in = |value: String| value.parse().expect("YETT_EXHAUSTIVE says one in how many worlds to walk");
    let stride = asked.map_or(EVEN, one_in);
    println!("{} of {} decisions compared", walked(stride), walked(1));
    if stride > 1 {
        println!("THE WHOLE STATE SPACE WAS NOT WALKED: set YETT_EXHAUSTIVE=1 for that");
    }
    assert_eq!(difference_in_walk(stride), None);
}

#[test]
fn the_walk_meets_every_value_and_both_answers() {
    for (set, values_of) in GOVERNANCE.iter().enumerate() {
        let before: usize = GOVERNANCE[..set].iter().map(|one| one.len()).product();
        for value in 0..values_of.len() {
            assert!(
                worlds(EVEN).any(|number| number / before % values_of.len() == value),
                "set {set}, {value}"
            );
        }
    }
    let world = World::of(&Knobs::default());
    let controller = organisation(COUNCIL);
    let answers = (0..size(QUESTION)).map(|question| {
        let mut asked = question_of(&world);
        for change in values(QUESTION, question) {
            change(&mut asked);
        }
        naive_of(&world, &asked, 0).kinds(&controller).is_empty()
    });
    let answers: Vec<bool> = answers.collect();
    assert!(answers.contains(&true) && answers.contains(&false));
}

/// Over random worlds and instants too: what is shown, and the twelve ceilings of every flow.
fn equals_the_naive_reading(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let world = World::of(&case.knobs);
    let decision = world.decide(&lab.policy(&world), at(case.offset));
    let naive = naive_of(&world, &world, case.offset);
    if let Some(said) = disagreement(&decision, &naive) {
        return Err(TestCaseError::fail(said));
    }
    for (place, decided) in naive.places().into_iter().zip(&decision.flows) {
        let rows = decided.rows.map(|row| row.ceiling.value());
        let plain: Vec<[u8; 12]> = place.2.grants.iter().map(|grant| naive.rows(place, grant)).collect();
        let known = decided.openings.is_empty() || plain.contains(&rows);
        proptest::prop_assert!(known, "{}: {:?} is none of {:?}", decided.flow.id, rows, plain);
    }
    Ok(())
}

#[test]
fn random_worlds_are_read_alike() {
    if let Err(error) = Lab::default().tries(equals_the_naive_reading, 768) {
        panic!("{error}");
    }
}
