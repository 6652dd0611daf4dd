//! Values of every shape that the tests of this crate write and read back.

use domain::{
    Address, AddressUse, Change, ChiNumber, Code, ContactKind, ContactPoint, DataItem, Deceased,
    Demographics, DemographicsPatch, FieldValue, HeldChi, Instance, ItemKind, Label, Labels, NameParts,
    NameUse, NhsNumber, PartialDate, PersonName, Postcode, Practitioner, RecordChange, RecordVersion,
    Redirect, RedirectScope, RelatedPerson, Sex, SourceRecord, Unread, Uprn,
};
use jiff::Timestamp;
use proptest::prelude::*;

pub(crate) fn record(local_id: &str) -> SourceRecord {
    SourceRecord::parse("strathorr-case-system", local_id).unwrap()
}

/// Words as people write them, some of them awkward.
pub(crate) fn text() -> impl Strategy<Value = String> {
    "[a-zé李\u{202E}\u{200D}<& '-]{0,12}x"
}

pub(crate) fn time() -> impl Strategy<Value = Timestamp> {
    (-4_000_000_000_i64..8_000_000_000, -999_999_999..1_000_000_000_i32)
        .prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap())
}

pub(crate) fn date() -> impl Strategy<Value = PartialDate> {
    prop_oneof![
        Just(PartialDate::Unknown),
        (1800..=2199_i16).prop_map(|year| PartialDate::from_year(year).unwrap()),
        (1800..=2199_i16, 1..=12_i8)
            .prop_map(|(year, month)| PartialDate::from_year_month(year, month).unwrap()),
        (1800..=2199_i16, 1..=12_i8, 1..=28_i8)
            .prop_map(|(year, month, day)| PartialDate::from_day(year, month, day).unwrap()),
    ]
}

pub(crate) fn version() -> impl Strategy<Value = RecordVersion> {
    prop_oneof![
        any::<u64>().prop_map(RecordVersion::Sequence),
        time().prop_map(RecordVersion::SourceTime),
        any::<u64>().prop_map(RecordVersion::Arrival),
    ]
}

fn value() -> impl Strategy<Value = FieldValue> {
    prop_oneof![
        any::<String>().prop_map(FieldValue::Text),
        date().prop_map(FieldValue::Date),
        (date(), date()).prop_map(|(from, to)| FieldValue::Period { from, to }),
        (text(), text(), text()).prop_map(|(system, code, display)| FieldValue::Code(Code {
            system,
            code,
            display
        })),
        (text(), text()).prop_map(|(value, unit)| FieldValue::Quantity { value, unit }),
        (text(), text(), text(), text()).prop_map(|(name, role, team, telephone)| {
            FieldValue::Practitioner(Practitioner { name, role, team, telephone })
        }),
        (text(), text(), text()).prop_map(|(name, relationship, telephone)| {
            FieldValue::Person(RelatedPerson { name, relationship, telephone })
        }),
        any::<bool>().prop_map(FieldValue::Flag),
    ]
}

fn kind() -> impl Strategy<Value = ItemKind> {
    let kinds: Vec<ItemKind> = domain::Catalogue::standard().all().iter().collect();
    prop::sample::select(kinds)
}

fn labels() -> impl Strategy<Value = Labels> {
    let one = prop::sample::select(Label::ALL.to_vec());
    prop::collection::vec(one, 0..4).prop_map(|labels| labels.into_iter().collect())
}

fn instance() -> impl Strategy<Value = Instance> {
    text().prop_map(|text| Instance::parse(&text).unwrap())
}

pub(crate) fn item() -> impl Strategy<Value = DataItem> {
    let fields = prop::collection::vec((text(), value()), 0..6);
    (kind(), instance(), time(), fields, labels(), prop::option::of(text())).prop_map(
        |(kind, instance, as_of, fields, labels, source_reference)| DataItem {
            kind,
            instance,
            as_of,
            fields,
            labels,
            source_reference,
        },
    )
}

fn name() -> impl Strategy<Value = PersonName> {
    let uses = [
        NameUse::Usual,
        NameUse::Official,
        NameUse::Nickname,
        NameUse::Alias,
        NameUse::Maiden,
        NameUse::Previous,
        NameUse::Temporary,
    ];
    let part = || prop_oneof![Just(String::new()), text()];
    (part(), prop::collection::vec(text(), 1..4), part(), part(), prop::sample::select(uses.to_vec()))
        .prop_map(|(family, given, prefix, suffix, name_use)| {
            PersonName::new(&NameParts { family, given, prefix, suffix, name_use }).unwrap()
        })
}

