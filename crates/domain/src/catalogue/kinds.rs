//! The bit position and the id of every kind: append-only, never moved, never used again.

use super::ItemKind;

macro_rules! kinds {
    ($($index:literal $name:ident $id:literal;)*) => {
        impl ItemKind {
            $(#[doc = concat!("`", $id, "`, see its row in the catalogue.")]
            pub const $name: Self = Self($index);)*
        }
        $(pub(super) const $name: (ItemKind, &str) = (ItemKind::$name, $id);)*
    };
}

kinds! {
    0 IDENTITY "identity";
    1 ADDRESS "address";
    2 CONTACT_DETAILS "contact_details";
    3 COMMUNICATION_NEEDS "communication_needs";
    4 ALERT_EXISTS "alert_exists";
    5 CHRONOLOGY_EVENT "chronology_event";
    6 KNOWN_TO_SOCIAL_WORK "known_to_social_work";
    7 ALLOCATED_WORKER "allocated_worker";
    8 RESPONSIBLE_TEAM "responsible_team";
    9 SUPPORT_REASON "support_reason";
    10 CARE_PACKAGE "care_package";
    11 PLACEMENT "placement";
    12 OPEN_REFERRAL "open_referral";
    13 ASSESSMENT "assessment";
    14 REVIEW_DUE "review_due";
    15 CARER "carer";
    16 PERSONAL_CONTACT "personal_contact";
    17 PROFESSIONAL_CONTACT "professional_contact";
    18 EQUIPMENT "equipment";
    19 DISCHARGE_PLANNING "discharge_planning";
    20 LEGAL_STATUS "legal_status";
    21 CHILD_PROTECTION_REGISTRATION "child_protection_registration";
    22 LOOKED_AFTER_STATUS "looked_after_status";
    23 LEGAL_STATUS_DETAIL "legal_status_detail";
    24 ADULT_PROTECTION "adult_protection";
    25 RISK_OR_HAZARD "risk_or_hazard";
    26 ACCESS_INFORMATION "access_information";
    27 ASSESSMENT_OUTCOME "assessment_outcome";
    28 CARE_PLAN "care_plan";
    29 SELF_DIRECTED_SUPPORT "self_directed_support";
    30 CASE_NOTE_INDEX "case_note_index";
    31 JUSTICE_SUPERVISION "justice_supervision";
    32 CASE_NOTE "case_note";
    33 DOCUMENT "document";
    34 REGISTERED_PRACTICE "registered_practice";
    35 NAMED_HEALTH_CONTACT "named_health_contact";
    36 ALLERGY "allergy";
    37 MEDICATION "medication";
    38 INPATIENT_STAY "inpatient_stay";
    39 EMERGENCY_ATTENDANCE "emergency_attendance";
    40 APPOINTMENT "appointment";
    41 HOME_EQUIPMENT "home_equipment";
    42 KEY_INFORMATION_EXISTS "key_information_exists";
    43 ATTORNEY_OR_GUARDIAN "attorney_or_guardian";
    44 HEALTH_NEXT_OF_KIN "health_next_of_kin";
    45 CONDITION "condition";
    46 PROCEDURE "procedure";
    47 ENCOUNTER "encounter";
    48 ANTICIPATORY_CARE_PLAN "anticipatory_care_plan";
    49 RESUSCITATION_DECISION "resuscitation_decision";
    50 CAPACITY_CERTIFICATE "capacity_certificate";
    51 NURSING_PLAN "nursing_plan";
    52 FUNCTIONAL_STATUS "functional_status";
    53 PALLIATIVE_CARE "palliative_care";
    54 PREGNANCY "pregnancy";
    55 IMMUNISATION "immunisation";
    56 MENTAL_HEALTH_CARE "mental_health_care";
    57 STAFF_HAZARD "staff_hazard";
    58 INVESTIGATION_RESULT "investigation_result";
    59 SUBSTANCE_USE_CARE "substance_use_care";
    60 CLINICAL_DOCUMENT "clinical_document";
    61 SEXUAL_HEALTH "sexual_health";
}
