//! A message divided into segments, fields and their parts, lazily and without copying. Keeps every character, so
//! that writing it back loses nothing but the kind of line end.

use crate::charset::{self, Decoded};
use crate::escape::unescape;
use crate::header::{Header, without_mark};
use crate::{Error, Location, Separators};
use std::ops::Range;

/// One message.
#[derive(Clone)]
pub struct Message {
    text: String,
    segments: Vec<Range<usize>>,
    header: Header,
    guessed_charset: bool,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Message({} segments)", self.segments.len())
    }
}

impl Message {
    /// Decodes the bytes of a frame: character set by MSH-18, separators by MSH-1 and MSH-2, segments by CR (LF
    /// and CR LF are tolerated, and so is a byte order mark in front).
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let peeked = Header::peek(bytes);
        match peeked.segment {
            "" => return Err(Error::NotAMessage),
            "MSH" => {}
            segment => return Err(Error::Batch { segment }),
        }
        let Decoded { text, encoding, guessed } = charset::decode(without_mark(bytes), &peeked.charset)?;
        let segments = lines(&text);
        let first = segments.first().and_then(|range| text.get(range.clone())).ok_or(Error::NotAMessage)?;
        let separators = Separators::of_header(first).ok_or_else(|| Error::Invalid {
            location: Location::field("MSH", 2),
            rule: "must be two to five different punctuation marks, such as ^~\\&".to_owned(),
        })?;
        let header = Header::of_line(first, encoding);
        let message = Self { text, segments, header, guessed_charset: guessed };
        message.check_segments(separators)?;
        Ok(message)
    }

    /// What can be told apart of a message that cannot be read: its lines, checked in no way. `None`: not even a header.
    pub(crate) fn salvage(bytes: &[u8]) -> Option<Self> {
        let header = Header::peek(bytes);
        if header.segment != "MSH" {
            return None;
        }
        let Decoded { text, guessed, .. } = charset::decode_anyhow(without_mark(bytes), &header.charset);
        Some(Self { segments: lines(&text), text, header, guessed_charset: guessed })
    }

    fn check_segments(&self, separators: Separators) -> Result<(), Error> {
        for (index, range) in self.segments.iter().enumerate() {
            let line = self.text.get(range.clone()).unwrap_or_default();
            if !is_segment(line, separators.field) {
                return Err(Error::NotASegment { number: index + 1 });
            }
        }
        match self.named("MSH").nth(1) {
            Some(second) => Err(Error::RepeatedSegment { location: second.location() }),
            None => Ok(()),
        }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Whether the character set was guessed: none was stated, or not the right one, and Windows-1252 was taken.
    pub fn guessed_charset(&self) -> bool {
        self.guessed_charset
    }

    /// Every segment in order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let separators = self.header.separators;
        self.segments.iter().filter_map(move |range| {
            Some(Segment { line: self.text.get(range.clone())?, separators, occurrence: 1 })
        })
    }

    /// The segments of this name in order.
    pub fn named(&self, name: &str) -> impl Iterator<Item = Segment<'_>> {
        let wanted = move |segment: &Segment<'_>| segment.name() == name;
        self.segments()
            .filter(wanted)
            .enumerate()
            .map(|(i, segment)| Segment { occurrence: i + 1, ..segment })
    }

    /// The only segment of this name, where there is one.
    pub fn single(&self, name: &str) -> Result<Option<Segment<'_>>, Error> {
        let mut all = self.named(name);
        let first = all.next();
        match all.next() {
            Some(second) => Err(Error::RepeatedSegment { location: second.location() }),
            None => Ok(first),
        }
    }

    /// The message as it goes over the wire: the same characters, each segment ended by CR.
    pub fn write(&self) -> String {
        let mut text = String::with_capacity(self.text.len() + 1);
        for segment in self.segments() {
            text.push_str(segment.line);
            text.push('\r');
        }
        text
    }
}

