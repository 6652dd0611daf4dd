//! A view as a message: what the panel says, for programs. Made of the panel's own input, so that neither can say more.

use super::names::{COMPARED, override_reason};
use super::scene::Scene;
use crate::panel::{self, Feed, PanelInput, ShownItem};
use domain::{
    Catalogue, DataItem, Deceased, FieldValue, ItemKind, Organisation, OrganisationPhone, PartialDate, Sex,
};
use gate::{IdentityCheck, Shown};
use policy::{Body, SourceTerms};
use prost::Message;
use proto::intake::{wire_deceased, wire_field_value, wire_sex};
use proto::viewing::v1;

/// A message on its way out, with the bytes that its leaf digests.
#[derive(Debug, Clone)]
pub(crate) struct WireBody<M> {
    message: M,
    bytes: Vec<u8>,
}

impl<M: Message> WireBody<M> {
    pub(crate) fn new(message: M) -> Self {
        Self { bytes: message.encode_to_vec(), message }
    }

    pub(crate) fn into_message(self) -> M {
        self.message
    }
}

impl<M> Body for WireBody<M> {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The view of one source.
pub(crate) fn view_message(scene: &Scene<'_>, shown: &Shown, input: &PanelInput<'_>) -> Option<v1::View> {
    let source = scene.chosen(shown)?;
    let organisation = &source.organisation;
    let terms = shown.view.terms().of_source(&organisation.id)?;
    let emergency = shown.active_override.zip(input.emergency);
    Some(v1::View {
        source: Some(named(organisation)),
        recipient: scene.recipient().map(named),
        level: u32::from(input.level),
        as_of: input.feed.heard_at.map(proto::timestamp),
        live: !input.feed.is_stale(input.now),
        person: person(input, &shown.identity),
        items: input.items.iter().map(|one| item(one, organisation)).collect(),
        kinds: panel::universe(input).iter().map(|kind| kind_row(kind, input, terms)).collect(),
        leaves_out: panel::note(input).map(|words| words.text()).unwrap_or_default(),
        entries_can_be_kept_back: input.labels_shut,
        sources: source.feeds.iter().map(|feed| feed_row(feed, organisation, input)).collect(),
        terms: terms_rows(terms, input),
        phones: organisation.phones.iter().map(phone).collect(),
        r#override: emergency.map(|((id, _), active)| v1::ViewOverride {
            id: id.to_string(),
            reason: override_reason(active.reason).to_owned(),
            declared_at: Some(proto::timestamp(active.declared_at)),
            ends_at: Some(proto::timestamp(active.until)),
        }),
        may_override: shown.may_override,
        update_not_understood: input.feed.update_not_understood,
    })
}

fn named(organisation: &Organisation) -> v1::ViewOrganisation {
    v1::ViewOrganisation { id: organisation.id.to_string(), name: organisation.name.clone() }
}

/// A number to phone.
pub(super) fn phone(phone: &OrganisationPhone) -> v1::ViewPhone {
    v1::ViewPhone { title: phone.title.clone(), number: phone.number.clone(), hours: phone.hours.clone() }
}

fn date_of<'a>(item: &'a DataItem, name: &str) -> Option<&'a PartialDate> {
    match item.field(name)? {
        FieldValue::Date(date) => Some(date),
        FieldValue::Text(_)
        | FieldValue::Period { .. }
        | FieldValue::Code(_)
        | FieldValue::Quantity { .. }
        | FieldValue::Practitioner(_)
        | FieldValue::Person(_)
        | FieldValue::Flag(_) => None,
    }
}

fn sex_of(item: &DataItem) -> Option<Sex> {
    let words = item.text("sex")?;
    [Sex::Female, Sex::Male, Sex::Other, Sex::Unknown].into_iter().find(|sex| sex.title() == words)
}

fn deceased_of(item: &DataItem) -> Option<Deceased> {
    match item.field("deceased")? {
        FieldValue::Flag(true) => {
            Some(Deceased::Yes(date_of(item, "death_date").copied().unwrap_or_default()))
        }
        FieldValue::Flag(false) => Some(Deceased::No),
        FieldValue::Text(_)
        | FieldValue::Date(_)
        | FieldValue::Period { .. }
        | FieldValue::Code(_)
        | FieldValue::Quantity { .. }
        | FieldValue::Practitioner(_)
        | FieldValue::Person(_) => None,
    }
}

