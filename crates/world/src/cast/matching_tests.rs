//! Whether the story's people do what the story needs of them, by the shipped weights of the matcher.

use super::*;
use crate::{HEALTH_AUTHORITY, World};
use domain::{ChiNumber, Demographics, HeldChi, PersonId, RecordVersion, SourceRecord};
use jiff::civil::date;
use matching::{CohortSwitches, Constraints, Index, Parameters, Profile, Verdict, decide};
use std::collections::{BTreeMap, BTreeSet};

fn with_chi(demographics: &Demographics, chi: Option<&String>) -> Demographics {
    let cleaned = chi.and_then(|chi| ChiNumber::clean(chi).ok());
    let chi = cleaned.map(|c| HeldChi { number: c.number, scheme: c.scheme, padded: c.padded });
    Demographics { chi, ..demographics.clone() }
}

fn verdict(world: &World, member: CastMember) -> (Verdict, BTreeMap<PersonId, String>) {
    let mut index = Index::default();
    for health in world.entries().iter().filter_map(|entry| entry.health.as_ref()) {
        let record = SourceRecord::parse(HEALTH_AUTHORITY, &health.local_id).unwrap();
        let who = with_chi(&health.demographics, health.chi.as_ref());
        index.upsert(&record, &who, RecordVersion::Sequence(1));
    }
    let council = world.by_council_id(member.council).unwrap().council.as_ref().unwrap();
    let profile = Profile::of(&with_chi(&council.demographics, council.chi.as_ref()));
    let person = |number: usize| PersonId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap();
    let found = index.candidates(&profile);
    let candidates: Vec<_> = found.into_iter().enumerate().map(|(n, held)| (person(n), held)).collect();
    let ids = candidates.iter().map(|(id, held)| (*id, held.record.local_id.as_str().to_owned())).collect();
    let constraints = Constraints {
        never: BTreeSet::new(),
        undone: BTreeSet::new(),
        switches: CohortSwitches::default(),
        looked_after: false,
        today: world.days().today(),
    };
    (decide(&profile, &candidates, &Parameters::shipped(), index.counts(), &constraints), ids)
}

fn linked(world: &World, member: CastMember) -> Option<String> {
    match verdict(world, member) {
        (Verdict::Link { person, .. }, ids) => Some(ids[&person].clone()),
        (Verdict::Review { .. } | Verdict::Nothing { .. }, _) => None,
    }
}

#[test]
fn those_whom_the_story_shows_are_linked_and_the_twin_goes_to_review() {
    for size in [0, 300] {
        let world = World::generate(7, size, date(2026, 11, 24)).unwrap();
        for member in
            [ELSPETH_DUNBRAE, FERGUS_DUNBRAE, MURDO_HALCRO, MAEVE_STRUAN, HECTOR_BALLANTRAE, UNA_CORRIE]
        {
            assert_eq!(linked(&world, member).as_deref(), Some(member.health), "{} of {size}", member.name);
        }
        // Lachlan is registered twice, so that two candidates fit until the merge.
        for member in [AILSA_KINROSS, RONA_TULLIBAR, LACHLAN_OSWIN] {
            let (verdict, _) = verdict(&world, member);
            assert!(matches!(verdict, Verdict::Review { .. }), "{} of {size}: {verdict:?}", member.name);
        }
    }
}