/// A segment name is three characters, the first a letter, the others letters or digits, all upper case.
fn is_segment(line: &str, separator: char) -> bool {
    let mut chars = line.chars();
    let name: Vec<char> = chars.by_ref().take(3).collect();
    name.len() == 3
        && name.first().is_some_and(char::is_ascii_uppercase)
        && name.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && chars.next().is_none_or(|c| c == separator)
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for line in text.split(['\r', '\n']) {
        if !line.trim().is_empty() {
            let indent = if ranges.is_empty() { line.len() - line.trim_start().len() } else { 0 };
            ranges.push(start + indent..start + line.len());
        }
        start += line.len() + 1;
    }
    ranges
}

/// One segment.
#[derive(Clone, Copy)]
pub struct Segment<'m> {
    line: &'m str,
    separators: Separators,
    occurrence: usize,
}

impl<'m> Segment<'m> {
    /// Its name.
    pub fn name(&self) -> &'m str {
        self.line.get(..3).unwrap_or_default()
    }

    /// The whole segment, without its end.
    pub(crate) fn as_written(&self) -> &'m str {
        self.line
    }

    /// Where it stands.
    pub fn location(&self) -> Location {
        Location { occurrence: self.occurrence, ..Location::segment(self.name()) }
    }

    /// Where one of its fields stands.
    pub fn at(&self, field: usize) -> Location {
        self.location().with_field(field)
    }

    /// A field by its number, from 1; empty where the segment ends before it.
    pub fn field(&self, number: usize) -> Value<'m> {
        // In the header, field 1 is the separator itself.
        let index = match (self.name(), number) {
            ("MSH", 1) => {
                let raw = self.line.get(3..3 + self.separators.field.len_utf8()).unwrap_or_default();
                return Value::new(raw, self.separators);
            }
            ("MSH", _) => number.saturating_sub(1),
            (_, _) => number,
        };
        let raw = self.line.split(self.separators.field).nth(index).unwrap_or_default();
        Value::new(raw, self.separators)
    }
}

/// A field, a repetition, a component or a subcomponent.
#[derive(Clone, Copy)]
pub struct Value<'m> {
    raw: &'m str,
    separators: Separators,
}

impl<'m> Value<'m> {
    pub(crate) fn new(raw: &'m str, separators: Separators) -> Self {
        Self { raw, separators }
    }

    /// Whether nothing is said: no change.
    pub fn is_empty(&self) -> bool {
        let Separators { component, subcomponent, repetition, .. } = self.separators;
        self.raw.chars().all(|c| c == ' ' || c == component || c == repetition || Some(c) == subcomponent)
    }

    /// Whether it is `""`, which deletes.
    pub fn is_null(&self) -> bool {
        let Separators { component, subcomponent, .. } = self.separators;
        self.raw.trim_end_matches(|c| c == component || Some(c) == subcomponent).trim() == "\"\""
    }

    /// The repetitions of a field; none of an empty one.
    pub fn repeats(&self) -> impl Iterator<Item = Value<'m>> {
        let separators = self.separators;
        self.raw
            .split(separators.repetition)
            .map(move |raw| Value { raw, separators })
            .filter(|one| !one.is_empty())
    }

    /// The first repetition.
    #[must_use]
    pub fn first(&self) -> Value<'m> {
        let raw = self.raw.split(self.separators.repetition).next().unwrap_or_default();
        Value { raw, ..*self }
    }

    /// A component by its number, from 1.
    #[must_use]
    pub fn component(&self, number: usize) -> Value<'m> {
        let raw = self.raw.split(self.separators.component).nth(number.saturating_sub(1)).unwrap_or_default();
        Value { raw, ..*self }
    }

    /// A subcomponent by its number, from 1.
    #[must_use]
    pub fn subcomponent(&self, number: usize) -> Value<'m> {
        let raw = match self.separators.subcomponent {
            Some(separator) => self.raw.split(separator).nth(number.saturating_sub(1)).unwrap_or_default(),
            None if number == 1 => self.raw,
            None => "",
        };
        Value { raw, ..*self }
    }

    /// The text, unescaped and without spaces around; empty for `""`.
    pub fn text(&self) -> String {
        if self.is_null() { String::new() } else { unescape(self.raw.trim_matches(' '), &self.separators) }
    }

    /// The text of a component's first subcomponent: what most parts of most fields are.
    pub fn part(&self, component: usize) -> String {
        self.component(component).subcomponent(1).text()
    }

    /// Like [`Value::part`], with line ends and tabs turned into spaces, for text that is shown on one line.
    pub fn line(&self, component: usize) -> String {
        one_line(&self.part(component))
    }

    /// As written.
    pub fn raw(&self) -> &'m str {
        self.raw
    }
}

