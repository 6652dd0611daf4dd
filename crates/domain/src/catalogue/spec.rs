//! What one row of the catalogue says. Must not hold the rows: they stand in one file per side.

use super::{ItemKind, Label, Labels, SharingLevel};

/// The level at which a kind is shared unless an agreement says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefaultLevel {
    /// From this level on.
    At(SharingLevel),
    /// At no level: on the never-share list until an information-governance lead takes it off.
    Never,
}

impl DefaultLevel {
    /// Whether a ceiling of this level includes the kind.
    pub fn is_within(self, ceiling: SharingLevel) -> bool {
        match self {
            Self::At(level) => level <= ceiling,
            Self::Never => false,
        }
    }

    /// The level, where there is one.
    pub fn level(self) -> Option<SharingLevel> {
        match self {
            Self::At(level) => Some(level),
            Self::Never => None,
        }
    }
}

/// Which side of a pair of agencies holds a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Any agency.
    Any,
    /// Social work, shown to health.
    SocialWork,
    /// Health, shown to social work.
    Health,
}

/// How many items of a kind one record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cardinality {
    /// At most one.
    Single,
    /// Any number.
    Many,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// One line of text, at most 200 characters.
    Text,
    /// Text of several lines, at most 4000 characters.
    LongText,
    /// A date, perhaps partial.
    Date,
    /// From and to, either end perhaps open or partial.
    Period,
    /// A code with its system and the words to show.
    Code,
    /// A number with its unit.
    Quantity,
    /// A member of staff.
    Practitioner,
    /// Another person: a relative, a carer, an attorney.
    Person,
    /// Yes or no.
    Flag,
    /// A telephone number.
    Telephone,
}

impl FieldKind {
    /// What a value of this kind must be, in words to follow the name of a field.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Text => "must be one line of text",
            Self::LongText => "must be text",
            Self::Date => "must be a date",
            Self::Period => "must be a period",
            Self::Code => "must be a code with its words",
            Self::Quantity => "must be a quantity",
            Self::Practitioner => "must be a member of staff",
            Self::Person => "must be a person",
            Self::Flag => "must be yes or no",
            Self::Telephone => "must be a telephone number",
        }
    }
}

/// One field of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Stable name, such as `provider`.
    pub name: &'static str,
    /// Plain words for the screen.
    pub title: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// An item without it is refused.
    pub required: bool,
    /// The value leads to where the person is, or names a relation, in a kind that a protected mark does not gate
    /// as a whole: leave the value out for a protected person. Of a practitioner, leave out team and telephone.
    pub protected: bool,
}

impl FieldSpec {
    pub(super) const fn new(name: &'static str, title: &'static str, kind: FieldKind) -> Self {
        let protected = matches!(kind, FieldKind::Person | FieldKind::Practitioner | FieldKind::Telephone);
        Self { name, title, kind, required: false, protected }
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn protected(mut self) -> Self {
        self.protected = true;
        self
    }
}

/// One row of the catalogue: a kind of data item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindSpec {
    /// The kind, which is its bit position.
    pub kind: ItemKind,
    /// Stable id, such as `care_package`.
    pub id: &'static str,
    /// Plain words for the screen.
    pub title: &'static str,
    /// Default level.
    pub level: DefaultLevel,
    /// Labels of every item of the kind.
    pub labels: Labels,
    /// Who holds it.
    pub side: Side,
    /// How many a record holds.
    pub cardinality: Cardinality,
    /// Fields in the order of showing.
    pub fields: &'static [FieldSpec],
}

impl KindSpec {
    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(super) const fn new(
        id: (ItemKind, &'static str),
        title: &'static str,
        fields: &'static [FieldSpec],
    ) -> Self {
        let (kind, id) = id;
        Self {
            kind,
            id,
            title,
            level: DefaultLevel::Never,
            labels: Labels::NONE,
            side: Side::Any,
            cardinality: Cardinality::Many,
            fields,
        }
    }

    pub(super) const fn single(mut self) -> Self {
        self.cardinality = Cardinality::Single;
        self
    }

    pub(super) const fn label(mut self, label: Label) -> Self {
        self.labels = self.labels.with(label);
        self
    }

    pub(super) const fn held_by(mut self, side: Side) -> Self {
        self.side = side;
        self
    }

    pub(super) const fn at(mut self, level: SharingLevel) -> Self {
        self.level = DefaultLevel::At(level);
        self
    }
}

/// Makers of fields, one a kind, that keep a row of the catalogue on a line.
pub(super) mod fields {
    use super::{FieldKind, FieldSpec};

    pub(in crate::catalogue) const fn text(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Text)
    }
    pub(in crate::catalogue) const fn long(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::LongText)
    }
    pub(in crate::catalogue) const fn date(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Date)
    }
    pub(in crate::catalogue) const fn period(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Period)
    }
    pub(in crate::catalogue) const fn code(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Code)
    }
    pub(in crate::catalogue) const fn quantity(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Quantity)
    }
    pub(in crate::catalogue) const fn staff(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Practitioner)
    }
    pub(in crate::catalogue) const fn person(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Person)
    }
    pub(in crate::catalogue) const fn flag(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Flag)
    }
    pub(in crate::catalogue) const fn phone(name: &'static str, title: &'static str) -> FieldSpec {
        FieldSpec::new(name, title, FieldKind::Telephone)
    }
}
