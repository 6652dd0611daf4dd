//! What must be true of every decision, over random worlds. Each property is a function, so that `mutation.rs` can
//! show that it fails when a row of the rule is dropped.

use super::knobs::{
    DeclaredKnobs, DirectiveKnobs, Knobs, OTHER, SECOND_FLOW, TRUST, Whose, grant, open_flow,
};
use super::lab::{Case, Lab, Property};
use super::twists::{OVERRIDE_NOW, TWISTS, Twist};
use super::world::at;
use crate::{DIMENSIONS, Dimension, LinkState};
use domain::{
    AgeBand, AssuranceRank, Catalogue, Ceiling, DefaultLevel, DirectiveKind, ItemMask, Label, Purpose,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

type Held = Result<(), TestCaseError>;

/// All properties that need no second opinion on the rule.
pub(crate) const PROPERTIES: &[(&str, Property)] = &[
    ("any forbid wins", any_forbid_wins),
    ("no flow lends a row to another", rows_meet_on_one_flow),
    ("labels and the never list hold at every level", labels_and_never_hold),
    ("more never shows less", more_never_shows_less),
    ("less agreement never shows more", less_agreement_never_shows_more),
    ("nothing outside the windows", nothing_outside_the_windows),
    ("an override lifts two rows only", override_lifts_two_rows_only),
    ("a stale override is none", stale_override_is_none),
    ("an unknown age is the stricter", unknown_age_is_the_stricter),
    ("sponsored and unconfirmed see nothing else", sponsored_and_unconfirmed),
    ("reasons are complete", reasons_are_complete),
];

pub(crate) fn shutting() -> impl Iterator<Item = &'static Twist> {
    TWISTS.iter().filter(|twist| twist.shuts.is_some())
}

/// 1. Whatever else is open, one shut row shows nothing, and the row is named.
fn any_forbid_wins(lab: &Lab, case: &Case) -> Held {
    let twist = shutting().nth(case.picks[0] % shutting().count()).unwrap();
    let mut knobs = Knobs { second: None, ..case.knobs.clone() };
    (twist.apply)(&mut knobs);
    let decision = lab.decide(&knobs);
    prop_assert!(!decision.permits_anything(), "{} shows {:?}", twist.name, decision.items());
    let row = decision.flows[0].row(twist.row);
    prop_assert_eq!(row.ceiling, Ceiling::NONE, "{}", twist.name);
    prop_assert!(row.reasons.iter().all(|code| decision.reasons.contains(code)));
    Ok(())
}

/// 1. Two flows, each of which lacks one thing, show nothing together.
fn rows_meet_on_one_flow(lab: &Lab, case: &Case) -> Held {
    let mut knobs = Knobs { second: None, purpose: Purpose::DirectCare, ..case.knobs.clone() };
    knobs.flow.grants = vec![grant(OTHER, 4, knobs.flow.scopes, true)];
    knobs.positions.retain(|(role, _)| *role != OTHER);
    let mut second = open_flow(SECOND_FLOW);
    second.purposes = vec![Purpose::Audit];
    knobs.second = Some(second);
    prop_assert!(lab.shown(&knobs).is_empty());
    Ok(())
}

/// L, N. A kind whose label is shut on the flow or for the role is not shown, and a never-shared one is not shown at all.
fn labels_and_never_hold(lab: &Lab, case: &Case) -> Held {
    let label = Label::ALL[case.picks[0] % 6];
    let all: domain::Labels = Label::ALL.into_iter().filter(|one| *one != label).collect();
    let mut knobs = Knobs { second: None, protected: true, ..case.knobs.clone() };
    if case.picks[1].is_multiple_of(2) {
        knobs.flow.scopes = all;
    } else {
        knobs.flow.grants.iter_mut().for_each(|grant| grant.scopes = all);
    }
    let shown = lab.shown(&knobs);
    prop_assert!(shown.intersect(Catalogue::standard().labelled(label)).is_empty(), "{label:?}: {shown:?}");
    let never =
        Catalogue::standard().iter().filter(|row| row.level == DefaultLevel::Never).map(|row| row.kind);
    prop_assert!(shown.intersect(never.collect()).is_empty(), "never-shared: {shown:?}");
    Ok(())
}

