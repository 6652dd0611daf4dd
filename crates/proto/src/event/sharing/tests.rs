//! Every event of the sharing stream reads back as it was written, and bytes of old logs stay readable.

use super::super::{Event, decode, encode, golden};
use super::*;
use crate::governance::samples;
use domain::{CredentialKind, DirectiveKind, OverrideReason};
use proptest::prelude::*;

type Committed = (SharingEvent, &'static str);

/// One event of each type with its committed bytes.
fn one_of_each() -> Vec<Committed> {
    [about_organisations(), about_staff_and_directives(), about_agreements()].concat()
}

fn about_organisations() -> Vec<Committed> {
    let organisation = samples::organisation_id("nhs-strathorr");
    let assurance = samples::organisation().assurance;
    vec![
        (
            SharingEvent::OrganisationRegistered(samples::organisation()),
            include_str!("../golden/organisation_registered.hex"),
        ),
        (
            SharingEvent::AssuranceRecorded { organisation, assurance },
            include_str!("../golden/assurance_recorded.hex"),
        ),
        (
            SharingEvent::SigningKeyRegistered(samples::signing_key()),
            include_str!("../golden/signing_key_registered.hex"),
        ),
        (
            SharingEvent::CredentialRegistered(samples::credential(CredentialKind::Host)),
            include_str!("../golden/credential_registered.hex"),
        ),
        (
            SharingEvent::CredentialWithdrawn { secret_digest: (100..132).collect() },
            include_str!("../golden/credential_withdrawn.hex"),
        ),
    ]
}

fn about_staff_and_directives() -> Vec<Committed> {
    let at = samples::second(1_767_225_600);
    vec![
        (
            SharingEvent::PositionAssigned(samples::position()),
            include_str!("../golden/position_assigned.hex"),
        ),
        (
            SharingEvent::PositionEnded { position: samples::position().id, at },
            include_str!("../golden/position_ended.hex"),
        ),
        (SharingEvent::RoleMapped(samples::role_mapping()), include_str!("../golden/role_mapped.hex")),
        (
            SharingEvent::TrainingRecorded(samples::training()),
            include_str!("../golden/training_recorded.hex"),
        ),
        (
            SharingEvent::DirectiveSet(samples::directive(DirectiveKind::Dissent)),
            include_str!("../golden/directive_set.hex"),
        ),
        (
            SharingEvent::DirectiveLifted { directive: samples::directive_id(4), at },
            include_str!("../golden/directive_lifted.hex"),
        ),
        (
            SharingEvent::OverrideDeclared(samples::override_of(OverrideReason::Emergency)),
            include_str!("../golden/override_declared.hex"),
        ),
        (
            SharingEvent::OverrideEnded { id: samples::directive_id(7), at },
            include_str!("../golden/override_ended.hex"),
        ),
    ]
}

fn about_agreements() -> Vec<Committed> {
    let at = samples::second(1_767_225_600);
    let organisation = samples::organisation_id("nhs-strathorr");
    let (base, appendix) = (samples::part(None), samples::part(Some("C")));
    vec![
        (
            SharingEvent::AgreementDrafted(Box::new(samples::agreement())),
            include_str!("../golden/agreement_drafted.hex"),
        ),
        (SharingEvent::AgreementSigned(samples::signature()), include_str!("../golden/agreement_signed.hex")),
        (
            SharingEvent::AgreementWithdrawn { part: base.clone(), organisation: organisation.clone(), at },
            include_str!("../golden/agreement_withdrawn.hex"),
        ),
        (
            SharingEvent::AgreementSuspended { part: appendix, organisation: organisation.clone(), at },
            include_str!("../golden/agreement_suspended.hex"),
        ),
        (
            SharingEvent::AgreementResumed { part: base, organisation, at },
            include_str!("../golden/agreement_resumed.hex"),
        ),
    ]
}

fn reads_back(event: SharingEvent) {
    let event = Event::Sharing(event);
    let encoded = encode(&event);
    assert_eq!(decode(encoded.event_type, encoded.version, &encoded.bytes), Ok(event));
}

#[test]
fn bytes_of_every_type_are_readable_for_ever() {
    for (event, committed) in one_of_each() {
        golden::holds(&Event::Sharing(event), committed);
    }
}

#[test]
fn every_type_has_a_name_of_its_own_and_reads_back() {
    let mut names: Vec<&str> =
        one_of_each().iter().map(|(event, _)| super::encode(event).event_type).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 18);
    for (event, _) in one_of_each() {
        reads_back(event);
    }
}

#[test]
fn an_event_with_everything_left_out_that_may_be_reads_back() {
    let mut organisation = samples::organisation();
    (organisation.sponsor, organisation.assurance.expires_at) = (None, None);
    organisation.ico_registration.clear();
    reads_back(SharingEvent::OrganisationRegistered(organisation));
    let mut agreement = samples::agreement();
    (agreement.review_due, agreement.dpia_reference) = (None, None);
    (agreement.flows, agreement.appendices) = (Vec::new(), Vec::new());
    reads_back(SharingEvent::AgreementDrafted(Box::new(agreement)));
    let mut directive = samples::directive(DirectiveKind::Sealed);
    (directive.flow, directive.window) = (None, domain::Window::default());
    reads_back(SharingEvent::DirectiveSet(directive));
    let mut declared = samples::override_of(OverrideReason::Other);
    declared.ended_at = None;
    reads_back(SharingEvent::OverrideDeclared(declared));
}

#[test]
fn an_event_over_a_limit_that_came_later_is_still_readable() {
    let mut declared = samples::override_of(OverrideReason::Statute);
    declared.text = "\u{7}".repeat(2000);
    reads_back(SharingEvent::OverrideDeclared(declared));
    let mut agreement = samples::agreement();
    agreement.flows = vec![samples::flow("f"); 3];
    agreement.version = 0;
    reads_back(SharingEvent::AgreementDrafted(Box::new(agreement)));
}

#[test]
fn a_payload_that_breaks_a_rule_names_the_field() {
    let wire = v1::DirectiveSet { directive: Some(governance::v1::Directive::default()) };
    let bytes = prost::Message::encode_to_vec(&wire);
    assert_eq!(decode("DirectiveSet", 1, &bytes).unwrap_err().to_string(), "directive.id: must be a UUID");
    assert_eq!(
        decode("AgreementResumed", 1, &[0xff]).unwrap_err().to_string(),
        "payload: must be a message of its type"
    );
}

proptest! {
    #[test]
    fn every_agreement_reads_back(agreement in samples::any_agreement()) {
        reads_back(SharingEvent::AgreementDrafted(Box::new(agreement)));
    }

    #[test]
    fn every_organisation_reads_back(organisation in samples::any_organisation()) {
        reads_back(SharingEvent::OrganisationRegistered(organisation));
    }
}
