//! Each lesson that record linkage has paid for, as a test of the decision.

use std::collections::BTreeSet;

use domain::{NameUse, PersonId, RecordVersion};

use crate::sample::{Sample, chi_for, person, record};
use crate::{CohortSwitches, Constraints, Index, Parameters, Profile, ReviewReason, Verdict, decide};

fn person_id(number: usize) -> PersonId {
    PersonId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap()
}

fn index_of(people: &[Sample]) -> Index {
    let mut index = Index::default();
    for (number, sample) in people.iter().enumerate() {
        index.upsert(&record("board", &number.to_string()), &sample.build(), RecordVersion::Sequence(1));
    }
    index
}

fn constraints() -> Constraints {
    Constraints {
        never: BTreeSet::new(),
        undone: BTreeSet::new(),
        switches: CohortSwitches::all_on(),
        looked_after: false,
        today: "2026-11-24".parse().unwrap(),
    }
}

fn judge_with(people: &[Sample], query: &Sample, constraints: &Constraints) -> Verdict {
    let index = index_of(people);
    let profile: Profile = query.profile();
    let candidates: Vec<_> = index
        .candidates(&profile)
        .into_iter()
        .map(|held| (person_id(held.record.local_id.as_str().parse().unwrap()), held))
        .collect();
    decide(&profile, &candidates, &Parameters::shipped(), index.counts(), constraints)
}

fn judge(people: &[Sample], query: &Sample) -> Verdict {
    judge_with(people, query, &constraints())
}

fn linked(verdict: &Verdict) -> Option<PersonId> {
    match verdict {
        Verdict::Link { person, .. } => Some(*person),
        Verdict::Review { .. } | Verdict::Nothing { .. } => None,
    }
}

fn reason(verdict: &Verdict) -> Option<ReviewReason> {
    match verdict {
        Verdict::Review { reason, .. } => Some(*reason),
        Verdict::Link { .. } | Verdict::Nothing { .. } => None,
    }
}

fn ailsa() -> Sample {
    person("Tulloch", "Ailsa Jane", "1958-08-03")
        .at("ST9 4QX", "3 Mill Lane")
        .chi(&chi_for("030858", true, 3))
}

/// Ailsa as social care may know her: no number.
fn ailsa_without_number() -> Sample {
    person("Tulloch", "Ailsa", "1958-08-03").at("ST9 4QX", "3 Mill Ln")
}

#[test]
fn an_exact_chi_with_agreeing_demographics_links() {
    let moved = person("Tulloch", "Ailsa", "1958-08-03").at("KW1 5AA", "").chi(&chi_for("030858", true, 3));
    assert_eq!(linked(&judge(&[ailsa()], &moved)), Some(person_id(0)));
}

#[test]
fn an_exact_chi_links_in_spite_of_one_mild_doubt_and_not_of_two() {
    let chi = chi_for("030858", true, 3);
    let married = person("Raeburn", "Ailsa", "1958-08-03").chi(&chi);
    assert_eq!(linked(&judge(&[ailsa()], &married)), Some(person_id(0)));
    let and_born_otherwise = person("Raeburn", "Ailsa", "1958-08-04").chi(&chi);
    assert_eq!(reason(&judge(&[ailsa()], &and_born_otherwise)), Some(ReviewReason::ChiContradicts));
}

#[test]
fn a_relatives_chi_goes_to_review() {
    let son = person("Tulloch", "Struan", "1985-02-11")
        .male()
        .at("ST9 4QX", "3 Mill Lane")
        .chi(&chi_for("030858", true, 3));
    assert_eq!(reason(&judge(&[ailsa()], &son)), Some(ReviewReason::ChiNameContradicts));
}

#[test]
fn a_relatives_chi_beside_the_right_person_links_to_neither() {
    let sister = person("Tulloch", "Effie", "1961-02-11")
        .at("ST9 4QX", "3 Mill Lane")
        .chi(&chi_for("110261", true, 1));
    let query = person("Tulloch", "Effie", "1961-02-11")
        .at("ST9 4QX", "3 Mill Lane")
        .chi(&chi_for("030858", true, 3));
    assert!(linked(&judge(&[ailsa(), sister], &query)).is_none());
}

#[test]
fn a_weak_chi_with_a_disagreeing_birth_date_or_sex_goes_to_review() {
    // 0101201234 passes modulus 10 only.
    let held = person("Tulloch", "Ailsa", "1920-01-01").male().chi("0101201234");
    let agreeing = person("Tulloch", "Ailsa", "1920-01-01").male().chi("0101201234");
    assert_eq!(linked(&judge(std::slice::from_ref(&held), &agreeing)), Some(person_id(0)));
    let born_otherwise = person("Tulloch", "Ailsa", "1920-01-02").male().chi("0101201234");
    assert_eq!(
        reason(&judge(std::slice::from_ref(&held), &born_otherwise)),
        Some(ReviewReason::WeakChiContradicts)
    );
    let other_sex = person("Tulloch", "Ailsa", "1920-01-01").chi("0101201234");
    assert_eq!(reason(&judge(&[held], &other_sex)), Some(ReviewReason::WeakChiContradicts));
}

