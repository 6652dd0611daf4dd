//! What a source system says of who a person is, and a patch of it.

use crate::{CheckScheme, ChiNumber, NhsNumber, PartialDate, PersonName, Postcode, Sex, Uprn};

/// One field of a patch. HL7's empty field and its `""` are not the same, so neither are these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// The message says nothing of this field.
    #[default]
    Unchanged,
    /// The field has this value now.
    Set(T),
    /// The source deleted the value.
    Deleted,
}

impl<T> Change<T> {
    /// Applies the change to a field that may be absent.
    pub fn apply_to(self, target: &mut Option<T>) {
        match self {
            Self::Unchanged => {}
            Self::Set(value) => *target = Some(value),
            Self::Deleted => *target = None,
        }
    }

    /// Whether the message says anything of this field.
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Unchanged)
    }
}

/// A CHI number with the check scheme that it passed, kept as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldChi {
    /// The number.
    pub number: ChiNumber,
    /// Which check digit scheme it passes.
    pub scheme: CheckScheme,
    /// The source sent nine digits, and the leading zero was put back.
    pub padded: bool,
}

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressUse {
    /// Where the person lives.
    Home,
    /// Where the person stays for a time.
    Temporary,
    /// Where post goes.
    Postal,
    /// Where the person lived before.
    Previous,
}

/// An address as the source holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// What it is for.
    pub used_as: AddressUse,
    /// Lines, from the house to the town; at most 8 of at most 200 characters each.
    pub lines: Vec<String>,
    /// Postcode, where known.
    pub postcode: Option<Postcode>,
    /// Unique property reference number, where known.
    pub uprn: Option<Uprn>,
    /// Since when.
    pub from: PartialDate,
    /// Until when.
    pub to: PartialDate,
    /// The source marks this address as protected.
    pub protected: bool,
}

/// A telephone number or an e-mail address.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactPoint {
    /// What kind of contact it is.
    pub kind: ContactKind,
    /// Number or address, as the source writes it; at most 200 characters.
    pub value: String,
}

/// Kinds of contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactKind {
    /// Telephone at home, or of no stated kind.
    Telephone,
    /// Mobile telephone.
    Mobile,
    /// E-mail address.
    Email,
}

/// Whether the person is known to have died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deceased {
    /// Known to be alive, or nothing is known.
    No,
    /// Died, on this date as far as known.
    Yes(PartialDate),
}

/// Who a person is, as one source says it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Demographics {
    /// Names, the preferred or usual one first.
    pub names: Vec<PersonName>,
    /// Date of birth, as far as known.
    pub birth_date: Option<PartialDate>,
    /// Sex as recorded.
    pub sex: Option<Sex>,
    /// CHI number, where the source holds a valid one.
    pub chi: Option<HeldChi>,
    /// NHS number, where the source holds a valid one.
    pub nhs_number: Option<NhsNumber>,
    /// Addresses, the present one first.
    pub addresses: Vec<Address>,
    /// Telephone numbers and e-mail addresses.
    pub contacts: Vec<ContactPoint>,
    /// Whether and when the person died.
    pub deceased: Option<Deceased>,
    /// The source holds this person as protected or restricted: a mark that outranks every level.
    pub protected: bool,
}

/// What one message changes of a person's demographics.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DemographicsPatch {
    /// Names, as a whole list.
    pub names: Change<Vec<PersonName>>,
    /// Date of birth.
    pub birth_date: Change<PartialDate>,
    /// Sex.
    pub sex: Change<Sex>,
    /// CHI number.
    pub chi: Change<HeldChi>,
    /// NHS number.
    pub nhs_number: Change<NhsNumber>,
    /// Addresses, as a whole list.
    pub addresses: Change<Vec<Address>>,
    /// Contacts, as a whole list.
    pub contacts: Change<Vec<ContactPoint>>,
    /// Death.
    pub deceased: Change<Deceased>,
    /// The protected mark.
    pub protected: Change<bool>,
}

impl DemographicsPatch {
    /// Whether the patch says anything at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Applies the patch.
    pub fn apply_to(self, target: &mut Demographics) {
        apply_list(self.names, &mut target.names);
        self.birth_date.apply_to(&mut target.birth_date);
        self.sex.apply_to(&mut target.sex);
        self.chi.apply_to(&mut target.chi);
        self.nhs_number.apply_to(&mut target.nhs_number);
        apply_list(self.addresses, &mut target.addresses);
        apply_list(self.contacts, &mut target.contacts);
        self.deceased.apply_to(&mut target.deceased);
        match self.protected {
            Change::Unchanged => {}
            Change::Set(mark) => target.protected = mark,
            Change::Deleted => target.protected = false,
        }
    }
}

fn apply_list<T>(change: Change<Vec<T>>, target: &mut Vec<T>) {
    match change {
        Change::Unchanged => {}
        Change::Set(values) => *target = values,
        Change::Deleted => target.clear(),
    }
}

macro_rules! hidden_debug {
    ($($name:ident),*) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        })*
    };
}

hidden_debug!(Address, ContactPoint, Demographics, DemographicsPatch);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_patch_changes_nothing_and_a_deletion_does() {
        let mut person = Demographics { sex: Some(Sex::Female), protected: true, ..Demographics::default() };
        DemographicsPatch::default().apply_to(&mut person);
        assert_eq!(person.sex, Some(Sex::Female));
        let patch = DemographicsPatch {
            sex: Change::Deleted,
            protected: Change::Set(false),
            ..DemographicsPatch::default()
        };
        patch.apply_to(&mut person);
        assert_eq!(person.sex, None);
        assert!(!person.protected);
    }
}
