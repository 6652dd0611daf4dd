//! The catalogue of data items: every kind that a protocol can name, its default level, labels and fields.
//!
//! Rows are append-only: a bit position is never moved and never used again (`golden.txt` holds the list). The
//! levels are a starting point for an agreement's own schedule, not a published standard.

use std::sync::LazyLock;

mod any_agency;
mod health;
mod kinds;
mod mask;
mod social_work;
mod spec;
#[cfg(test)]
mod tests;

pub use mask::*;
pub use spec::*;

static STANDARD: LazyLock<Catalogue> = LazyLock::new(|| {
    let rows = [any_agency::KINDS, social_work::KINDS, health::KINDS].concat();
    Catalogue::of(rows)
});

/// Kinds that a protected mark on a person gates, every relation included.
const GATED_BY_PROTECTED_MARK: &[ItemKind] = &[
    ItemKind::ADDRESS,
    ItemKind::CONTACT_DETAILS,
    ItemKind::PLACEMENT,
    ItemKind::REGISTERED_PRACTICE,
    ItemKind::RESPONSIBLE_TEAM,
    ItemKind::ACCESS_INFORMATION,
    ItemKind::CARER,
    ItemKind::PERSONAL_CONTACT,
    ItemKind::PROFESSIONAL_CONTACT,
    ItemKind::ATTORNEY_OR_GUARDIAN,
    ItemKind::HEALTH_NEXT_OF_KIN,
];

/// Every kind, by bit position.
#[derive(Debug)]
pub struct Catalogue {
    rows: Vec<KindSpec>,
}

/// A fault in the catalogue itself: the build is wrong, and nothing may start with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("catalogue row {row}: {fault}; correct the catalogue before starting")]
pub struct CatalogueFault {
    /// Id of the row.
    pub row: String,
    /// What is wrong with it.
    pub fault: &'static str,
}

impl Catalogue {
    /// The catalogue of this version.
    pub fn standard() -> &'static Self {
        &STANDARD
    }

    /// The row of a kind.
    pub fn kind(&self, kind: ItemKind) -> &KindSpec {
        self.row(kind.index()).unwrap_or(&health::SEXUAL_HEALTH) // INVARIANT: a kind without a row is never shared.
    }

    /// The kind with this id.
    pub fn by_id(&self, id: &str) -> Option<ItemKind> {
        self.rows.iter().find(|row| row.id == id).map(|row| row.kind)
    }

    /// Every row, by bit position.
    pub fn iter(&self) -> impl Iterator<Item = &KindSpec> {
        self.rows.iter()
    }

    /// Every kind.
    pub fn all(&self) -> ItemMask {
        self.rows.iter().map(|row| row.kind).collect()
    }

    /// The kinds up to and including a level by default; kinds that are never shared are in none.
    pub fn up_to(&self, level: SharingLevel) -> ItemMask {
        self.rows.iter().filter(|row| row.level.is_within(level)).map(|row| row.kind).collect()
    }

    /// The kinds that carry a label.
    pub fn labelled(&self, label: Label) -> ItemMask {
        self.rows.iter().filter(|row| row.labels.contains(label)).map(|row| row.kind).collect()
    }

    /// Checks the rows against each other and against the rules of the domain; run once at start.
    pub fn check(&self) -> Result<(), CatalogueFault> {
        for (index, row) in self.rows.iter().enumerate() {
            let others = || self.rows.iter().enumerate().filter(move |(i, _)| *i != index).map(|(_, r)| r);
            let fault = fault_of(row).or_else(|| {
                others()
                    .any(|other| other.id == row.id || other.kind == row.kind || other.title == row.title)
                    .then_some("has the id, the position or the title of another row")
            });
            if let Some(fault) = fault {
                return Err(CatalogueFault { row: row.id.to_owned(), fault });
            }
        }
        Ok(())
    }

    fn of(mut rows: Vec<KindSpec>) -> Self {
        rows.sort_by_key(|row| row.kind);
        Self { rows }
    }

    pub(crate) fn has(&self, index: u8) -> bool {
        self.row(index).is_some()
    }

    fn row(&self, index: u8) -> Option<&KindSpec> {
        let found = self.rows.binary_search_by_key(&index, |row| row.kind.index()).ok()?;
        self.rows.get(found)
    }
}

fn fault_of(row: &KindSpec) -> Option<&'static str> {
    let names_unique =
        row.fields.iter().enumerate().all(|(i, a)| row.fields.iter().skip(i + 1).all(|b| a.name != b.name));
    let health_above_basic = row.side == Side::Health && row.level != DefaultLevel::At(SharingLevel::Basic);
    let third_party = row.fields.iter().any(|field| field.required && field.kind == FieldKind::Person);
    let faults = [
        (row.kind.index() >= MOST_KINDS, "has a position of 128 or more"),
        (!is_name(row.id), "has an id that is not lower-case words joined by underscores"),
        (row.title.trim().is_empty(), "has no title"),
        (row.fields.is_empty(), "has no fields"),
        (!row.fields.iter().all(|field| is_name(field.name)), "has a badly formed field name"),
        (!row.fields.iter().all(|field| !field.title.trim().is_empty()), "has a field without a title"),
        (!names_unique, "has two fields of one name"),
        (
            lacks(row, Label::SpecialCategory, health_above_basic),
            "is health data above level 1 without special-category",
        ),
        (
            lacks(row, Label::ProtectedAddress, GATED_BY_PROTECTED_MARK.contains(&row.kind)),
            "is gated by a protected mark and lacks protected-address",
        ),
        (lacks(row, Label::ThirdParty, third_party), "names another person and lacks third-party"),
    ];
    faults.into_iter().find_map(|(at_fault, fault)| at_fault.then_some(fault))
}

fn lacks(row: &KindSpec, label: Label, required: bool) -> bool {
    required && !row.labels.contains(label)
}

fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.split('_').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
        && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}
