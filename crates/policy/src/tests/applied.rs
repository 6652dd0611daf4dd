//! What is kept of the items that were loaded: single instances, protected persons, the order.

use super::knobs::{BOARD, COUNCIL, DirectiveKnobs, Knobs, every_label};
use super::lab::{Case, Lab};
use super::naive::Naive;
use super::world::{World, at, organisation, record};
use crate::{LoadedItem, PermittedView};
use domain::{
    Catalogue, DataItem, DirectiveKind, FieldKind, FieldValue, Instance, ItemKind, Label, Labels,
    Practitioner, RelatedPerson,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// One item of a kind, with something in every field that a protected mark touches.
pub(crate) fn item(kind: ItemKind, instance: &str, labels: Labels) -> LoadedItem {
    let fields = Catalogue::standard().kind(kind).fields.iter().map(|field| {
        let value = match field.kind {
            FieldKind::Practitioner => FieldValue::Practitioner(Practitioner {
                name: "Worker".to_owned(),
                role: "Social worker".to_owned(),
                team: "North".to_owned(),
                telephone: "01632 960 118".to_owned(),
            }),
            FieldKind::Person => FieldValue::Person(RelatedPerson::default()),
            FieldKind::Flag => FieldValue::Flag(true),
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Date
            | FieldKind::Period
            | FieldKind::Code
            | FieldKind::Quantity
            | FieldKind::Telephone => FieldValue::Text("words".to_owned()),
        };
        (field.name.to_owned(), value)
    });
    LoadedItem {
        record: record(COUNCIL).key(),
        controller: organisation(COUNCIL),
        protected: false,
        item: std::sync::Arc::new(DataItem {
            kind,
            instance: Instance::parse(instance).unwrap(),
            as_of: at(-60),
            fields: fields.collect(),
            labels,
            source_reference: Some("https://council.example/record".to_owned()),
        }),
        received_at: at(-30),
    }
}

fn everything(labels: Labels) -> Vec<LoadedItem> {
    Catalogue::standard().iter().map(|row| item(row.kind, "1", labels)).collect()
}

fn view(knobs: &Knobs, loaded: Vec<LoadedItem>) -> PermittedView {
    let world = World::of(knobs);
    let policy = world.policy();
    policy.apply(&world.decide(&policy, at(0)), loaded)
}

fn kinds(view: &PermittedView) -> Vec<&'static str> {
    view.items().iter().map(|one| one.item.kind.id()).collect()
}

/// Every instance of every kind, under random labels of its own: kept exactly where the naive reading permits it.
fn instances_are_read_alike(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let own = Labels::from_bits(u16::try_from(case.picks[0] % 64).unwrap()).unwrap();
    let world = World::of(&case.knobs);
    let policy = lab.policy(&world);
    let decision = world.decide(&policy, at(0));
    let view = policy.apply(&decision, everything(own));
    let naive = Naive {
        state: &world.state,
        request: &world.request,
        person: &world.person,
        system: &world.system,
        now: at(0),
    };
    let controller = organisation(COUNCIL);
    let all = Catalogue::standard().all().iter();
    let plain: Vec<&str> =
        all.filter(|kind| naive.permits(&controller, *kind, own)).map(ItemKind::id).collect();
    prop_assert_eq!(kinds(&view), plain);
    prop_assert!(view.kinds().is_subset_of(decision.items()));
    Ok(())
}

#[test]
fn single_entries_are_kept_where_the_naive_reading_permits_them() {
    if let Err(error) = Lab::default().tries(instances_are_read_alike, 384) {
        panic!("{error}");
    }
}

/// A label more on an instance never shows more.
fn a_label_more_never_shows_more(lab: &Lab, case: &Case) -> Result<(), TestCaseError> {
    let less = Labels::from_bits(u16::try_from(case.picks[0] % 64).unwrap()).unwrap();
    let more = less.with(Label::ALL[case.picks[1] % 6]);
    let world = World::of(&case.knobs);
    let policy = lab.policy(&world);
    let decision = world.decide(&policy, at(0));
    let shown = |labels| policy.apply(&decision, everything(labels)).kinds();
    prop_assert!(shown(more).is_subset_of(shown(less)));
    Ok(())
}

#[test]
fn an_extra_label_never_gains_an_item() {
    if let Err(error) = Lab::default().tries(a_label_more_never_shows_more, 128) {
        panic!("{error}");
    }
}

