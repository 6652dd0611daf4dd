//! Bytes of the small words of the domain: times, identifiers, statuses.

use super::{
    Coded, Error, Input, coded_enum, coded_struct, coded_text, coded_uuid, corrupt, put_text, take_text,
};
use domain::{
    AddressUse, AgreementId, Authority, CheckScheme, ContactKind, DirectiveId, DisclosureId, EventId, Exit,
    FlowId, Instance, ItemKind, ItemMask, Labels, LinkStatus, LocalIdentifier, LongText, NameUse,
    OrganisationId, PartialDate, PersonId, PositionId, Purpose, ReasonCode, RecordKey, RecordVersion,
    RedirectScope, ReviewId, SessionId, Sex, SourceRecord, UserId, Window,
};
use jiff::Timestamp;
use projection::{DemographicsField, Stamp};

coded_text!(
    Authority,
    LocalIdentifier,
    LongText,
    OrganisationId,
    PositionId,
    UserId,
    FlowId,
    AgreementId,
    Instance
);
coded_uuid!(EventId, PersonId, SessionId, DisclosureId, ReviewId, DirectiveId, RecordKey);

coded_struct! {
    SourceRecord { authority, local_id }
    Window { from, to }
    Stamp { version, occurred_at, received_at }
}

coded_enum! {
    AddressUse { Home = 0, Temporary = 1, Postal = 2, Previous = 3 }
    ContactKind { Telephone = 0, Mobile = 1, Email = 2 }
    Sex { Female = 0, Male = 1, Other = 2, Unknown = 3 }
    CheckScheme { Modulus11 = 0, Modulus10 = 1, Both = 2 }
    NameUse { Usual = 0, Official = 1, Nickname = 2, Alias = 3, Maiden = 4, Previous = 5, Temporary = 6 }
    LinkStatus { Confirmed = 0, Possible = 1, Disputed = 2 }
    RedirectScope { Record = 0, Data = 1 }
    DemographicsField {
        Names = 0, BirthDate = 1, Sex = 2, Chi = 3, NhsNumber = 4, Addresses = 5, Contacts = 6, Deceased = 7,
        Protected = 8,
    }
}

/// Words that the domain itself writes as codes.
macro_rules! coded_word {
    ($($name:ident),*) => {
        $(impl Coded for $name {
            fn put(&self, out: &mut Vec<u8>) {
                put_text(self.as_str(), out);
            }
            fn take(input: &mut Input<'_>) -> Result<Self, Error> {
                Self::parse(take_text(input)?).ok_or_else(|| corrupt(concat!("an unknown ", stringify!($name))))
            }
        })*
    };
}

coded_word!(Purpose, Exit, ReasonCode);

impl Coded for Timestamp {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_second().put(out);
        i64::from(self.subsec_nanosecond()).put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        let second = i64::take(input)?;
        let nanosecond = i32::try_from(i64::take(input)?).map_err(|_| corrupt("a bad time"))?;
        Self::new(second, nanosecond).map_err(|_| corrupt("a bad time"))
    }
}

impl Coded for PartialDate {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(&self.to_iso(), out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        match take_text(input)? {
            "" => Ok(Self::Unknown),
            text => Self::parse_iso(text).map_err(|_| corrupt("a bad date")),
        }
    }
}

impl Coded for ItemKind {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(self.index());
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Self::from_index(u8::take(input)?)
            .ok_or_else(|| corrupt("a kind of item that this version does not know"))
    }
}

impl Coded for ItemMask {
    fn put(&self, out: &mut Vec<u8>) {
        self.bits().put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        u128::take(input).map(Self::from_bits)
    }
}

impl Coded for Labels {
    fn put(&self, out: &mut Vec<u8>) {
        u32::from(self.bits()).put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        let bits = u16::try_from(u32::take(input)?).map_err(|_| corrupt("an unknown label"))?;
        Self::from_bits(bits).map_err(|_| corrupt("an unknown label"))
    }
}

impl Coded for RecordVersion {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Sequence(number) => {
                out.push(0);
                number.put(out);
            }
            Self::SourceTime(time) => {
                out.push(1);
                time.put(out);
            }
            Self::Arrival(offset) => {
                out.push(2);
                offset.put(out);
            }
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        match u8::take(input)? {
            0 => Coded::take(input).map(Self::Sequence),
            1 => Coded::take(input).map(Self::SourceTime),
            2 => Coded::take(input).map(Self::Arrival),
            3..=u8::MAX => Err(corrupt("an unknown kind of version")),
        }
    }
}
