//! Text as people gave it, and the one error of every value type: which rule was broken.
//!
//! Must not trim, normalise or "repair" text, and must never put a value into an error or a debug print.

use std::fmt;

#[cfg(test)]
pub(crate) mod corpus;

/// A value was refused: the rule that it breaks, never the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{rule}")]
pub struct Violation {
    /// The broken rule in plain words, to follow the name of a field: "must have ten digits".
    pub rule: &'static str,
}

impl Violation {
    /// A violation of this rule.
    pub const fn of(rule: &'static str) -> Self {
        Self { rule }
    }
}

/// Longest short text, in characters.
pub const SHORT_TEXT_LIMIT: usize = 200;
/// Longest long text, in characters.
pub const LONG_TEXT_LIMIT: usize = 4000;

/// One line of text, 1 to 200 characters, kept exactly as given.
///
/// Refused: nothing but white space, more than 200 characters, control
/// characters. Bidirectional marks are part of people's names and stay.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Box<str>);

impl Text {
    /// Takes one line of text.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        check(text, SHORT_TEXT_LIMIT, "must be at most 200 characters", |_| false)?;
        Ok(Self(text.into()))
    }

    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text can change the order in which its surroundings are shown; isolate it when showing it.
    pub fn reorders(&self) -> bool {
        reorders(&self.0)
    }
}

/// Text of several lines, 1 to 4000 characters, kept exactly as given; line feeds and tabs are allowed.
///
/// The same rules as [`Text`] otherwise. A carriage return is a control character: adapters turn it into a
/// line feed before they build the value.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LongText(Box<str>);

impl LongText {
    /// Takes text of several lines.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        check(text, LONG_TEXT_LIMIT, "must be at most 4000 characters", |c| matches!(c, '\n' | '\t'))?;
        Ok(Self(text.into()))
    }

    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text can change the order in which its surroundings are shown; isolate it when showing it.
    pub fn reorders(&self) -> bool {
        reorders(&self.0)
    }
}

impl From<Text> for LongText {
    fn from(text: Text) -> Self {
        Self(text.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}

impl fmt::Debug for LongText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LongText(…)")
    }
}

fn check(
    text: &str,
    limit: usize,
    limit_rule: &'static str,
    allowed: fn(char) -> bool,
) -> Result<(), Violation> {
    if text.chars().all(char::is_whitespace) {
        return Err(Violation::of("must not be blank"));
    }
    if text.len() > limit && text.chars().count() > limit {
        return Err(Violation::of(limit_rule));
    }
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err(Violation::of("must not hold control characters"));
    }
    Ok(())
}

/// Explicit directional embeddings, overrides and isolates (Unicode annex 9, section 2).
fn reorders(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

/// Reads exactly ten ASCII digits, or says why not with one of the given rules.
pub(crate) fn ten_digits(text: &str, rules: &TenDigitRules) -> Result<[u8; 10], Violation> {
    if text.is_empty() {
        return Err(Violation::of(rules.blank));
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Violation::of(rules.characters));
    }
    <[u8; 10]>::try_from(text.as_bytes()).map_err(|_| Violation::of(rules.length))
}

/// The names of the rules that [`ten_digits`] checks.
pub(crate) struct TenDigitRules {
    pub(crate) blank: &'static str,
    pub(crate) characters: &'static str,
    pub(crate) length: &'static str,
}

/// Takes away what people and programs put around and between digits: white space anywhere, byte order marks
/// and zero-width marks, and single hyphens between digits. Everything else is left for the parser to refuse:
/// a sign in front is not a separator.
pub(crate) fn without_separators(text: &str) -> String {
    let seen: Vec<char> = text.chars().filter(|c| !is_blank(*c)).collect();
    let digit_at = |i: Option<usize>| i.and_then(|i| seen.get(i)).is_some_and(char::is_ascii_digit);
    let is_separator = |i: usize, c: char| {
        matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2013}')
            && digit_at(i.checked_sub(1))
            && digit_at(i.checked_add(1))
    };
    seen.iter().enumerate().filter(|(i, c)| !is_separator(*i, **c)).map(|(_, c)| *c).collect()
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}')
}

/// The check digit of the first nine of ten ASCII digits under modulus 11, or `None` where there is none.
pub(crate) fn modulus_11_check_digit(digits: &[u8; 10]) -> Option<u8> {
    let sum: u32 =
        digits.iter().take(9).zip((2..=10).rev()).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        k => u8::try_from(k).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule<T>(result: Result<T, Violation>) -> &'static str {
        result.map_or_else(|v| v.rule, |_| "accepted")
    }

    #[test]
    fn text_is_kept_exactly_as_given() {
        for given in [" Elspeth ", "O'Neil-Mac\u{200D}Rae", "e\u{301}", "\u{202E}abc", "李", "<b>&amp;"] {
            assert_eq!(Text::parse(given).unwrap().as_str(), given);
        }
    }

    #[test]
    fn blank_text_is_refused_by_name() {
        assert_eq!(rule(Text::parse("")), "must not be blank");
        assert_eq!(rule(Text::parse(" \u{a0}\u{2003}")), "must not be blank");
        assert_eq!(rule(LongText::parse("\n\t")), "must not be blank");
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(rule(Text::parse(&"é".repeat(200))), "accepted");
        assert_eq!(rule(Text::parse(&"é".repeat(201))), "must be at most 200 characters");
        assert_eq!(rule(LongText::parse(&"é".repeat(4000))), "accepted");
        assert_eq!(rule(LongText::parse(&"é".repeat(4001))), "must be at most 4000 characters");
    }

    #[test]
    fn control_characters_are_refused_except_line_feed_and_tab_in_long_text() {
        for bad in ["a\nb", "a\tb", "a\0b", "a\u{1b}[31m", "a\u{7f}", "a\u{85}b", "a\rb"] {
            assert_eq!(rule(Text::parse(bad)), "must not hold control characters", "{bad:?}");
        }
        assert_eq!(rule(LongText::parse("a\n\tb")), "accepted");
        assert_eq!(rule(LongText::parse("a\r\nb")), "must not hold control characters");
        assert_eq!(rule(LongText::parse("a\0b")), "must not hold control characters");
    }

    #[test]
    fn debug_prints_no_text() {
        assert_eq!(format!("{:?}", Text::parse("Dunbrae").unwrap()), "Text(…)");
        assert_eq!(format!("{:?}", LongText::parse("Dunbrae").unwrap()), "LongText(…)");
    }

    #[test]
    fn text_that_reorders_its_surroundings_is_marked() {
        assert!(Text::parse("a\u{202E}b").unwrap().reorders());
        assert!(LongText::parse("a\u{2067}b").unwrap().reorders());
        assert!(!Text::parse("שלום").unwrap().reorders());
    }

    #[test]
    fn only_separators_between_digits_are_taken_away() {
        assert_eq!(without_separators(" 170986-2041\t"), "1709862041");
        assert_eq!(without_separators("-1111408149"), "-1111408149");
        assert_eq!(without_separators("170986--2041"), "170986--2041");
        assert_eq!(without_separators("1709862041-"), "1709862041-");
        assert_eq!(without_separators("170986 - 2041"), "1709862041");
    }
}
