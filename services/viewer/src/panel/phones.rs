//! Whom to phone: the most used part of a panel, since it ends most searches.

use super::entries::{is_in_hospital, key};
use super::fields::{Fields, filled};
use super::input::{PanelInput, ShownItem};
use super::layout;
use super::model::{Phone, PhoneNumber};
use super::words::Words;
use domain::{ItemKind, OrganisationPhone, Practitioner, Side};

/// Lines from the permitted items; the organisation's own numbers where those hold none.
pub(super) fn phones(input: &PanelInput<'_>) -> Vec<Phone> {
    let ward = (input.source.side == Side::Health).then_some(ItemKind::INPATIENT_STAY);
    let kinds = ward.into_iter().chain(layout::phone_kinds(input.source.side).iter().copied());
    let lines: Vec<Phone> = kinds.flat_map(|kind| lines_of(input, kind)).collect();
    if lines.iter().any(|line| line.number.is_some()) {
        return lines;
    }
    lines.into_iter().chain(of_organisation(input.source.phones)).collect()
}

/// The numbers of the register, for pages that show nothing of a person.
pub(super) fn of_organisation(phones: &[OrganisationPhone]) -> Vec<Phone> {
    let line = |(at, phone): (usize, &OrganisationPhone)| Phone {
        key: format!("o{at}"),
        who: Words::theirs(&phone.title),
        name: Words::new(),
        number: number(&phone.number),
        more: Words::theirs(&phone.hours),
    };
    phones.iter().enumerate().map(line).collect()
}

fn lines_of(input: &PanelInput<'_>, kind: ItemKind) -> Vec<Phone> {
    let mut items: Vec<&ShownItem<'_>> = input.items.iter().filter(|one| one.item.kind == kind).collect();
    items.sort_by(|one, other| {
        let rank = |shown: &ShownItem<'_>| !Fields(shown.item).flag("lead");
        (rank(one), &one.item.instance).cmp(&(rank(other), &other.item.instance))
    });
    items.into_iter().flat_map(|one| lines(one)).collect()
}

fn lines(one: &ShownItem<'_>) -> Vec<Phone> {
    let fields = Fields(one.item);
    let key = |at: usize| key(one.item.kind, one.item.instance.as_str(), 100 + at);
    match one.item.kind {
        ItemKind::ALLOCATED_WORKER => fields
            .staff("worker")
            .map(|who| staff_line(key(0), who, "Allocated worker", fields.lasting("period")))
            .into_iter()
            .collect(),
        ItemKind::RESPONSIBLE_TEAM => team_lines(fields, key),
        ItemKind::INPATIENT_STAY if is_in_hospital(fields) => vec![Phone {
            key: key(0),
            who: Words::ours("Ward now"),
            name: Words::join([fields.words("ward"), fields.words("hospital")], ", "),
            number: fields.text("ward_telephone").and_then(number),
            more: Words::ours("day and night"),
        }],
        ItemKind::NAMED_HEALTH_CONTACT => health_contact(fields, key(0)).into_iter().collect(),
        ItemKind::REGISTERED_PRACTICE => vec![practice(fields, key(0))],
        _ => Vec::new(),
    }
}

fn staff_line(key: String, who: &Practitioner, otherwise: &str, more: Words) -> Phone {
    let role = filled(&who.role).map_or_else(|| Words::ours(otherwise), Words::theirs);
    Phone { key, who: role, name: Words::theirs(&who.name), number: number(&who.telephone), more }
}

fn team_lines(fields: Fields<'_>, key: impl Fn(usize) -> String) -> Vec<Phone> {
    let team = Phone {
        key: key(0),
        who: Words::ours("Team"),
        name: fields.words("team"),
        number: fields.text("telephone").and_then(number),
        more: fields.words("hours"),
    };
    let out_of_hours =
        fields.text("out_of_hours").is_some() || fields.text("out_of_hours_telephone").is_some();
    let later = out_of_hours.then(|| Phone {
        key: key(1),
        who: Words::ours("Out of hours"),
        name: fields.words("out_of_hours"),
        number: fields.text("out_of_hours_telephone").and_then(number),
        more: fields.words("out_of_hours_hours"),
    });
    [team].into_iter().chain(later).collect()
}

fn health_contact(fields: Fields<'_>, key: String) -> Option<Phone> {
    let who = fields.staff("contact")?;
    let team = fields.text("team").or_else(|| filled(&who.team)).map(Words::theirs).unwrap_or_default();
    let line = staff_line(key, who, "Health contact", Words::join([team, fields.words("hours")], ", "));
    let own = fields.text("telephone").and_then(number);
    Some(Phone { number: own.or(line.number), ..line })
}

fn practice(fields: Fields<'_>, key: String) -> Phone {
    let doctor = fields.staff("named_gp").and_then(|who| filled(&who.name));
    Phone {
        key,
        who: Words::ours(if doctor.is_some() { "GP" } else { "GP practice" }),
        name: doctor.map_or_else(|| fields.words("practice"), Words::theirs),
        number: fields.text("telephone").and_then(number),
        more: if doctor.is_some() { fields.words("practice") } else { Words::new() },
    }
}

/// A number with a link, where there is something to dial.
pub(super) fn number(text: &str) -> Option<PhoneNumber> {
    let shown: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    let first = shown.chars().next()?;
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    let dial = if first == '+' { format!("+{digits}") } else { digits };
    (dial.len() >= 3).then_some(PhoneNumber { shown, dial })
}

/// Whether a kind is one of those above; for the table of times.
pub(super) fn is_phone_kind(side: Side, kind: ItemKind) -> bool {
    layout::phone_kinds(side).contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_by_its_digits_only() {
        let dial = |text| number(text).map(|one| one.dial);
        assert_eq!(dial("01632 960 142").as_deref(), Some("01632960142"));
        assert_eq!(dial("+44 (0)1632 960142").as_deref(), Some("+4401632960142"));
        assert_eq!(dial("javascript:alert(1)"), None);
        assert_eq!(dial("ask"), None);
    }
}