/// 2. A lower level of an item, a higher role, flow level or assurance never loses an item.
fn more_never_shows_less(lab: &Lab, case: &Case) -> Held {
    let mut more = case.knobs.clone();
    let up = |level: &mut u8| *level = (*level + 1).min(4);
    match case.picks[0] % 9 {
        0 => up(&mut more.flow.level),
        1 => more.flow.grants.iter_mut().for_each(|grant| up(&mut grant.level)),
        2 => more.flow.schedule.iter_mut().for_each(|(_, level)| *level = (*level - 1).max(1)),
        3 => more.recipient.rank = AssuranceRank::Reviewed,
        4 => more.discloser.rank = AssuranceRank::Reviewed,
        5 => up(&mut more.overdue_cap),
        6 => up(&mut more.flow.override_cap),
        7 => up(&mut more.flow.without_relationship),
        _ => more.positions.push((OTHER, (None, None))),
    }
    let (less, more) = (lab.shown(&case.knobs), lab.shown(&more));
    prop_assert!(less.is_subset_of(more), "{less:?} is not within {more:?}");
    Ok(())
}

/// 2. Taking away, suspending or withdrawing a part, or lowering assurance, never adds a permit.
fn less_agreement_never_shows_more(lab: &Lab, case: &Case) -> Held {
    let mut less = case.knobs.clone();
    let stop = |appendix, for_good| super::knobs::Stopped {
        appendix,
        by: super::knobs::COUNCIL,
        from: 0,
        resumed: None,
        for_good,
    };
    match case.picks[0] % 7 {
        0 => less.stops.push(stop(true, false)),
        1 => less.stops.push(stop(false, true)),
        2 => less.second = None,
        3 => less.signed[case.picks[1] % 4] = None,
        4 => less.superseded = Some(-1),
        5 => less.recipient.rank = AssuranceRank::SelfAssessed,
        _ => less.dpia = None,
    }
    if case.picks[0] % 7 == 5 && case.knobs.recipient.rank < AssuranceRank::SelfAssessed {
        return Ok(());
    }
    let (more, less) = (lab.shown(&case.knobs), lab.shown(&less));
    prop_assert!(less.is_subset_of(more), "{less:?} is not within {more:?}");
    Ok(())
}

/// 3. Nothing outside a window, before the last required signature, or after a withdrawal; at the exact instants.
fn nothing_outside_the_windows(lab: &Lab, case: &Case) -> Held {
    let edge = |pick: usize| i64::try_from(pick % 9).unwrap() - 4;
    let (from, to) = (edge(case.picks[0]), edge(case.picks[1]));
    let mut knobs = Knobs { second: None, ..case.knobs.clone() };
    match case.picks[0] % 6 {
        0 => knobs.base = (Some(from), Some(to)),
        1 => knobs.appendix = (Some(from), Some(to)),
        2 => knobs.signed[case.picks[1] % 4] = Some(from),
        3 => knobs.training = Some(to),
        4 => knobs.discloser.expires = Some(to),
        _ => knobs.positions.iter_mut().for_each(|(_, span)| *span = (Some(from), Some(to))),
    }
    let now = case.offset;
    let decision = lab.decide_at(&knobs, now);
    let inside = |(from, to): (Option<i64>, Option<i64>)| {
        from.is_none_or(|from| from <= now) && to.is_none_or(|to| now < to)
    };
    let before = |until: Option<i64>| until.is_none_or(|until| now < until);
    let stopped = knobs
        .stops
        .iter()
        .any(|stop| stop.from <= now && (stop.for_good || stop.resumed.is_none_or(|resumed| now < resumed)));
    let may = inside(knobs.base)
        && inside(knobs.appendix)
        && knobs.signed.iter().all(|signed| signed.is_some_and(|signed| signed <= now))
        && knobs.positions.iter().any(|(_, span)| inside(*span))
        && knobs.training.is_some()
        && [knobs.training, knobs.superseded, knobs.discloser.expires, knobs.recipient.expires]
            .into_iter()
            .all(before)
        && !stopped;
    prop_assert!(may || !decision.permits_anything(), "at {now}: {:?}", decision.items());
    Ok(())
}

