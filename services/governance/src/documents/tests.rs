//! The seed is read whole and compiles; a fault is told with its line, its key and no value.

use super::*;
use domain::{Ceiling, SharingEvent, SharingLevel};
use policy::{Policy, SharingState};
use proto::governance::v1;

const ORGANISATIONS: &str = include_str!("../../../../config/seed/organisations.toml");
const POSITIONS: &str = include_str!("../../../../config/seed/positions.toml");
const DIRECTIVES: &str = include_str!("../../../../config/seed/directives.toml");
const AGREEMENT: &str = include_str!("../../../../config/seed/agreement.toml");

/// The line of the first line that begins so.
fn line(text: &str, start: &str) -> usize {
    text.lines().position(|line| line.starts_with(start)).unwrap() + 1
}

fn place(error: &DocumentError) -> (usize, &str) {
    (error.line, error.key.as_str())
}

#[test]
fn the_seed_files_make_a_policy() {
    let mut state = SharingState::default();
    let registered = organisations(ORGANISATIONS).unwrap();
    assert_eq!(registered.len(), 2);
    let staff = positions(POSITIONS).unwrap();
    let entries = |table: &str| POSITIONS.lines().filter(|line| *line == table).count();
    assert!(entries("[[position]]") > 0);
    assert_eq!(staff.positions.len(), entries("[[position]]"));
    assert_eq!(staff.roles.len(), entries("[[role]]"));
    assert_eq!(staff.training.len(), entries("[[training]]"));
    let organisations = registered.into_iter().map(SharingEvent::OrganisationRegistered);
    let posts = staff.positions.into_iter().map(SharingEvent::PositionAssigned);
    let roles = staff.roles.into_iter().map(SharingEvent::RoleMapped);
    let training = staff.training.into_iter().map(SharingEvent::TrainingRecorded);
    let directives = directives(DIRECTIVES).unwrap().into_iter().map(SharingEvent::DirectiveSet);
    for event in organisations.chain(posts).chain(roles).chain(training).chain(directives) {
        state.apply(&event);
    }
    let empty = Policy::compile(&state).unwrap().bundle_hash();
    state.apply(&SharingEvent::AgreementDrafted(Box::new(agreement(AGREEMENT).unwrap())));
    assert_ne!(Policy::compile(&state).unwrap().bundle_hash(), empty, "the agreement is in the policy");
}

#[test]
fn each_flow_of_the_seed_has_its_basis_grants_and_levels_in_full() {
    let read = agreement(AGREEMENT).unwrap();
    assert_eq!(read.appendices.len(), 3);
    let detailed = &read.appendices[2].flows[0];
    assert!(detailed.legal_basis.is_complete());
    assert_eq!(detailed.grants.len(), 5);
    assert!(detailed.schedule.iter().all(|entry| entry.level == SharingLevel::Detailed));
    let clerk = read.appendices[0].flows[0].grants.iter().find(|one| one.role.as_str() == "R8008").unwrap();
    assert_eq!((clerk.level, clerk.may_override), (Ceiling::new(1).unwrap(), false));
}

#[test]
fn the_seed_survives_the_wire() {
    let read = agreement(AGREEMENT).unwrap();
    let wire = proto::governance::wire_agreement(&read);
    assert_eq!(proto::governance::agreement(wire, "agreement"), Ok(read));
    for one in organisations(ORGANISATIONS).unwrap() {
        let wire = proto::governance::wire_organisation(&one);
        assert_eq!(proto::governance::organisation(wire, "organisation"), Ok(one));
    }
    for one in directives(DIRECTIVES).unwrap() {
        let wire = proto::governance::wire_directive(&one);
        assert_eq!(proto::governance::directive(wire, "directive"), Ok(one));
    }
}

#[test]
fn an_unknown_key_names_its_line() {
    let text = AGREEMENT.replace("overdue_cap = 1", "overdue_cap = 1\noverdue_cup = 1");
    let error = agreement(&text).unwrap_err();
    assert_eq!(place(&error), (line(&text, "overdue_cup"), "overdue_cup"));
    let text = AGREEMENT.replacen("ages = ", "age = ", 1);
    let error = agreement(&text).unwrap_err();
    assert_eq!(place(&error), (line(&text, "age = "), "age"));
    let text = AGREEMENT.replacen("{ level = 3, scopes", "{ level = 3, scope", 1);
    let error = agreement(&text).unwrap_err();
    assert_eq!(place(&error), (line(&text, "R8000 = { level = 3, scope = "), "scope"));
    assert!(error.to_string().contains("unknown field"), "{error}");
}