#[test]
fn a_slip_of_the_chi_only_proposes() {
    let (one, next) = (chi_for("030858", true, 3), chi_for("030858", true, 4));
    let query = ailsa_without_number().chi(&next);
    let verdict = judge(&[ailsa()], &query);
    assert_ne!(one, next);
    assert!(
        matches!(reason(&verdict), Some(ReviewReason::ChiSlip | ReviewReason::OtherNumber)),
        "{verdict:?}"
    );
}

#[test]
fn a_chi_held_by_two_persons_goes_to_review() {
    assert_eq!(reason(&judge(&[ailsa(), ailsa()], &ailsa())), Some(ReviewReason::ChiHeldTwice));
}

#[test]
fn a_person_without_chi_who_fits_one_candidate_is_linked() {
    assert_eq!(linked(&judge(&[ailsa()], &ailsa_without_number())), Some(person_id(0)));
}

#[test]
fn a_twin_is_never_linked_by_likeness() {
    let twin = person("Tulloch", "Morven", "1958-08-03").at("ST9 4QX", "3 Mill Lane");
    assert_eq!(reason(&judge(&[ailsa()], &twin)), Some(ReviewReason::Family));
    let of_the_other_sex =
        person("Tulloch", "Struan", "1958-08-03").male().at("ST9 4QX", "3 Mill Lane").phone("07700 900123");
    let with_phone = ailsa().phone("07700 900123");
    assert!(linked(&judge(&[with_phone], &of_the_other_sex)).is_none());
}

#[test]
fn an_initial_is_not_enough_where_a_twin_is_known() {
    let twin = person("Tulloch", "Aileen", "1958-08-03").at("ST9 4QX", "3 Mill Lane");
    let query = person("Tulloch", "A", "1958-08-03").at("ST9 4QX", "3 Mill Lane");
    assert!(reason(&judge(&[ailsa(), twin], &query)).is_some());
}

#[test]
fn an_initial_alone_is_asked_about_even_where_no_twin_is_known() {
    let query = person("Tulloch", "A", "1958-08-03").at("ST9 4QX", "3 Mill Lane").phone("07700 900123");
    let alone = [ailsa().phone("07700 900123")];
    assert_eq!(reason(&judge(&alone, &query)), Some(ReviewReason::OnlyAnInitial));
}

#[test]
fn the_right_twin_is_linked_by_its_own_forename() {
    let twin = person("Tulloch", "Morven", "1958-08-03").at("ST9 4QX", "3 Mill Lane");
    assert_eq!(linked(&judge(&[twin, ailsa()], &ailsa_without_number())), Some(person_id(1)));
}

#[test]
fn a_sibling_is_nobody() {
    let sister = person("Tulloch", "Effie", "1961-02-11").at("ST9 4QX", "3 Mill Lane");
    assert!(linked(&judge(&[ailsa()], &sister)).is_none());
}

#[test]
fn two_candidates_who_both_fit_are_a_review() {
    let twice = [ailsa_without_number(), ailsa_without_number()];
    let verdict = judge(&twice, &ailsa_without_number());
    assert_eq!(reason(&verdict), Some(ReviewReason::SeveralFit));
    let Verdict::Review { candidates, .. } = verdict else { panic!() };
    assert_eq!(candidates.len(), 2);
    assert_eq!(candidates[0].evidence.runner_up, Some(candidates[1].evidence.total));
}

#[test]
fn a_namesake_of_the_same_birth_date_elsewhere_is_not_linked() {
    let namesake = person("Tulloch", "Ailsa Rose", "1958-08-03").at("KW1 5AA", "9 Shore Road");
    assert!(linked(&judge(&[ailsa()], &namesake)).is_none());
}

#[test]
fn placeholders_are_asked_about() {
    for given in ["Baby", "Unborn", "Infant Boy", "Twin Two"] {
        let query = person("Tulloch", given, "1958-08-03").at("ST9 4QX", "3 Mill Lane");
        assert_eq!(reason(&judge(&[ailsa()], &query)), Some(ReviewReason::NameNotKnown), "{given}");
    }
}

#[test]
fn names_as_people_have_them_still_link() {
    let place = |sample: Sample| sample.at("ST9 4QX", "3 Mill Lane");
    for (held, asked) in [
        (person("MacDonald", "Margaret", "1958-08-03"), person("Mc Donald", "Peggy", "1958-08-03")),
        (person("O'Neill", "Eilidh", "1958-08-03"), person("ONeill", "Ailie", "1958-08-03")),
        (person("Baird-Tulloch", "Zoë", "1958-08-03"), person("Tulloch", "Zoe", "1958-08-03")),
        (person("Nowak", "Jakub", "1958-08-03"), person("Jakub", "Nowak", "1958-08-03")),
        (person("Hussain", "Muhammad", "1958-08-03"), person("Hussain", "Mohammed", "1958-08-03")),
        (person("Raeburn", "Catriona", "1958-08-03"), person("Raeburn", "Catroina", "1958-08-03")),
        (
            person("Baird", "Una", "1958-08-03").named("Tulloch", "Una", NameUse::Maiden),
            person("Tulloch", "Una", "1958-08-03"),
        ),
    ] {
        assert_eq!(linked(&judge(&[place(held)], &place(asked))), Some(person_id(0)));
    }
}

