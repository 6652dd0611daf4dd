//! Invented people for the tests of this crate, built by one line each.

use domain::{
    Address, AddressUse, ChiNumber, ContactKind, ContactPoint, Demographics, HeldChi, NameParts, NameUse,
    PartialDate, PersonName, Postcode, Sex, SourceRecord, Uprn,
};

use crate::profile::Profile;

/// Somebody under construction.
#[derive(Clone)]
pub(crate) struct Sample(pub(crate) Demographics);

/// Surname, given names parted by spaces, date of birth or nothing; female.
pub(crate) fn person(surname: &str, given: &str, born: &str) -> Sample {
    let demographics = Demographics {
        sex: Some(Sex::Female),
        birth_date: (!born.is_empty()).then(|| PartialDate::parse(born).unwrap()),
        ..Demographics::default()
    };
    Sample(demographics).named(surname, given, NameUse::Usual)
}

pub(crate) fn record(authority: &str, local_id: &str) -> SourceRecord {
    SourceRecord::parse(authority, local_id).unwrap()
}

/// Invented people may be printed: a failing test must say whom it is about.
impl std::fmt::Debug for Sample {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<String> = self.0.names.iter().map(PersonName::display_banner).collect();
        let places: Vec<_> =
            self.0.addresses.iter().map(|a| (a.postcode.as_ref().map(Postcode::as_str), &a.lines)).collect();
        let chi = self.0.chi.as_ref().map(|chi| chi.number.as_str().to_owned());
        write!(formatter, "{names:?} {:?} {:?} {chi:?} {places:?}", self.0.birth_date, self.0.sex)
    }
}

impl Sample {
    pub(crate) fn named(mut self, surname: &str, given: &str, name_use: NameUse) -> Self {
        let parts = NameParts {
            family: surname.into(),
            given: given.split(' ').map(str::to_owned).collect(),
            name_use,
            ..NameParts::default()
        };
        self.0.names.extend(PersonName::new(&parts).ok());
        self
    }

    pub(crate) fn male(mut self) -> Self {
        self.0.sex = Some(Sex::Male);
        self
    }

    pub(crate) fn at(mut self, postcode: &str, line: &str) -> Self {
        self.0.addresses.push(Address {
            used_as: AddressUse::Home,
            lines: if line.is_empty() { Vec::new() } else { vec![line.to_owned()] },
            postcode: Postcode::parse(postcode).ok(),
            uprn: None,
            from: PartialDate::Unknown,
            to: PartialDate::Unknown,
            protected: false,
        });
        self
    }

    pub(crate) fn uprn(mut self, uprn: u64) -> Self {
        self.0.addresses.last_mut().unwrap().uprn = Some(Uprn::new(uprn).unwrap());
        self
    }

    pub(crate) fn phone(mut self, number: &str) -> Self {
        self.0.contacts.push(ContactPoint { kind: ContactKind::Mobile, value: number.into() });
        self
    }

    pub(crate) fn chi(mut self, digits: &str) -> Self {
        let (number, scheme) = ChiNumber::parse(digits).unwrap();
        self.0.chi = Some(HeldChi { number, scheme, padded: false });
        self
    }

    pub(crate) fn protected(mut self) -> Self {
        self.0.protected = true;
        self
    }

    pub(crate) fn build(&self) -> Demographics {
        self.0.clone()
    }

    pub(crate) fn profile(&self) -> Profile {
        Profile::of(&self.0)
    }
}

/// A CHI number for a birth date `DDMMYY` whose ninth digit fits the sex: the `turn`th that modulus 11 allows.
pub(crate) fn chi_for(day: &str, female: bool, turn: usize) -> String {
    let fits = |digits: &String| {
        let even = (digits.as_bytes()[8] - b'0').is_multiple_of(2);
        even == female && ChiNumber::parse(digits).is_ok_and(|(_, scheme)| scheme.catches_every_slip())
    };
    (0..10_000).map(|n| format!("{day}{n:04}")).filter(fits).nth(turn).unwrap()
}
