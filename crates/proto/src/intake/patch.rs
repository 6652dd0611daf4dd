//! A patch of a person's demographics: unchanged, set and deleted are three things on the wire too.

use super::address::{address, contact, wire_address, wire_contact};
use super::demographics::{
    chi, deceased, name, nhs_number, partial_date, sex, wire_chi, wire_deceased, wire_name, wire_sex,
};
use super::{each, v1};
use crate::reading::Reading;
use domain::{Change, DemographicsPatch, PartialDate};

/// The fields that a source can clear, as the message names them.
pub(super) const CLEARABLE: [&str; 9] =
    ["names", "birth_date", "sex", "chi", "nhs_number", "addresses", "contacts", "deceased", "protected"];

/// Reads a patch. A field that breaks a rule is noted and counts as unchanged.
pub(super) fn patch(value: v1::DemographicsPatch, at: &str, reading: &mut Reading) -> DemographicsPatch {
    let cleared = cleared_fields(value.cleared_fields, at, reading);
    let mut fields = Fields { cleared, at, reading };
    DemographicsPatch {
        names: fields.take("names", value.names, |list, at, reading| {
            Some(each(list.names, &format!("{at}.names"), reading, name))
        }),
        birth_date: fields
            .take("birth_date", value.birth_date, |text, at, reading| partial_date(&text, at, reading)),
        sex: fields.take("sex", value.sex, sex),
        chi: fields.take("chi", value.chi, chi),
        nhs_number: fields
            .take("nhs_number", value.nhs_number, |text, at, reading| nhs_number(&text, at, reading)),
        addresses: fields.take("addresses", value.addresses, |list, at, reading| {
            Some(each(list.addresses, &format!("{at}.addresses"), reading, address))
        }),
        contacts: fields.take("contacts", value.contacts, |list, at, reading| {
            Some(each(list.contacts, &format!("{at}.contacts"), reading, contact))
        }),
        deceased: fields.take("deceased", value.deceased, deceased),
        protected: fields.take("protected", value.protected, |mark, _, _| Some(mark)),
    }
}

struct Fields<'a> {
    cleared: Vec<String>,
    at: &'a str,
    reading: &'a mut Reading,
}

impl Fields<'_> {
    fn take<W, T>(
        &mut self,
        field: &str,
        sent: Option<W>,
        read: impl FnOnce(W, &str, &mut Reading) -> Option<T>,
    ) -> Change<T> {
        let path = || format!("{}.{field}", self.at);
        match (sent, self.cleared.iter().any(|cleared| cleared == field)) {
            (None, false) => Change::Unchanged,
            (None, true) => Change::Deleted,
            (Some(value), false) => read(value, &path(), self.reading).map_or(Change::Unchanged, Change::Set),
            (Some(_), true) => {
                self.reading.refuse(&path(), "must not be both set and cleared");
                Change::Unchanged
            }
        }
    }
}

fn cleared_fields(names: Vec<String>, at: &str, reading: &mut Reading) -> Vec<String> {
    each(names, &format!("{at}.cleared_fields"), reading, |name, at, reading| {
        let known = CLEARABLE.contains(&name.as_str());
        if !known {
            reading.refuse(at, format!("must be one of {}", CLEARABLE.join(", ")));
        }
        known.then_some(name)
    })
}

/// Writes a patch.
pub(super) fn wire_patch(patch: &DemographicsPatch) -> v1::DemographicsPatch {
    let DemographicsPatch {
        names,
        birth_date,
        sex,
        chi,
        nhs_number,
        addresses,
        contacts,
        deceased,
        protected,
    } = patch;
    v1::DemographicsPatch {
        names: set(names).map(|list| v1::PersonNames { names: list.iter().map(wire_name).collect() }),
        birth_date: set(birth_date).map(PartialDate::to_iso),
        sex: set(sex).map(|sex| wire_sex(*sex).into()),
        chi: set(chi).map(wire_chi),
        nhs_number: set(nhs_number).map(|number| number.as_str().to_owned()),
        addresses: set(addresses)
            .map(|list| v1::Addresses { addresses: list.iter().map(wire_address).collect() }),
        contacts: set(contacts)
            .map(|list| v1::ContactPoints { contacts: list.iter().map(wire_contact).collect() }),
        deceased: set(deceased).map(wire_deceased),
        protected: set(protected).copied(),
        cleared_fields: wire_cleared(patch),
    }
}

fn wire_cleared(patch: &DemographicsPatch) -> Vec<String> {
    let cleared = [
        is_deleted(&patch.names),
        is_deleted(&patch.birth_date),
        is_deleted(&patch.sex),
        is_deleted(&patch.chi),
        is_deleted(&patch.nhs_number),
        is_deleted(&patch.addresses),
        is_deleted(&patch.contacts),
        is_deleted(&patch.deceased),
        is_deleted(&patch.protected),
    ];
    CLEARABLE.iter().zip(cleared).filter(|(_, gone)| *gone).map(|(name, _)| (*name).to_owned()).collect()
}

fn set<T>(change: &Change<T>) -> Option<&T> {
    match change {
        Change::Set(value) => Some(value),
        Change::Unchanged | Change::Deleted => None,
    }
}

fn is_deleted<T>(change: &Change<T>) -> bool {
    matches!(change, Change::Deleted)
}
