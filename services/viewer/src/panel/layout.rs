//! Where each kind stands on a panel, and in which order: alerts, whom to phone, today, decisions, background.
//! Every kind of the catalogue has exactly one place on each side that can hold it.

use domain::{ItemKind, Side};

/// Kinds above the columns: alerts.
pub(super) fn alert_kinds(side: Side) -> &'static [ItemKind] {
    match side {
        // Child flows put registration and looked-after status first.
        Side::SocialWork => &[
            ItemKind::CHILD_PROTECTION_REGISTRATION,
            ItemKind::LOOKED_AFTER_STATUS,
            ItemKind::ADULT_PROTECTION,
            ItemKind::RISK_OR_HAZARD,
            ItemKind::ALERT_EXISTS,
        ],
        Side::Health => &[ItemKind::RESUSCITATION_DECISION, ItemKind::STAFF_HAZARD, ItemKind::ALERT_EXISTS],
        Side::Any => &[ItemKind::ALERT_EXISTS],
    }
}

/// Kinds above the columns: whom to phone.
pub(super) fn phone_kinds(side: Side) -> &'static [ItemKind] {
    match side {
        Side::SocialWork => &[ItemKind::ALLOCATED_WORKER, ItemKind::RESPONSIBLE_TEAM],
        Side::Health => &[ItemKind::NAMED_HEALTH_CONTACT, ItemKind::REGISTERED_PRACTICE],
        Side::Any => &[],
    }
}

/// One group of a panel.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupSpec {
    /// Stable key.
    pub(super) key: &'static str,
    /// Title.
    pub(super) title: &'static str,
    /// Column, from 0.
    pub(super) column: usize,
    /// Whether rows are labels with values.
    pub(super) facts: bool,
    /// Whether it says so in its own place when it has no rows.
    pub(super) always: bool,
    /// Kinds, in order.
    pub(super) kinds: &'static [ItemKind],
}

const fn items(
    column: usize,
    key: &'static str,
    title: &'static str,
    kinds: &'static [ItemKind],
) -> GroupSpec {
    GroupSpec { key, title, column, facts: false, always: false, kinds }
}

const fn facts(
    column: usize,
    key: &'static str,
    title: &'static str,
    kinds: &'static [ItemKind],
) -> GroupSpec {
    GroupSpec { key, title, column, facts: true, always: false, kinds }
}

const fn always(spec: GroupSpec) -> GroupSpec {
    GroupSpec { always: true, ..spec }
}

const COMMUNICATION: GroupSpec = facts(0, "communication", "Communication", &[ItemKind::COMMUNICATION_NEEDS]);
const CHRONOLOGY: GroupSpec =
    items(2, "chronology", "What happened, newest first", &[ItemKind::CHRONOLOGY_EVENT]);
/// Where a kind stands that the side of the source has no place for.
pub(super) const OTHER: GroupSpec = items(2, "other", "Other information", &[]);

const SOCIAL_WORK: &[GroupSpec] = &[
    COMMUNICATION,
    items(0, "discharge", "Leaving hospital", &[ItemKind::DISCHARGE_PLANNING]),
    facts(0, "access", "Getting into the home", &[ItemKind::ACCESS_INFORMATION]),
    always(items(
        0,
        "care",
        "Care and support at home",
        &[
            ItemKind::CARE_PACKAGE,
            ItemKind::EQUIPMENT,
            ItemKind::SUPPORT_REASON,
            ItemKind::SELF_DIRECTED_SUPPORT,
        ],
    )),
    items(0, "placement", "Care home, respite or other placement", &[ItemKind::PLACEMENT]),
    items(1, "legal", "Legal", &[ItemKind::LEGAL_STATUS, ItemKind::LEGAL_STATUS_DETAIL]),
    items(1, "justice", "Justice supervision", &[ItemKind::JUSTICE_SUPERVISION]),
    items(1, "care-plan", "Care plan", &[ItemKind::CARE_PLAN]),
    items(
        1,
        "people",
        "People who help",
        &[ItemKind::CARER, ItemKind::PERSONAL_CONTACT, ItemKind::PROFESSIONAL_CONTACT],
    ),
    items(
        2,
        "reviews",
        "Referrals, assessments, reviews",
        &[ItemKind::OPEN_REFERRAL, ItemKind::REVIEW_DUE, ItemKind::ASSESSMENT, ItemKind::ASSESSMENT_OUTCOME],
    ),
    CHRONOLOGY,
    items(2, "case-notes", "Case notes: dates and kinds only", &[ItemKind::CASE_NOTE_INDEX]),
    items(2, "documents", "Case notes and documents", &[ItemKind::CASE_NOTE, ItemKind::DOCUMENT]),
    facts(
        2,
        "address",
        "Address and contact",
        &[ItemKind::ADDRESS, ItemKind::CONTACT_DETAILS, ItemKind::KNOWN_TO_SOCIAL_WORK],
    ),
];