#[test]
fn dates_as_people_write_them_still_find_the_person() {
    for born in ["1958-03-08", "1958-01-01", "1958-08-04", "1958-08", "1958"] {
        let query = person("Tulloch", "Ailsa", born).at("ST9 4QX", "3 Mill Lane");
        let verdict = judge(&[ailsa()], &query);
        assert!(linked(&verdict).is_some() || reason(&verdict).is_some(), "{born}: {verdict:?}");
    }
}

#[test]
fn an_unknown_birth_date_is_asked_about() {
    let query = person("Tulloch", "Ailsa", "").at("ST9 4QX", "3 Mill Lane");
    assert_eq!(reason(&judge(&[ailsa()], &query)), Some(ReviewReason::BirthDate));
}

#[test]
fn a_former_address_counts() {
    let moved =
        person("Tulloch", "Ailsa", "1958-08-03").at("KW1 5AA", "9 Shore Road").at("ST9 4QX", "3 Mill Lane");
    assert_eq!(linked(&judge(&[moved], &ailsa_without_number())), Some(person_id(0)));
}

#[test]
fn a_care_home_proves_nothing() {
    let home = |n: usize| {
        person(&format!("Resident{n}"), "Una", "1931-02-11").at("ST9 4QX", "1 Manse Road").uprn(77)
    };
    let mut people: Vec<Sample> = (0..39).map(home).collect();
    people.push(person("Tulloch", "Ailsa", "1931-02-12").at("ST9 4QX", "1 Manse Road").uprn(77));
    let query = person("Tulloch", "Ailsa", "1931-02-12").at("ST9 4QX", "1 Manse Road").uprn(77);
    let Verdict::Link { evidence, .. } = judge(&people, &query) else { panic!("the name tells") };
    let house = evidence.fields.iter().find(|line| line.field == "house").unwrap();
    assert_eq!((house.level.as_str(), house.weight), ("a house that many share", 0.0));
}

#[test]
fn a_protected_person_is_never_found_by_place() {
    let hidden = ailsa().phone("07700 900123").protected();
    let by_place = person("Tulloch", "Unknown", "").at("ST9 4QX", "3 Mill Lane").phone("07700 900123");
    assert_eq!(judge(std::slice::from_ref(&hidden), &by_place), Verdict::Nothing { best: None });
    let Verdict::Review { candidates, .. } = judge(&[hidden], &ailsa_without_number()) else { panic!() };
    let place = candidates[0].evidence.fields.iter().find(|line| line.field == "postcode").unwrap();
    assert_eq!((place.level.as_str(), place.weight), ("not used: protected", 0.0));
}

#[test]
fn a_person_ruled_out_is_not_even_proposed() {
    let never = Constraints { never: BTreeSet::from([person_id(0)]), ..constraints() };
    assert_eq!(judge_with(&[ailsa()], &ailsa(), &never), Verdict::Nothing { best: None });
}

#[test]
fn a_link_undone_before_is_only_proposed() {
    let undone = Constraints { undone: BTreeSet::from([person_id(0)]), ..constraints() };
    assert_eq!(reason(&judge_with(&[ailsa()], &ailsa(), &undone)), Some(ReviewReason::UndoneBefore));
}

#[test]
fn children_are_asked_about_while_their_cohort_is_off() {
    let child = person("Tulloch", "Ailsa", "2015-08-03")
        .at("ST9 4QX", "3 Mill Lane")
        .chi(&chi_for("030815", true, 0));
    let adults_only = Constraints { switches: CohortSwitches::default(), ..constraints() };
    assert_eq!(
        reason(&judge_with(std::slice::from_ref(&child), &child, &adults_only)),
        Some(ReviewReason::CohortOff)
    );
    assert!(linked(&judge(std::slice::from_ref(&child), &child)).is_some());
}

#[test]
fn a_number_typed_to_fill_a_box_links_nobody() {
    let filler = |given: &str| {
        let mut sample = person("Tulloch", given, "1911-11-11");
        if let Ok((number, scheme)) = domain::ChiNumber::parse("1111111111") {
            sample.0.chi = Some(domain::HeldChi { number, scheme, padded: false });
        }
        sample
    };
    assert!(linked(&judge(&[filler("Ailsa")], &filler("Morven"))).is_none());
}

#[test]
fn a_stranger_is_nobody() {
    let stranger = person("Raeburn", "Struan", "1971-05-30").male().at("DG1 1AA", "4 High Street");
    assert!(matches!(judge(&[ailsa()], &stranger), Verdict::Nothing { .. }));
}
