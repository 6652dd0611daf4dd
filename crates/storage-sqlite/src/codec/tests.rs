//! Every value reads back as it was written, and no bytes make reading panic.

use super::*;
use domain::{
    Address, AddressUse, CheckScheme, ChiNumber, Code, ContactKind, ContactPoint, DataItem, Deceased,
    Decider, Demographics, DisclosureId, Exit, FieldEvidence, FieldValue, HeldChi, Instance, ItemKind,
    ItemMask, Label, Labels, Leaf, Link, LinkEvidence, LinkStatus, LongText, NameParts, NameUse,
    OrganisationId, PartialDate, PersonId, PersonName, Postcode, Practitioner, Purpose, RecordVersion,
    RelatedPerson, SessionId, Sex, SourceRecord, Uprn, UserId,
};
use jiff::Timestamp;
use projection::ItemState;
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    "[a-zé李 '-]{1,12}x"
}

fn time() -> impl Strategy<Value = Timestamp> {
    (-4_000_000_000_i64..8_000_000_000, 0..1_000_000_000_i32)
        .prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap())
}

fn date() -> impl Strategy<Value = PartialDate> {
    prop_oneof![
        Just(PartialDate::Unknown),
        (1800..2199_i16).prop_map(|year| PartialDate::from_year(year).unwrap()),
        (1800..2199_i16, 1..=12_i8)
            .prop_map(|(year, month)| PartialDate::from_year_month(year, month).unwrap()),
        (1800..2199_i16, 1..=12_i8, 1..=28_i8)
            .prop_map(|(year, month, day)| PartialDate::from_day(year, month, day).unwrap()),
    ]
}

fn version() -> impl Strategy<Value = RecordVersion> {
    prop_oneof![
        any::<u64>().prop_map(RecordVersion::Sequence),
        time().prop_map(RecordVersion::SourceTime),
        any::<u64>().prop_map(RecordVersion::Arrival),
    ]
}

fn value() -> impl Strategy<Value = FieldValue> {
    prop_oneof![
        text().prop_map(FieldValue::Text),
        date().prop_map(FieldValue::Date),
        (date(), date()).prop_map(|(from, to)| FieldValue::Period { from, to }),
        (text(), text()).prop_map(|(code, display)| FieldValue::Code(Code {
            system: String::new(),
            code,
            display
        })),
        (text(), text()).prop_map(|(value, unit)| FieldValue::Quantity { value, unit }),
        text().prop_map(|name| FieldValue::Practitioner(Practitioner { name, ..Practitioner::default() })),
        text().prop_map(|name| FieldValue::Person(RelatedPerson { name, ..RelatedPerson::default() })),
        any::<bool>().prop_map(FieldValue::Flag),
    ]
}

fn item() -> impl Strategy<Value = DataItem> {
    let fields = prop::collection::vec((text(), value()), 0..6);
    (text(), time(), fields, any::<bool>(), prop::option::of(text()), 0..60_u8).prop_map(
        |(instance, as_of, fields, labelled, source_reference, kind)| DataItem {
            kind: ItemKind::from_index(kind).unwrap(),
            instance: Instance::parse(&instance).unwrap(),
            as_of,
            fields,
            labels: if labelled { Labels::NONE.with(Label::ThirdParty) } else { Labels::NONE },
            source_reference,
        },
    )
}

fn name() -> impl Strategy<Value = PersonName> {
    (text(), prop::collection::vec(text(), 0..3), prop::bool::ANY).prop_map(|(family, given, nickname)| {
        let name_use = if nickname { NameUse::Nickname } else { NameUse::Usual };
        PersonName::new(&NameParts { family, given, name_use, ..NameParts::default() }).unwrap()
    })
}

fn address() -> impl Strategy<Value = Address> {
    (prop::collection::vec(text(), 0..4), prop::option::of(1..Uprn::MAX), date(), any::<bool>()).prop_map(
        |(lines, uprn, from, protected)| Address {
            used_as: AddressUse::Temporary,
            lines,
            postcode: Postcode::parse("ZZ99 3VZ").ok(),
            uprn: uprn.map(|number| Uprn::new(number).unwrap()),
            from,
            to: PartialDate::Unknown,
            protected,
        },
    )
}

