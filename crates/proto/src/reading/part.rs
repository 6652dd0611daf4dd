//! One message while it is read: knows where it stands, so that each violation carries the sender's whole path.
//!
//! Only what every area needs stands here: bounds, duplicates, absent parts. What a field means stands with its area.
//! Limits (how long, how many, which characters, named once) are asked of senders, never of what the log already
//! holds: a limit that moves later would make old events unreadable.

use super::Reading;
use domain::{FieldViolation, Violation};
use jiff::Timestamp;

/// Most entries of any one list.
const MOST_ENTRIES: usize = 500;

/// A message at a path.
pub(crate) struct Part<'a> {
    path: String,
    limits: bool,
    reading: &'a mut Reading,
}

/// Reads a whole message of a sender: either it breaks no rule, or all that it breaks is told.
pub(crate) fn whole<T>(
    path: &str,
    read: impl FnOnce(&mut Part<'_>) -> Option<T>,
) -> Result<T, Vec<FieldViolation>> {
    let mut reading = Reading::default();
    let value = read(&mut Part { path: path.to_owned(), limits: true, reading: &mut reading });
    reading.finish(value)
}

/// Reads a whole message that the log holds: the same, without limits.
pub(crate) fn stored<T>(read: impl FnOnce(&mut Part<'_>) -> Option<T>) -> Result<T, Vec<FieldViolation>> {
    let mut reading = Reading::default();
    let value = read(&mut Part { path: String::new(), limits: false, reading: &mut reading });
    reading.finish(value)
}

/// Checks what somebody says in their own words: 1 to `most` characters, not blank, no control characters but line
/// feeds and tabs.
pub fn own_words(text: String, path: &str, most: usize) -> Result<String, Vec<FieldViolation>> {
    check_words(&text, 1, most, |c| matches!(c, '\n' | '\t'))
        .map_err(|rule| vec![FieldViolation::new(path, rule)])?;
    Ok(text)
}

impl Part<'_> {
    /// Refuses a sender's field that is beyond a limit.
    pub(crate) fn limit(&mut self, field: &str, is_beyond: bool, rule: &str) {
        if self.limits && is_beyond {
            let path = self.path_of(field);
            self.reading.refuse(&path, rule);
        }
    }

    /// Takes a checked value, or notes the rule that it breaks.
    pub(crate) fn checked<T>(&mut self, field: &str, value: Result<T, Violation>) -> Option<T> {
        let path = self.path_of(field);
        self.reading.checked(&path, value)
    }

    /// Reads a text that may be empty: then there is none.
    pub(crate) fn optional<T>(
        &mut self,
        field: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        if text.is_empty() { None } else { self.checked(field, parse(text)) }
    }

    /// Takes a value of a closed list: a number that names nothing is refused.
    pub(crate) fn known<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        self.checked(field, value.ok_or(Violation::of("must be one of the values that are named")))
    }

    /// An instant that must be there.
    pub(crate) fn instant(
        &mut self,
        field: &str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        let path = self.path_of(field);
        self.reading.instant(&path, value)
    }

    /// An instant that may be absent.
    pub(crate) fn optional_instant(
        &mut self,
        field: &str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        let path = self.path_of(field);
        self.reading.optional_instant(&path, value)
    }

    /// One line of `least` to `most` characters.
    pub(crate) fn line(&mut self, field: &str, text: String, least: usize, most: usize) -> String {
        if let Err(rule) = check_words(&text, least, most, |_| false) {
            self.limit(field, true, &rule);
        }
        text
    }

    /// Words of several lines, `least` to `most` characters.
    pub(crate) fn words(&mut self, field: &str, text: String, least: usize, most: usize) -> String {
        if let Err(rule) = check_words(&text, least, most, |c| matches!(c, '\n' | '\t')) {
            self.limit(field, true, &rule);
        }
        text
    }

    /// Exactly so many bytes.
    pub(crate) fn bytes(&mut self, field: &str, bytes: Vec<u8>, length: usize) -> Vec<u8> {
        self.limit(field, bytes.len() != length, &format!("must have {length} bytes"));
        bytes
    }

    /// Reads a part by a reader that is told the path.
    pub(crate) fn with<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&str, &mut Reading) -> Option<T>,
    ) -> Option<T> {
        let path = self.path_of(field);
        read(&path, self.reading)
    }

    /// Reads a part that must be there.
    pub(crate) fn inner<M, T>(
        &mut self,
        field: &str,
        value: Option<M>,
        read: impl FnOnce(M, &mut Part<'_>) -> Option<T>,
    ) -> Option<T> {
        let path = self.path_of(field);
        let value = self.reading.required(&path, value)?;
        read(value, &mut self.at(path))
    }

    /// Reads every entry of a list, so that a sender learns of all that is wrong. A list that is too long is refused
    /// unread.
    pub(crate) fn each<M, T>(
        &mut self,
        field: &str,
        values: Vec<M>,
        read: impl Fn(M, &mut Part<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let path = self.path_of(field);
        if self.limits && values.len() > MOST_ENTRIES {
            self.reading.refuse(&path, format!("must have at most {MOST_ENTRIES} entries"));
            return None;
        }
        let one = |(index, value)| read(value, &mut self.at(format!("{path}[{index}]")));
        let entries: Vec<Option<T>> = values.into_iter().enumerate().map(one).collect();
        entries.into_iter().collect()
    }

    /// Reads a list of codes, each named once.
    pub(crate) fn codes<T: PartialEq>(
        &mut self,
        field: &str,
        texts: Vec<String>,
        parse: impl Fn(&str) -> Result<T, Violation>,
    ) -> Option<Vec<T>> {
        let codes = self.each(field, texts, |text, part| part.checked("", parse(&text)))?;
        self.once(field, &codes, |code| code);
        Some(codes)
    }

    /// Refuses every entry whose key an entry before it has.
    pub(crate) fn once<T, K: PartialEq>(&mut self, field: &str, entries: &[T], key: impl Fn(&T) -> &K) {
        for (index, entry) in entries.iter().enumerate() {
            let again = entries.iter().take(index).any(|earlier| key(earlier) == key(entry));
            self.limit(&format!("{field}[{index}]"), again, "must be named once only");
        }
    }

    fn at(&mut self, path: String) -> Part<'_> {
        Part { path, limits: self.limits, reading: self.reading }
    }

    fn path_of(&self, field: &str) -> String {
        match (self.path.as_str(), field) {
            ("", field) => field.to_owned(),
            (path, "") => path.to_owned(),
            (path, field) => format!("{path}.{field}"),
        }
    }
}