/// 4. A valid override opens exactly what a relationship and no dissent would, up to the flow's override cap.
fn override_lifts_two_rows_only(lab: &Lab, case: &Case) -> Held {
    let mut open = Knobs { second: None, declared: None, ..case.knobs.clone() };
    open.flow.grants.iter_mut().for_each(|grant| grant.may_override = true);
    open.flow.without_relationship = 0;
    open.flow.override_cap = u8::try_from(case.picks[0] % 5).unwrap();
    open.own_link = LinkState::Confirmed;
    open.relationships = vec![(None, None)];
    open.directives.retain(|one| one.kind != DirectiveKind::Dissent);
    let mut shut = open.clone();
    if case.picks[1].is_multiple_of(2) {
        shut.relationships = Vec::new();
        shut.asserted = false;
    } else {
        shut.directives.push(DirectiveKnobs { kind: DirectiveKind::Dissent, span: (None, None), flow: None });
    }
    prop_assert!(lab.shown(&shut).is_empty());
    shut.declared = Some(OVERRIDE_NOW);
    open.flow.level = open.flow.level.min(open.flow.override_cap);
    let (lifted, expected) = (lab.shown(&shut), lab.shown(&open));
    prop_assert_eq!(lifted, expected, "cap {}", shut.flow.override_cap);
    let used = lab.decide(&shut).override_used();
    prop_assert_eq!(used.is_some(), !lifted.is_empty());
    Ok(())
}

/// 4. An override that is stale, not yet, ended, blank, or of another user, organisation, session or person is none.
fn stale_override_is_none(lab: &Lab, case: &Case) -> Held {
    let now = OVERRIDE_NOW;
    let stale = [
        DeclaredKnobs { at: -1800, authenticated: -1800, ..now },
        DeclaredKnobs { authenticated: -301, ..now },
        DeclaredKnobs { authenticated: 1, ..now },
        DeclaredKnobs { at: 1, ..now },
        DeclaredKnobs { ended: Some(0), ..now },
        DeclaredKnobs { text: " ", ..now },
        DeclaredKnobs { whose: Whose::AnotherUsers, ..now },
        DeclaredKnobs { whose: Whose::AnotherOrganisations, ..now },
        DeclaredKnobs { whose: Whose::AnotherSessions, ..now },
        DeclaredKnobs { whose: Whose::AnotherPersons, ..now },
    ];
    let none = Knobs { declared: None, ..case.knobs.clone() };
    let with = Knobs { declared: Some(stale[case.picks[0] % stale.len()].clone()), ..none.clone() };
    let (without, with) = (lab.decide(&none), lab.decide(&with));
    prop_assert_eq!(with.items(), without.items());
    prop_assert_eq!(with.reasons, without.reasons);
    prop_assert_eq!(with.active_override, None);
    prop_assert_eq!(with.refusal(), without.refusal());
    Ok(())
}

/// 5. An unknown date of birth shows no more than a child's and an adult's.
fn unknown_age_is_the_stricter(lab: &Lab, case: &Case) -> Held {
    let mut knobs = case.knobs.clone();
    let bands = [AgeBand::Under12, AgeBand::From12To15, AgeBand::From16To17, AgeBand::Adult];
    let some = bands.iter().enumerate().filter(|(bit, _)| case.picks[0] >> bit & 1 == 1);
    knobs.flow.ages = some.map(|(_, band)| *band).collect();
    let aged = |year: Option<i16>| {
        let born = year.and_then(|year| domain::PartialDate::from_day(year, 1, 1).ok());
        lab.shown(&Knobs { born, ..knobs.clone() })
    };
    let unknown = aged(None);
    for year in [2020, 2012, 2009, 1941] {
        let known = aged(Some(year));
        prop_assert!(unknown.is_subset_of(known), "{year}: {unknown:?} is not within {known:?}");
    }
    Ok(())
}

