//! What the invented council holds of Elspeth Dunbrae.

use super::{Held, code, date, held, identity, person, since, staff, text, yes};
use domain::ItemKind;

pub(super) fn items() -> Vec<Held> {
    let mut items = basic();
    items.extend(care());
    items.extend(people());
    items.extend(background());
    items.extend(detailed());
    items.extend(history());
    items
}

fn basic() -> Vec<Held> {
    vec![
        identity("2026-01-12"),
        held(
            ItemKind::ADDRESS,
            "a1",
            "2026-01-12",
            vec![("address", text("27 Saltpan Wynd, Kilmorran")), ("postcode", text("ST9 4QX"))],
        ),
        held(ItemKind::CONTACT_DETAILS, "c1", "2026-01-12", vec![("telephone", text("01632 960 377"))]),
        held(
            ItemKind::COMMUNICATION_NEEDS,
            "n1",
            "2026-01-20",
            vec![
                ("hearing", text("Hearing aid, left ear. Face her when you speak")),
                ("language", text("English and Gaelic. No interpreter needed")),
            ],
        ),
        held(ItemKind::ALERT_EXISTS, "x1", "2026-11-02", vec![("held", yes())])
            .received("2026-11-02T11:31:00Z"),
        held(
            ItemKind::KNOWN_TO_SOCIAL_WORK,
            "k1",
            "2026-01-09",
            vec![("status", code("Open")), ("since", date("2026-01-09"))],
        ),
        held(
            ItemKind::ALLOCATED_WORKER,
            "w1",
            "2026-01-09",
            vec![
                ("worker", staff("Catriona Fenwick", "Allocated social worker", "", "01632 960 142")),
                ("period", since("2026-01-09")),
            ],
        ),
        held(
            ItemKind::RESPONSIBLE_TEAM,
            "t1",
            "2026-01-09",
            vec![
                ("team", text("Adults North")),
                ("telephone", text("01632 960 118")),
                ("hours", text("Mon to Fri, 08:45 to 17:00")),
                ("out_of_hours", text("Social Work Standby")),
                ("out_of_hours_telephone", text("01632 960 199")),
                ("out_of_hours_hours", text("nights, weekends, holidays")),
            ],
        ),
    ]
}

fn care() -> Vec<Held> {
    vec![
        held(
            ItemKind::DISCHARGE_PLANNING,
            "d1",
            "2026-11-16",
            vec![
                ("task", text("Hospital bed at home")),
                ("delay_reason", code("Equipment")),
                ("ordered_by", text("Ward 6")),
                ("status", code("Waiting")),
            ],
        )
        .received("2026-11-16T15:48:00Z"),
        held(
            ItemKind::CARE_PACKAGE,
            "p1",
            "2026-11-14",
            vec![
                ("service", code("Home care")),
                ("provider", text("Larchwood Homecare")),
                ("frequency", text("4 visits a day, 30 minutes")),
                ("status", code("On hold in hospital")),
                ("period", since("2026-01-12")),
            ],
        )
        .received("2026-11-14T17:02:00Z"),
        held(
            ItemKind::CARE_PACKAGE,
            "p2",
            "2026-03-03",
            vec![
                ("service", code("Day centre")),
                ("provider", text("Kilmorran Day Centre")),
                ("frequency", text("Tuesdays")),
                ("status", code("Active")),
                ("period", since("2026-03-03")),
            ],
        ),
        held(
            ItemKind::EQUIPMENT,
            "e1",
            "2026-01-12",
            vec![
                ("item", code("Community alarm")),
                ("detail", text("Falls detector")),
                ("period", since("2026-01-12")),
            ],
        ),
        held(
            ItemKind::SUPPORT_REASON,
            "s1",
            "2026-01-20",
            vec![("reason", code("Physical, personal care")), ("active", yes())],
        ),
    ]
}

fn people() -> Vec<Held> {
    vec![
        held(
            ItemKind::LEGAL_STATUS,
            "l1",
            "2026-01-20",
            vec![
                ("type", code("Welfare power of attorney")),
                ("status", code("In force")),
                ("period", since("2024-06-22")),
            ],
        ),
        held(
            ItemKind::CARER,
            "h1",
            "2026-10-05",
            vec![
                ("carer", person("Fergus Dunbrae", "son", "01632 960 351")),
                ("support_given", text("Visits daily")),
            ],
        ),
        held(
            ItemKind::PERSONAL_CONTACT,
            "h2",
            "2026-10-05",
            vec![
                ("contact", person("Mairi Dunbrae", "daughter", "")),
                ("note", text("Lives away. First to call if Fergus cannot come")),
            ],
        ),
        held(
            ItemKind::PROFESSIONAL_CONTACT,
            "h3",
            "2026-01-12",
            vec![(
                "professional",
                staff("Priya Nandakumar", "care manager", "Larchwood Homecare", "01632 960 177"),
            )],
        ),
    ]
}