fn address() -> impl Strategy<Value = Address> {
    let uses = [AddressUse::Home, AddressUse::Temporary, AddressUse::Postal, AddressUse::Previous];
    let postcodes = ["ZZ99 3VZ", "gir0aa", "st9 4qx"].map(|text| Postcode::parse(text).ok());
    let known =
        (prop::sample::select(postcodes.to_vec()), prop::option::of(1..=Uprn::MAX), any::<[bool; 2]>());
    (prop::sample::select(uses.to_vec()), prop::collection::vec(text(), 0..9), known, date(), date())
        .prop_map(|(used_as, lines, (postcode, uprn, [protected, in_town]), from, to)| Address {
            used_as,
            lines,
            postcode: postcode.filter(|_| in_town),
            uprn: uprn.map(|number| Uprn::new(number).unwrap()),
            from,
            to,
            protected,
        })
}

fn contact() -> impl Strategy<Value = ContactPoint> {
    let kinds = [ContactKind::Telephone, ContactKind::Mobile, ContactKind::Email];
    (prop::sample::select(kinds.to_vec()), text()).prop_map(|(kind, value)| ContactPoint { kind, value })
}

fn chi() -> impl Strategy<Value = HeldChi> {
    (0..1000_u32, any::<bool>()).prop_map(|(from, padded)| {
        let mut numbers = (from..).filter_map(|n| ChiNumber::parse(&format!("010158{n:04}")).ok());
        let (number, scheme) = numbers.next().unwrap();
        HeldChi { number, scheme, padded }
    })
}

fn nhs_number() -> impl Strategy<Value = NhsNumber> {
    (9_000_000_000_u64..9_900_000_000)
        .prop_map(|from| (from..).find_map(|n| NhsNumber::parse(&n.to_string()).ok()).unwrap().0)
}

fn sex() -> impl Strategy<Value = Sex> {
    prop::sample::select(vec![Sex::Female, Sex::Male, Sex::Other, Sex::Unknown])
}

fn deceased() -> impl Strategy<Value = Deceased> {
    prop_oneof![Just(Deceased::No), date().prop_map(Deceased::Yes)]
}

pub(crate) fn demographics() -> impl Strategy<Value = Demographics> {
    let lists = (
        prop::collection::vec(name(), 0..3),
        prop::collection::vec(address(), 0..3),
        prop::collection::vec(contact(), 0..3),
    );
    let numbers = (prop::option::of(chi()), prop::option::of(nhs_number()));
    let rest =
        (prop::option::of(date()), prop::option::of(sex()), prop::option::of(deceased()), any::<bool>());
    (lists, numbers, rest).prop_map(
        |((names, addresses, contacts), (chi, nhs_number), (birth_date, sex, deceased, protected))| {
            Demographics { names, birth_date, sex, chi, nhs_number, addresses, contacts, deceased, protected }
        },
    )
}

fn changed<T: Clone + std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Change<T>> {
    prop_oneof![Just(Change::Unchanged), value.prop_map(Change::Set), Just(Change::Deleted)]
}

pub(crate) fn patch() -> impl Strategy<Value = DemographicsPatch> {
    let lists = (
        changed(prop::collection::vec(name(), 0..3)),
        changed(prop::collection::vec(address(), 0..3)),
        changed(prop::collection::vec(contact(), 0..3)),
    );
    let numbers = (changed(chi()), changed(nhs_number()));
    let rest = (changed(date()), changed(sex()), changed(deceased()), changed(any::<bool>()));
    (lists, numbers, rest).prop_map(
        |((names, addresses, contacts), (chi, nhs_number), (birth_date, sex, deceased, protected))| {
            DemographicsPatch {
                names,
                birth_date,
                sex,
                chi,
                nhs_number,
                addresses,
                contacts,
                deceased,
                protected,
            }
        },
    )
}

fn redirect() -> impl Strategy<Value = Redirect> {
    any::<bool>().prop_map(|merge| Redirect {
        from: record("P-1"),
        to: record("P-2"),
        scope: if merge { RedirectScope::Record } else { RedirectScope::Data },
    })
}

pub(crate) fn change() -> impl Strategy<Value = RecordChange> {
    let items = (
        prop::collection::vec(item(), 0..3),
        prop::collection::vec((kind(), instance()), 0..3),
        prop::collection::vec(kind(), 0..3),
    );
    let heading = (text(), version(), time());
    (heading, patch(), items, prop::option::of(redirect()), prop::collection::vec(any::<u8>(), 0..9))
        .prop_map(
            |(
                (local_id, version, at),
                demographics,
                (upserts, removals, complete_kinds),
                redirect,
                unread,
            )| {
                RecordChange {
                    record: record(&format!("P{local_id}")),
                    version,
                    occurred_at: at,
                    demographics,
                    upserts,
                    removals,
                    complete_kinds,
                    redirect,
                    record_removed: unread.len() > 4,
                    unread: Unread(unread),
                }
            },
        )
}
