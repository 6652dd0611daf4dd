//! Link, review or nothing: the zones of weight, and the rules that stand above any weight.
//!
//! Family is the danger, not strangers: the rules say when likeness is not enough. Must not remember anything.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Candidate, LinkEvidence, PersonId};
use jiff::civil::Date;

use crate::cohort::{Cohort, CohortSwitches};
use crate::compare::{Comparison, ComparisonLevel as Level, Field};
use crate::frequency::TermCounts;
use crate::index::IndexRecord;
use crate::profile::Profile;
use crate::weigh::Parameters;

/// Most candidates that a review shows.
const MOST_CANDIDATES: usize = 3;

/// Why a person must decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewReason {
    /// Likely, and not likely enough.
    NotSure,
    /// Two candidates fit nearly alike.
    SeveralFit,
    /// A twin or sibling may be meant.
    Family,
    /// No forename is known, only a placeholder or nothing.
    NameNotKnown,
    /// Of the forename only an initial agrees: a twin whom the index does not know may have the same.
    OnlyAnInitial,
    /// The birth date differs or is not known.
    BirthDate,
    /// The CHI number is right and the name is another's.
    ChiNameContradicts,
    /// The CHI number is right and other facts contradict.
    ChiContradicts,
    /// The CHI number passes the weak check only, and something contradicts it.
    WeakChiContradicts,
    /// Several persons hold this CHI number.
    ChiHeldTwice,
    /// The CHI number is one person's, all else is another's.
    ChiAgainstTheRest,
    /// The CHI number is a slip away.
    ChiSlip,
    /// Both have valid numbers, and they differ.
    OtherNumber,
    /// Somebody undid this very link before.
    UndoneBefore,
    /// Links of this cohort are not made without asking.
    CohortOff,
    /// A link that was made automatically is contradicted by what the record or the person says now.
    LinkContradicted,
}

impl ReviewReason {
    /// The words kept in the review and shown to the reviewer.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotSure => "likely, but not sure enough to link without asking",
            Self::SeveralFit => "two candidates fit",
            Self::Family => "may be a twin, sibling or other relative",
            Self::NameNotKnown => "no forename is known",
            Self::OnlyAnInitial => "only an initial of the forename agrees",
            Self::BirthDate => "birth date differs or is not known",
            Self::ChiNameContradicts => "CHI number agrees, name contradicts: may be a relative's number",
            Self::ChiContradicts => "CHI number agrees, other facts contradict",
            Self::WeakChiContradicts => "CHI number passes the weak check only and something contradicts it",
            Self::ChiHeldTwice => "several persons hold this CHI number",
            Self::ChiAgainstTheRest => "CHI number is one person's, the rest fits another",
            Self::ChiSlip => "CHI number is a slip away",
            Self::OtherNumber => "both have valid numbers, and they differ",
            Self::UndoneBefore => "this link was undone before",
            Self::CohortOff => "links of this cohort are not made without asking",
            Self::LinkContradicted => "the automatic link is contradicted by newer facts",
        }
    }
}

/// What binds a decision beside the evidence.
#[derive(Debug, Clone)]
pub struct Constraints {
    /// Never these.
    pub never: BTreeSet<PersonId>,
    /// Links to these were undone by hand: propose, never link.
    pub undone: BTreeSet<PersonId>,
    /// Cohorts for which links are made without asking.
    pub switches: CohortSwitches,
    /// The record says that the child is looked after.
    pub looked_after: bool,
    /// The day on which ages count.
    pub today: Date,
}

/// One candidate, compared and weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The person, the record compared, and the evidence.
    pub candidate: Candidate,
    /// Field by field.
    pub comparison: Comparison,
    /// Total weight in bits without that of the CHI number.
    pub(crate) without_chi: f64,
    /// The cohort by the index record's own birth date.
    birth_cohort: Cohort,
}

