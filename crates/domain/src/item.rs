//! A data item: one thing that a protocol names, with fields typed by the catalogue.

use crate::{Catalogue, FieldKind, FieldSpec, FieldViolation, ItemKind, Labels, PartialDate, Violation};
use jiff::Timestamp;
use std::fmt;

/// The source's own identifier of one item among those of its kind. Personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instance(String);

impl Instance {
    /// Checks an instance: 1 to 100 characters, none of them a control character.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let count = text.chars().count();
        if count == 0 || count > 100 || text.chars().any(char::is_control) {
            return Err(Violation { rule: "must be 1 to 100 characters, without control characters" });
        }
        Ok(Self(text.to_owned()))
    }

    /// The identifier as the source writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A coded value.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// Code system, such as `http://snomed.info/sct`; empty for a local code.
    pub system: String,
    /// The code.
    pub code: String,
    /// The words that go with it.
    pub display: String,
}

/// A member of staff named in an item.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Practitioner {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Team or organisation.
    pub team: String,
    /// Telephone number.
    pub telephone: String,
}

/// Someone else named in an item: a relative, a carer, an attorney.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct RelatedPerson {
    /// Name.
    pub name: String,
    /// Relationship to the person.
    pub relationship: String,
    /// Telephone number.
    pub telephone: String,
}

/// The value of one field.
#[derive(Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Words. Also a telephone number.
    Text(String),
    /// A date, perhaps partial.
    Date(PartialDate),
    /// A stretch of time; either end may be unknown.
    Period {
        /// First day.
        from: PartialDate,
        /// Last day.
        to: PartialDate,
    },
    /// A code.
    Code(Code),
    /// An amount.
    Quantity {
        /// Decimal figure as written, at most 20 characters.
        value: String,
        /// Unit in words, at most 40 characters.
        unit: String,
    },
    /// A member of staff.
    Practitioner(Practitioner),
    /// Someone else.
    Person(RelatedPerson),
    /// Yes or no.
    Flag(bool),
}

macro_rules! hidden_debug {
    ($($name:ident),*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        })*
    };
}

hidden_debug!(Instance, Code, Practitioner, RelatedPerson, FieldValue);

/// One item of one record, whole: a later version replaces it.
#[derive(Clone, PartialEq, Eq)]
pub struct DataItem {
    /// Row of the catalogue.
    pub kind: ItemKind,
    /// Which one, in the source's own terms.
    pub instance: Instance,
    /// When the source says that it was true.
    pub as_of: Timestamp,
    /// Fields by name, in the catalogue's order.
    pub fields: Vec<(String, FieldValue)>,
    /// Labels of this single instance, beside those of its kind.
    pub labels: Labels,
    /// Deep link into the source system, at most 500 characters.
    pub source_reference: Option<String>,
}

impl fmt::Debug for DataItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DataItem({} as of {}, {} fields)", self.kind, self.as_of, self.fields.len())
    }
}

impl DataItem {
    /// Checks the fields against the catalogue and puts them into its order. `path` names the item in violations.
    pub fn checked(mut self, path: &str) -> Result<Self, Vec<FieldViolation>> {
        let spec = Catalogue::standard().kind(self.kind);
        let mut violations = Vec::new();
        for (name, value) in &self.fields {
            match spec.fields.iter().find(|field| field.name == name) {
                None => violations.push(FieldViolation::new(
                    format!("{path}.fields.{}", printable(name)),
                    format!("is not a field of {}", spec.id),
                )),
                Some(field) => violations.extend(check_value(field, value, path)),
            }
        }
        violations.extend(missing_fields(spec.fields, &self.fields, path));
        if self.source_reference.as_ref().is_some_and(|text| !is_plain(text, 500)) {
            let rule = "must be at most 500 characters, without control characters";
            violations.push(FieldViolation::new(format!("{path}.source_reference"), rule));
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        self.fields.sort_by_key(|(name, _)| spec.fields.iter().position(|field| field.name == name));
        Ok(self)
    }

    /// The value of a field, where the item has it.
    pub fn field(&self, name: &str) -> Option<&FieldValue> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// The words of a text or code field, where the item has it.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.field(name)? {
            FieldValue::Text(text) => Some(text),
            FieldValue::Code(code) => Some(&code.display),
            FieldValue::Quantity { value, .. } => Some(value),
            FieldValue::Practitioner(who) => Some(&who.name),
            FieldValue::Person(who) => Some(&who.name),
            FieldValue::Date(_) | FieldValue::Period { .. } | FieldValue::Flag(_) => None,
        }
    }
}

fn missing_fields(specs: &[FieldSpec], fields: &[(String, FieldValue)], path: &str) -> Vec<FieldViolation> {
    let given = |spec: &FieldSpec| fields.iter().filter(|(name, _)| name == spec.name).count();
    let mut violations = Vec::new();
    for spec in specs {
        let count = given(spec);
        let field = || format!("{path}.fields.{}", spec.name);
        if spec.required && count == 0 {
            violations.push(FieldViolation::new(field(), "is required"));
        }
        if count > 1 {
            violations.push(FieldViolation::new(field(), "is given more than once"));
        }
    }
    violations
}

fn check_value(spec: &FieldSpec, value: &FieldValue, path: &str) -> Option<FieldViolation> {
    let rule = match (spec.kind, value) {
        (FieldKind::Text, FieldValue::Text(text)) => (!is_plain(text, 200) || text.is_empty())
            .then_some("must be 1 to 200 characters, without control characters"),
        (FieldKind::LongText, FieldValue::Text(text)) => (!is_long(text) || text.is_empty())
            .then_some("must be 1 to 4000 characters, without control characters"),
        (FieldKind::Telephone, FieldValue::Text(text)) => (!is_plain(text, 40) || text.is_empty())
            .then_some("must be 1 to 40 characters, without control characters"),
        (FieldKind::Code, FieldValue::Code(code)) => {
            (!(is_plain(&code.system, 200) && is_plain(&code.code, 100) && is_plain(&code.display, 200))
                || code.display.is_empty())
            .then_some("must have words of at most 200 characters, and a code of at most 100")
        }
        (FieldKind::Quantity, FieldValue::Quantity { value, unit }) => {
            (!is_decimal(value) || !is_plain(unit, 40)).then_some("must be a decimal figure and a unit")
        }
        (FieldKind::Practitioner, FieldValue::Practitioner(who)) => {
            let parts = [&who.name, &who.role, &who.team, &who.telephone];
            (!parts.iter().all(|part| is_plain(part, 200)))
                .then_some("must have parts of at most 200 characters")
        }
        (FieldKind::Person, FieldValue::Person(who)) => {
            let parts = [&who.name, &who.relationship, &who.telephone];
            (!parts.iter().all(|part| is_plain(part, 200)))
                .then_some("must have parts of at most 200 characters")
        }
        (FieldKind::Date, FieldValue::Date(_))
        | (FieldKind::Period, FieldValue::Period { .. })
        | (FieldKind::Flag, FieldValue::Flag(_)) => None,
        (kind, _) => Some(kind.rule()),
    }?;
    Some(FieldViolation::new(format!("{path}.fields.{}", spec.name), rule))
}

fn is_plain(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(char::is_control)
}

fn is_long(text: &str) -> bool {
    text.chars().count() <= 4000 && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    text.len() <= 20
        && digits.chars().next().is_some_and(|c| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
}

/// A field name as it may stand in an error: a sender's name is shown only where it looks like a name.
fn printable(name: &str) -> String {
    let plain = name.len() <= 40 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if plain { name.to_owned() } else { "(unnamed)".to_owned() }
}
