//! Compares who the host says is open with who the source says this is.
//!
//! The wrong person is the worst error. A different date of birth or CHI number stops the panel; anything smaller is
//! shown with both values.

use domain::{ChiNumber, PartialDate, PersonName, Sex};

/// What the host said in the launch of the person whom it has open. Personal: `Debug` hides it.
#[derive(Clone, Default)]
pub struct HostIdentity {
    /// Name.
    pub name: Option<PersonName>,
    /// Date of birth.
    pub birth_date: Option<PartialDate>,
    /// Sex.
    pub sex: Option<Sex>,
    /// CHI number.
    pub chi: Option<ChiNumber>,
    /// Postcode of the present address.
    pub postcode: Option<String>,
}

impl std::fmt::Debug for HostIdentity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HostIdentity(…)")
    }
}

/// A field that both sides may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityField {
    /// First name.
    FirstName,
    /// Surname.
    Surname,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// CHI number.
    Chi,
    /// Postcode.
    Postcode,
}

impl IdentityField {
    /// The field in the middle of a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::FirstName => "first name",
            Self::Surname => "surname",
            Self::BirthDate => "date of birth",
            Self::Sex => "sex",
            Self::Chi => "CHI number",
            Self::Postcode => "postcode",
        }
    }

    /// Whether a difference means that nothing may be shown.
    pub fn stops(self) -> bool {
        matches!(self, Self::BirthDate | Self::Chi)
    }
}

/// One field that differs, with both values.
#[derive(Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub field: IdentityField,
    /// As the host shows it.
    pub host: String,
    /// As the source holds it.
    pub source: String,
}

impl std::fmt::Debug for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Difference({:?})", self.field)
    }
}

/// The outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Fields that agree, in order.
    pub agree: Vec<IdentityField>,
    /// Fields that differ, in order.
    pub differ: Vec<Difference>,
}

impl Comparison {
    /// The fields for which nothing may be shown: only their names.
    pub fn stopping(&self) -> Vec<IdentityField> {
        self.differ.iter().map(|one| one.field).filter(|field| field.stops()).collect()
    }
}

/// Compares the fields that both hold. A field that one side lacks is in neither list.
pub fn compare(host: &HostIdentity, source: &HostIdentity) -> Comparison {
    let mut outcome = Comparison::default();
    let first = |who: &HostIdentity| who.name.as_ref().and_then(|name| name.first_given().map(str::to_owned));
    let last = |who: &HostIdentity| who.name.as_ref().and_then(|name| name.family().map(str::to_owned));
    outcome.add(IdentityField::FirstName, first(host), first(source), |a, b| folded(a) == folded(b));
    outcome.add(IdentityField::Surname, last(host), last(source), |a, b| folded(a) == folded(b));
    let born = |who: &HostIdentity| who.birth_date.filter(|date| !date.is_unknown());
    if let (Some(a), Some(b)) = (born(host), born(source)) {
        outcome.note(IdentityField::BirthDate, !a.compare(&b).is_contradiction(), (a.display(), b.display()));
    }
    let sex =
        |who: &HostIdentity| who.sex.filter(|sex| *sex != Sex::Unknown).map(|sex| sex.title().to_owned());
    outcome.add(IdentityField::Sex, sex(host), sex(source), |a, b| a == b);
    let chi = |who: &HostIdentity| who.chi.as_ref().map(ChiNumber::grouped);
    outcome.add(IdentityField::Chi, chi(host), chi(source), |a, b| a == b);
    outcome.add(IdentityField::Postcode, host.postcode.clone(), source.postcode.clone(), |a, b| {
        folded(a) == folded(b)
    });
    outcome
}

impl Comparison {
    fn add(
        &mut self,
        field: IdentityField,
        host: Option<String>,
        source: Option<String>,
        same: fn(&str, &str) -> bool,
    ) {
        if let (Some(host), Some(source)) = (host, source) {
            self.note(field, same(&host, &source), (host, source));
        }
    }

    fn note(&mut self, field: IdentityField, same: bool, (host, source): (String, String)) {
        if same {
            self.agree.push(field);
        } else {
            self.differ.push(Difference { field, host, source });
        }
    }
}

/// Letters and digits only, in one case: spaces, hyphens and apostrophes are written in many ways.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(family: &str, given: &str, born: &str) -> HostIdentity {
        HostIdentity {
            name: PersonName::simple(family, given).ok(),
            birth_date: PartialDate::parse_iso(born).ok(),
            sex: Some(Sex::Female),
            chi: None,
            postcode: Some("ST9 4QX".to_owned()),
        }
    }

    #[test]
    fn spelling_of_case_and_marks_is_no_difference() {
        let outcome =
            compare(&who("O'Neil", "Mary-Ann", "1941-03-12"), &who("ONEIL", "Mary Ann", "1941-03-12"));
        assert!(outcome.differ.is_empty());
        assert_eq!(outcome.agree.len(), 5);
    }

    #[test]
    fn another_date_of_birth_stops_and_a_partial_one_does_not() {
        let one = who("Dunbrae", "Elspeth", "1941-03-12");
        assert_eq!(
            compare(&one, &who("Dunbrae", "Elspeth", "1941-12-03")).stopping(),
            [IdentityField::BirthDate]
        );
        assert!(compare(&one, &who("Dunbrae", "Elspeth", "1941")).stopping().is_empty());
    }

    #[test]
    fn what_one_side_does_not_hold_is_neither_agreed_nor_different() {
        let outcome = compare(&who("Dunbrae", "Elspeth", "1941-03-12"), &HostIdentity::default());
        assert_eq!(outcome, Comparison::default());
    }
}
