//! The message of a view as JSON: the same names, so that one description serves both. Keys are stable: a field of
//! the message that is empty is `null`, an empty list or an empty text, and never missing.
//!
//! Written straight from the message: a tree of values in between costs more than all the rest of a view.

use jiff::Timestamp;
use proto::intake::v1::{Deceased, FieldValue, Sex, field_value::Value as Held};
use proto::viewing::v1;
use serde::{Serialize, Serializer};

/// Room for most views, so that the text is not moved as it grows.
const ROOM: usize = 16 << 10;

/// A view with its reference, as `GetViewResponse` has it.
pub(crate) fn shown_json(
    view: &v1::View,
    reference: &str,
    decided_at: Timestamp,
) -> Result<String, gate::Error> {
    written(&Frame { view: Some(View::of(view)), refusal: None, reference, decided_at: At(decided_at) })
}

/// A refusal, in the same frame.
pub(crate) fn refused_json(
    refusal: &v1::ViewRefusal,
    reference: &str,
    decided_at: Timestamp,
) -> Result<String, gate::Error> {
    written(&Frame { view: None, refusal: Some(Refusal::of(refusal)), reference, decided_at: At(decided_at) })
}

fn written(frame: &Frame<'_>) -> Result<String, gate::Error> {
    let mut bytes = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut bytes, frame).map_err(|_| gate::Error::Render)?;
    String::from_utf8(bytes).map_err(|_| gate::Error::Render)
}

#[derive(Serialize)]
struct Frame<'a> {
    view: Option<View<'a>>,
    refusal: Option<Refusal<'a>>,
    reference: &'a str,
    decided_at: At,
}

/// An instant as RFC 3339 has it.
struct At(Timestamp);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

fn at(instant: Option<prost_types::Timestamp>) -> Option<At> {
    let instant = instant?;
    Timestamp::new(instant.seconds, instant.nanos).ok().map(At)
}

/// The words of an enum: the name of the value in small letters, without the name of its enum.
fn status_word(status: v1::KindStatus) -> &'static str {
    match status {
        v1::KindStatus::Unspecified => "unspecified",
        v1::KindStatus::Shown => "shown",
        v1::KindStatus::NoneRecorded => "none-recorded",
        v1::KindStatus::NothingToShow => "nothing-to-show",
        v1::KindStatus::NotShared => "not-shared",
        v1::KindStatus::NotSent => "not-sent",
    }
}

fn agreement_word(agreement: v1::FieldAgreement) -> &'static str {
    match agreement {
        v1::FieldAgreement::Unspecified => "unspecified",
        v1::FieldAgreement::Agrees => "agrees",
        v1::FieldAgreement::Differs => "differs",
        v1::FieldAgreement::NotComparable => "not-comparable",
    }
}

fn sex_word(sex: Sex) -> &'static str {
    match sex {
        Sex::Unspecified => "unspecified",
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Other => "other",
        Sex::Unknown => "unknown",
    }
}

/// A list, each of it in its own form.
struct Each<'a, T, F>(&'a [T], fn(&'a T) -> F);

impl<T, F: Serialize> Serialize for Each<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

#[derive(Serialize)]
struct Refusal<'a> {
    reasons: &'a [String],
    title: &'a str,
    what_to_do: &'a str,
    phones: Each<'a, v1::ViewPhone, Phone<'a>>,
    may_override: bool,
    r#override: Option<Override<'a>>,
    blank: bool,
}

impl<'a> Refusal<'a> {
    fn of(one: &'a v1::ViewRefusal) -> Self {
        Self {
            reasons: &one.reasons,
            title: &one.title,
            what_to_do: &one.what_to_do,
            phones: Each(&one.phones, Phone::of),
            may_override: one.may_override,
            r#override: one.r#override.as_ref().map(Override::of),
            blank: one.blank,
        }
    }
}

