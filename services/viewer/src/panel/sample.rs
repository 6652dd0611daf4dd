//! Invented people and items for the tests. The telephone numbers are from the range kept for fiction.

mod health;
mod social_work;

use super::{Comparison, Feed, IdentityField, PanelInput, ShownItem, Source, TermsLine};
use domain::{
    Catalogue, Code, DataItem, FieldValue, Instance, ItemKind, ItemMask, Labels, OrganisationPhone,
    PartialDate, Practitioner, Purpose, RelatedPerson, SharingLevel, Side,
};
use jiff::Timestamp;

/// An item with the systems and the receipt that tests give it.
pub(super) struct Held {
    pub(super) item: DataItem,
    pub(super) received_at: Timestamp,
    pub(super) system: &'static str,
}

/// 17 Nov 2026, 14:05.
pub(super) fn now() -> Timestamp {
    at("2026-11-17T14:05:00Z")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn day(text: &str) -> Timestamp {
    at(&format!("{text}T00:00:00Z"))
}

pub(super) fn held(kind: ItemKind, instance: &str, as_of: &str, fields: Vec<(&str, FieldValue)>) -> Held {
    let item = DataItem {
        kind,
        instance: Instance::parse(instance).unwrap(),
        as_of: day(as_of),
        fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        labels: Labels::NONE,
        source_reference: None,
    };
    let item = item.checked("item").unwrap_or_else(|faults| panic!("{faults:?}"));
    Held { item, received_at: at("2026-11-17T02:10:00Z"), system: "Council case system" }
}

impl Held {
    pub(super) fn received(self, text: &str) -> Self {
        Self { received_at: at(text), ..self }
    }

    pub(super) fn from(self, system: &'static str) -> Self {
        Self { system, ..self }
    }
}

pub(super) fn text(words: &str) -> FieldValue {
    FieldValue::Text(words.to_owned())
}

pub(super) fn code(words: &str) -> FieldValue {
    FieldValue::Code(Code { system: String::new(), code: "x".to_owned(), display: words.to_owned() })
}

pub(super) fn date(iso: &str) -> FieldValue {
    FieldValue::Date(PartialDate::parse_iso(iso).unwrap())
}

pub(super) fn since(iso: &str) -> FieldValue {
    FieldValue::Period { from: PartialDate::parse_iso(iso).unwrap(), to: PartialDate::Unknown }
}

pub(super) fn between(from: &str, to: &str) -> FieldValue {
    FieldValue::Period {
        from: PartialDate::parse_iso(from).unwrap(),
        to: PartialDate::parse_iso(to).unwrap(),
    }
}

pub(super) fn staff(name: &str, role: &str, team: &str, telephone: &str) -> FieldValue {
    FieldValue::Practitioner(Practitioner {
        name: name.to_owned(),
        role: role.to_owned(),
        team: team.to_owned(),
        telephone: telephone.to_owned(),
    })
}

pub(super) fn person(name: &str, relationship: &str, telephone: &str) -> FieldValue {
    FieldValue::Person(RelatedPerson {
        name: name.to_owned(),
        relationship: relationship.to_owned(),
        telephone: telephone.to_owned(),
    })
}

pub(super) fn yes() -> FieldValue {
    FieldValue::Flag(true)
}

/// Elspeth Dunbrae, invented.
pub(super) fn identity(as_of: &str) -> Held {
    let fields = vec![
        ("name", text("DUNBRAE, Elspeth (Mrs)")),
        ("birth_date", date("1941-03-12")),
        ("sex", code("Female")),
        ("chi_number", text("1203414749")),
    ];
    held(ItemKind::IDENTITY, "identity", as_of, fields)
}

fn phones(side: Side) -> Vec<OrganisationPhone> {
    let phone = |title: &str, number: &str, hours: &str| OrganisationPhone {
        title: title.to_owned(),
        number: number.to_owned(),
        hours: hours.to_owned(),
    };
    match side {
        Side::Health => vec![phone("Switchboard", "01632 960 200", "day and night")],
        Side::SocialWork | Side::Any => vec![
            phone("Council", "01632 960 100", "Mon to Fri, 08:45 to 17:00"),
            phone("Out of hours", "01632 960 199", ""),
        ],
    }
}

/// One side of the invented world, as the other side's reader sees it at a level.
pub(super) struct World {
    pub(super) side: Side,
    pub(super) level: SharingLevel,
    pub(super) items: Vec<Held>,
    phones: Vec<OrganisationPhone>,
}

impl World {
    pub(super) fn new(side: Side, level: SharingLevel) -> Self {
        let all = match side {
            Side::Health => health::items(),
            Side::SocialWork | Side::Any => social_work::items(),
        };
        let shared = shared(side, level);
        let items = all.into_iter().filter(|one| shared.contains(one.item.kind)).collect();
        Self { side, level, items, phones: phones(side) }
    }

    pub(super) fn source(&self) -> Source<'_> {
        let name = match self.side {
            Side::Health => "NHS Strathorr",
            Side::SocialWork | Side::Any => "Strathorr Council",
        };
        Source { name, side: self.side, phones: &self.phones }
    }

    pub(super) fn input(&self) -> PanelInput<'_> {
        let health = self.side == Side::Health;
        let level = self.level.value();
        let shared = shared(self.side, self.level);
        PanelInput {
            now: now(),
            source: self.source(),
            recipient: if health { "Strathorr Council" } else { "NHS Strathorr" },
            reader: if health {
                "Catriona Fenwick, social worker"
            } else {
                "Charge Nurse Aileen Strachan-Bell, Ward 6"
            },
            purpose: if health { Purpose::CarePlanning } else { Purpose::DirectCare },
            level,
            items: self
                .items
                .iter()
                .map(|one| ShownItem { item: &one.item, received_at: one.received_at, system: one.system })
                .collect(),
            shared,
            may_keep_back: shared,
            labels_shut: true,
            not_sent: ItemMask::EMPTY,
            comparison: Comparison {
                agree: vec![
                    IdentityField::FirstName,
                    IdentityField::Surname,
                    IdentityField::BirthDate,
                    IdentityField::Chi,
                ],
                differ: Vec::new(),
            },
            host_shows_person: false,
            feed: Feed { heard_at: Some(now()), heard_every_s: 300, update_not_understood: false },
            emergency: None,
            terms: vec![TermsLine {
                agreement: "Adult Care Information Sharing Protocol",
                appendix: Some(match (health, level) {
                    (false, 2) => ("B", "level 2"),
                    (false, _) => ("C", "level 3"),
                    (true, 2) => ("E", "level 2"),
                    (true, _) => ("F", "level 3"),
                }),
                until: Some(at("2027-03-31T23:00:00Z")),
            }],
        }
    }
}

/// Kinds that an adult flow of a side shares at a level: those of the catalogue without the gates of children.
pub(super) fn shared(side: Side, level: SharingLevel) -> ItemMask {
    let catalogue = Catalogue::standard();
    let held = catalogue.iter().filter(|row| row.side == side || row.side == Side::Any);
    let children = catalogue.labelled(domain::Label::ChildProtection);
    let mask = held.map(|row| row.kind).collect::<ItemMask>().intersect(catalogue.up_to(level));
    let mask = mask.without(children);
    if side == Side::Health { mask.without([ItemKind::CHRONOLOGY_EVENT].into_iter().collect()) } else { mask }
}