fn background() -> Vec<Held> {
    vec![
        held(
            ItemKind::OPEN_REFERRAL,
            "r1",
            "2026-11-16",
            vec![
                ("type", code("Occupational therapy")),
                ("date", date("2026-11-16")),
                ("referrer", text("Ward 6")),
                ("referred_to", text("Adults North")),
                ("reason", text("bathroom")),
                ("status", code("Open")),
            ],
        )
        .received("2026-11-16T15:48:00Z"),
        held(
            ItemKind::REVIEW_DUE,
            "v1",
            "2026-01-20",
            vec![("type", code("Yearly review of support")), ("due", date("2027-01-20"))],
        ),
        held(
            ItemKind::ASSESSMENT,
            "m1",
            "2026-01-20",
            vec![
                ("type", code("Assessment of needs")),
                ("status", code("Complete")),
                ("date", date("2026-01-20")),
            ],
        ),
    ]
}

fn detailed() -> Vec<Held> {
    vec![
        held(
            ItemKind::ADULT_PROTECTION,
            "ap1",
            "2026-11-02",
            vec![
                ("stage", code("Investigation")),
                ("status", code("Open")),
                ("since", date("2026-11-02")),
                ("advice", text("Do not discuss with visitors. Phone the social worker first.")),
            ],
        )
        .received("2026-11-02T11:31:00Z"),
        held(
            ItemKind::RISK_OR_HAZARD,
            "rk1",
            "2026-09-04",
            vec![
                ("risk_to", code("The person")),
                ("risk", text("Falls on the stairs at night")),
                ("advice", text("Sleeps downstairs since 3 Sep 2026. Do not send home alone after dark.")),
            ],
        ),
        held(
            ItemKind::RISK_OR_HAZARD,
            "rk2",
            "2026-03-03",
            vec![
                ("risk_to", code("Staff")),
                ("risk", text("Dog loose in the house")),
                ("advice", text("Phone before you visit, so that it can be shut in.")),
            ],
        ),
        held(
            ItemKind::ACCESS_INFORMATION,
            "ac1",
            "2026-01-12",
            vec![
                ("key_safe", text("By the back door")),
                ("key_holder_telephone", text("01632 960 155")),
                ("pets", text("One collie, in the kitchen")),
            ],
        ),
        held(
            ItemKind::CARE_PLAN,
            "cp1",
            "2026-10-05",
            vec![
                ("goal", text("Stay at home, downstairs")),
                ("actions", text("Wash and dress with one carer. Cook with help at noon")),
                ("contingency", text("Call Mairi, then the team for respite at short notice")),
            ],
        ),
    ]
}

fn history() -> Vec<Held> {
    vec![
        held(
            ItemKind::LEGAL_STATUS_DETAIL,
            "ld1",
            "2026-01-20",
            vec![
                ("type", code("Welfare power of attorney")),
                ("holder", person("Fergus Dunbrae", "son", "")),
                ("powers", text("Where she lives and medical treatment, only when she cannot decide")),
                ("evidence_seen", date("2024-06-24")),
            ],
        ),
        held(
            ItemKind::CHRONOLOGY_EVENT,
            "ch1",
            "2026-11-14",
            vec![
                ("date", date("2026-11-14")),
                ("event", text("Admitted after a fall")),
                ("author_agency", text("NHS Strathorr")),
            ],
        ),
        held(
            ItemKind::CHRONOLOGY_EVENT,
            "ch2",
            "2026-09-04",
            vec![
                ("date", date("2026-09-03")),
                ("event", text("Fall on the stairs")),
                ("own_view", text("I was carrying the washing.")),
                ("author_agency", text("Strathorr Council")),
            ],
        ),
        held(
            ItemKind::CASE_NOTE_INDEX,
            "cn1",
            "2026-11-16",
            vec![("date", date("2026-11-16")), ("type", code("Phone call"))],
        ),
    ]
}