const HEALTH: &[GroupSpec] = &[
    always(facts(0, "stay", "In hospital", &[ItemKind::INPATIENT_STAY])),
    facts(0, "function", "Getting about, frailty, falls", &[ItemKind::FUNCTIONAL_STATUS]),
    items(
        0,
        "capacity",
        "Capacity and planning ahead",
        &[ItemKind::CAPACITY_CERTIFICATE, ItemKind::ANTICIPATORY_CARE_PLAN, ItemKind::PALLIATIVE_CARE],
    ),
    COMMUNICATION,
    items(0, "emergency", "Emergency attendances", &[ItemKind::EMERGENCY_ATTENDANCE]),
    items(1, "key-information", "Key information", &[ItemKind::KEY_INFORMATION_EXISTS]),
    always(items(1, "allergies", "Allergies", &[ItemKind::ALLERGY])),
    items(1, "conditions", "Conditions", &[ItemKind::CONDITION, ItemKind::PREGNANCY]),
    always(items(1, "medicines", "Medicines", &[ItemKind::MEDICATION])),
    items(1, "mental-health", "Mental health care", &[ItemKind::MENTAL_HEALTH_CARE]),
    items(1, "substance-use", "Substance use care", &[ItemKind::SUBSTANCE_USE_CARE]),
    items(1, "sexual-health", "Sexual health", &[ItemKind::SEXUAL_HEALTH]),
    items(2, "appointments", "Appointments", &[ItemKind::APPOINTMENT]),
    items(2, "involve", "People to involve", &[ItemKind::ATTORNEY_OR_GUARDIAN, ItemKind::HEALTH_NEXT_OF_KIN]),
    items(2, "nursing", "Nursing plan", &[ItemKind::NURSING_PLAN]),
    items(2, "equipment", "Equipment from health", &[ItemKind::HOME_EQUIPMENT]),
    items(
        2,
        "history",
        "Procedures, contacts, immunisations",
        &[ItemKind::PROCEDURE, ItemKind::ENCOUNTER, ItemKind::IMMUNISATION],
    ),
    items(2, "results", "Test results", &[ItemKind::INVESTIGATION_RESULT]),
    items(2, "letters", "Letters and documents", &[ItemKind::CLINICAL_DOCUMENT]),
    CHRONOLOGY,
    facts(2, "address", "Address and contact", &[ItemKind::ADDRESS, ItemKind::CONTACT_DETAILS]),
];

const ANY: &[GroupSpec] = &[
    COMMUNICATION,
    CHRONOLOGY,
    facts(2, "address", "Address and contact", &[ItemKind::ADDRESS, ItemKind::CONTACT_DETAILS]),
];

/// The groups of a side, in the order in which columns stack.
pub(super) fn groups(side: Side) -> &'static [GroupSpec] {
    match side {
        Side::SocialWork => SOCIAL_WORK,
        Side::Health => HEALTH,
        Side::Any => ANY,
    }
}

/// Whether a kind has a place on this side; else it stands under other information.
pub(super) fn has_place(side: Side, kind: ItemKind) -> bool {
    places(side, kind) > 0
}

/// In how many places a kind stands. One, for every kind that the side holds.
pub(super) fn places(side: Side, kind: ItemKind) -> usize {
    let above = [&[ItemKind::IDENTITY][..], alert_kinds(side), phone_kinds(side)].concat();
    let grouped = groups(side).iter().flat_map(|group| group.kinds);
    above.iter().chain(grouped).filter(|one| **one == kind).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Catalogue;

    #[test]
    fn every_kind_of_the_catalogue_has_exactly_one_place_on_its_side() {
        for side in [Side::SocialWork, Side::Health] {
            for row in Catalogue::standard().iter().filter(|row| [side, Side::Any].contains(&row.side)) {
                assert_eq!(places(side, row.kind), 1, "{side:?} {}", row.id);
            }
        }
    }

    #[test]
    fn keys_of_groups_are_unique() {
        for side in [Side::SocialWork, Side::Health, Side::Any] {
            let mut keys: Vec<&str> = groups(side).iter().map(|group| group.key).collect();
            keys.sort_unstable();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count);
        }
    }
}
