//! The catalogue against its committed list, its own rules, and the table of the design.

use super::*;

const GOLDEN: &str = include_str!("golden.txt");

/// Level and labels of every row, in the order of the bits, as a person can read and check them.
const EXPECTED: &str = include_str!("expected.txt");

#[test]
fn the_catalogue_checks_out() {
    assert_eq!(Catalogue::standard().check(), Ok(()));
}

/// Append a line for a new kind; never change or remove one: old leaves hold masks.
#[test]
fn bit_positions_and_ids_never_change() {
    let line = |row: &KindSpec| format!("{} {}", row.kind.index(), row.id);
    let now: Vec<String> = Catalogue::standard().iter().map(line).collect();
    assert_eq!(now, GOLDEN.lines().collect::<Vec<_>>());
}

#[test]
fn levels_and_labels_are_as_the_committed_table_says() {
    let line = |row: &KindSpec| {
        let level = row.level.level().map_or("never".to_owned(), |level| level.value().to_string());
        let labels: Vec<&str> = row.labels.iter().map(Label::id).collect();
        format!("{} {level} {}", row.id, labels.join(" ")).trim_end().to_owned()
    };
    let now: Vec<String> = Catalogue::standard().iter().map(line).collect();
    assert_eq!(now, EXPECTED.lines().collect::<Vec<_>>());
}

#[test]
fn every_kind_is_found_by_id_and_by_position() {
    let catalogue = Catalogue::standard();
    for row in catalogue.iter() {
        assert_eq!(catalogue.by_id(row.id), Some(row.kind));
        assert_eq!(ItemKind::from_index(row.kind.index()), Some(row.kind));
        assert_eq!(catalogue.kind(row.kind), row);
        assert_eq!(row.kind.to_string(), row.id);
    }
    assert_eq!(catalogue.by_id("horoscope"), None);
    assert_eq!(ItemKind::from_index(127), None);
}

#[test]
fn a_kind_without_a_row_is_never_shared() {
    let unknown = Catalogue::standard().kind(ItemKind(127));
    assert_eq!(unknown.level, DefaultLevel::Never);
}

#[test]
fn basic_level_hides_intermediate_items() {
    let catalogue = Catalogue::standard();
    let basic = catalogue.up_to(SharingLevel::Basic);
    assert!(basic.contains(ItemKind::IDENTITY) && !basic.contains(ItemKind::CARE_PACKAGE));
    for pair in SharingLevel::ALL.windows(2) {
        assert!(catalogue.up_to(pair[0]).is_subset_of(catalogue.up_to(pair[1])));
    }
}

#[test]
fn no_level_includes_sexual_health() {
    let all = Catalogue::standard().all();
    let full = Catalogue::standard().up_to(SharingLevel::Full);
    assert_eq!(all.without(full).iter().collect::<Vec<_>>(), [ItemKind::SEXUAL_HEALTH]);
}

#[test]
fn a_protected_mark_gates_every_relation_and_every_way_to_the_place() {
    let gated = Catalogue::standard().labelled(Label::ProtectedAddress);
    for kind in GATED_BY_PROTECTED_MARK {
        assert!(gated.contains(*kind), "{kind}");
    }
    for row in Catalogue::standard().iter().filter(|row| !gated.contains(row.kind)) {
        for field in row.fields {
            let leads_there =
                matches!(field.kind, FieldKind::Person | FieldKind::Practitioner | FieldKind::Telephone)
                    || field.name.contains("team");
            assert!(!leads_there || field.protected, "{}.{}", row.id, field.name);
        }
    }
}

#[test]
fn faulty_rows_are_found_before_anything_starts() {
    let good = *Catalogue::standard().kind(ItemKind::CONDITION);
    let fault = |row: KindSpec| Catalogue::of(vec![row]).check().map_err(|fault| fault.fault);
    assert_eq!(fault(good), Ok(()));
    assert!(fault(KindSpec { id: "Condition", ..good }).is_err());
    assert!(fault(KindSpec { title: " ", ..good }).is_err());
    assert!(fault(KindSpec { fields: &[], ..good }).is_err());
    assert!(fault(KindSpec { kind: ItemKind(128), ..good }).is_err());
    assert!(fault(KindSpec { labels: Labels::NONE, ..good }).is_err());
    let address = *Catalogue::standard().kind(ItemKind::ADDRESS);
    assert!(fault(KindSpec { labels: Labels::NONE, ..address }).is_err());
    let twice = Catalogue::of(vec![good, good]).check().unwrap_err();
    assert!(twice.to_string().contains("condition"));
}

#[test]
fn masks_are_sets_of_kinds() {
    let mut mask = ItemMask::EMPTY.with(ItemKind::ADDRESS);
    mask.insert(ItemKind::ALLERGY);
    assert_eq!(mask.iter().collect::<Vec<_>>(), [ItemKind::ADDRESS, ItemKind::ALLERGY]);
    assert_eq!(mask.intersect(ItemMask::from_iter([ItemKind::ALLERGY])).len(), 1);
    assert_eq!(mask.union(ItemMask::EMPTY), mask);
    mask.remove(ItemKind::ADDRESS);
    mask.remove(ItemKind::ALLERGY);
    assert!(mask.is_empty());
}

#[test]
fn bits_of_a_newer_catalogue_survive_and_name_no_kind() {
    let newer = ItemMask::from_bits(1 << 127 | 1);
    assert_eq!(newer.iter().collect::<Vec<_>>(), [ItemKind::IDENTITY]);
    assert_eq!(ItemMask::from_bits(newer.bits()), newer);
}

#[test]
fn levels_are_one_to_four() {
    assert_eq!(SharingLevel::try_from(3), Ok(SharingLevel::Detailed));
    assert!(SharingLevel::try_from(0).is_err() && SharingLevel::try_from(5).is_err());
    assert!(SharingLevel::Basic < SharingLevel::Full);
}

#[test]
fn labels_are_a_set_and_an_unknown_one_is_refused() {
    let labels = Labels::from_iter([Label::ThirdParty, Label::Criminal]);
    assert_eq!(Labels::from_bits(labels.bits()), Ok(labels));
    assert_eq!(labels.iter().map(Label::id).collect::<Vec<_>>(), ["third-party", "criminal"]);
    assert_eq!(Label::by_id("serious-harm"), Some(Label::SeriousHarm));
    assert!(Labels::from_bits(1 << 15).is_err());
}
