//! Reads the fields of one item, each as what the catalogue says that it is. An absent or empty field is `None`.

use super::words::{Words, lower_first, within};
use domain::{DataItem, FieldValue, PartialDate, Practitioner, RelatedPerson};

/// The fields of an item.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a DataItem);

impl<'a> Fields<'a> {
    fn value(self, name: &str) -> Option<&'a FieldValue> {
        self.0.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// Words: of text, or those that go with a code.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        let text = match self.value(name)? {
            FieldValue::Text(text) => text,
            FieldValue::Code(code) if code.display.trim().is_empty() => &code.code,
            FieldValue::Code(code) => &code.display,
            FieldValue::Date(_)
            | FieldValue::Period { .. }
            | FieldValue::Quantity { .. }
            | FieldValue::Practitioner(_)
            | FieldValue::Person(_)
            | FieldValue::Flag(_) => return None,
        };
        filled(text)
    }

    /// The same as words for the page; no words where there are none.
    pub(super) fn words(self, name: &str) -> Words {
        self.text(name).map(Words::theirs).unwrap_or_default()
    }

    /// Whether the words are those of a code: they may stand small in the middle of a sentence. Free text may begin
    /// with a name and stays as it is.
    pub(super) fn is_code(self, name: &str) -> bool {
        matches!(self.value(name), Some(FieldValue::Code(_)))
    }

    /// The words after a heading of ours: `Held by the GP practice`; nothing when there are none.
    pub(super) fn headed(self, heading: &str, name: &str) -> Words {
        self.text(name).map(|text| Words::ours(heading).quote(&within(text))).unwrap_or_default()
    }

    /// A date of which at least the year is known.
    pub(super) fn date(self, name: &str) -> Option<&'a PartialDate> {
        match self.value(name)? {
            FieldValue::Date(date) if !date.is_unknown() => Some(date),
            FieldValue::Date(_)
            | FieldValue::Text(_)
            | FieldValue::Code(_)
            | FieldValue::Period { .. }
            | FieldValue::Quantity { .. }
            | FieldValue::Practitioner(_)
            | FieldValue::Person(_)
            | FieldValue::Flag(_) => None,
        }
    }

    /// A date after a heading of ours.
    pub(super) fn dated(self, heading: &str, name: &str) -> Words {
        self.date(name).map(|date| Words::ours(heading).date(date)).unwrap_or_default()
    }

    /// Beginning and end of a period, each as far as known.
    pub(super) fn period(self, name: &str) -> (Option<&'a PartialDate>, Option<&'a PartialDate>) {
        match self.value(name) {
            Some(FieldValue::Period { from, to }) => {
                ((!from.is_unknown()).then_some(from), (!to.is_unknown()).then_some(to))
            }
            Some(_) | None => (None, None),
        }
    }

    /// `since 12 Jan 2026`, `12 Jan 2026 to 3 Mar 2026`, `to 3 Mar 2026`, or nothing.
    pub(super) fn lasting(self, name: &str) -> Words {
        match self.period(name) {
            (Some(from), None) => Words::ours("since ").date(from),
            (Some(from), Some(to)) => Words::new().date(from).say(" to ").date(to),
            (None, Some(to)) => Words::ours("to ").date(to),
            (None, None) => Words::new(),
        }
    }

    /// Yes or no.
    pub(super) fn flag(self, name: &str) -> bool {
        matches!(self.value(name), Some(FieldValue::Flag(true)))
    }

    /// Words that stand when a flag is set.
    pub(super) fn flagged(self, name: &str, words: &str) -> Words {
        if self.flag(name) { Words::ours(words) } else { Words::new() }
    }

    /// A figure with its unit.
    pub(super) fn quantity(self, name: &str) -> Words {
        match self.value(name) {
            Some(FieldValue::Quantity { value, unit }) => {
                Words::join([Words::theirs(value), Words::theirs(unit)], " ")
            }
            Some(_) | None => Words::new(),
        }
    }

    /// A telephone number, kept on one line.
    pub(super) fn phone(self, name: &str) -> Words {
        self.text(name).map(|number| Words::new().unbroken(number)).unwrap_or_default()
    }

    /// A member of staff.
    pub(super) fn staff(self, name: &str) -> Option<&'a Practitioner> {
        match self.value(name)? {
            FieldValue::Practitioner(who) => Some(who),
            FieldValue::Date(_)
            | FieldValue::Text(_)
            | FieldValue::Code(_)
            | FieldValue::Period { .. }
            | FieldValue::Quantity { .. }
            | FieldValue::Person(_)
            | FieldValue::Flag(_) => None,
        }
    }

    /// A member of staff on one line: name, role, team and number.
    pub(super) fn staff_line(self, name: &str) -> Words {
        let line = |who: &Practitioner| {
            let known = [&who.name, &who.role, &who.team].map(|part| Words::theirs(part));
            Words::join(known.into_iter().chain([number(&who.telephone)]), ", ")
        };
        self.staff(name).map(line).unwrap_or_default()
    }

    /// Another person.
    pub(super) fn person(self, name: &str) -> Option<&'a RelatedPerson> {
        match self.value(name)? {
            FieldValue::Person(who) => Some(who),
            FieldValue::Date(_)
            | FieldValue::Text(_)
            | FieldValue::Code(_)
            | FieldValue::Period { .. }
            | FieldValue::Quantity { .. }
            | FieldValue::Practitioner(_)
            | FieldValue::Flag(_) => None,
        }
    }

    /// `Fergus Dunbrae, son`.
    pub(super) fn person_line(self, name: &str) -> Words {
        let line = |who: &RelatedPerson| {
            Words::join([Words::theirs(&who.name), Words::theirs(&lower_first(&who.relationship))], ", ")
        };
        self.person(name).map(line).unwrap_or_default()
    }

    /// Another person's telephone number.
    pub(super) fn person_phone(self, name: &str) -> Words {
        self.person(name).map(|who| number(&who.telephone)).unwrap_or_default()
    }
}

fn number(text: &str) -> Words {
    filled(text).map(|text| Words::new().unbroken(text)).unwrap_or_default()
}

pub(super) fn filled(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}
