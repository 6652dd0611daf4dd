//! Rows for what any agency may hold.

use super::Label::{ProtectedAddress, SpecialCategory};
use super::SharingLevel::{Basic, Detailed};
use super::spec::fields::{code, date, flag, long, phone, text};
use super::{FieldSpec, KindSpec, SharingLevel, kinds};

pub(super) const KINDS: &[KindSpec] = &[
    row(
        Basic,
        kinds::IDENTITY,
        "Identity",
        &[
            text("name", "Name").required(),
            text("preferred_name", "Preferred name"),
            text("other_names", "Other names"),
            date("birth_date", "Born"),
            code("sex", "Sex"),
            text("chi_number", "CHI number"),
            text("nhs_number", "NHS number"),
            text("other_identifiers", "Other identifiers"),
            flag("deceased", "Deceased"),
            date("death_date", "Died"),
        ],
    )
    .single(),
    row(
        Basic,
        kinds::ADDRESS,
        "Address",
        &[
            code("use", "Kind of address"),
            text("address", "Address").required(),
            text("postcode", "Postcode"),
            text("uprn", "Property reference number"),
            date("since", "Since"),
        ],
    )
    .label(ProtectedAddress),
    row(
        Basic,
        kinds::CONTACT_DETAILS,
        "Contact details",
        &[
            phone("telephone", "Phone"),
            phone("mobile", "Mobile phone"),
            text("email", "E-mail"),
            text("preferred_way", "Preferred way"),
        ],
    )
    .label(ProtectedAddress)
    .single(),
    row(
        Basic,
        kinds::COMMUNICATION_NEEDS,
        "Communication",
        &[
            text("language", "Language"),
            text("interpreter", "Interpreter"),
            text("hearing", "Hearing"),
            text("sight", "Sight"),
            text("speech", "Speech"),
            text("preferred_way", "Preferred way"),
        ],
    )
    .label(SpecialCategory)
    .single(),
    row(Basic, kinds::ALERT_EXISTS, "An alert is held", &[flag("held", "An alert is held").required()])
        .single(),
    row(
        Detailed,
        kinds::CHRONOLOGY_EVENT,
        "Chronology",
        &[
            date("date", "Date").required(),
            text("event", "Event").required(),
            long("significance", "Significance"),
            long("action", "Action taken"),
            text("author_agency", "Recorded by"),
            long("own_view", "Person's own view"),
            long("dispute", "Disputed"),
        ],
    )
    .label(SpecialCategory),
];

const fn row(
    level: SharingLevel,
    id: (super::ItemKind, &'static str),
    title: &'static str,
    fields: &'static [FieldSpec],
) -> KindSpec {
    KindSpec::new(id, title, fields).at(level)
}
