//! What the generated world must be like.

use super::*;
use domain::ChiNumber;
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};

const TODAY: Date = date(2026, 11, 24);

fn world() -> World {
    World::generate(42, 400, TODAY).unwrap()
}

#[test]
fn the_same_seed_size_and_day_give_the_same_world() {
    let text = |world: &World| crate::csv::extract(world);
    assert_eq!(text(&world()), text(&world()));
    assert_ne!(text(&world()), text(&World::generate(43, 400, TODAY).unwrap()));
}

#[test]
fn the_world_has_the_size_asked_for_beside_the_cast() {
    for size in [0, 1, 10, 400] {
        let world = World::generate(5, size, TODAY).unwrap();
        assert_eq!(world.entries().len(), cast::ALL.len() + 1 + size);
    }
}

#[test]
fn every_true_chi_number_is_valid_fits_its_person_and_is_held_by_one() {
    let mut numbers = BTreeSet::new();
    for entry in world().entries() {
        let person = &entry.person;
        let (number, scheme) = ChiNumber::parse(person.chi.as_str()).unwrap();
        assert!(scheme.catches_every_slip());
        assert!(!number.agrees_with(&PartialDate::Full(person.born), person.sex).contradicts());
        let second_registration =
            entry.health.as_ref().is_some_and(|h| h.local_id == cast::DUPLICATE_OF_LACHLAN);
        assert!(numbers.insert(number) || second_registration);
    }
}

#[test]
fn every_local_id_is_held_by_one_record() {
    let world = world();
    let council: Vec<_> =
        world.entries().iter().filter_map(|e| e.council.as_ref()).map(|r| &r.local_id).collect();
    let health: Vec<_> =
        world.entries().iter().filter_map(|e| e.health.as_ref()).map(|r| &r.local_id).collect();
    assert_eq!(council.iter().collect::<BTreeSet<_>>().len(), council.len());
    assert_eq!(health.iter().collect::<BTreeSet<_>>().len(), health.len());
    for member in cast::ALL {
        assert_eq!(
            world.by_council_id(member.council).is_some(),
            !member.council.is_empty(),
            "{}",
            member.name
        );
        assert_eq!(world.by_health_id(member.health).is_some(), !member.health.is_empty(), "{}", member.name);
    }
}

#[test]
fn a_care_home_has_forty_residents_at_one_address_and_families_have_twins() {
    let world = world();
    let mut at_home: BTreeMap<u64, Vec<&Person>> = BTreeMap::new();
    for entry in world.entries() {
        at_home.entry(entry.person.home.uprn).or_default().push(&entry.person);
    }
    assert_eq!(at_home[&CARE_HOMES[0].uprn].len(), 40);
    let twins = at_home.values().filter(|people| {
        let families: BTreeSet<_> = people.iter().map(|person| (&person.family, person.born)).collect();
        families.len() < people.len()
    });
    assert!(twins.count() >= 3);
    let age = |person: &&Person| person.age(TODAY);
    assert!(at_home.values().flatten().filter(|person| age(person) < 16).count() > 20);
}

#[test]
fn chi_numbers_in_social_care_are_missing_wrong_and_a_relatives_too() {
    let (mut missing, mut wrong, mut relatives) = (0, 0, 0);
    for entry in World::generate(9, 1500, TODAY).unwrap().entries() {
        let Some(council) = &entry.council else { continue };
        match council.chi.as_deref() {
            None => missing += 1,
            Some(typed) => match ChiNumber::clean(typed) {
                Err(_) => wrong += 1,
                Ok(cleaned) if cleaned.number != entry.person.chi => relatives += 1,
                Ok(_) => {}
            },
        }
    }
    assert!(missing > 100 && wrong > 3 && relatives > 3, "{missing} {wrong} {relatives}");
}

#[test]
fn the_cast_twins_are_twins_and_only_one_is_known_to_the_council() {
    let world = world();
    let [ailsa, aileen] = [cast::AILSA_KINROSS, cast::AILEEN_KINROSS]
        .map(|m| world.by_health_id(m.health).unwrap().person.clone());
    assert_eq!((ailsa.born, &ailsa.family, &ailsa.home), (aileen.born, &aileen.family, &aileen.home));
    assert_ne!(ailsa.chi, aileen.chi);
    let council = world.by_council_id(cast::AILSA_KINROSS.council).unwrap().council.as_ref().unwrap();
    assert_eq!(council.chi, None);
    assert_eq!(council.demographics.names[0].first_given(), Some("A"));
}
