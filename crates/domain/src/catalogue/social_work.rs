//! Rows for what social work holds and shows to health, after the PRSB Local Authority Information standard v1.1.

use super::Label::{ChildProtection, Criminal, ProtectedAddress, SeriousHarm, SpecialCategory, ThirdParty};
use super::SharingLevel::{Basic, Detailed, Full, Intermediate};
use super::spec::fields::{code, date, flag, long, period, person, phone, quantity, staff, text};
use super::{FieldSpec, ItemKind, KindSpec, SharingLevel, Side, kinds};

pub(super) const KINDS: &[KindSpec] = &[
    row(
        Basic,
        kinds::KNOWN_TO_SOCIAL_WORK,
        "Known to social work",
        &[code("status", "Case").required(), date("since", "Since"), date("closed", "Closed")],
    )
    .single(),
    row(
        Basic,
        kinds::ALLOCATED_WORKER,
        "Allocated worker",
        &[staff("worker", "Worker").required(), flag("lead", "Lead worker"), period("period", "From and to")],
    ),
    row(
        Basic,
        kinds::RESPONSIBLE_TEAM,
        "Responsible team",
        &[
            text("team", "Team").required(),
            phone("telephone", "Phone"),
            text("hours", "Hours"),
            text("out_of_hours", "Out of hours"),
            phone("out_of_hours_telephone", "Out of hours phone"),
            text("out_of_hours_hours", "Out of hours, when"),
            period("period", "From and to"),
        ],
    )
    .label(ProtectedAddress),
    row(
        Intermediate,
        kinds::SUPPORT_REASON,
        "Main reason for support",
        &[code("reason", "Reason").required(), flag("active", "Active"), period("period", "From and to")],
    )
    .label(SpecialCategory),
    row(
        Intermediate,
        kinds::CARE_PACKAGE,
        "Care and support at home",
        &[
            code("service", "Service").required(),
            text("provider", "Provider").protected(),
            phone("provider_telephone", "Provider's phone"),
            text("frequency", "How often"),
            quantity("weekly_hours", "Hours a week"),
            code("status", "Status"),
            period("period", "From and to"),
            long("note", "Note"),
        ],
    )
    .label(SpecialCategory),
    row(
        Intermediate,
        kinds::PLACEMENT,
        "Care home, respite or other placement",
        &[
            code("type", "Kind").required(),
            text("place", "Place"),
            phone("telephone", "Phone"),
            code("status", "Status"),
            period("period", "From and to"),
        ],
    )
    .label(SpecialCategory)
    .label(ProtectedAddress),
    row(
        Intermediate,
        kinds::OPEN_REFERRAL,
        "Open referrals",
        &[
            code("type", "Kind").required(),
            date("date", "Date"),
            text("referrer", "From").protected(),
            text("referred_to", "To").protected(),
            text("reason", "Reason"),
            code("status", "Status"),
        ],
    ),
    row(
        Intermediate,
        kinds::ASSESSMENT,
        "Assessments",
        &[code("type", "Kind").required(), code("status", "Status"), date("date", "Date")],
    ),
    row(
        Intermediate,
        kinds::REVIEW_DUE,
        "Reviews due",
        &[code("type", "Kind").required(), date("due", "Due").required()],
    ),
    row(
        Intermediate,
        kinds::CARER,
        "Unpaid carer",
        &[
            person("carer", "Carer").required(),
            text("support_given", "What the carer does"),
            flag("lives_with_person", "Lives with the person"),
            flag("carer_assessed", "Carer's support plan made"),
            period("period", "From and to"),
        ],
    )
    .label(ThirdParty)
    .label(ProtectedAddress),
    row(
        Intermediate,
        kinds::PERSONAL_CONTACT,
        "People who help",
        &[
            person("contact", "Contact").required(),
            flag("parental_responsibility", "Parental responsibility"),
            flag("household_member", "Lives in the household"),
            flag("emergency_contact", "First to call"),
            text("note", "Note"),
            period("period", "From and to"),
        ],
    )
    .label(ThirdParty)
    .label(ProtectedAddress),
    row(
        Intermediate,
        kinds::PROFESSIONAL_CONTACT,
        "Professionals involved",
        &[
            staff("professional", "Professional").required(),
            flag("key_worker", "Key worker"),
            period("period", "From and to"),
        ],
    )
    .label(ProtectedAddress),
    row(
        Intermediate,
        kinds::EQUIPMENT,
        "Equipment, adaptations and telecare",
        &[
            code("item", "What").required(),
            text("detail", "Detail"),
            phone("alarm_centre_telephone", "Alarm centre"),
            code("status", "Status"),
            period("period", "From and to"),
        ],
    )
    .label(SpecialCategory),
    row(
        Intermediate,
        kinds::DISCHARGE_PLANNING,
        "Leaving hospital",
        &[
            text("task", "Task").required(),
            code("delay_reason", "Delay reason"),
            text("ordered_by", "Ordered by"),
            date("asked_for", "Asked for"),
            date("expected", "Expected"),
            code("status", "Status"),
            long("note", "Note"),
        ],
    )
    .label(SpecialCategory),
    row(
        Intermediate,
        kinds::LEGAL_STATUS,
        "Orders and powers",
        &[code("type", "Kind").required(), code("status", "Status"), period("period", "From and to")],
    )
    .label(SpecialCategory),
    row(
        Intermediate,
        kinds::CHILD_PROTECTION_REGISTRATION,
        "Child protection registration",
        &[
            flag("registered", "On the register").required(),
            code("category", "Category"),
            period("period", "From and to"),
            date("last_conference", "Last conference"),
            date("next_conference", "Next conference"),
        ],
    )
    .label(ChildProtection),
    row(
        Intermediate,
        kinds::LOOKED_AFTER_STATUS,
        "Looked after",
        &[
            code("type", "Kind").required(),
            date("since", "Since"),
            text("placing_authority", "Placing authority").protected(),
        ],
    )
    .label(ChildProtection),
    row(
        Detailed,
        kinds::LEGAL_STATUS_DETAIL,
        "Details of legal orders and powers",
        &[
            code("type", "Kind").required(),
            person("holder", "Held by"),
            long("powers", "Powers"),
            long("conditions", "Conditions"),
            date("evidence_seen", "Document seen"),
            period("period", "From and to"),
        ],
    )
    .label(SpecialCategory),
    row(
        Detailed,
        kinds::ADULT_PROTECTION,
        "Adult protection",
        &[
            code("stage", "Stage").required(),
            code("status", "Status"),
            date("since", "Since"),
            long("advice", "What to do"),
            long("plan", "Protection plan"),
        ],
    )
    .label(SeriousHarm)
    .label(SpecialCategory),
    row(
        Detailed,
        kinds::RISK_OR_HAZARD,
        "Risks and hazards",
        &[
            code("risk_to", "Risk to").required(),
            text("risk", "Risk").required(),
            long("advice", "What to do"),
            code("severity", "Severity"),
            period("period", "From and to"),
        ],
    )
    .label(SeriousHarm)
    .label(SpecialCategory),
    row(
        Detailed,
        kinds::ACCESS_INFORMATION,
        "Getting into the home",
        &[
            text("key_safe", "Key safe"),
            phone("key_holder_telephone", "Who gives the code"),
            text("entry", "Entry"),
            text("pets", "Pets"),
        ],
    )
    .label(ProtectedAddress)
    .single(),
    row(
        Detailed,
        kinds::ASSESSMENT_OUTCOME,
        "Outcomes of assessments",
        &[
            code("type", "Kind").required(),
            date("date", "Date"),
            long("summary", "Outcome"),
            quantity("score", "Score"),
            code("eligibility", "Eligibility"),
        ],
    )
    .label(SpecialCategory),
    row(
        Detailed,
        kinds::CARE_PLAN,
        "Care plan",
        &[
            text("goal", "Goal").required(),
            long("actions", "Actions"),
            long("contingency", "If things change").protected(),
            date("review", "Review"),
            period("period", "From and to"),
        ],
    )
    .label(SpecialCategory),
    row(
        Detailed,
        kinds::SELF_DIRECTED_SUPPORT,
        "Self-directed support",
        &[
            code("option", "Option").required(),
            code("funding_source", "Funding source"),
            text("note", "Note"),
            period("period", "From and to"),
        ],
    ),
    row(
        Detailed,
        kinds::CASE_NOTE_INDEX,
        "Case notes: dates and kinds only",
        &[date("date", "Date").required(), code("type", "Kind").required()],
    ),
    row(
        Full,
        kinds::JUSTICE_SUPERVISION,
        "Justice supervision",
        &[
            code("order", "Order").required(),
            staff("supervising_officer", "Supervising officer"),
            long("conditions", "Conditions"),
            period("period", "From and to"),
        ],
    )
    .label(Criminal),
    row(
        Full,
        kinds::CASE_NOTE,
        "Text of case notes",
        &[
            date("date", "Date").required(),
            code("type", "Kind").required(),
            text("reference", "Reference").required(),
        ],
    )
    .label(SpecialCategory),
    row(
        Full,
        kinds::DOCUMENT,
        "Documents",
        &[
            date("date", "Date"),
            code("type", "Kind").required(),
            text("title", "Title"),
            text("reference", "Reference").required(),
        ],
    )
    .label(SpecialCategory),
];

const fn row(
    level: SharingLevel,
    id: (ItemKind, &'static str),
    title: &'static str,
    fields: &'static [FieldSpec],
) -> KindSpec {
    KindSpec::new(id, title, fields).at(level).held_by(Side::SocialWork)
}
