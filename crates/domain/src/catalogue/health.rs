//! Rows for what health holds and shows to social work, after the PRSB Core Information Standard v2.
//!
//! Everything above level 1 is special category data.

use super::Label::{ProtectedAddress, SeriousHarm, SpecialCategory, ThirdParty};
use super::SharingLevel::{Basic, Detailed, Full, Intermediate};
use super::spec::fields::{code, date, flag, long, period, person, phone, quantity, staff, text};
use super::{FieldSpec, ItemKind, KindSpec, SharingLevel, Side, kinds};

pub(super) const KINDS: &[KindSpec] = &[
    basic(
        kinds::REGISTERED_PRACTICE,
        "GP practice",
        &[text("practice", "Practice").required(), staff("named_gp", "GP"), phone("telephone", "Phone")],
    )
    .label(ProtectedAddress)
    .single(),
    basic(
        kinds::NAMED_HEALTH_CONTACT,
        "Community nurse or other health contact",
        &[
            staff("contact", "Contact").required(),
            text("team", "Team").protected(),
            phone("telephone", "Phone"),
            text("hours", "Hours"),
        ],
    ),
    row(
        Intermediate,
        kinds::ALLERGY,
        "Allergies",
        &[
            code("substance", "Substance").required(),
            text("reaction", "Reaction"),
            code("severity", "Severity"),
            code("status", "Status"),
            date("confirmed", "Confirmed"),
        ],
    ),
    row(
        Intermediate,
        kinds::MEDICATION,
        "Medicines",
        &[
            code("medicine", "Medicine").required(),
            text("dose", "Dose"),
            text("how_often", "How often"),
            code("type", "Current or repeat"),
            code("status", "Status"),
            date("since", "Since"),
        ],
    ),
    row(
        Intermediate,
        kinds::INPATIENT_STAY,
        "In hospital",
        &[
            text("hospital", "Hospital").required(),
            text("ward", "Ward"),
            phone("ward_telephone", "Ward phone"),
            text("specialty", "Specialty"),
            date("admitted", "Admitted").required(),
            text("admitted_time", "Admitted at"),
            date("expected_discharge", "Expected home"),
            date("discharged", "Discharged"),
            text("discharged_to", "Discharged to").protected(),
            code("status", "Status"),
        ],
    ),
    row(
        Intermediate,
        kinds::EMERGENCY_ATTENDANCE,
        "Emergency attendances",
        &[
            text("place", "Place").required(),
            date("date", "Date").required(),
            text("time", "Time"),
            code("outcome", "Outcome"),
        ],
    ),
    row(
        Intermediate,
        kinds::APPOINTMENT,
        "Appointments",
        &[
            text("clinic", "Clinic").required(),
            date("date", "Date").required(),
            text("time", "Time"),
            text("place", "Place"),
            code("status", "Status"),
        ],
    ),
    row(
        Intermediate,
        kinds::HOME_EQUIPMENT,
        "Equipment from health",
        &[
            code("item", "What").required(),
            text("detail", "Detail"),
            code("status", "Status"),
            date("since", "Since"),
        ],
    ),
    row(
        Intermediate,
        kinds::KEY_INFORMATION_EXISTS,
        "Key information",
        &[code("type", "What exists").required(), text("held_by", "Who has it").protected()],
    ),
    row(
        Intermediate,
        kinds::ATTORNEY_OR_GUARDIAN,
        "Attorney or guardian",
        &[
            person("holder", "Who").required(),
            code("powers", "Powers"),
            date("evidence_seen", "Document seen"),
            period("period", "From and to"),
        ],
    )
    .label(ThirdParty)
    .label(ProtectedAddress),
    row(
        Intermediate,
        kinds::HEALTH_NEXT_OF_KIN,
        "Next of kin",
        &[
            person("contact", "Who").required(),
            flag("emergency_contact", "First to call"),
            text("note", "Note"),
        ],
    )
    .label(ThirdParty)
    .label(ProtectedAddress),
    row(
        Detailed,
        kinds::CONDITION,
        "Conditions",
        &[code("problem", "Problem").required(), code("status", "Status"), date("onset", "Since")],
    ),
    row(
        Detailed,
        kinds::PROCEDURE,
        "Procedures",
        &[
            code("procedure", "Procedure").required(),
            date("date", "Date"),
            text("place", "Place"),
            code("status", "Status"),
        ],
    ),
    row(
        Detailed,
        kinds::ENCOUNTER,
        "Contacts with clinicians",
        &[
            code("type", "Kind").required(),
            date("date", "Date"),
            staff("clinician", "Clinician"),
            text("place", "Place"),
            text("reason", "Reason"),
        ],
    ),
    row(
        Detailed,
        kinds::ANTICIPATORY_CARE_PLAN,
        "Care planned ahead",
        &[
            text("preferred_place", "Preferred place of care").required(),
            long("what_to_do", "What to do").protected(),
            date("made", "Made"),
            date("review", "Review"),
        ],
    ),
    row(
        Detailed,
        kinds::RESUSCITATION_DECISION,
        "Resuscitation decisions",
        &[
            code("decision", "Decision").required(),
            date("made", "Made"),
            text("made_with", "Made with").protected(),
            text("form_at", "Where the form is").protected(),
            long("detail", "Detail"),
            code("status", "Status"),
        ],
    ),
    row(
        Detailed,
        kinds::CAPACITY_CERTIFICATE,
        "Certificates of incapacity",
        &[
            code("type", "Kind").required(),
            text("covers", "Covers"),
            code("status", "Status"),
            staff("issued_by", "Issued by"),
            period("period", "From and to"),
        ],
    ),
    row(
        Detailed,
        kinds::NURSING_PLAN,
        "Nursing plans",
        &[
            text("problem", "Problem").required(),
            text("intervention", "What is done"),
            text("frequency", "How often"),
            text("team", "Team").protected(),
            period("period", "From and to"),
        ],
    ),
    row(
        Detailed,
        kinds::FUNCTIONAL_STATUS,
        "Frailty, mobility and falls",
        &[
            code("aspect", "Aspect").required(),
            text("finding", "Finding"),
            quantity("score", "Score"),
            text("scale", "Scale"),
            date("date", "Date"),
        ],
    ),
    row(
        Detailed,
        kinds::PALLIATIVE_CARE,
        "Palliative care",
        &[
            code("status", "Status").required(),
            staff("lead", "Lead"),
            date("since", "Since"),
            long("note", "Note"),
        ],
    ),
    row(
        Detailed,
        kinds::PREGNANCY,
        "Pregnancy",
        &[code("status", "Status").required(), date("due", "Due"), staff("midwife", "Midwife")],
    ),
    row(
        Detailed,
        kinds::IMMUNISATION,
        "Immunisations",
        &[code("vaccine", "Vaccine").required(), date("date", "Date"), code("status", "Status")],
    ),
    row(
        Detailed,
        kinds::MENTAL_HEALTH_CARE,
        "Mental health care",
        &[
            code("involvement", "Involvement").required(),
            text("team", "Team").protected(),
            phone("telephone", "Phone"),
            code("order", "Order"),
            period("period", "From and to"),
        ],
    )
    .label(SeriousHarm),
    row(
        Detailed,
        kinds::STAFF_HAZARD,
        "Hazards to staff",
        &[text("hazard", "Hazard").required(), long("advice", "What to do"), period("period", "From and to")],
    )
    .label(SeriousHarm),
    row(
        Full,
        kinds::INVESTIGATION_RESULT,
        "Test results",
        &[
            code("test", "Test").required(),
            quantity("value", "Value"),
            text("finding", "Finding"),
            text("reference_range", "Usual range"),
            date("date", "Date"),
            code("status", "Status"),
        ],
    ),
    row(
        Full,
        kinds::SUBSTANCE_USE_CARE,
        "Substance use care",
        &[
            code("involvement", "Involvement").required(),
            text("team", "Team").protected(),
            phone("telephone", "Phone"),
            period("period", "From and to"),
        ],
    ),
    row(
        Full,
        kinds::CLINICAL_DOCUMENT,
        "Letters and documents",
        &[
            date("date", "Date"),
            code("type", "Kind").required(),
            text("title", "Title"),
            text("reference", "Reference").required(),
        ],
    ),
    SEXUAL_HEALTH,
];

/// On the never-share list by default; also what an unknown kind is treated as.
pub(super) const SEXUAL_HEALTH: KindSpec = KindSpec::new(
    kinds::SEXUAL_HEALTH,
    "Sexual health",
    &[code("type", "Kind").required(), date("date", "Date"), code("status", "Status")],
)
.label(SpecialCategory)
.held_by(Side::Health);

const fn basic(id: (ItemKind, &'static str), title: &'static str, fields: &'static [FieldSpec]) -> KindSpec {
    KindSpec::new(id, title, fields).at(Basic).held_by(Side::Health)
}

const fn row(
    level: SharingLevel,
    id: (ItemKind, &'static str),
    title: &'static str,
    fields: &'static [FieldSpec],
) -> KindSpec {
    KindSpec::new(id, title, fields).at(level).held_by(Side::Health).label(SpecialCategory)
}
