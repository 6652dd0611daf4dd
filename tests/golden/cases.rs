//! The cases of the matrix: a heading, a sentence, and what is different from the scene that it starts from.

use crate::scene::{BOARD, COUNCIL, Scene, organisation, time};
use domain::{
    AssuranceRank, DirectiveKind, PartialDate, PersonId, PositionId, Purpose, RiskRating, SharingEvent,
};
use policy::{LinkState, PersonFacts};

/// One line of the matrix.
pub struct Case {
    pub said: &'static str,
    pub start: fn() -> Scene,
    pub change: fn(&mut Scene),
}

pub struct Group {
    pub heading: &'static str,
    pub cases: Vec<Case>,
}

fn nurse(said: &'static str, change: fn(&mut Scene)) -> Case {
    Case { said, start: Scene::nurse, change }
}

/// The nurse when appendix C is signed too.
fn nurse_3(said: &'static str, change: fn(&mut Scene)) -> Case {
    fn start() -> Scene {
        let mut scene = Scene::nurse();
        scene.sign_c();
        scene
    }
    Case { said, start, change }
}

fn worker(said: &'static str, change: fn(&mut Scene)) -> Case {
    fn start() -> Scene {
        let mut scene = Scene::social_worker();
        scene.sign_c();
        // The discloser is the health board: its record comes first.
        scene.person.records.reverse();
        scene
    }
    Case { said, start, change }
}

fn withdraw(scene: &mut Scene, appendix: Option<&str>) {
    let (part, at) = (scene.part(appendix), scene.now);
    scene.later.push(SharingEvent::AgreementWithdrawn { part, organisation: organisation(COUNCIL), at });
}

fn suspend(scene: &mut Scene, resumed: bool) {
    let (part, at) = (scene.part(None), time("2026-11-16T00:00:00Z"));
    let organisation = organisation(BOARD);
    let stop =
        SharingEvent::AgreementSuspended { part: part.clone(), organisation: organisation.clone(), at };
    scene.later.push(stop);
    if resumed {
        scene.later.push(SharingEvent::AgreementResumed { part, organisation, at: scene.now });
    }
}

fn born(scene: &mut Scene, text: &str) {
    scene.person.birth_date = PartialDate::parse(text).ok();
}

/// Every group in order.
pub fn groups() -> Vec<Group> {
    vec![
        Group { heading: "Which parts of the agreement hold", cases: agreement() },
        Group { heading: "Who asks (appendices A, B and C hold)", cases: readers() },
        Group {
            heading: "Organisations and the system (appendices A, B and C hold)",
            cases: organisations(),
        },
        Group { heading: "About whom (a charge nurse asks; appendices A, B and C hold)", cases: persons() },
        Group {
            heading: "Emergency access (a charge nurse asks; appendices A, B and C hold)",
            cases: overrides(),
        },
        Group { heading: "The other direction: a social worker asks the health board", cases: council() },
    ]
}

fn agreement() -> Vec<Case> {
    vec![
        nurse("Charge nurse; level 3 (C) is not signed", |_| {}),
        nurse("Charge nurse; C is signed by the council only", |s| s.signed.push((Some("C"), COUNCIL))),
        nurse("Charge nurse; C is signed by both", Scene::sign_c),
        nurse_3("Charge nurse; C was signed by both and is withdrawn", |s| withdraw(s, Some("C"))),
        nurse_3("Charge nurse; B is withdrawn, A and C stay", |s| withdraw(s, Some("B"))),
        nurse_3("Charge nurse; the whole agreement is withdrawn", |s| withdraw(s, None)),
        nurse_3("Charge nurse; the agreement is suspended", |s| suspend(s, false)),
        nurse_3("Charge nurse; the suspension ended this instant", |s| suspend(s, true)),
        nurse_3("Charge nurse; the text was changed after signing", |s| {
            let mut changed = s.agreement.clone();
            changed.title.push_str(", revised");
            s.later.push(SharingEvent::AgreementDrafted(Box::new(changed)));
        }),
        nurse_3("Charge nurse; the agreement begins tomorrow", |s| {
            s.agreement.window.from = Some(time("2026-11-18T00:00:00Z"));
        }),
        nurse_3("Charge nurse; the agreement ends this instant", |s| s.agreement.window.to = Some(s.now)),
        nurse_3("Charge nurse; its review is overdue", |s| s.agreement.review_due = Some(s.now)),
        nurse_3("Charge nurse; the impact assessment is missing", |s| s.agreement.dpia_reference = None),
        nurse_3("Charge nurse; the risk was not assessed", |s| s.agreement.risk = RiskRating::NotAssessed),
        nurse_3("Charge nurse; no legal basis in confidentiality", |s| {
            let flows = s.agreement.appendices.iter_mut().flat_map(|one| &mut one.flows);
            flows.for_each(|flow| flow.legal_basis.confidentiality.clear());
        }),
        nurse_3("Charge nurse; every flow is agreed at level 0", |s| {
            let flows = s.agreement.appendices.iter_mut().flat_map(|one| &mut one.flows);
            flows.for_each(|flow| flow.level = domain::Ceiling::NONE);
        }),
        nurse_3("Charge nurse; the agreement has no appendix: nothing is shared", |s| {
            s.agreement.appendices.clear();
            s.signed.retain(|(part, _)| part.is_none());
        }),
    ]
}

