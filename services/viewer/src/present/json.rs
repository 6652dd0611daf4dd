//! The message of a view as JSON: the same names, so that one description serves both. Keys are stable: a field of
//! the message that is empty is `null`, an empty list or an empty text, and never missing.

use jiff::Timestamp;
use proto::intake::v1::{Deceased, FieldValue, Sex, field_value::Value as Held};
use proto::viewing::v1;
use serde_json::{Value, json};

/// A view with its reference, as `GetViewResponse` has it.
pub(crate) fn shown_json(view: &v1::View, reference: &str, decided_at: Timestamp) -> String {
    let body = json!({
        "view": view_json(view), "refusal": null, "reference": reference, "decided_at": decided_at.to_string(),
    });
    body.to_string()
}

/// A refusal, in the same frame.
pub(crate) fn refused_json(refusal: &v1::ViewRefusal, reference: &str, decided_at: Timestamp) -> String {
    let told = json!({
        "reasons": refusal.reasons, "title": refusal.title, "what_to_do": refusal.what_to_do,
        "phones": phones(&refusal.phones), "may_override": refusal.may_override,
        "override": refusal.r#override.as_ref().map(override_json), "blank": refusal.blank,
    });
    let body = json!({
        "view": null, "refusal": told, "reference": reference, "decided_at": decided_at.to_string(),
    });
    body.to_string()
}

fn view_json(view: &v1::View) -> Value {
    json!({
        "source": view.source.as_ref().map(organisation),
        "recipient": view.recipient.as_ref().map(organisation),
        "level": view.level,
        "as_of": instant(view.as_of),
        "live": view.live,
        "person": view.person.as_ref().map(person),
        "items": view.items.iter().map(item).collect::<Vec<_>>(),
        "kinds": view.kinds.iter().map(kind).collect::<Vec<_>>(),
        "leaves_out": view.leaves_out,
        "entries_can_be_kept_back": view.entries_can_be_kept_back,
        "sources": view.sources.iter().map(source).collect::<Vec<_>>(),
        "terms": view.terms.iter().map(terms).collect::<Vec<_>>(),
        "phones": phones(&view.phones),
        "override": view.r#override.as_ref().map(override_json),
        "may_override": view.may_override,
        "update_not_understood": view.update_not_understood,
    })
}

fn instant(at: Option<prost_types::Timestamp>) -> Option<String> {
    let at = at?;
    Timestamp::new(at.seconds, at.nanos).ok().map(|at| at.to_string())
}

/// The name of an enum value without the name of its enum: `KIND_STATUS_NOT_SENT` is `not-sent`.
fn short(name: &str, of: &str) -> String {
    name.strip_prefix(of).unwrap_or(name).to_lowercase().replace('_', "-")
}

fn organisation(one: &v1::ViewOrganisation) -> Value {
    json!({ "id": one.id, "name": one.name })
}

fn person(one: &v1::ViewPerson) -> Value {
    let compared = one.comparison.iter().map(|field| {
        json!({ "field": field.field, "agreement": short(field.agreement().as_str_name(), "FIELD_AGREEMENT_") })
    });
    let sex = one.sex.and_then(|sex| Sex::try_from(sex).ok());
    json!({
        "name": one.name, "birth_date": one.birth_date, "age": one.age,
        "sex": sex.map(|sex| short(sex.as_str_name(), "SEX_")),
        "chi_number": one.chi_number, "deceased": one.deceased.as_ref().map(deceased),
        "comparison": compared.collect::<Vec<_>>(),
    })
}

fn deceased(one: &Deceased) -> Value {
    json!({ "deceased": one.deceased, "death_date": one.death_date })
}

fn item(one: &v1::ViewItem) -> Value {
    let fields = one.fields.iter().map(
        |field| json!({ "name": field.name, "title": field.title, "value": field.value.as_ref().map(value) }),
    );
    json!({
        "kind": one.kind, "instance": one.instance, "source": one.source,
        "as_of": instant(one.as_of), "received_at": instant(one.received_at),
        "fields": fields.collect::<Vec<_>>(), "source_reference": one.source_reference,
    })
}

fn value(one: &FieldValue) -> Value {
    match &one.value {
        None => Value::Null,
        Some(Held::Text(text)) => json!({ "text": text }),
        Some(Held::Date(date)) => json!({ "date": date }),
        Some(Held::Period(period)) => json!({ "period": { "from": period.from, "to": period.to } }),
        Some(Held::Code(code)) => {
            json!({ "code": { "system": code.system, "code": code.code, "display": code.display } })
        }
        Some(Held::Quantity(amount)) => json!({ "quantity": { "value": amount.value, "unit": amount.unit } }),
        Some(Held::Practitioner(who)) => json!({ "practitioner": {
            "name": who.name, "role": who.role, "team": who.team, "telephone": who.telephone,
        } }),
        Some(Held::Person(who)) => json!({ "person": {
            "name": who.name, "relationship": who.relationship, "telephone": who.telephone,
        } }),
        Some(Held::Flag(flag)) => json!({ "flag": flag }),
    }
}

fn kind(one: &v1::ViewKind) -> Value {
    json!({
        "kind": one.kind, "title": one.title, "status": short(one.status().as_str_name(), "KIND_STATUS_"),
        "level": one.level,
    })
}

fn source(one: &v1::ViewSource) -> Value {
    json!({
        "organisation": one.organisation, "authority": one.authority, "heard_at": instant(one.heard_at),
        "heard_every_s": one.heard_every_s, "stale": one.stale,
    })
}

fn terms(one: &v1::ViewTerms) -> Value {
    json!({
        "agreement": one.agreement, "appendix": one.appendix, "appendix_title": one.appendix_title,
        "flow": one.flow, "purpose": one.purpose, "in_force_until": instant(one.in_force_until),
    })
}

fn phones(all: &[v1::ViewPhone]) -> Vec<Value> {
    all.iter().map(|one| json!({ "title": one.title, "number": one.number, "hours": one.hours })).collect()
}

fn override_json(one: &v1::ViewOverride) -> Value {
    json!({
        "id": one.id, "reason": one.reason, "declared_at": instant(one.declared_at),
        "ends_at": instant(one.ends_at),
    })
}
