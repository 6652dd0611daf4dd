//! Text on its way to a page: our own words, words of others, dates and telephone numbers in one line.
//!
//! Everything is escaped here, once. Words of others never become markup, and never change the order of the words
//! around them.

use super::dates;
use domain::PartialDate;
use jiff::Timestamp;
use std::fmt::{self, Write};

/// A line of text for a page. Displays as HTML; [`Words::text`] is what a reader reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words(Vec<Piece>);

#[derive(Clone, PartialEq, Eq)]
enum Piece {
    /// Ours.
    Ours(String),
    /// Theirs.
    Text(String),
    /// Theirs, with marks or letters that could turn its surroundings round.
    Isolated(String),
    /// Kept on one line.
    Unbroken(String),
    /// Loud.
    Strong(Words),
    /// A date or a moment: shown, and as attribute.
    Time(String, String),
}

impl fmt::Debug for Piece {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Piece(…)")
    }
}

impl Words {
    /// No words.
    pub fn new() -> Self {
        Self::default()
    }

    /// Our own words.
    pub fn ours(text: &str) -> Self {
        Self::new().say(text)
    }

    /// Words of a source system or of another person.
    pub fn theirs(text: &str) -> Self {
        Self::new().quote(text)
    }

    /// Adds our own words.
    pub fn say(mut self, text: &str) -> Self {
        self.0.push(Piece::Ours(text.to_owned()));
        self
    }

    /// Adds words of others.
    pub fn quote(mut self, text: &str) -> Self {
        let clean: String = text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        self.0.push(if turns_round(&clean) { Piece::Isolated(clean) } else { Piece::Text(clean) });
        self
    }

    /// Adds other words.
    pub fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Adds loud words.
    pub fn strong(mut self, words: Self) -> Self {
        self.0.push(Piece::Strong(words));
        self
    }

    /// Adds something that must not be broken over a line: a number, a postcode.
    pub fn unbroken(mut self, text: &str) -> Self {
        let clean: String = text.trim().chars().filter(|c| !c.is_control()).collect();
        self.0.push(Piece::Unbroken(clean));
        self
    }

    /// Adds a date as far as it is known.
    pub fn date(mut self, date: &PartialDate) -> Self {
        self.0.push(match date {
            PartialDate::Unknown => Piece::Ours(date.display()),
            PartialDate::Year(_) | PartialDate::YearMonth(_) | PartialDate::Full(_) => {
                Piece::Time(date.display(), date.to_iso())
            }
        });
        self
    }

    /// Adds the day of a moment.
    pub fn day_of(self, instant: Timestamp) -> Self {
        self.date(&PartialDate::Full(dates::day(instant)))
    }

    /// Adds a moment, to the minute.
    pub fn moment(mut self, instant: Timestamp) -> Self {
        self.0.push(Piece::Time(dates::moment_text(instant), dates::moment_iso(instant)));
        self
    }

    /// Adds a moment; its day alone where the source gave no time.
    pub fn moment_or_day(self, instant: Timestamp) -> Self {
        if dates::has_time(instant) { self.moment(instant) } else { self.day_of(instant) }
    }

    /// Adds the time of day.
    pub fn clock(mut self, instant: Timestamp) -> Self {
        let shown = dates::clock_text(instant);
        self.0.push(Piece::Time(shown.clone(), shown));
        self
    }

    /// Joins what is there with a separator.
    pub fn join(parts: impl IntoIterator<Item = Self>, separator: &str) -> Self {
        parts.into_iter().filter(|part| !part.is_empty()).fold(Self::new(), |line, part| {
            if line.is_empty() { part } else { line.say(separator).with(part) }
        })
    }

    /// Sentences, each with its full stop but the last.
    pub fn sentences(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().filter(|part| !part.is_empty()).fold(Self::new(), |line, part| {
            let part = part.capitalised();
            if line.is_empty() {
                return part;
            }
            let stopped = line.text().ends_with(['.', '!', '?', '”']);
            line.say(if stopped { " " } else { ". " }).with(part)
        })
    }

    /// Our own first word with a large letter. Words of others stay as they are.
    fn capitalised(mut self) -> Self {
        if let Some(Piece::Ours(first)) = self.0.first_mut() {
            *first = upper_first(first);
        }
        self
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// What a reader reads, without markup.
    pub fn text(&self) -> String {
        self.0.iter().fold(String::new(), |mut text, piece| {
            match piece {
                Piece::Ours(one)
                | Piece::Text(one)
                | Piece::Isolated(one)
                | Piece::Unbroken(one)
                | Piece::Time(one, _) => {
                    text.push_str(one);
                }
                Piece::Strong(words) => text.push_str(&words.text()),
            }
            text
        })
    }
}

impl fmt::Display for Words {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| write_piece(piece, to))
    }
}

