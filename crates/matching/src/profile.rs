//! A person's demographics in the form in which they are blocked and compared. Must not be shown: it is not what
//! anybody wrote.

use domain::{
    ContactKind, Demographics, HeldChi, NameUse, NhsNumber, PartialDate, PersonName, Postcode, Sex,
};
use jiff::civil::Date;

use crate::frequency::{Term, hash};
use crate::normalise::{address_line, email, is_placeholder, surname_parts, telephone, words};

/// One name in its parts.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NormalName {
    /// Words of the given names; empty where there is none or only a placeholder.
    pub(crate) given: Vec<String>,
    /// Words of the first given name run together.
    pub(crate) forename: String,
    /// Parts of the family name.
    pub(crate) surname_parts: Vec<String>,
    /// The parts run together.
    pub(crate) surname: String,
    /// A name before marriage or otherwise given up.
    pub(crate) former: bool,
}

/// One place where the person lives or lived.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) postcode: Option<Postcode>,
    pub(crate) uprn: Option<u64>,
    /// Number and street.
    pub(crate) line: Option<(String, String)>,
}

/// Normalised demographics.
#[derive(Clone, PartialEq, Eq)]
pub struct Profile {
    pub(crate) names: Vec<NormalName>,
    /// The only forename given is a placeholder such as `Baby`.
    pub(crate) placeholder: bool,
    pub(crate) birth_date: PartialDate,
    pub(crate) sex: Sex,
    pub(crate) chi: Option<HeldChi>,
    pub(crate) nhs_number: Option<NhsNumber>,
    pub(crate) places: Vec<Place>,
    pub(crate) contacts: Vec<String>,
    pub(crate) protected: bool,
    /// No address but a placeholder for none.
    pub(crate) no_fixed_address: bool,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Profile(…)")
    }
}

impl Profile {
    /// Normalises demographics. Numbers typed to fill a box count as absent.
    pub fn of(person: &Demographics) -> Self {
        let names: Vec<NormalName> = person.names.iter().map(normal_name).collect();
        let fixed = |postcode: &Postcode| !postcode.is_placeholder();
        Self {
            placeholder: names.iter().all(|name| name.given.is_empty())
                && person.names.iter().any(|name| name.given().any(|given| is_placeholder(&words(given)))),
            names,
            birth_date: person.birth_date.unwrap_or_default(),
            sex: person.sex.unwrap_or_default(),
            chi: person.chi.clone().filter(|chi| !chi.number.is_filler()),
            nhs_number: person.nhs_number.filter(|number| !number.is_filler()),
            places: person.addresses.iter().map(place).filter(|place| !place.is_empty()).collect(),
            contacts: person.contacts.iter().filter_map(|c| contact(c.kind, &c.value)).collect(),
            protected: person.protected || person.addresses.iter().any(|address| address.protected),
            no_fixed_address: !person.addresses.is_empty()
                && person.addresses.iter().all(|a| a.postcode.as_ref().is_some_and(|p| !fixed(p))),
        }
    }

    /// The day of birth, where it is known.
    pub(crate) fn birth_day(&self) -> Option<Date> {
        self.birth_date.full()
    }

    /// The terms that count towards how common they are; each once.
    pub(crate) fn terms(&self) -> Vec<(Term, u64)> {
        let mut terms = Vec::new();
        for name in &self.names {
            if !name.forename.is_empty() {
                terms.push((Term::Forename, hash(&[&name.forename])));
            }
            if !name.surname.is_empty() {
                terms.push((Term::Surname, hash(&[&name.surname])));
            }
        }
        for place in &self.places {
            terms.extend(place.postcode.as_ref().map(|p| (Term::Postcode, hash(&[p.as_str()]))));
            terms.extend(place.property().map(|property| (Term::Property, property)));
        }
        terms.extend(self.contacts.iter().map(|contact| (Term::Contact, hash(&[contact]))));
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

impl Place {
    fn is_empty(&self) -> bool {
        self.postcode.is_none() && self.uprn.is_none() && self.line.is_none()
    }

    /// One house as a hash: its postcode with its number, else its UPRN.
    pub(crate) fn property(&self) -> Option<u64> {
        match (&self.postcode, &self.line, self.uprn) {
            (Some(postcode), Some((number, street)), _) => {
                let within = if number.is_empty() { street } else { number };
                Some(hash(&[postcode.as_str(), within]))
            }
            (None, _, Some(uprn)) | (Some(_), None, Some(uprn)) => Some(hash(&["uprn", &uprn.to_string()])),
            (None, _, None) | (Some(_), None, None) => None,
        }
    }
}

fn normal_name(name: &PersonName) -> NormalName {
    let given: Vec<Vec<String>> = name.given().map(words).filter(|given| !is_placeholder(given)).collect();
    let family = name.family().map(surname_parts).unwrap_or_default();
    let family = if is_placeholder(&family) { Vec::new() } else { family };
    NormalName {
        forename: given.first().map(|words| words.concat()).unwrap_or_default(),
        given: given.concat(),
        surname: family.concat(),
        surname_parts: family,
        former: match name.name_use() {
            NameUse::Maiden | NameUse::Previous => true,
            NameUse::Usual | NameUse::Official | NameUse::Nickname | NameUse::Alias | NameUse::Temporary => {
                false
            }
        },
    }
}

fn place(address: &domain::Address) -> Place {
    Place {
        postcode: address.postcode.clone().filter(|postcode| !postcode.is_placeholder()),
        uprn: address.uprn.map(domain::Uprn::value),
        line: address.lines.first().and_then(|line| address_line(line)),
    }
}

fn contact(kind: ContactKind, value: &str) -> Option<String> {
    match kind {
        ContactKind::Telephone | ContactKind::Mobile => telephone(value),
        ContactKind::Email => email(value),
    }
}