fn readers() -> Vec<Case> {
    vec![
        nurse_3("Charge nurse, direct care", |_| {}),
        nurse_3("Charge nurse, emergency care", |s| s.request.purpose = Purpose::EmergencyCare),
        nurse_3("Charge nurse, audit: a purpose that no flow names", |s| s.request.purpose = Purpose::Audit),
        nurse_3("Consultant physician", |s| s.asked_by("hamish.oduya")),
        nurse_3("Ward clerk: granted level 1, no label opens", |s| s.asked_by("lewis.garrow")),
        nurse_3("Receptionist: no grant", |s| s.asked_by("senga.tarras")),
        nurse_3("Privacy officer: no grant", |s| s.asked_by("ishbel.quothquan")),
        nurse_3("Staff nurse whose training is out of date", |s| s.asked_by("ewan.corsock")),
        nurse_3("Somebody without a position", |s| s.asked_by("nobody.known")),
        nurse_3("Charge nurse who acts in a position of another", |s| {
            s.request.requester.position = PositionId::parse("board-older-people-consultant").ok();
        }),
        nurse_3("Charge nurse, launched for another person", |s| {
            s.request.bound_person = PersonId::parse("00000000-0000-0000-0000-000000000001").ok();
        }),
        nurse_3("Charge nurse, launched by a host that may not assert them", |s| {
            s.request.requester.host_organisation = organisation(COUNCIL);
        }),
    ]
}

fn organisations() -> Vec<Case> {
    vec![
        nurse_3("The board only assessed itself", |s| {
            s.organisation(BOARD).assurance.rank = AssuranceRank::SelfAssessed;
        }),
        nurse_3("The board's assurance expires this instant", |s| {
            let now = s.now;
            s.organisation(BOARD).assurance.expires_at = Some(now);
        }),
        nurse_3("The council never submitted an assurance", |s| {
            s.organisation(COUNCIL).assurance.rank = AssuranceRank::NeverSubmitted;
        }),
        nurse_3("The council does not take part at present", |s| s.organisation(COUNCIL).active = false),
        nurse_3("The board is sponsored by another organisation", |s| {
            s.organisation(BOARD).sponsor = Some(organisation("another-board"));
        }),
        nurse_3("The board is sponsored by the council", |s| {
            s.organisation(BOARD).sponsor = Some(organisation(COUNCIL));
        }),
        nurse_3("The record of disclosures cannot be written", |s| s.system.audit_writable = false),
        nurse_3("The sharing rules could not be checked", |s| s.system.lease_valid = false),
        nurse_3("The clock cannot be trusted", |s| s.system.clock_sane = false),
    ]
}