// INVARIANT: every piece is escaped by `write_piece`.
impl askama::filters::HtmlSafe for Words {}

fn write_piece(piece: &Piece, to: &mut fmt::Formatter<'_>) -> fmt::Result {
    match piece {
        Piece::Ours(text) | Piece::Text(text) => escape(text, to),
        Piece::Isolated(text) => {
            to.write_str("<bdi>")?;
            escape(text, to)?;
            to.write_str("</bdi>")
        }
        Piece::Unbroken(text) => {
            to.write_str("<span class=\"yt-nb\">")?;
            escape(text, to)?;
            to.write_str("</span>")
        }
        Piece::Strong(words) => write!(to, "<strong>{words}</strong>"),
        Piece::Time(shown, iso) => {
            to.write_str("<time datetime=\"")?;
            escape(iso, to)?;
            to.write_str("\">")?;
            escape(shown, to)?;
            to.write_str("</time>")
        }
    }
}

fn escape(text: &str, to: &mut impl Write) -> fmt::Result {
    text.chars().try_for_each(|c| match c {
        '&' => to.write_str("&amp;"),
        '<' => to.write_str("&lt;"),
        '>' => to.write_str("&gt;"),
        '"' => to.write_str("&quot;"),
        '\'' => to.write_str("&#39;"),
        '\n' => to.write_str("<br>"),
        other => to.write_char(other),
    })
}

/// Directional marks, and letters of scripts that run from right to left.
fn turns_round(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c,
            '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
            | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
    })
}

/// The first letter small, unless the word is an abbreviation or a name of one letter.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        (_, _) => text.to_owned(),
    }
}

/// Words that never begin a name and stand small in the middle of a sentence.
const SMALL_WORDS: [&str; 23] = [
    "an", "and", "at", "beside", "both", "by", "for", "from", "her", "his", "him", "in", "it", "not", "on",
    "only", "the", "their", "them", "to", "when", "where", "with",
];

/// Text of others in the middle of a sentence: its first word small where it cannot be a name, as in `The GP practice`
/// or `Where she lives`. Anything else may be one, and stays.
pub(super) fn within(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let first = first.trim_end_matches([',', '.', ';', ':']);
    if SMALL_WORDS.contains(&first) { lower_first(text) } else { text.to_owned() }
}

/// The first letter large.
pub(super) fn upper_first(text: &str) -> String {
    let first = text.chars().next().into_iter().flat_map(char::to_uppercase);
    first.chain(text.chars().skip(1)).collect()
}

/// `a, b and c`.
pub(super) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_never_become_markup() {
        let html = Words::theirs("<img src=x onerror=\"a('b')\">&").to_string();
        assert_eq!(html, "&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;");
        assert_eq!(
            Words::new().unbroken("\"><b>").to_string(),
            "<span class=\"yt-nb\">&quot;&gt;&lt;b&gt;</span>"
        );
    }

    #[test]
    fn words_that_could_turn_the_line_round_are_kept_apart() {
        assert_eq!(Words::theirs("a\u{202E}b").to_string(), "<bdi>a\u{202E}b</bdi>");
        assert_eq!(Words::theirs("שלום").to_string(), "<bdi>שלום</bdi>");
        assert_eq!(Words::theirs("Ngọc").to_string(), "Ngọc");
    }

    #[test]
    fn a_carriage_return_never_reaches_the_stream() {
        assert_eq!(Words::theirs("a\r\nb\u{85}\0").to_string(), "a<br>b");
    }

    #[test]
    fn sentences_have_one_full_stop_between_them() {
        let line = Words::sentences(["A.", "", "B", "C?", "D"].map(Words::theirs));
        assert_eq!(line.text(), "A. B. C? D");
    }

    #[test]
    fn first_letters_of_abbreviations_stay() {
        assert_eq!(lower_first("Physical, personal care"), "physical, personal care");
        assert_eq!(lower_first("DNACPR in place"), "DNACPR in place");
        assert_eq!(within("The GP practice; out of hours, NHS 24"), "the GP practice; out of hours, NHS 24");
        assert_eq!(within("Theodora Askew"), "Theodora Askew");
        assert_eq!(within("A Tarras"), "A Tarras", "an initial");
        assert_eq!(listed(&["a", "b", "c"].map(str::to_owned)), "a, b and c");
    }
}