#[test]
fn a_value_that_breaks_a_rule_names_line_key_and_rule() {
    let refused = |from: &str, to: &str| {
        let text = AGREEMENT.replacen(from, to, 1);
        assert_ne!(text, AGREEMENT);
        let error = agreement(&text).unwrap_err();
        let line = text.lines().position(|line| line.contains(to)).unwrap() + 1;
        assert_eq!(error.line, line, "{error}");
        error.key
    };
    assert_eq!(refused("version = 1", "version = 0"), "version");
    assert_eq!(refused("risk = \"medium\"", "risk = \"moderate\""), "risk");
    assert_eq!(refused("\"allergy\"", "\"alergy\""), "items");
    assert_eq!(refused("legal_basis = \"adult-care\"", "legal_basis = \"child-care\""), "legal_basis");
    assert_eq!(refused("grants = \"basic\"", "grants = \"basics\""), "grants");
    assert_eq!(refused("without_relationship = 0", "without_relationship = 5"), "without_relationship");
    assert_eq!(refused("from = 2024-04-01T00:00:00Z", "from = 2024-04-01T00:00:00"), "from");
    assert_eq!(refused("\"emergency-care\"", "\"emergency\""), "purposes");
}

#[test]
fn a_fault_does_not_repeat_the_value() {
    for value in ["20566", "\" W-20566\"", "[\"W-20566\"]"] {
        let text = DIRECTIVES.replace("\"W-20566\"", value);
        let error = directives(&text).unwrap_err();
        assert_eq!(place(&error), (line(&text, &format!("local_id = {value}")), "local_id"));
        assert!(!error.to_string().contains("20566"), "{error}");
    }
}

#[test]
fn what_is_not_toml_and_what_lacks_a_key_is_refused() {
    assert_eq!(organisations("[[organisation]]\nid = \n").unwrap_err().line, 2);
    let error = organisations("[[organisation]]\nid = \"a\"\n").unwrap_err();
    assert_eq!(error.key, "name");
    assert!(error.to_string().contains("missing field"), "{error}");
}

#[test]
fn the_template_is_an_agreement_that_shares_nothing_yet() {
    let read = agreement(agreement_template()).unwrap();
    assert_eq!(read.version, 1);
    assert_eq!(read.risk, domain::RiskRating::NotAssessed);
    assert_eq!(read.dpia_reference, None);
    assert!(read.appendices[0].flows.iter().all(|flow| !flow.legal_basis.is_complete()));
}

#[test]
fn an_agreement_reads_as_text() {
    let read = agreement(AGREEMENT).unwrap();
    let path = |appendix: &str| {
        Some(v1::PartPath { agreement: read.id.to_string(), version: 1, appendix: appendix.to_owned() })
    };
    let base =
        v1::PartState { part: path(""), status: v1::PartStatus::InForce.into(), ..v1::PartState::default() };
    let detailed = v1::PartState {
        part: path("C"),
        status: v1::PartStatus::Unsigned.into(),
        missing: vec!["nhs-strathorr".to_owned()],
        ..v1::PartState::default()
    };
    let agreement = Some(proto::governance::wire_agreement(&read));
    let text = readable(&v1::GetAgreementResponse { agreement, parts: vec![base, detailed] }).unwrap();
    for expected in [
        "Adult Care Information Sharing Protocol\n",
        "Base                    in force, signed 2 of 2\n",
        "Appendix C              not in force, signed 1 of 2, not yet by nhs-strathorr\n",
        "\nBase\n  shares nothing by itself\n",
        "  council-to-board-2: strathorr-council shows nhs-strathorr, up to level 2\n",
        "    role R8008          up to level 1\n",
        "    role R8001          up to level 3; special-category, third-party; may declare emergency access\n",
    ] {
        assert!(text.contains(expected), "{expected}is not in:\n{text}");
    }
}