pub(crate) fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Message {
        Message::decode(text.as_bytes()).unwrap()
    }

    #[test]
    fn fields_are_numbered_as_the_standard_does() {
        let message = decode("MSH|^~\\&|APP|FAC\rPID|1||A&x^B~C\r");
        let header = message.single("MSH").unwrap().unwrap();
        assert_eq!(
            (header.field(1).raw(), header.field(2).raw(), header.field(3).raw()),
            ("|", "^~\\&", "APP")
        );
        let person = message.single("PID").unwrap().unwrap();
        let field = person.field(3);
        assert_eq!(field.repeats().map(|r| r.part(1)).collect::<Vec<_>>(), ["A", "C"]);
        assert_eq!(field.first().component(1).subcomponent(2).text(), "x");
        assert_eq!(person.field(99).raw(), "");
    }

    #[test]
    fn empty_and_null_are_not_the_same() {
        let message = decode("MSH|^~\\&|\rPID|\"\"||^^|\"\"^^^CHI|  |x\r");
        let person = message.single("PID").unwrap().unwrap();
        assert!(person.field(1).is_null() && !person.field(1).is_empty());
        assert!(person.field(2).is_empty() && person.field(3).is_empty() && person.field(5).is_empty());
        assert!(!person.field(4).is_null() && person.field(4).component(1).is_null());
        assert!(!person.field(6).is_empty() && !person.field(6).is_null());
    }

    #[test]
    fn every_line_end_is_tolerated_and_written_back_as_cr() {
        let message = decode("\r\nMSH|^~\\&|\r\nEVN|\nPID|1\r\r\rZZ1|x");
        assert_eq!(message.write(), "MSH|^~\\&|\rEVN|\rPID|1\rZZ1|x\r");
    }

    #[test]
    fn a_line_that_is_no_segment_is_named_by_its_number() {
        let error = Message::decode(b"MSH|^~\\&|\rEVN|\rhello").unwrap_err();
        assert_eq!(error, Error::NotASegment { number: 3 });
        assert_eq!(Message::decode(b"hello").unwrap_err(), Error::NotAMessage);
        assert_eq!(Message::decode(b"").unwrap_err(), Error::NotAMessage);
        let doubled = Message::decode(b"MSH|^~\\\\&|A|B|C|D|20260101||ADT^A01|7").unwrap_err();
        assert_eq!(doubled.location().to_string(), "MSH-2");
        assert_eq!(Header::peek(b"MSH|^~\\\\&|A|B|C|D|20260101||ADT^A01|7").control_id, "7");
        assert_eq!(Message::decode(b"BHS|^~\\&|").unwrap_err(), Error::Batch { segment: "BHS" });
    }

    #[test]
    fn two_messages_in_a_frame_are_refused() {
        let error = Message::decode(b"MSH|^~\\&|\rMSH|^~\\&|").unwrap_err();
        assert_eq!(error.to_string(), "MSH[2]: must stand once; send a message for each");
    }

    #[test]
    fn debug_shows_no_text() {
        assert_eq!(format!("{:?}", decode("MSH|^~\\&|\rPID|||7")), "Message(2 segments)");
    }
}
