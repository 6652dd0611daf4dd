//! What a gate is asked: by whom, about whom, through which exit.

use domain::{ChiNumber, Demographics, Exit, PartialDate, Request};
use storage::PersonQuery;

/// One question.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Who asks, why, in which session.
    pub request: Request,
    /// About whom, in the host's terms.
    pub query: PersonQuery,
    /// Through which exit.
    pub exit: Exit,
    /// What the host's own screen says of the person.
    pub host: HostIdentity,
}

/// What the host's screen says of the person, for a comparison.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HostIdentity {
    /// Family name.
    pub family: Option<String>,
    /// First given name.
    pub given: Option<String>,
    /// Date of birth.
    pub birth_date: Option<PartialDate>,
    /// CHI number.
    pub chi: Option<ChiNumber>,
    /// Postcode, in the usual form.
    pub postcode: Option<String>,
}

impl std::fmt::Debug for HostIdentity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HostIdentity(…)")
    }
}

/// How the host's screen compares with what the other side holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdentityCheck {
    /// Fields that agree, in plain words.
    pub agrees: Vec<&'static str>,
    /// Fields that differ, in plain words.
    pub differs: Vec<&'static str>,
    /// A field differs that says: this may be someone else.
    pub stop: Option<&'static str>,
}

impl HostIdentity {
    /// Compares with what one source holds.
    pub fn check(&self, held: &Demographics) -> IdentityCheck {
        let mut check = IdentityCheck::default();
        let names: Vec<_> = held.names.iter().collect();
        let family = self.family.as_deref().map(|own| {
            names.is_empty() || names.iter().any(|name| same(name.family().unwrap_or_default(), own))
        });
        let given = self
            .given
            .as_deref()
            .map(|own| names.is_empty() || names.iter().any(|name| name.given().any(|one| same(one, own))));
        check.note("surname", family);
        check.note("first name", given);
        let born = self.birth_date.as_ref().zip(held.birth_date.as_ref());
        let born = born.map(|(own, theirs)| !own.compare(theirs).is_contradiction());
        check.note("date of birth", born);
        let chi = self.chi.as_ref().zip(held.chi.as_ref()).map(|(own, theirs)| *own == theirs.number);
        check.note("CHI number", chi);
        let postcode = self.postcode.as_deref().map(|own| {
            let mut theirs = held.addresses.iter().filter_map(|address| address.postcode.as_ref()).peekable();
            theirs.peek().is_none() || theirs.any(|postcode| postcode.as_str() == own)
        });
        check.note("postcode", postcode);
        check.stop =
            check.differs.iter().copied().find(|field| matches!(*field, "date of birth" | "CHI number"));
        check
    }
}

impl IdentityCheck {
    fn note(&mut self, field: &'static str, agrees: Option<bool>) {
        match agrees {
            Some(true) => self.agrees.push(field),
            Some(false) => self.differs.push(field),
            None => {}
        }
    }
}

/// Whether two names are the same but for case and the marks between letters.
fn same(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>()
    };
    letters(one) == letters(other)
}