fn persons() -> Vec<Case> {
    vec![
        nurse_3("An adult, on the ward", |_| {}),
        nurse_3("A child of 15: outside the flows", |s| born(s, "2011-03-02")),
        nurse_3("Sixteen tomorrow", |s| born(s, "2010-11-18")),
        nurse_3("Sixteen today", |s| born(s, "2010-11-17")),
        nurse_3("Date of birth not known", |s| s.person.birth_date = None),
        nurse_3("Only the year of birth known, 15 or 16 years old", |s| born(s, "2010")),
        nurse_3("No record found at all", |s| s.person = PersonFacts::default()),
        nurse_3("The council's record is linked as possible only", |s| s.link(LinkState::Possible)),
        nurse_3("The link of the council's record is disputed", |s| s.link(LinkState::Disputed)),
        nurse_3("The board is not involved with the person", Scene::without_relationship),
        nurse_3("The same, but the portal asserts a relationship", |s| {
            s.without_relationship();
            s.request.relationship_asserted = true;
        }),
        nurse_3("The person dissents", |s| s.directive(DirectiveKind::Dissent)),
        nurse_3("The record is sealed", |s| s.directive(DirectiveKind::Sealed)),
        nurse_3("Processing is restricted", |s| s.directive(DirectiveKind::Restriction)),
        nurse_3("A legal hold stands", |s| s.directive(DirectiveKind::LegalHold)),
        nurse_3("A protected address, by directive", |s| s.directive(DirectiveKind::ProtectedAddress)),
        nurse_3("A protected address, marked at the source", |s| s.person.records[0].protected = true),
        nurse_3("A protected address; a ward clerk asks", |s| {
            s.asked_by("lewis.garrow");
            s.directive(DirectiveKind::ProtectedAddress);
        }),
    ]
}

fn overrides() -> Vec<Case> {
    vec![
        nurse_3("Dissent, a valid override", |s| {
            s.directive(DirectiveKind::Dissent);
            s.overrides(0, 0);
        }),
        nurse_3("Dissent, an override of 29 minutes ago", |s| {
            s.directive(DirectiveKind::Dissent);
            s.overrides(29, 0);
        }),
        nurse_3("Dissent, an override of 30 minutes ago: stale", |s| {
            s.directive(DirectiveKind::Dissent);
            s.overrides(30, 0);
        }),
        nurse_3("Dissent, an override by somebody who signed in 6 minutes before", |s| {
            s.directive(DirectiveKind::Dissent);
            s.overrides(0, 6);
        }),
        nurse_3("Not involved, a valid override", |s| {
            s.without_relationship();
            s.overrides(0, 5);
        }),
        nurse_3("Not involved, a valid override; the flows' cap is level 1", |s| {
            let flows = s.agreement.appendices.iter_mut().flat_map(|one| &mut one.flows);
            flows.for_each(|flow| flow.override_cap = domain::Ceiling::new(1).expect("a level"));
            s.without_relationship();
            s.overrides(0, 5);
        }),
        nurse_3("Sealed, a valid override: nothing lifts it", |s| {
            s.directive(DirectiveKind::Sealed);
            s.overrides(0, 0);
        }),
        nurse_3("Protected address, a valid override: still kept back", |s| {
            s.directive(DirectiveKind::ProtectedAddress);
            s.overrides(0, 0);
        }),
        nurse_3("No record found, a valid override", |s| {
            s.person = PersonFacts::default();
            s.overrides(0, 0);
        }),
        nurse_3("Not involved; a ward clerk, who may not override", |s| {
            s.asked_by("lewis.garrow");
            s.without_relationship();
            s.overrides(0, 0);
        }),
    ]
}

fn council() -> Vec<Case> {
    vec![
        worker("Social worker; appendices A, B and C hold", |_| {}),
        worker("Social worker; C is withdrawn", |s| withdraw(s, Some("C"))),
        worker("Business support: granted level 1, no label opens", |s| s.asked_by("nadia.yarrow")),
        worker("Receptionist: no grant", |s| s.asked_by("brodie.mouswald")),
        worker("Social worker; a child of 15", |s| born(s, "2011-03-02")),
        worker("Social worker; dissent, recorded at the council", |s| s.directive(DirectiveKind::Dissent)),
        worker("Emergency duty; the council is not involved, a valid override", |s| {
            s.asked_by("dougal.inverarity");
            s.without_relationship();
            s.overrides(0, 0);
        }),
        worker("Social worker; the person's address is protected", |s| {
            s.directive(DirectiveKind::ProtectedAddress);
        }),
        worker("Social worker; the health board's record is not confirmed", |s| s.link(LinkState::Possible)),
    ]
}
