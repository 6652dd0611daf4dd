//! One document on its way to domain types: remembers the text, so that a fault can name its line.

use super::DocumentError;
use domain::{Ceiling, Violation, Window};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;

/// The text of a document.
pub(super) struct Source<'a>(pub(super) &'a str);

impl Source<'_> {
    /// The document in its own shape.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, DocumentError> {
        toml::from_str(self.0).map_err(|error| self.misshapen(&error))
    }

    /// A value that a constructor of the domain checks.
    pub(super) fn checked<T>(
        &self,
        key: &str,
        value: &Spanned<String>,
        check: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Result<T, DocumentError> {
        check(value.get_ref()).map_err(|violation| self.refuse(key, value.span(), violation.rule))
    }

    /// A list of such values.
    pub(super) fn all<T>(
        &self,
        key: &str,
        values: &[Spanned<String>],
        check: impl Fn(&str) -> Result<T, Violation>,
    ) -> Result<Vec<T>, DocumentError> {
        values.iter().map(|value| self.checked(key, value, &check)).collect()
    }

    /// A value that may be left out.
    pub(super) fn optional<T>(
        &self,
        key: &str,
        value: Option<&Spanned<String>>,
        check: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Result<Option<T>, DocumentError> {
        value.map(|value| self.checked(key, value, check)).transpose()
    }

    pub(super) fn ceiling(&self, key: &str, value: &Spanned<u8>) -> Result<Ceiling, DocumentError> {
        Ceiling::new(*value.get_ref())
            .ok_or_else(|| self.refuse(key, value.span(), "must be a level from 0 to 4"))
    }

    pub(super) fn instant(&self, key: &str, value: &Spanned<Datetime>) -> Result<Timestamp, DocumentError> {
        let read = value.get_ref().to_string().parse();
        read.map_err(|_| self.refuse(key, value.span(), "must be an instant, such as 2026-04-01T00:00:00Z"))
    }

    pub(super) fn window(
        &self,
        from: Option<&Spanned<Datetime>>,
        to: Option<&Spanned<Datetime>>,
    ) -> Result<Window, DocumentError> {
        Ok(Window {
            from: from.map(|value| self.instant("from", value)).transpose()?,
            to: to.map(|value| self.instant("to", value)).transpose()?,
        })
    }

    /// A fault in the value that lies there.
    pub(super) fn refuse(&self, key: &str, span: Range<usize>, rule: &str) -> DocumentError {
        DocumentError { line: self.line(span.start), key: key.to_owned(), rule: rule.to_owned() }
    }

    fn line(&self, offset: usize) -> usize {
        self.0.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
    }

    fn misshapen(&self, error: &toml::de::Error) -> DocumentError {
        let line = self.line(error.span().map_or(0, |span| span.start));
        let message = error.message();
        let named = message.split('`').nth(1).filter(|_| message.contains(" field `"));
        let key = named.or_else(|| self.key_on(line)).unwrap_or("document").to_owned();
        DocumentError { line, key, rule: rule_of(message) }
    }

    /// The key that the line gives a value to.
    fn key_on(&self, line: usize) -> Option<&str> {
        let text = self.0.lines().nth(line.checked_sub(1)?)?;
        let (key, _) = text.split_once('=')?;
        Some(key.trim()).filter(|key| !key.is_empty() && !key.starts_with('#'))
    }
}

/// What the parser says, without the value that it may quote.
fn rule_of(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((problem, expected)) if problem.starts_with("invalid ") => format!("must be {expected}"),
        Some(_) | None => message.lines().next().unwrap_or("is not TOML").to_owned(),
    }
}