/// 5. A sponsored organisation sees only its sponsor's data; a link that is not confirmed shows nothing.
fn sponsored_and_unconfirmed(lab: &Lab, case: &Case) -> Held {
    let other = Knobs { sponsor: Some(TRUST), ..case.knobs.clone() };
    prop_assert!(lab.shown(&other).is_empty());
    for link in [LinkState::Possible, LinkState::Disputed, LinkState::None] {
        let shown = lab.shown(&Knobs { link, ..case.knobs.clone() });
        prop_assert!(shown.is_empty(), "{:?}: {:?}", link, shown);
    }
    Ok(())
}

/// 6. Denied if and only if there is a reason; a row limits if and only if it says why; the binding row is named.
fn reasons_are_complete(lab: &Lab, case: &Case) -> Held {
    let decision = lab.decide(&case.knobs);
    prop_assert_eq!(decision.permits_anything(), decision.reasons.is_empty());
    for flow in &decision.flows {
        prop_assert_eq!(flow.items.is_empty(), !flow.reasons.is_empty());
        for row in flow.rows {
            prop_assert_eq!(row.ceiling == Ceiling::FULL, row.reasons.is_empty(), "{:?}", row);
        }
        let lowest = DIMENSIONS.into_iter().map(|one| flow.row(one).ceiling).min();
        let binding = flow.row(flow.binding());
        prop_assert_eq!(Some(binding.ceiling), lowest);
        if binding.ceiling == Ceiling::NONE {
            prop_assert!(binding.reasons.iter().all(|code| flow.reasons.contains(code)));
        }
    }
    Ok(())
}

#[test]
fn the_open_world_shows_every_kind_that_may_be_shared() {
    let scheduled: ItemMask = super::knobs::schedule().into_iter().map(|(kind, _)| kind).collect();
    let never: ItemMask = std::iter::once(domain::ItemKind::SEXUAL_HEALTH).collect();
    assert_eq!(Lab::default().shown(&Knobs::default()), scheduled.without(never));
}

#[test]
fn every_way_of_shutting_a_row_is_named_and_binds() {
    for twist in shutting() {
        let mut knobs = Knobs::default();
        (twist.apply)(&mut knobs);
        let decision = Lab::default().decide(&knobs);
        assert!(!decision.permits_anything(), "{}", twist.name);
        assert!(decision.reasons.contains(twist.shuts.unwrap()), "{}: {:?}", twist.name, decision.reasons);
        let binding = decision.flows[0].binding();
        let without_a_role = twist.row == Dimension::Requester && binding == Dimension::Requester;
        assert!(binding == twist.row || without_a_role, "{}: {binding:?}", twist.name);
    }
}

#[test]
fn what_is_meant_to_leave_something_open_does() {
    for twist in TWISTS.iter().filter(|twist| twist.shuts.is_none()) {
        let mut knobs = Knobs::default();
        (twist.apply)(&mut knobs);
        assert!(Lab::default().decide(&knobs).permits_anything(), "{}", twist.name);
    }
}

#[test]
fn the_properties_hold() {
    for (name, property) in PROPERTIES {
        if let Err(error) = Lab::default().tries(*property, 192) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn a_fraction_of_a_second_counts() {
    let world = super::world::World::of(&Knobs { training: Some(0), ..Knobs::default() });
    let policy = world.policy();
    let just_before = at(0).checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap();
    assert!(world.decide(&policy, just_before).permits_anything());
    assert!(!world.decide(&policy, at(0)).permits_anything());
}

#[test]
fn an_override_needs_a_sign_in_within_five_minutes_to_the_nanosecond() {
    let rules = crate::Rules::default();
    let mut declared = super::world::override_of(&OVERRIDE_NOW);
    assert!(crate::rows::override_window(&rules, &declared).contains(at(0)));
    declared.authenticated_at =
        declared.authenticated_at.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap();
    assert!(!crate::rows::override_window(&rules, &declared).contains(at(0)));
}
