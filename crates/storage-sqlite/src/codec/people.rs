//! Bytes of who a person is and of data items.

use super::{Coded, Error, Input, coded_struct, corrupt, put_text, take_text};
use domain::{
    Address, ChiNumber, Code, ContactPoint, DataItem, Deceased, Demographics, FieldValue, HeldChi, NameParts,
    NhsNumber, PartialDate, PersonName, Postcode, Practitioner, RelatedPerson, Uprn,
};
use projection::ItemState;

coded_struct! {
    HeldChi { number, scheme, padded }
    Address { used_as, lines, postcode, uprn, from, to, protected }
    ContactPoint { kind, value }
    Demographics {
        names, birth_date, sex, chi, nhs_number, addresses, contacts, deceased, protected,
    }
    Code { system, code, display }
    Practitioner { name, role, team, telephone }
    RelatedPerson { name, relationship, telephone }
    NameParts { family, given, prefix, suffix, name_use }
    DataItem { kind, instance, as_of, fields, labels, source_reference }
    ItemState { version, received_at, item }
}

impl Coded for PersonName {
    fn put(&self, out: &mut Vec<u8>) {
        self.parts().put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Self::new(&NameParts::take(input)?).map_err(|_| corrupt("a bad name"))
    }
}

impl Coded for ChiNumber {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.as_str(), out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Self::parse(take_text(input)?).map(|(number, _)| number).map_err(|_| corrupt("a bad CHI number"))
    }
}

impl Coded for NhsNumber {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.as_str(), out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Self::parse(take_text(input)?).map(|(number, _)| number).map_err(|_| corrupt("a bad NHS number"))
    }
}

impl Coded for Postcode {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.as_str(), out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Self::parse(take_text(input)?).map_err(|_| corrupt("a bad postcode"))
    }
}

impl Coded for Uprn {
    fn put(&self, out: &mut Vec<u8>) {
        self.value().put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Self::new(u64::take(input)?).map_err(|_| corrupt("a bad property number"))
    }
}

impl Coded for Deceased {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::No => None::<PartialDate>.put(out),
            Self::Yes(date) => Some(*date).put(out),
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Ok(<Option<PartialDate> as Coded>::take(input)?.map_or(Self::No, Self::Yes))
    }
}

impl Coded for FieldValue {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => tagged(0, text, out),
            Self::Date(date) => tagged(1, date, out),
            Self::Period { from, to } => tagged(2, &(*from, *to), out),
            Self::Code(code) => tagged(3, code, out),
            Self::Quantity { value, unit } => {
                tagged(4, value, out);
                unit.put(out);
            }
            Self::Practitioner(who) => tagged(5, who, out),
            Self::Person(who) => tagged(6, who, out),
            Self::Flag(flag) => tagged(7, flag, out),
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        match u8::take(input)? {
            0 => Coded::take(input).map(Self::Text),
            1 => Coded::take(input).map(Self::Date),
            2 => Coded::take(input).map(|(from, to)| Self::Period { from, to }),
            3 => Coded::take(input).map(Self::Code),
            4 => Coded::take(input).map(|(value, unit)| Self::Quantity { value, unit }),
            5 => Coded::take(input).map(Self::Practitioner),
            6 => Coded::take(input).map(Self::Person),
            7 => Coded::take(input).map(Self::Flag),
            8..=u8::MAX => Err(corrupt("an unknown kind of field")),
        }
    }
}

fn tagged(tag: u8, value: &impl Coded, out: &mut Vec<u8>) {
    out.push(tag);
    value.put(out);
}
