//! Puts one data item together, field by field, and checks it against the catalogue.

use crate::Error;
use domain::{
    Code, DataItem, FieldValue, Instance, ItemKind, Label, Labels, PartialDate, Practitioner, RelatedPerson,
};
use jiff::Timestamp;
use jiff::civil::Date;

/// An item that is being put together.
#[derive(Debug, Clone)]
pub struct Draft {
    kind: ItemKind,
    instance: String,
    as_of: Timestamp,
    fields: Vec<(String, FieldValue)>,
    labels: Labels,
}

impl Draft {
    /// An item without fields.
    pub fn new(kind: ItemKind, instance: &str, as_of: Timestamp) -> Self {
        Self { kind, instance: instance.to_owned(), as_of, fields: Vec::new(), labels: Labels::NONE }
    }

    /// Adds words, or a telephone number. Empty words are left out.
    pub fn text(self, name: &str, words: &str) -> Self {
        if words.is_empty() { self } else { self.with(name, FieldValue::Text(words.to_owned())) }
    }

    /// Adds a code of the source's own: the words, joined by hyphens, are the code.
    pub fn code(self, name: &str, words: &str) -> Self {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let code = words.chars().take(100).map(letter).collect();
        self.with(name, FieldValue::Code(Code { system: String::new(), code, display: words.to_owned() }))
    }

    /// Adds a day.
    pub fn date(self, name: &str, day: Date) -> Self {
        self.with(name, FieldValue::Date(PartialDate::Full(day)))
    }

    /// Adds a stretch of time from a day on, open or ended.
    pub fn period(self, from: Date, to: Option<Date>) -> Self {
        let to = to.map_or(PartialDate::Unknown, PartialDate::Full);
        self.with("period", FieldValue::Period { from: PartialDate::Full(from), to })
    }

    /// Adds yes or no.
    pub fn flag(self, name: &str, flag: bool) -> Self {
        self.with(name, FieldValue::Flag(flag))
    }

    /// Adds an amount.
    pub fn quantity(self, name: &str, value: &str, unit: &str) -> Self {
        self.with(name, FieldValue::Quantity { value: value.to_owned(), unit: unit.to_owned() })
    }

    /// Adds a member of staff: name, role, team, telephone.
    pub fn staff(self, name: &str, who: [&str; 4]) -> Self {
        let [who, role, team, telephone] = who.map(str::to_owned);
        self.with(name, FieldValue::Practitioner(Practitioner { name: who, role, team, telephone }))
    }

    /// Adds someone else: name, relationship, telephone.
    pub fn person(self, name: &str, who: [&str; 3]) -> Self {
        let [who, relationship, telephone] = who.map(str::to_owned);
        self.with(name, FieldValue::Person(RelatedPerson { name: who, relationship, telephone }))
    }

    /// Puts a label on this single item.
    pub fn label(mut self, label: Label) -> Self {
        self.labels.insert(label);
        self
    }

    /// The item, checked.
    pub fn build(self) -> Result<DataItem, Error> {
        let item = DataItem {
            kind: self.kind,
            instance: Instance::parse(&self.instance)?,
            as_of: self.as_of,
            fields: self.fields,
            labels: self.labels,
            source_reference: None,
        };
        Ok(item.checked(self.kind.id())?)
    }

    fn with(mut self, name: &str, value: FieldValue) -> Self {
        self.fields.push((name.to_owned(), value));
        self
    }
}

/// Builds all of a list.
pub(crate) fn build_all(drafts: impl IntoIterator<Item = Draft>) -> Result<Vec<DataItem>, Error> {
    drafts.into_iter().map(Draft::build).collect()
}
