//! What the invented health board holds of Elspeth Dunbrae.

use super::{Held, between, code, date, held, identity, person, staff, text, yes};
use domain::{FieldValue, ItemKind};

const HOSPITAL: &str = "Hospital system";
const GP: &str = "GP record";
const NURSES: &str = "Community nursing";

pub(super) fn items() -> Vec<Held> {
    let mut items = basic();
    items.extend(now());
    items.extend(decisions());
    items.extend(background());
    items.extend(detailed());
    items.extend(plans());
    items
}

fn basic() -> Vec<Held> {
    vec![
        identity("2026-11-14").from(HOSPITAL),
        held(
            ItemKind::ADDRESS,
            "a1",
            "2026-11-14",
            vec![("address", text("27 Saltpan Wynd, Kilmorran")), ("postcode", text("ST9 4QX"))],
        )
        .from(HOSPITAL),
        held(ItemKind::CONTACT_DETAILS, "c1", "2026-11-14", vec![("telephone", text("01632 960 377"))])
            .from(HOSPITAL),
        held(
            ItemKind::COMMUNICATION_NEEDS,
            "n1",
            "2026-11-14",
            vec![("hearing", text("Hearing aid, left ear")), ("sight", text("Glasses for reading"))],
        )
        .from(HOSPITAL),
        held(ItemKind::ALERT_EXISTS, "x1", "2026-09-09", vec![("held", yes())]).from(HOSPITAL),
        held(
            ItemKind::REGISTERED_PRACTICE,
            "g1",
            "2026-11-02",
            vec![
                ("practice", text("Harbour Street Practice")),
                ("named_gp", staff("Dr Rhona Abercairn", "", "", "")),
                ("telephone", text("01632 960 210")),
            ],
        )
        .from(GP),
        held(
            ItemKind::NAMED_HEALTH_CONTACT,
            "w1",
            "2026-11-16",
            vec![(
                "contact",
                staff("Tamsin Oyelaran", "Community nurse", "District Nursing North", "01632 960 233"),
            )],
        )
        .from(NURSES),
    ]
}

fn now() -> Vec<Held> {
    vec![
        held(
            ItemKind::INPATIENT_STAY,
            "V1",
            "2026-11-17",
            vec![
                ("hospital", text("Kilmorran Infirmary")),
                ("ward", text("Ward 6")),
                ("ward_telephone", text("01632 960 260")),
                ("specialty", text("medicine for older people")),
                ("admitted", date("2026-11-14")),
                ("admitted_time", text("16:20")),
                ("expected_discharge", date("2026-11-19")),
            ],
        )
        .from(HOSPITAL)
        .received("2026-11-17T11:20:00Z"),
        held(
            ItemKind::EMERGENCY_ATTENDANCE,
            "E2",
            "2026-11-14",
            vec![
                ("place", text("Kilmorran Infirmary")),
                ("date", date("2026-11-14")),
                ("time", text("11:05")),
                ("outcome", code("Admitted")),
            ],
        )
        .from(HOSPITAL),
        held(
            ItemKind::EMERGENCY_ATTENDANCE,
            "E1",
            "2026-09-03",
            vec![
                ("place", text("Kilmorran Infirmary")),
                ("date", date("2026-09-03")),
                ("time", text("21:40")),
                ("outcome", code("Went home")),
            ],
        )
        .from(HOSPITAL),
    ]
}

fn decisions() -> Vec<Held> {
    let medicine = |id: &str, name: &str, often: &str, since: &str| {
        let fields = vec![
            ("medicine", code(name)),
            ("how_often", text(often)),
            ("type", code("Repeat")),
            ("since", date(since)),
        ];
        held(ItemKind::MEDICATION, id, "2026-11-02", fields).from(GP)
    };
    vec![
        held(
            ItemKind::KEY_INFORMATION_EXISTS,
            "k1",
            "2026-10-12",
            vec![("type", code("Key Information Summary")), ("held_by", text("the GP practice"))],
        )
        .from(GP),
        held(
            ItemKind::ALLERGY,
            "al1",
            "2026-11-14",
            vec![
                ("substance", code("Penicillin")),
                ("reaction", text("Anaphylaxis")),
                ("severity", code("Severe")),
                ("confirmed", date("1998")),
            ],
        )
        .from(GP),
        held(
            ItemKind::ALLERGY,
            "al2",
            "2019-05-08",
            vec![
                ("substance", code("Sticking plaster")),
                ("reaction", text("Rash")),
                ("severity", code("Mild")),
            ],
        )
        .from(GP),
        medicine("m1", "Apixaban 5 mg", "Twice a day", "2023-02-04"),
        medicine("m2", "Furosemide 40 mg", "In the morning", "2025-08-09"),
    ]
}