#[derive(Serialize)]
struct View<'a> {
    source: Option<Organisation<'a>>,
    recipient: Option<Organisation<'a>>,
    level: u32,
    as_of: Option<At>,
    live: bool,
    person: Option<Person<'a>>,
    items: Each<'a, v1::ViewItem, Item<'a>>,
    kinds: Each<'a, v1::ViewKind, KindRow<'a>>,
    leaves_out: &'a str,
    entries_can_be_kept_back: bool,
    sources: Each<'a, v1::ViewSource, Source<'a>>,
    terms: Each<'a, v1::ViewTerms, Terms<'a>>,
    phones: Each<'a, v1::ViewPhone, Phone<'a>>,
    r#override: Option<Override<'a>>,
    may_override: bool,
    update_not_understood: bool,
}

impl<'a> View<'a> {
    fn of(view: &'a v1::View) -> Self {
        Self {
            source: view.source.as_ref().map(Organisation::of),
            recipient: view.recipient.as_ref().map(Organisation::of),
            level: view.level,
            as_of: at(view.as_of),
            live: view.live,
            person: view.person.as_ref().map(Person::of),
            items: Each(&view.items, Item::of),
            kinds: Each(&view.kinds, KindRow::of),
            leaves_out: &view.leaves_out,
            entries_can_be_kept_back: view.entries_can_be_kept_back,
            sources: Each(&view.sources, Source::of),
            terms: Each(&view.terms, Terms::of),
            phones: Each(&view.phones, Phone::of),
            r#override: view.r#override.as_ref().map(Override::of),
            may_override: view.may_override,
            update_not_understood: view.update_not_understood,
        }
    }
}

#[derive(Serialize)]
struct Organisation<'a> {
    id: &'a str,
    name: &'a str,
}

impl<'a> Organisation<'a> {
    fn of(one: &'a v1::ViewOrganisation) -> Self {
        Self { id: &one.id, name: &one.name }
    }
}

#[derive(Serialize)]
struct Person<'a> {
    name: &'a str,
    birth_date: &'a str,
    age: Option<u32>,
    sex: Option<&'static str>,
    chi_number: &'a str,
    deceased: Option<Death<'a>>,
    comparison: Each<'a, v1::FieldComparison, Compared<'a>>,
}

impl<'a> Person<'a> {
    fn of(one: &'a v1::ViewPerson) -> Self {
        let sex = one.sex.and_then(|sex| Sex::try_from(sex).ok());
        Self {
            name: &one.name,
            birth_date: &one.birth_date,
            age: one.age,
            sex: sex.map(sex_word),
            chi_number: &one.chi_number,
            deceased: one.deceased.as_ref().map(Death::of),
            comparison: Each(&one.comparison, Compared::of),
        }
    }
}

#[derive(Serialize)]
struct Death<'a> {
    deceased: bool,
    death_date: &'a str,
}

impl<'a> Death<'a> {
    fn of(one: &'a Deceased) -> Self {
        Self { deceased: one.deceased, death_date: &one.death_date }
    }
}

#[derive(Serialize)]
struct Compared<'a> {
    field: &'a str,
    agreement: &'static str,
}

impl<'a> Compared<'a> {
    fn of(one: &'a v1::FieldComparison) -> Self {
        Self { field: &one.field, agreement: agreement_word(one.agreement()) }
    }
}

#[derive(Serialize)]
struct Item<'a> {
    kind: &'a str,
    instance: &'a str,
    source: &'a str,
    as_of: Option<At>,
    received_at: Option<At>,
    fields: Each<'a, v1::ViewField, Field<'a>>,
    source_reference: &'a str,
}

impl<'a> Item<'a> {
    fn of(one: &'a v1::ViewItem) -> Self {
        Self {
            kind: &one.kind,
            instance: &one.instance,
            source: &one.source,
            as_of: at(one.as_of),
            received_at: at(one.received_at),
            fields: Each(&one.fields, Field::of),
            source_reference: &one.source_reference,
        }
    }
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    title: &'a str,
    value: Option<Value<'a>>,
}