fn check_words(text: &str, least: usize, most: usize, allowed: fn(char) -> bool) -> Result<(), String> {
    let count = text.chars().take(most.saturating_add(1)).count();
    let blank = least > 0 && text.chars().all(char::is_whitespace);
    if count < least || count > most || blank {
        return Err(if least == 0 {
            format!("must be at most {most} characters")
        } else {
            format!("must be {least} to {most} characters, not blank")
        });
    }
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err("must not hold control characters".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(violations: Vec<FieldViolation>) -> (String, String) {
        let first = violations.into_iter().next().unwrap();
        (first.field, first.rule)
    }

    #[test]
    fn a_violation_carries_the_whole_path() {
        let read = whole("agreement", |part| {
            part.each("flows", vec!["", "x"], |text, part| Some(part.line("id", text.to_owned(), 1, 5)))
        });
        assert_eq!(
            first(read.unwrap_err()),
            ("agreement.flows[0].id".into(), "must be 1 to 5 characters, not blank".into())
        );
    }

    #[test]
    fn every_violation_is_told_at_once() {
        let read = whole("", |part| {
            part.each("texts", vec!["\u{7}", "fine", "too long"], |text, part| {
                Some(part.line("", text.to_owned(), 0, 5))
            })
        });
        let fields: Vec<String> = read.unwrap_err().into_iter().map(|violation| violation.field).collect();
        assert_eq!(fields, ["texts[0]", "texts[2]"]);
    }

    #[test]
    fn a_code_that_stands_twice_is_refused_where_it_stands_again() {
        let read = whole("", |part| {
            part.codes("parties", vec!["a".into(), "a".into()], domain::OrganisationId::parse)
        });
        assert_eq!(first(read.unwrap_err()), ("parties[1]".into(), "must be named once only".into()));
    }

    #[test]
    fn a_list_without_end_is_refused_unread() {
        let read = whole("", |part| {
            part.each("texts", vec![(); MOST_ENTRIES + 1], |(), _| -> Option<()> { panic!("was read") })
        });
        assert_eq!(first(read.unwrap_err()).0, "texts");
    }

    #[test]
    fn limits_are_not_asked_of_what_the_log_holds() {
        let read = stored(|part| {
            let words = part.line("words", "too long".to_owned(), 0, 5);
            part.codes("parties", vec!["a".into(), "a".into()], domain::OrganisationId::parse)
                .map(|all| (words, all.len()))
        });
        assert_eq!(read, Ok(("too long".to_owned(), 2)));
        assert!(
            stored(|part| part.codes("parties", vec!["no code".into()], domain::OrganisationId::parse))
                .is_err()
        );
    }

    #[test]
    fn own_words_may_have_lines_and_must_not_be_blank_or_hold_escapes() {
        assert!(own_words("one\ntwo\tthree".into(), "reason", 500).is_ok());
        for bad in ["", "  \n ", "\u{1b}[2J", "carriage\r\nreturn", &"é".repeat(501)] {
            assert_eq!(first(own_words(bad.into(), "reason", 500).unwrap_err()).0, "reason");
        }
        assert!(own_words("é".repeat(500), "reason", 500).is_ok());
    }
}
