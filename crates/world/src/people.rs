//! One invented person, as they truly are. What systems hold of them is another matter: see `record`.

use crate::Error;
use domain::{
    Address, AddressUse, ChiNumber, ContactKind, ContactPoint, Demographics, NameParts, NameUse, PartialDate,
    PersonName, Postcode, Sex, Uprn,
};
use jiff::civil::Date;

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Lines of the address, from the house to the town.
    pub lines: Vec<String>,
    /// Postcode.
    pub postcode: String,
    /// Property reference number: the same for all who live there.
    pub uprn: u64,
}

/// An invented person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Family name.
    pub family: String,
    /// Given names.
    pub given: Vec<String>,
    /// Title; empty for none.
    pub title: String,
    /// Date of birth.
    pub born: Date,
    /// Sex.
    pub sex: Sex,
    /// The CHI number that the person truly has.
    pub chi: ChiNumber,
    /// Where the person lives.
    pub home: Home,
    /// Telephone number.
    pub telephone: String,
    /// Where the person lives is protected.
    pub protected: bool,
}

impl Person {
    /// First given name.
    pub fn first_name(&self) -> &str {
        self.given.first().map(String::as_str).unwrap_or_default()
    }

    /// First given name and family name.
    pub fn short_name(&self) -> String {
        format!("{} {}", self.first_name(), self.family)
    }

    /// Age in whole years on a day.
    pub fn age(&self, today: Date) -> u8 {
        PartialDate::Full(self.born).age_bounds(today).map_or(0, |(age, _)| age)
    }

    /// What a system that knows the person well holds, the CHI number left out.
    pub fn demographics(&self, lives_there_since: Option<Date>) -> Result<Demographics, Error> {
        let name = PersonName::new(&NameParts {
            family: self.family.clone(),
            given: self.given.clone(),
            prefix: self.title.clone(),
            suffix: String::new(),
            name_use: NameUse::Usual,
        })?;
        Ok(Demographics {
            names: vec![name],
            birth_date: Some(PartialDate::Full(self.born)),
            sex: Some(self.sex),
            addresses: vec![self.home.address(lives_there_since, self.protected)?],
            contacts: vec![ContactPoint { kind: ContactKind::Telephone, value: self.telephone.clone() }],
            protected: self.protected,
            ..Demographics::default()
        })
    }
}

impl Home {
    /// The address of a home.
    pub fn address(&self, since: Option<Date>, protected: bool) -> Result<Address, Error> {
        Ok(Address {
            used_as: AddressUse::Home,
            lines: self.lines.clone(),
            postcode: Some(Postcode::parse(&self.postcode)?),
            uprn: Some(Uprn::new(self.uprn)?),
            from: since.map_or(PartialDate::Unknown, PartialDate::Full),
            to: PartialDate::Unknown,
            protected,
        })
    }
}