impl<'a> Field<'a> {
    fn of(one: &'a v1::ViewField) -> Self {
        let value = one.value.as_ref().and_then(Value::of);
        Self { name: &one.name, title: &one.title, value }
    }
}

/// A value, under the name of its type.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Value<'a> {
    Text(&'a str),
    Date(&'a str),
    Period { from: &'a str, to: &'a str },
    Code { system: &'a str, code: &'a str, display: &'a str },
    Quantity { value: &'a str, unit: &'a str },
    Practitioner { name: &'a str, role: &'a str, team: &'a str, telephone: &'a str },
    Person { name: &'a str, relationship: &'a str, telephone: &'a str },
    Flag(bool),
}

impl<'a> Value<'a> {
    fn of(one: &'a FieldValue) -> Option<Self> {
        Some(match one.value.as_ref()? {
            Held::Text(text) => Self::Text(text),
            Held::Date(date) => Self::Date(date),
            Held::Period(period) => Self::Period { from: &period.from, to: &period.to },
            Held::Code(code) => Self::Code { system: &code.system, code: &code.code, display: &code.display },
            Held::Quantity(amount) => Self::Quantity { value: &amount.value, unit: &amount.unit },
            Held::Practitioner(who) => Self::Practitioner {
                name: &who.name,
                role: &who.role,
                team: &who.team,
                telephone: &who.telephone,
            },
            Held::Person(who) => {
                Self::Person { name: &who.name, relationship: &who.relationship, telephone: &who.telephone }
            }
            Held::Flag(flag) => Self::Flag(*flag),
        })
    }
}

#[derive(Serialize)]
struct KindRow<'a> {
    kind: &'a str,
    title: &'a str,
    status: &'static str,
    level: u32,
}

impl<'a> KindRow<'a> {
    fn of(one: &'a v1::ViewKind) -> Self {
        Self { kind: &one.kind, title: &one.title, status: status_word(one.status()), level: one.level }
    }
}

#[derive(Serialize)]
struct Source<'a> {
    organisation: &'a str,
    authority: &'a str,
    heard_at: Option<At>,
    heard_every_s: u32,
    stale: bool,
}

impl<'a> Source<'a> {
    fn of(one: &'a v1::ViewSource) -> Self {
        Self {
            organisation: &one.organisation,
            authority: &one.authority,
            heard_at: at(one.heard_at),
            heard_every_s: one.heard_every_s,
            stale: one.stale,
        }
    }
}

#[derive(Serialize)]
struct Terms<'a> {
    agreement: &'a str,
    appendix: &'a str,
    appendix_title: &'a str,
    flow: &'a str,
    purpose: &'a str,
    in_force_until: Option<At>,
}

impl<'a> Terms<'a> {
    fn of(one: &'a v1::ViewTerms) -> Self {
        Self {
            agreement: &one.agreement,
            appendix: &one.appendix,
            appendix_title: &one.appendix_title,
            flow: &one.flow,
            purpose: &one.purpose,
            in_force_until: at(one.in_force_until),
        }
    }
}

#[derive(Serialize)]
struct Phone<'a> {
    title: &'a str,
    number: &'a str,
    hours: &'a str,
}

impl<'a> Phone<'a> {
    fn of(one: &'a v1::ViewPhone) -> Self {
        Self { title: &one.title, number: &one.number, hours: &one.hours }
    }
}

#[derive(Serialize)]
struct Override<'a> {
    id: &'a str,
    reason: &'a str,
    declared_at: Option<At>,
    ends_at: Option<At>,
}

impl<'a> Override<'a> {
    fn of(one: &'a v1::ViewOverride) -> Self {
        Self { id: &one.id, reason: &one.reason, declared_at: at(one.declared_at), ends_at: at(one.ends_at) }
    }
}