fn demographics() -> impl Strategy<Value = Demographics> {
    (
        prop::collection::vec(name(), 0..3),
        prop::option::of(date()),
        prop::collection::vec(address(), 0..3),
        prop::collection::vec(text(), 0..3),
        prop::option::of(prop::option::of(date())),
        any::<(bool, bool)>(),
    )
        .prop_map(|(names, birth_date, addresses, contacts, deceased, (protected, chi))| Demographics {
            names,
            birth_date,
            sex: protected.then_some(Sex::Other),
            chi: chi.then(|| HeldChi { number: some_chi(), scheme: CheckScheme::Both, padded: protected }),
            nhs_number: None,
            addresses,
            contacts: contacts
                .into_iter()
                .map(|value| ContactPoint { kind: ContactKind::Email, value })
                .collect(),
            deceased: deceased.map(|date| date.map_or(Deceased::No, Deceased::Yes)),
            protected,
        })
}

fn some_chi() -> ChiNumber {
    (0..100_u32).find_map(|n| ChiNumber::parse(&format!("01010100{n:02}")).ok()).unwrap().0
}

fn link() -> impl Strategy<Value = Link> {
    (text(), any::<f64>(), time(), version(), prop::option::of(any::<f64>())).prop_map(
        |(words, weight, decided_at, judged_version, runner_up)| Link {
            record: SourceRecord::parse("case-system", "P-1").unwrap(),
            person: PersonId(uuid::Uuid::from_u128(5)),
            status: LinkStatus::Disputed,
            evidence: LinkEvidence {
                fields: vec![FieldEvidence { field: words.clone(), level: words.clone(), weight }],
                prior: weight,
                total: weight,
                runner_up,
                index_size: 7,
                rules: vec![words.clone()],
            },
            decided_by: Decider::Manual { user: UserId::parse("u1").unwrap(), reason: words },
            decided_at,
            judged_version,
        },
    )
}

proptest! {
    #[test]
    fn items_read_back(version in version(), received_at in time(), item in prop::option::of(item())) {
        let state = ItemState { version, received_at, item };
        prop_assert_eq!(&decode::<ItemState>(&encode(&state)).unwrap(), &state);
    }

    #[test]
    fn demographics_read_back(person in demographics()) {
        prop_assert_eq!(&decode::<Demographics>(&encode(&person)).unwrap(), &person);
    }

    #[test]
    fn links_read_back_to_the_last_bit(link in link()) {
        let bytes = encode(&link);
        prop_assert_eq!(encode(&decode::<Link>(&bytes).unwrap()), bytes);
    }

    #[test]
    fn numbers_read_back(unsigned in any::<u64>(), signed in any::<i64>()) {
        prop_assert_eq!(decode::<(u64, i64)>(&encode(&(unsigned, signed))).unwrap(), (unsigned, signed));
    }

    #[test]
    fn a_body_that_was_cut_or_changed_is_refused_or_differs(item in item(), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let state = ItemState { version: RecordVersion::Sequence(1), received_at: Timestamp::UNIX_EPOCH, item: Some(item) };
        let mut bytes = encode(&state);
        let cut = bytes.get(..place.index(bytes.len())).unwrap();
        prop_assert!(decode::<ItemState>(cut).is_err());
        let changed = place.index(bytes.len());
        bytes[changed] ^= 1 << bit;
        prop_assert_ne!(decode::<ItemState>(&bytes).ok(), Some(state));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(decode::<ItemState>(&bytes));
        drop(decode::<Facts>(&bytes));
        drop(decode::<Link>(&bytes));
    }
}

fn leaf() -> Leaf {
    let organisation = OrganisationId::parse("council").unwrap();
    Leaf {
        id: DisclosureId(uuid::Uuid::from_u128(1)),
        at: Timestamp::UNIX_EPOCH,
        exit: Exit::ParkedShow,
        disclosed: true,
        bundle_hash: vec![1; 32],
        user: UserId::parse("u1").unwrap(),
        position: None,
        organisation: organisation.clone(),
        host_organisation: organisation,
        session: SessionId(uuid::Uuid::from_u128(2)),
        purpose: Purpose::Audit,
        person: vec![3; 32],
        flows: Vec::new(),
        items: ItemMask::EMPTY,
        item_count: 0,
        reasons: Vec::new(),
        override_id: None,
        body_digest: vec![2; 32],
        trace_id: String::new(),
        stated_reason: None,
    }
}

#[test]
fn a_leaf_that_was_kept_before_reasons_were_reads_as_one_without() {
    let with = Leaf { stated_reason: LongText::parse("the sender asks").ok(), ..leaf() };
    for one in [leaf(), with] {
        assert_eq!(decode::<Leaf>(&encode(&one)).unwrap(), one);
    }
    let mut before = encode(&leaf());
    assert_eq!(before.pop(), Some(0));
    assert_eq!(decode::<Leaf>(&before).unwrap(), leaf());
}