/// What to do with a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is this person's.
    Link {
        /// The person.
        person: PersonId,
        /// Why.
        evidence: LinkEvidence,
    },
    /// A person must decide.
    Review {
        /// Why.
        reason: ReviewReason,
        /// At most three, best first.
        candidates: Vec<Candidate>,
    },
    /// It is nobody's whom the index knows.
    Nothing {
        /// The best candidate, if any was looked at.
        best: Option<Candidate>,
    },
}

enum Zone {
    Link(usize, &'static str),
    Review(ReviewReason),
    Nothing,
}

/// Decides about one record. Candidates are index records with the persons whom they stand for.
pub fn decide(
    query: &Profile,
    candidates: &[(PersonId, &IndexRecord)],
    parameters: &Parameters,
    counts: &TermCounts,
    constraints: &Constraints,
) -> Verdict {
    let scored = rank(query, candidates, (parameters, counts), constraints);
    let zone = by_chi(query, &scored).unwrap_or_else(|| by_weight(query, &scored, parameters));
    verdict(brake(zone, query, &scored, constraints), &scored)
}

/// Compares and weighs the candidates that are not ruled out, best first, one a person.
pub(crate) fn rank(
    query: &Profile,
    candidates: &[(PersonId, &IndexRecord)],
    (parameters, counts): (&Parameters, &TermCounts),
    constraints: &Constraints,
) -> Vec<Scored> {
    let mut best: BTreeMap<PersonId, Scored> = BTreeMap::new();
    for (person, held) in candidates.iter().filter(|(person, _)| !constraints.never.contains(person)) {
        let comparison = Comparison::of(query, &held.profile, counts);
        let evidence = parameters.evidence(&comparison, counts);
        let chi: f64 = evidence
            .fields
            .iter()
            .filter(|line| line.field == Field::Chi.title())
            .map(|line| line.weight)
            .sum();
        let scored = Scored {
            without_chi: evidence.total - chi,
            birth_cohort: Cohort::by_age(&held.profile.birth_date, constraints.today),
            comparison,
            candidate: Candidate { person: *person, record: held.record.clone(), evidence },
        };
        let better = best.get(person).is_none_or(|other| comes_before(&scored, other).is_lt());
        if better {
            best.insert(*person, scored);
        }
    }
    let mut ranked: Vec<Scored> = best.into_values().collect();
    ranked.sort_by(comes_before);
    note_runners_up(&mut ranked);
    ranked
}

fn comes_before(a: &Scored, b: &Scored) -> std::cmp::Ordering {
    let (one, other) = (&a.candidate, &b.candidate);
    other.evidence.total.total_cmp(&one.evidence.total).then_with(|| one.record.cmp(&other.record))
}

/// To each the best total of another person.
fn note_runners_up(ranked: &mut [Scored]) {
    let first = ranked.first().map(|scored| scored.candidate.evidence.total);
    let second = ranked.get(1).map(|scored| scored.candidate.evidence.total);
    for (place, scored) in ranked.iter_mut().enumerate() {
        scored.candidate.evidence.runner_up = if place == 0 { second } else { first };
    }
}

/// What an exact CHI number settles; `None` where no candidate holds it.
fn by_chi(query: &Profile, scored: &[Scored]) -> Option<Zone> {
    let holds = |s: &Scored| matches!(s.comparison.level(Field::Chi), Level::Exact | Level::ExactButWeak);
    let mut holders = scored.iter().enumerate().filter(|(_, s)| holds(s));
    let (place, holder) = holders.next()?;
    if holders.next().is_some() {
        return Some(Zone::Review(ReviewReason::ChiHeldTwice));
    }
    if let Some(reason) = contradiction_of_chi(query, &holder.comparison) {
        return Some(Zone::Review(reason));
    }
    let rival =
        scored.iter().enumerate().any(|(other, s)| other != place && s.without_chi >= holder.without_chi);
    Some(if rival {
        Zone::Review(ReviewReason::ChiAgainstTheRest)
    } else {
        Zone::Link(place, "CHI number exact, demographics agree")
    })
}

/// Why an exact CHI number must not link by itself, if so.
pub(crate) fn contradiction_of_chi(query: &Profile, comparison: &Comparison) -> Option<ReviewReason> {
    let [forename, surname, birth_date] =
        [Field::Forename, Field::Surname, Field::BirthDate].map(|field| comparison.level(field));
    let weak = comparison.level(Field::Chi) == Level::ExactButWeak;
    let own_digits_contradict = query.chi.as_ref().is_some_and(|chi| {
        let evidence = chi.number.agrees_with(&query.birth_date, query.sex);
        evidence.contradicts()
    });
    let doubts = [
        !agrees(surname),
        !matches!(birth_date, Level::Exact | Level::SameMonth | Level::SameYear),
        comparison.level(Field::Sex) == Level::Different,
        !agrees(forename),
    ];
    let doubts = doubts.iter().filter(|doubt| **doubt).count();
    if matches!(forename, Level::Different | Level::Alike) || (!agrees(forename) && !agrees(surname)) {
        Some(ReviewReason::ChiNameContradicts)
    } else if weak && (doubts > 0 || own_digits_contradict) {
        Some(ReviewReason::WeakChiContradicts)
    } else if doubts > 1 || birth_date == Level::Different {
        Some(ReviewReason::ChiContradicts)
    } else {
        None
    }
}

/// What the weights settle where no candidate holds the record's CHI number.
fn by_weight(query: &Profile, scored: &[Scored], parameters: &Parameters) -> Zone {
    let zones = parameters.thresholds;
    let Some(best) = scored.first().filter(|best| best.candidate.evidence.total >= zones.review) else {
        return Zone::Nothing;
    };
    if let Some(reason) = why_not_by_likeness(query, scored) {
        return Zone::Review(reason);
    }
    let evidence = &best.candidate.evidence;
    if evidence.runner_up.is_some_and(|next| evidence.total - next < zones.margin && next >= zones.review) {
        return Zone::Review(ReviewReason::SeveralFit);
    }
    if evidence.total < zones.link {
        return Zone::Review(ReviewReason::NotSure);
    }
    Zone::Link(0, "weight above the threshold, and far above the next candidate")
}

/// Why the best candidate must not be linked however alike, if so.
pub(crate) fn why_not_by_likeness(query: &Profile, scored: &[Scored]) -> Option<ReviewReason> {
    let (best, others) = scored.split_first()?;
    let forename = best.comparison.level(Field::Forename);
    let numbers = [Field::Chi, Field::NhsNumber].map(|field| best.comparison.level(field));
    let a_relative_is_there = others.iter().any(|other| is_like_family(&other.comparison));
    if numbers.contains(&Level::Slip) {
        Some(ReviewReason::ChiSlip)
    } else if numbers.contains(&Level::Different) {
        Some(ReviewReason::OtherNumber)
    } else if query.placeholder || forename == Level::Missing {
        Some(ReviewReason::NameNotKnown)
    } else if !agrees(forename) || (a_relative_is_there && !is_surely_named(forename)) {
        Some(ReviewReason::Family)
    } else if forename == Level::Initial {
        Some(ReviewReason::OnlyAnInitial)
    } else if matches!(best.comparison.level(Field::BirthDate), Level::Different | Level::Missing) {
        Some(ReviewReason::BirthDate)
    } else {
        None
    }
}

/// Whether a forename tells a person from a twin or a sibling.
fn is_surely_named(forename: Level) -> bool {
    matches!(forename, Level::Exact | Level::Nickname | Level::NamesSwapped)
}

/// Whether a comparison looks like that of twins: birth date, surname and place agree.
fn is_like_family(comparison: &Comparison) -> bool {
    let place = [Field::Postcode, Field::Property].map(|field| comparison.level(field));
    agrees(comparison.level(Field::Surname))
        && comparison.level(Field::BirthDate) == Level::Exact
        && (matches!(place, [Level::Exact | Level::Close, _] | [_, Level::SameHouseElsewhere]))
}

/// Whether two names are to be taken for one, as far as they go.
fn agrees(name: Level) -> bool {
    match name {
        Level::Exact
        | Level::FormerName
        | Level::Nickname
        | Level::NamesSwapped
        | Level::PartOfDouble
        | Level::MiddleAsFirst
        | Level::Initial
        | Level::Close => true,
        Level::ExactButWeak
        | Level::Alike
        | Level::DayMonthSwapped
        | Level::FirstOfJanuary
        | Level::OneDigit
        | Level::OnePart
        | Level::SameMonth
        | Level::SameYear
        | Level::SameSector
        | Level::SameHouseElsewhere
        | Level::SharedByMany
        | Level::Slip
        | Level::Different
        | Level::Missing
        | Level::Protected => false,
    }
}

/// Turns a link that must not be made without asking into a review.
fn brake(zone: Zone, query: &Profile, scored: &[Scored], constraints: &Constraints) -> Zone {
    let Zone::Link(place, rule) = zone else { return zone };
    let Some(chosen) = scored.get(place) else { return Zone::Nothing };
    let mut cohorts = Cohort::of(query, constraints.looked_after, constraints.today);
    cohorts.insert(chosen.birth_cohort);
    if query.birth_date.is_unknown() {
        // The index knows better than nothing.
        cohorts.remove(&Cohort::Child);
        cohorts.insert(chosen.birth_cohort);
    }
    if constraints.undone.contains(&chosen.candidate.person) {
        Zone::Review(ReviewReason::UndoneBefore)
    } else if !constraints.switches.allow(&cohorts) {
        Zone::Review(ReviewReason::CohortOff)
    } else {
        Zone::Link(place, rule)
    }
}

fn verdict(zone: Zone, scored: &[Scored]) -> Verdict {
    match zone {
        Zone::Link(place, rule) => match scored.get(place) {
            Some(chosen) => {
                let mut evidence = chosen.candidate.evidence.clone();
                evidence.rules.push(rule.to_owned());
                Verdict::Link { person: chosen.candidate.person, evidence }
            }
            None => Verdict::Nothing { best: None },
        },
        Zone::Review(reason) => Verdict::Review { reason, candidates: top(scored, reason) },
        Zone::Nothing => Verdict::Nothing { best: scored.first().map(|s| s.candidate.clone()) },
    }
}

/// The best three, the rule that asks for a review named in each.
pub(crate) fn top(scored: &[Scored], reason: ReviewReason) -> Vec<Candidate> {
    let with_rule = |scored: &Scored| {
        let mut candidate = scored.candidate.clone();
        candidate.evidence.rules.push(reason.words().to_owned());
        candidate
    };
    scored.iter().take(MOST_CANDIDATES).map(with_rule).collect()
}

/// Whether newer facts speak against an automatic link: below the lower threshold, another number, another name, a
/// CHI number that is somebody else's, a relative whom the name does not rule out, or somebody who fits better.
pub(crate) fn contradicts_link(
    query: &Profile,
    scored: &[Scored],
    current: &Scored,
    parameters: &Parameters,
) -> bool {
    let holds = |s: &&Scored| matches!(s.comparison.level(Field::Chi), Level::Exact | Level::ExactButWeak);
    let person = current.candidate.person;
    if scored.iter().filter(holds).any(|other| other.candidate.person != person) {
        return true;
    }
    if holds(&current) {
        return contradiction_of_chi(query, &current.comparison).is_some();
    }
    let forename = current.comparison.level(Field::Forename);
    let other_number =
        [Field::Chi, Field::NhsNumber].iter().any(|f| current.comparison.level(*f) == Level::Different);
    let mut others = scored.iter().filter(|other| other.candidate.person != person);
    let rival = others.any(|other| {
        let relative = is_like_family(&other.comparison) && !is_surely_named(forename);
        relative || other.candidate.evidence.total > current.candidate.evidence.total
    });
    other_number
        || rival
        || matches!(forename, Level::Different | Level::Alike)
        || current.candidate.evidence.total < parameters.thresholds.fracture
}
