//! The words of one crate for what another crate also names: compared fields, reasons, rows of the rule.

use crate::panel::IdentityField;
use domain::OverrideReason;
use policy::{Dimension, Step};

/// The fields that the gate compares, in the order in which a page names them.
pub(super) const COMPARED: [IdentityField; 5] = [
    IdentityField::FirstName,
    IdentityField::Surname,
    IdentityField::BirthDate,
    IdentityField::Chi,
    IdentityField::Postcode,
];

/// The field that the gate names in these words.
pub(super) fn field_named(words: &str) -> Option<IdentityField> {
    COMPARED.into_iter().find(|field| field.word() == words)
}

/// Code of a reason for emergency access, as the form sends it.
pub(super) fn override_reason(reason: OverrideReason) -> &'static str {
    match reason {
        OverrideReason::PublicInterest => "public-interest",
        OverrideReason::Statute => "statute",
        OverrideReason::CourtOrder => "court-order",
        OverrideReason::Emergency => "emergency",
        OverrideReason::Other => "other",
    }
}

/// Name of a step of an explanation.
pub(super) fn step(step: Step) -> &'static str {
    match step {
        Step::Row(dimension) => dimension_name(dimension),
        Step::Schedule => "schedule",
        Step::Person => "person",
        Step::Labels => "labels",
        Step::Never => "never",
    }
}

fn dimension_name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::System => "system",
        Dimension::Requester => "requester",
        Dimension::Organisation => "organisation",
        Dimension::Agreement => "agreement",
        Dimension::FlowLevel => "flow-level",
        Dimension::Purpose => "purpose",
        Dimension::Role => "role",
        Dimension::Age => "age",
        Dimension::Link => "link",
        Dimension::Relationship => "relationship",
        Dimension::Dissent => "dissent",
        Dimension::HardDirective => "hard-directive",
    }
}
