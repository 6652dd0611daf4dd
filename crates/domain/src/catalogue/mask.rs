//! The small values that decisions are made of: kinds, masks of kinds, levels, labels.
//!
//! Bit positions are for ever: old disclosure leaves hold masks. Must not give a position a second meaning.

use std::fmt;

use super::Catalogue;
use crate::text::Violation;

/// The most kinds there can be: a permitted view is one 128-bit mask.
pub const MOST_KINDS: u8 = 128;

/// The kind of a data item: its bit position in the catalogue, below 128.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemKind(pub(crate) u8);

impl ItemKind {
    /// The kind with this bit position, if the catalogue has it.
    pub fn from_index(index: u8) -> Option<Self> {
        Catalogue::standard().has(index).then_some(Self(index))
    }

    /// Bit position, below 128.
    pub const fn index(self) -> u8 {
        self.0
    }

    /// The catalogue id, such as `care_package`.
    pub fn id(self) -> &'static str {
        Catalogue::standard().kind(self).id
    }
}

impl fmt::Debug for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemKind({})", self.id())
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A set of kinds, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ItemMask(u128);

impl ItemMask {
    /// No kind.
    pub const EMPTY: Self = Self(0);

    /// The set with these bits. Bits that this version's catalogue does not know are kept, and never listed by
    /// [`Self::iter`]: a newer version may have written them.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The bits.
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// Adds a kind.
    pub const fn insert(&mut self, kind: ItemKind) {
        self.0 |= bit(kind);
    }

    /// Takes a kind out.
    pub const fn remove(&mut self, kind: ItemKind) {
        self.0 &= !bit(kind);
    }

    /// The set with a kind added.
    #[must_use]
    pub const fn with(self, kind: ItemKind) -> Self {
        Self(self.0 | bit(kind))
    }

    /// Whether the kind is in the set.
    pub const fn contains(self, kind: ItemKind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether everything in this is in the other.
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many kinds are in it.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The known kinds in it, by bit position.
    pub fn iter(self) -> impl Iterator<Item = ItemKind> {
        (0..MOST_KINDS).filter(move |i| self.0 >> i & 1 == 1).filter_map(ItemKind::from_index)
    }
}

impl FromIterator<ItemKind> for ItemMask {
    fn from_iter<I: IntoIterator<Item = ItemKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for ItemMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemMask({:#x})", self.0)
    }
}

const fn bit(kind: ItemKind) -> u128 {
    1 << kind.0
}

/// A sharing level of a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum SharingLevel {
    /// Level 1.
    Basic = 1,
    /// Level 2.
    Intermediate = 2,
    /// Level 3.
    Detailed = 3,
    /// Level 4.
    Full = 4,
}

impl SharingLevel {
    /// Every level, lowest first.
    pub const ALL: [Self; 4] = [Self::Basic, Self::Intermediate, Self::Detailed, Self::Full];

    /// The level's number, 1 to 4.
    pub const fn value(self) -> u8 {
        self as u8
    }

    /// The level's word.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Intermediate => "intermediate",
            Self::Detailed => "detailed",
            Self::Full => "full",
        }
    }
}

impl TryFrom<u8> for SharingLevel {
    type Error = Violation;

    fn try_from(number: u8) -> Result<Self, Violation> {
        Self::ALL
            .into_iter()
            .find(|level| level.value() == number)
            .ok_or(Violation::of("must be a level from 1 to 4"))
    }
}

/// A mark that adds a gate of its own, whatever the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Label {
    /// Needs a condition for special category data (UK GDPR Article 9).
    SpecialCategory = 0,
    /// Is about another person too.
    ThirdParty = 1,
    /// Disclosure could cause serious harm.
    SeriousHarm = 2,
    /// Is about criminal offences (UK GDPR Article 10).
    Criminal = 3,
    /// Is about the protection of a child.
    ChildProtection = 4,
    /// Tells where somebody is, or leads there; withheld for a person with a protected mark.
    ProtectedAddress = 5,
}

impl Label {
    /// Every label, by bit position.
    pub const ALL: [Self; 6] = [
        Self::SpecialCategory,
        Self::ThirdParty,
        Self::SeriousHarm,
        Self::Criminal,
        Self::ChildProtection,
        Self::ProtectedAddress,
    ];

    /// The label's id, such as `third-party`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::SpecialCategory => "special-category",
            Self::ThirdParty => "third-party",
            Self::SeriousHarm => "serious-harm",
            Self::Criminal => "criminal",
            Self::ChildProtection => "child-protection",
            Self::ProtectedAddress => "protected-address",
        }
    }

    /// The label with this id.
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.id() == id)
    }
}

/// A set of labels, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Labels(u16);

impl Labels {
    /// No label.
    pub const NONE: Self = Self(0);

    /// The set with these bits. A bit that this version does not know is refused: a gate
    /// that cannot be judged must not be left out.
    pub fn from_bits(bits: u16) -> Result<Self, Violation> {
        let known = Label::ALL.into_iter().fold(Self::NONE, Self::with);
        if bits & !known.0 == 0 { Ok(Self(bits)) } else { Err(Violation::of("must hold known labels only")) }
    }

    /// The bits.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set with a label added.
    #[must_use]
    pub const fn with(self, label: Label) -> Self {
        Self(self.0 | 1 << label as u8)
    }

    /// Adds a label.
    pub const fn insert(&mut self, label: Label) {
        self.0 |= 1 << label as u8;
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the label is in the set.
    pub const fn contains(self, label: Label) -> bool {
        self.0 & 1 << label as u8 != 0
    }

    /// Whether everything in this is in the other.
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The labels in it, by bit position.
    pub fn iter(self) -> impl Iterator<Item = Label> {
        Label::ALL.into_iter().filter(move |label| self.contains(*label))
    }
}

impl FromIterator<Label> for Labels {
    fn from_iter<I: IntoIterator<Item = Label>>(labels: I) -> Self {
        labels.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Label::id)).finish()
    }
}
