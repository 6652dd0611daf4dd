//! One accepted message applied to one record: each part takes only what is not older than what it holds.

use crate::derived::{derived_items, is_derived};
use crate::relationships::relationships;
use crate::{DemographicsField, ItemKey, ItemState, RecordModel, Stamp};
use domain::{Change, DataItem, Demographics, DemographicsPatch, RecordChange, RecordVersion};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// When and where a statement arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When the event was received, as its envelope says.
    pub received_at: Timestamp,
    /// Its offset in the record's partition: the version of a statement whose source gives neither number nor time.
    pub offset: u64,
}

/// What a statement did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Everything that it says was known better already: nothing was applied.
    pub superseded: bool,
    /// A view of the record may differ now.
    pub changed: bool,
    /// Rows of items to write: present in the model, or to delete where it no longer has them.
    pub touched: BTreeSet<ItemKey>,
    /// Items passed over because their kind is told by the demographics.
    pub passed_over: u32,
}

/// One statement while it is applied.
struct Statement<'a> {
    change: &'a RecordChange,
    /// What it says of single items: the item, or `None` where it is gone. An item outranks its own removal.
    items: BTreeMap<ItemKey, Option<DataItem>>,
    stamp: Stamp,
    said: u32,
    applied: u32,
    outcome: Outcome,
}

impl RecordModel {
    /// Applies one message.
    pub fn apply(&mut self, change: &RecordChange, arrival: Arrival) -> Outcome {
        let version = match change.version {
            RecordVersion::Arrival(_) => RecordVersion::Arrival(arrival.offset),
            given @ (RecordVersion::Sequence(_) | RecordVersion::SourceTime(_)) => given,
        };
        let stamp = Stamp { version, occurred_at: change.occurred_at, received_at: arrival.received_at };
        if self.state.removed.is_some_and(|removed| !version.is_not_older_than(removed)) {
            return Outcome { superseded: true, ..Outcome::default() };
        }
        let items = items_of(change);
        let mut statement =
            Statement { change, items, stamp, said: 0, applied: 0, outcome: Outcome::default() };
        let before = self.state.demographics.clone();
        if change.record_removed {
            self.remove_record(&mut statement);
        } else {
            self.apply_demographics(&mut statement);
            self.apply_complete_kinds(&mut statement);
            self.apply_items(&mut statement);
        }
        self.settle(&before, &mut statement);
        statement.outcome.superseded = statement.said > 0 && statement.applied == 0;
        statement.outcome
    }

    /// Works out what follows from the parts.
    fn settle(&mut self, before: &Demographics, statement: &mut Statement<'_>) {
        if statement.stamp.version.is_not_older_than(self.state.version) {
            self.state.version = statement.stamp.version;
        }
        self.settle_derived(statement);
        let relationships = relationships(self.held());
        statement.outcome.changed |=
            *before != self.state.demographics || relationships != self.state.relationships;
        self.state.relationships = relationships;
    }

    fn settle_derived(&mut self, statement: &mut Statement<'_>) {
        let wanted = derived_items(&self.state);
        let gone: Vec<ItemKey> = self
            .items
            .keys()
            .filter(|key| is_derived(key.0) && !wanted.contains_key(*key))
            .cloned()
            .collect();
        for key in gone {
            self.drop_row(&key, statement);
        }
        for (key, row) in wanted {
            self.put_row(key, row, statement);
        }
    }

    fn apply_demographics(&mut self, statement: &mut Statement<'_>) {
        let mut patch = statement.change.demographics.clone();
        let mut fields =
            Fields { stamps: &mut self.state.stamps, stamp: statement.stamp, said: 0, applied: 0 };
        fields.admit_all(&mut patch);
        statement.said += fields.said;
        statement.applied += fields.applied;
        patch.apply_to(&mut self.state.demographics);
    }

    fn apply_complete_kinds(&mut self, statement: &mut Statement<'_>) {
        let change = statement.change;
        for kind in change.complete_kinds.iter().copied().filter(|kind| !is_derived(*kind)) {
            statement.said += 1;
            let version = statement.stamp.version;
            if self.state.floors.get(&kind).is_some_and(|floor| !version.is_not_older_than(*floor)) {
                continue;
            }
            statement.applied += 1;
            self.state.floors.insert(kind, version);
            let named: BTreeSet<ItemKey> =
                statement.items.keys().filter(|key| key.0 == kind).cloned().collect();
            let is_gone = |key: &ItemKey, row: &ItemState| {
                key.0 == kind && version.is_not_older_than(row.version) && !named.contains(key)
            };
            self.drop_rows(is_gone, statement);
        }
    }

    fn apply_items(&mut self, statement: &mut Statement<'_>) {
        for (key, item) in std::mem::take(&mut statement.items) {
            self.put_statement(key, item, statement);
        }
    }

