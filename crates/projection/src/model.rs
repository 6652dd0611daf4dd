//! What the read model holds of one source record. Must not know how it is stored.

use domain::{
    Address, DataItem, Deceased, Demographics, Instance, ItemKind, RecordKey, RecordVersion, SourceRecord,
    Window,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One item among those of a record.
pub type ItemKey = (ItemKind, Instance);

/// The parts of the demographics that take statements each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DemographicsField {
    /// Names.
    Names,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// CHI number.
    Chi,
    /// NHS number.
    NhsNumber,
    /// Addresses.
    Addresses,
    /// Contacts.
    Contacts,
    /// Death.
    Deceased,
    /// The protected mark.
    Protected,
}

impl DemographicsField {
    /// Every field, in the order of its number in stores.
    pub const ALL: [Self; 9] = [
        Self::Names,
        Self::BirthDate,
        Self::Sex,
        Self::Chi,
        Self::NhsNumber,
        Self::Addresses,
        Self::Contacts,
        Self::Deceased,
        Self::Protected,
    ];
}

/// The statement that a part holds: how new it is, when it was true, when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// How new.
    pub version: RecordVersion,
    /// When it happened, as the source says.
    pub occurred_at: Timestamp,
    /// When it was received.
    pub received_at: Timestamp,
}

/// What is held of a record beside its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordState {
    /// Which record.
    pub record: SourceRecord,
    /// The newest statement about it; `Arrival(0)` before the first.
    pub version: RecordVersion,
    /// Who the person is, as this source says.
    pub demographics: Demographics,
    /// The statement that each field of the demographics holds.
    pub stamps: BTreeMap<DemographicsField, Stamp>,
    /// Kinds of which the source sent the whole list, and the statement that did: older items are gone.
    pub floors: BTreeMap<ItemKind, RecordVersion>,
    /// The statement that removed the record at the source: whatever is older is gone.
    pub removed: Option<RecordVersion>,
    /// When the record's own agency has a relationship with the person: stays, workers, teams, a practice.
    pub relationships: Vec<Window>,
}

impl RecordState {
    /// The state of a record of which nothing is known yet.
    pub fn new(record: SourceRecord) -> Self {
        Self {
            record,
            version: RecordVersion::Arrival(0),
            demographics: Demographics::default(),
            stamps: BTreeMap::new(),
            floors: BTreeMap::new(),
            removed: None,
            relationships: Vec::new(),
        }
    }

    /// The key in logs and stores.
    pub fn key(&self) -> RecordKey {
        self.record.key()
    }

    /// Whether where the person lives is protected: by a mark on the person or on any address.
    pub fn is_protected(&self) -> bool {
        is_protected(&self.demographics)
    }

    /// Whether the person is known to have died.
    pub fn is_deceased(&self) -> bool {
        matches!(self.demographics.deceased, Some(Deceased::Yes(_)))
    }
}

/// Whether the demographics carry a protected mark, on the person or on any address.
fn is_protected(demographics: &Demographics) -> bool {
    demographics.protected || demographics.addresses.iter().any(|Address { protected, .. }| *protected)
}

/// One item of a record, or the trace of one that was removed: an older statement must not bring it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemState {
    /// How new the statement is.
    pub version: RecordVersion,
    /// When it was received.
    pub received_at: Timestamp,
    /// The item; `None` once removed.
    pub item: Option<DataItem>,
}

impl ItemState {
    /// What a view can tell of it.
    pub(crate) fn visible(&self) -> Option<(&DataItem, Timestamp)> {
        self.item.as_ref().map(|item| (item, self.received_at))
    }
}

/// One source record, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordModel {
    /// Everything but the items.
    pub state: RecordState,
    /// Items and traces of removed ones.
    pub items: BTreeMap<ItemKey, ItemState>,
}

impl RecordModel {
    /// A record of which nothing is known yet.
    pub fn new(record: SourceRecord) -> Self {
        Self { state: RecordState::new(record), items: BTreeMap::new() }
    }

    /// The items that the record holds, by kind and instance.
    pub fn held(&self) -> impl Iterator<Item = &DataItem> {
        self.items.values().filter_map(|row| row.item.as_ref())
    }

    /// Whether the source removed the record and said nothing newer of it.
    pub fn is_removed(&self) -> bool {
        self.state.removed.is_some() && self.state.stamps.is_empty() && self.held().next().is_none()
    }
}