#[test]
fn items_of_other_records_and_other_controllers_are_dropped() {
    let stray =
        LoadedItem { record: record("elsewhere").key(), ..item(ItemKind::IDENTITY, "1", Labels::NONE) };
    let lent = LoadedItem { controller: organisation(BOARD), ..item(ItemKind::IDENTITY, "1", Labels::NONE) };
    let own = LoadedItem { record: record(BOARD).key(), ..lent.clone() };
    assert!(view(&Knobs::default(), vec![stray, lent, own]).items().is_empty());
}

#[test]
fn the_order_does_not_depend_on_the_order_of_loading() {
    let mut loaded = everything(Labels::NONE);
    loaded.push(item(ItemKind::CARE_PACKAGE, "0", Labels::NONE));
    let forwards = view(&Knobs::default(), loaded.clone());
    loaded.reverse();
    assert_eq!(view(&Knobs::default(), loaded), forwards);
    assert!(forwards.items().len() > 5);
}

/// Non-interference: what is denied leaves no trace in the view.
#[test]
fn what_is_denied_leaves_no_trace() {
    let mut knobs = Knobs::default();
    knobs.flow.level = 2;
    knobs.flow.scopes = Labels::NONE.with(Label::SpecialCategory);
    let all = everything(Labels::NONE);
    let with = view(&knobs, all.clone());
    let secret = Labels::NONE.with(Label::SeriousHarm);
    let mut more = all.clone();
    more.push(item(ItemKind::CARE_PACKAGE, "secret", secret));
    assert_eq!(view(&knobs, more), with);
    let without = all.into_iter().filter(|one| with.kinds().contains(one.item.kind)).collect();
    assert_eq!(view(&knobs, without), with);
}

fn protected() -> Knobs {
    let mut knobs = Knobs::default();
    knobs.flow.scopes = Label::ALL.into_iter().filter(|label| *label != Label::ProtectedAddress).collect();
    knobs.flow.schedule.push((ItemKind::ALLOCATED_WORKER, 1));
    knobs
}

#[test]
fn a_protected_person_loses_every_kind_and_field_that_could_tell_where_they_are() {
    let mark = DirectiveKnobs { kind: DirectiveKind::ProtectedAddress, span: (None, None), flow: None };
    let marked = Knobs { directives: vec![mark], ..protected() };
    for knobs in [marked, Knobs { protected: true, ..protected() }] {
        let shown = view(&knobs, everything(Labels::NONE));
        let labelled = Catalogue::standard().labelled(Label::ProtectedAddress);
        assert!(shown.kinds().intersect(labelled).is_empty() && shown.kinds().contains(ItemKind::IDENTITY));
        for one in shown.items() {
            let spec = Catalogue::standard().kind(one.item.kind);
            assert_eq!(one.item.source_reference, None);
            for (name, value) in &one.item.fields {
                if let FieldValue::Practitioner(who) = value {
                    assert!(who.team.is_empty() && who.telephone.is_empty() && !who.name.is_empty());
                } else {
                    assert!(!spec.field(name).unwrap().protected, "{} {name}", spec.id);
                }
            }
        }
    }
}

#[test]
fn a_mark_on_the_loaded_record_is_enough() {
    let address = LoadedItem { protected: true, ..item(ItemKind::ADDRESS, "1", Labels::NONE) };
    assert!(view(&protected(), vec![address.clone()]).items().is_empty());
    assert_eq!(kinds(&view(&Knobs::default(), vec![address])), ["address"]);
}

#[test]
fn an_unprotected_person_keeps_address_and_telephone_numbers() {
    let shown = view(&protected(), everything(Labels::NONE));
    assert!(shown.kinds().contains(ItemKind::ADDRESS));
    let worker = shown.items().iter().find(|one| one.item.kind == ItemKind::ALLOCATED_WORKER).unwrap();
    assert_eq!(worker.item, item(ItemKind::ALLOCATED_WORKER, "1", Labels::NONE).item);
}

#[test]
fn an_instance_that_is_marked_itself_is_withheld_though_its_kind_is_open() {
    let mut knobs = protected();
    let marked = item(ItemKind::CARE_PACKAGE, "1", Labels::NONE.with(Label::ProtectedAddress));
    assert!(view(&knobs, vec![marked.clone()]).items().is_empty());
    knobs.flow.scopes = every_label();
    assert_eq!(view(&knobs, vec![marked]).items().len(), 1);
}