fn background() -> Vec<Held> {
    vec![
        held(
            ItemKind::APPOINTMENT,
            "ap1",
            "2026-11-16",
            vec![
                ("clinic", text("Falls clinic")),
                ("date", date("2026-11-26")),
                ("time", text("10:30")),
                ("place", text("Kilmorran Infirmary")),
                ("status", code("Booked")),
            ],
        )
        .from(HOSPITAL),
        held(
            ItemKind::ATTORNEY_OR_GUARDIAN,
            "at1",
            "2026-11-14",
            vec![
                ("holder", person("Fergus Dunbrae", "son", "01632 960 351")),
                ("powers", code("Welfare powers")),
                ("evidence_seen", date("2024-06-24")),
            ],
        )
        .from(HOSPITAL),
        held(
            ItemKind::HEALTH_NEXT_OF_KIN,
            "nk1",
            "2026-11-14",
            vec![("contact", person("Fergus Dunbrae", "son", "01632 960 351"))],
        )
        .from(HOSPITAL),
        held(
            ItemKind::HOME_EQUIPMENT,
            "eq1",
            "2026-09-09",
            vec![("item", code("Walking frame")), ("since", date("2026-09-09"))],
        )
        .from(NURSES),
    ]
}

fn detailed() -> Vec<Held> {
    let score = FieldValue::Quantity { value: "6".to_owned(), unit: String::new() };
    vec![
        held(
            ItemKind::RESUSCITATION_DECISION,
            "rd1",
            "2026-11-15",
            vec![
                ("decision", code("Do not attempt CPR")),
                ("made", date("2026-11-15")),
                ("made_with", text("Her and her attorney")),
                ("form_at", text("With her")),
                ("status", code("In force")),
            ],
        )
        .from(HOSPITAL),
        held(
            ItemKind::STAFF_HAZARD,
            "sh1",
            "2026-09-09",
            vec![
                ("hazard", text("Dog loose in the house")),
                ("advice", text("Phone before you visit, so that it can be shut in.")),
            ],
        )
        .from(NURSES),
        held(
            ItemKind::FUNCTIONAL_STATUS,
            "fs1",
            "2026-11-15",
            vec![
                ("aspect", code("Frailty")),
                ("finding", text("Moderate")),
                ("score", score),
                ("scale", text("Clinical Frailty Scale")),
            ],
        )
        .from(HOSPITAL),
        held(
            ItemKind::CAPACITY_CERTIFICATE,
            "cc1",
            "2026-11-15",
            vec![
                ("type", code("Certificate of incapacity")),
                ("covers", text("Section 47, medical treatment")),
                ("status", code("In force")),
                ("period", between("2026-11-15", "2027-05-14")),
            ],
        )
        .from(HOSPITAL),
    ]
}

fn plans() -> Vec<Held> {
    vec![
        held(
            ItemKind::CONDITION,
            "cd1",
            "2026-11-02",
            vec![
                ("problem", code("Heart failure")),
                ("status", code("Active")),
                ("onset", date("2025-08-09")),
            ],
        )
        .from(GP),
        held(
            ItemKind::NURSING_PLAN,
            "np1",
            "2026-11-16",
            vec![
                ("problem", text("Heel pressure area")),
                ("intervention", text("Dressing")),
                ("frequency", text("Twice a week")),
                ("team", text("District Nursing North")),
            ],
        )
        .from(NURSES),
    ]
}