fn person(input: &PanelInput<'_>, check: &IdentityCheck) -> Option<v1::ViewPerson> {
    let identity = input.items.iter().find(|one| one.item.kind == ItemKind::IDENTITY)?.item;
    let born = date_of(identity, "birth_date");
    let deceased = deceased_of(identity);
    let alive = !matches!(deceased, Some(Deceased::Yes(_)));
    let bounds = born.and_then(|date| date.age_bounds(panel::day(input.now))).filter(|_| alive);
    let text = |name: &str| identity.text(name).unwrap_or_default().to_owned();
    Some(v1::ViewPerson {
        name: text("name"),
        birth_date: born.map(PartialDate::to_iso).unwrap_or_default(),
        age: bounds.filter(|(least, most)| least == most).map(|(age, _)| u32::from(age)),
        sex: sex_of(identity).map(|sex| wire_sex(sex).into()),
        chi_number: text("chi_number"),
        deceased: deceased.as_ref().map(wire_deceased),
        comparison: comparison(check),
    })
}

fn comparison(check: &IdentityCheck) -> Vec<v1::FieldComparison> {
    let agreement = |word: &str| {
        if check.differs.contains(&word) {
            v1::FieldAgreement::Differs
        } else if check.agrees.contains(&word) {
            v1::FieldAgreement::Agrees
        } else {
            v1::FieldAgreement::NotComparable
        }
    };
    let words = COMPARED.into_iter().map(panel::IdentityField::word);
    words
        .map(|word| v1::FieldComparison { field: word.to_owned(), agreement: agreement(word).into() })
        .collect()
}

fn item(one: &ShownItem<'_>, organisation: &Organisation) -> v1::ViewItem {
    let spec = Catalogue::standard().kind(one.item.kind);
    let field = |(name, value): &(String, FieldValue)| v1::ViewField {
        title: spec.field(name).map(|field| field.title.to_owned()).unwrap_or_default(),
        name: name.clone(),
        value: Some(wire_field_value(value)),
    };
    v1::ViewItem {
        kind: one.item.kind.id().to_owned(),
        instance: one.item.instance.as_str().to_owned(),
        source: organisation.id.to_string(),
        as_of: Some(proto::timestamp(one.item.as_of)),
        received_at: Some(proto::timestamp(one.received_at)),
        fields: one.item.fields.iter().map(field).collect(),
        source_reference: one.item.source_reference.clone().unwrap_or_default(),
    }
}

fn kind_row(kind: ItemKind, input: &PanelInput<'_>, terms: &SourceTerms) -> v1::ViewKind {
    let has = input.items.iter().any(|one| one.item.kind == kind);
    let status = if !input.shared.contains(kind) {
        v1::KindStatus::NotShared
    } else if has {
        v1::KindStatus::Shown
    } else if input.not_sent.contains(kind) {
        v1::KindStatus::NotSent
    } else if input.may_keep_back.contains(kind) {
        v1::KindStatus::NothingToShow
    } else {
        v1::KindStatus::NoneRecorded
    };
    let level = terms.flows.iter().filter_map(|one| one.flow.level_of(kind)).max();
    v1::ViewKind {
        kind: kind.id().to_owned(),
        title: Catalogue::standard().kind(kind).title.to_owned(),
        status: status.into(),
        level: level.map_or(0, |level| u32::from(level.value())),
    }
}

fn feed_row(feed: &gate::Feed, organisation: &Organisation, input: &PanelInput<'_>) -> v1::ViewSource {
    let heard = Feed { heard_at: feed.last_heard, ..input.feed };
    v1::ViewSource {
        organisation: organisation.id.to_string(),
        authority: feed.authority.to_string(),
        heard_at: feed.last_heard.map(proto::timestamp),
        heard_every_s: organisation.heard_every_s,
        stale: heard.is_stale(input.now),
    }
}

fn terms_rows(terms: &SourceTerms, input: &PanelInput<'_>) -> Vec<v1::ViewTerms> {
    let row = |flow: &policy::FlowFacts| v1::ViewTerms {
        agreement: flow.title.clone(),
        appendix: flow.appendix.as_ref().map(ToString::to_string).unwrap_or_default(),
        appendix_title: flow.appendix_title.clone(),
        flow: flow.id.to_string(),
        purpose: input.purpose.as_str().to_owned(),
        in_force_until: flow.window.to.map(proto::timestamp),
    };
    terms.flows.iter().map(|one| row(&one.flow)).collect()
}
