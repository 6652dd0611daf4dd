//! The names of a person, as people have them: one part or many. Must not be logged; `Debug` prints no name.

use std::fmt;

use crate::text::{Text, Violation};

/// Most given names that one name holds.
pub const MOST_GIVEN_NAMES: usize = 20;

/// What a name is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum NameUse {
    /// The name that the person goes by.
    #[default]
    Usual,
    /// The registered name.
    Official,
    /// A chosen short name.
    Nickname,
    /// Another name that the person is known by.
    Alias,
    /// The family name before marriage.
    Maiden,
    /// A name no longer used.
    Previous,
    /// Given for a time, such as "Baby of …" before registration.
    Temporary,
}

/// The parts of a name before they are checked; an empty part means that there is none.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct NameParts {
    /// Family name, with all its words.
    pub family: String,
    /// Given names in order.
    pub given: Vec<String>,
    /// Title, such as "Mrs" or "Dr".
    pub prefix: String,
    /// What follows the name, such as "Jr".
    pub suffix: String,
    /// What the name is used for.
    pub name_use: NameUse,
}

impl fmt::Debug for NameParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameParts(…)")
    }
}

/// A name with at least a family name or one given name; every part keeps the text as given.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonName {
    family: Option<Text>,
    given: Vec<Text>,
    prefix: Option<Text>,
    suffix: Option<Text>,
    name_use: NameUse,
}

impl PersonName {
    /// Checks the parts of a name. Parts of white space only count as absent.
    ///
    /// Refused: neither family nor given name, over 20 given names, a part
    /// over 200 characters or with control characters.
    pub fn new(parts: &NameParts) -> Result<Self, Violation> {
        let given: Vec<Text> =
            parts.given.iter().filter_map(|part| optional(part).transpose()).collect::<Result<_, _>>()?;
        if given.len() > MOST_GIVEN_NAMES {
            return Err(Violation::of("must have at most 20 given names"));
        }
        let name = Self {
            family: optional(&parts.family)?,
            given,
            prefix: optional(&parts.prefix)?,
            suffix: optional(&parts.suffix)?,
            name_use: parts.name_use,
        };
        if name.family.is_none() && name.given.is_empty() {
            return Err(Violation::of("must have a family name or a given name"));
        }
        Ok(name)
    }

    /// A usual name of one family name and one given name; either may be empty, not both.
    pub fn simple(family: &str, given: &str) -> Result<Self, Violation> {
        Self::new(&NameParts {
            family: family.to_owned(),
            given: vec![given.to_owned()],
            ..NameParts::default()
        })
    }

    /// Family name.
    pub fn family(&self) -> Option<&str> {
        self.family.as_ref().map(Text::as_str)
    }

    /// Given names in order.
    pub fn given(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(Text::as_str)
    }

    /// The first given name.
    pub fn first_given(&self) -> Option<&str> {
        self.given.first().map(Text::as_str)
    }

    /// Title.
    pub fn prefix(&self) -> Option<&str> {
        self.prefix.as_ref().map(Text::as_str)
    }

    /// What follows the name.
    pub fn suffix(&self) -> Option<&str> {
        self.suffix.as_ref().map(Text::as_str)
    }

    /// What the name is used for.
    pub fn name_use(&self) -> NameUse {
        self.name_use
    }

    /// The parts again, for changing one and checking anew.
    pub fn parts(&self) -> NameParts {
        let own = |part: Option<&str>| part.unwrap_or_default().to_owned();
        NameParts {
            family: own(self.family()),
            given: self.given().map(str::to_owned).collect(),
            prefix: own(self.prefix()),
            suffix: own(self.suffix()),
            name_use: self.name_use,
        }
    }

    /// As a banner shows it: `DUNBRAE, Elspeth (Mrs)`; a person of one name has that name alone.
    pub fn display_banner(&self) -> String {
        let family = self.family().map(str::to_uppercase);
        let after: Vec<&str> = self.given().chain(self.suffix()).collect();
        let name = [family, (!after.is_empty()).then(|| after.join(" "))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        match self.prefix() {
            Some(prefix) => format!("{name} ({prefix})"),
            None => name,
        }
    }

    /// As a sentence has it: `Mrs Elspeth Dunbrae`.
    pub fn display_plain(&self) -> String {
        let parts: Vec<&str> =
            self.prefix().into_iter().chain(self.given()).chain(self.family()).chain(self.suffix()).collect();
        parts.join(" ")
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

fn optional(part: &str) -> Result<Option<Text>, Violation> {
    if part.chars().all(char::is_whitespace) { Ok(None) } else { Text::parse(part).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(family: &str, given: &[&str], prefix: &str) -> NameParts {
        NameParts {
            family: family.to_owned(),
            given: given.iter().map(|g| (*g).to_owned()).collect(),
            prefix: prefix.to_owned(),
            ..NameParts::default()
        }
    }

    #[test]
    fn a_banner_shows_family_name_given_names_and_title() {
        let name = PersonName::new(&parts("Dunbrae", &["Elspeth"], "Mrs")).unwrap();
        assert_eq!(name.display_banner(), "DUNBRAE, Elspeth (Mrs)");
        assert_eq!(name.display_plain(), "Mrs Elspeth Dunbrae");
        let several = PersonName::new(&parts("nic Dhòmhnaill", &["Mary", "Ann"], "")).unwrap();
        assert_eq!(several.display_banner(), "NIC DHÒMHNAILL, Mary Ann");
    }

    #[test]
    fn people_of_a_single_name_have_a_name() {
        assert_eq!(PersonName::simple("Suhartini", "").unwrap().display_banner(), "SUHARTINI");
        assert_eq!(PersonName::simple("", "Suhartini").unwrap().display_banner(), "Suhartini");
        assert_eq!(PersonName::new(&parts("", &["Devi"], "Dr")).unwrap().display_banner(), "Devi (Dr)");
    }

    #[test]
    fn a_suffix_follows_the_given_names() {
        let name = NameParts { suffix: "Jr".into(), ..parts("Raeburn", &["Hamish"], "Mr") };
        assert_eq!(PersonName::new(&name).unwrap().display_banner(), "RAEBURN, Hamish Jr (Mr)");
    }

    #[test]
    fn a_name_without_family_and_given_name_is_refused() {
        for empty in [parts("", &[], "Mrs"), parts(" ", &["", "\u{a0}"], "")] {
            assert_eq!(PersonName::new(&empty).unwrap_err().rule, "must have a family name or a given name");
        }
    }

    #[test]
    fn parts_obey_the_text_rules_and_limits() {
        assert_eq!(PersonName::simple("a\nb", "").unwrap_err().rule, "must not hold control characters");
        assert_eq!(
            PersonName::simple(&"a".repeat(201), "").unwrap_err().rule,
            "must be at most 200 characters"
        );
        let many = parts("Raeburn", &["A"; MOST_GIVEN_NAMES + 1], "");
        assert_eq!(PersonName::new(&many).unwrap_err().rule, "must have at most 20 given names");
    }

    #[test]
    fn parts_round_trip_and_debug_prints_no_name() {
        let given = parts(" O'Neil ", &["Zoë", "李"], "Ms");
        let name = PersonName::new(&given).unwrap();
        assert_eq!(name.parts(), given);
        assert_eq!(format!("{name:?} {given:?}"), "PersonName(…) NameParts(…)");
    }
}