    /// Puts an item, or the trace of its removal, where nothing newer is held.
    fn put_statement(&mut self, key: ItemKey, item: Option<DataItem>, statement: &mut Statement<'_>) {
        if is_derived(key.0) {
            statement.outcome.passed_over += 1;
            return;
        }
        statement.said += 1;
        let Stamp { version, received_at, .. } = statement.stamp;
        if self.item_version(&key).is_some_and(|held| !version.is_not_older_than(held)) {
            return;
        }
        statement.applied += 1;
        self.put_row(key, ItemState { version, received_at, item }, statement);
    }

    /// The newest statement about an item: its own, or that of its kind's whole list.
    fn item_version(&self, key: &ItemKey) -> Option<RecordVersion> {
        let floor = || self.state.floors.get(&key.0).copied();
        self.items.get(key).map(|row| row.version).or_else(floor)
    }

    fn remove_record(&mut self, statement: &mut Statement<'_>) {
        statement.said += 1;
        statement.applied += 1;
        let version = statement.stamp.version;
        self.state.removed = Some(version);
        self.state.floors.retain(|_, floor| !version.is_not_older_than(*floor));
        let mut patch = DemographicsPatch::default();
        for field in DemographicsField::ALL {
            let stamp = self.state.stamps.get(&field);
            if stamp.is_some_and(|stamp| version.is_not_older_than(stamp.version)) {
                self.state.stamps.remove(&field);
                delete(field, &mut patch);
            }
        }
        patch.apply_to(&mut self.state.demographics);
        self.drop_rows(|key, row| !is_derived(key.0) && version.is_not_older_than(row.version), statement);
    }

    fn drop_rows(&mut self, is_gone: impl Fn(&ItemKey, &ItemState) -> bool, statement: &mut Statement<'_>) {
        let gone: Vec<ItemKey> =
            self.items.iter().filter(|(key, row)| is_gone(key, row)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.drop_row(&key, statement);
        }
    }

    fn drop_row(&mut self, key: &ItemKey, statement: &mut Statement<'_>) {
        if let Some(row) = self.items.remove(key) {
            statement.outcome.changed |= row.item.is_some();
            statement.outcome.touched.insert(key.clone());
        }
    }

    fn put_row(&mut self, key: ItemKey, row: ItemState, statement: &mut Statement<'_>) {
        let held = self.items.get(&key);
        if held == Some(&row) {
            return;
        }
        statement.outcome.changed |= held.and_then(ItemState::visible) != row.visible();
        statement.outcome.touched.insert(key.clone());
        self.items.insert(key, row);
    }
}

fn items_of(change: &RecordChange) -> BTreeMap<ItemKey, Option<DataItem>> {
    let removals = change.removals.iter().map(|key| (key.clone(), None));
    let upserts = change.upserts.iter().map(|item| ((item.kind, item.instance.clone()), Some(item.clone())));
    removals.chain(upserts).collect()
}

/// The fields of the demographics, each admitting what is not older.
struct Fields<'a> {
    stamps: &'a mut BTreeMap<DemographicsField, Stamp>,
    stamp: Stamp,
    said: u32,
    applied: u32,
}

impl Fields<'_> {
    fn admit_all(&mut self, patch: &mut DemographicsPatch) {
        self.admit(DemographicsField::Names, &mut patch.names);
        self.admit(DemographicsField::BirthDate, &mut patch.birth_date);
        self.admit(DemographicsField::Sex, &mut patch.sex);
        self.admit(DemographicsField::Chi, &mut patch.chi);
        self.admit(DemographicsField::NhsNumber, &mut patch.nhs_number);
        self.admit(DemographicsField::Addresses, &mut patch.addresses);
        self.admit(DemographicsField::Contacts, &mut patch.contacts);
        self.admit(DemographicsField::Deceased, &mut patch.deceased);
        self.admit(DemographicsField::Protected, &mut patch.protected);
    }

    fn admit<T>(&mut self, field: DemographicsField, change: &mut Change<T>) {
        if !change.is_change() {
            return;
        }
        self.said += 1;
        if self.stamps.get(&field).is_some_and(|held| !self.stamp.version.is_not_older_than(held.version)) {
            *change = Change::Unchanged;
            return;
        }
        self.applied += 1;
        self.stamps.insert(field, self.stamp);
    }
}

fn delete(field: DemographicsField, patch: &mut DemographicsPatch) {
    match field {
        DemographicsField::Names => patch.names = Change::Deleted,
        DemographicsField::BirthDate => patch.birth_date = Change::Deleted,
        DemographicsField::Sex => patch.sex = Change::Deleted,
        DemographicsField::Chi => patch.chi = Change::Deleted,
        DemographicsField::NhsNumber => patch.nhs_number = Change::Deleted,
        DemographicsField::Addresses => patch.addresses = Change::Deleted,
        DemographicsField::Contacts => patch.contacts = Change::Deleted,
        DemographicsField::Deceased => patch.deceased = Change::Deleted,
        DemographicsField::Protected => patch.protected = Change::Deleted,
    }
}

#[cfg(test)]
mod tests;
