//! Where a person lives and how to reach them.

use super::demographics::partial_date;
use super::v1;
use crate::reading::Reading;
use domain::{Address, AddressUse, ContactKind, ContactPoint, Postcode, Uprn};

/// Reads an address.
pub(super) fn address(value: v1::Address, at: &str, reading: &mut Reading) -> Option<Address> {
    let place = |field: &str| format!("{at}.{field}");
    let used_as = address_use(value.r#use, &place("use"), reading);
    let postcode = Some(value.postcode)
        .filter(|text| !text.is_empty())
        .map(|text| reading.checked(&place("postcode"), Postcode::parse(&text)));
    let uprn = Some(value.uprn)
        .filter(|number| *number != 0)
        .map(|number| reading.checked(&place("uprn"), Uprn::new(number)));
    let from = partial_date(&value.from, &place("from"), reading);
    let to = partial_date(&value.to, &place("to"), reading);
    Some(Address {
        used_as: used_as?,
        lines: value.lines,
        postcode: postcode.flatten(),
        uprn: uprn.flatten(),
        from: from?,
        to: to?,
        protected: value.protected,
    })
}

/// Writes an address.
pub fn wire_address(address: &Address) -> v1::Address {
    let used_as = match address.used_as {
        AddressUse::Home => v1::AddressUse::Home,
        AddressUse::Temporary => v1::AddressUse::Temporary,
        AddressUse::Postal => v1::AddressUse::Postal,
        AddressUse::Previous => v1::AddressUse::Previous,
    };
    v1::Address {
        r#use: used_as.into(),
        lines: address.lines.clone(),
        postcode: address.postcode.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default(),
        uprn: address.uprn.map(Uprn::value).unwrap_or_default(),
        from: address.from.to_iso(),
        to: address.to.to_iso(),
        protected: address.protected,
    }
}

fn address_use(value: i32, at: &str, reading: &mut Reading) -> Option<AddressUse> {
    match v1::AddressUse::try_from(value) {
        Ok(v1::AddressUse::Home) => Some(AddressUse::Home),
        Ok(v1::AddressUse::Temporary) => Some(AddressUse::Temporary),
        Ok(v1::AddressUse::Postal) => Some(AddressUse::Postal),
        Ok(v1::AddressUse::Previous) => Some(AddressUse::Previous),
        Ok(v1::AddressUse::Unspecified) | Err(_) => {
            reading.refuse(at, "must be HOME, TEMPORARY, POSTAL or PREVIOUS");
            None
        }
    }
}

/// Reads a telephone number or an e-mail address.
pub(super) fn contact(value: v1::ContactPoint, at: &str, reading: &mut Reading) -> Option<ContactPoint> {
    let kind = match v1::ContactKind::try_from(value.kind) {
        Ok(v1::ContactKind::Telephone) => Some(ContactKind::Telephone),
        Ok(v1::ContactKind::Mobile) => Some(ContactKind::Mobile),
        Ok(v1::ContactKind::Email) => Some(ContactKind::Email),
        Ok(v1::ContactKind::Unspecified) | Err(_) => None,
    };
    if kind.is_none() {
        reading.refuse(&format!("{at}.kind"), "must be TELEPHONE, MOBILE or EMAIL");
    }
    Some(ContactPoint { kind: kind?, value: value.value })
}

/// Writes a telephone number or an e-mail address.
pub fn wire_contact(contact: &ContactPoint) -> v1::ContactPoint {
    let kind = match contact.kind {
        ContactKind::Telephone => v1::ContactKind::Telephone,
        ContactKind::Mobile => v1::ContactKind::Mobile,
        ContactKind::Email => v1::ContactKind::Email,
    };
    v1::ContactPoint { kind: kind.into(), value: contact.value.clone() }
}
