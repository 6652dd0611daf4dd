//! One ADT message into one change of one source record, and a report of what was left out.
//!
//! Must not look anything up: what a message does not say stays unchanged.

mod address;
mod identifiers;
mod items;
mod person;
mod stay;
#[cfg(test)]
mod tests;

use crate::settings::lists;
use crate::{Error, Header, Location, Message, Segment, Settings, time};
use domain::{Change, RecordChange, RecordVersion, Redirect, RedirectScope, SourceRecord, Unread};
use jiff::Timestamp;

/// Something that was left out, or put elsewhere, while the rest of the message was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it stood.
    pub location: Location,
    /// What was done and why. Never the value.
    pub rule: String,
}

/// What was not understood of a message that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Names of segments that are not read here, each once.
    pub unknown_segments: Vec<String>,
    /// Values that were left out.
    pub dropped: Vec<Note>,
    /// The character set was guessed.
    pub guessed_charset: bool,
}

impl Report {
    pub(crate) fn note(&mut self, location: Location, rule: impl Into<String>) {
        self.dropped.push(Note { location, rule: rule.into() });
    }
}

/// A message that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it changes.
    pub change: RecordChange,
    /// What was left out.
    pub report: Report,
}

/// The events that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Admit,
    Discharge,
    Update,
    Merge,
}

impl Event {
    fn of(header: &Header) -> Result<Self, Error> {
        if header.message_type.is_empty() {
            return Err(Error::MissingField { location: Location::field("MSH", 9) });
        }
        let message_type = printable(&header.message_type);
        if header.message_type != "ADT" {
            return Err(Error::UnsupportedType { message_type });
        }
        match header.trigger.as_str() {
            "A01" => Ok(Self::Admit),
            "A03" => Ok(Self::Discharge),
            "A08" | "A28" | "A31" => Ok(Self::Update),
            "A40" => Ok(Self::Merge),
            trigger => Err(Error::UnsupportedEvent { message_type, trigger: printable(trigger) }),
        }
    }
}

/// The refusal of a message that is of another type or event anyway, whatever else is wrong with it.
pub(crate) fn refusal_by_type(header: &Header) -> Option<Error> {
    if header.message_type.is_empty() { None } else { Event::of(header).err() }
}

/// A type or an event as it may stand in an answer: shown only where it looks like one.
fn printable(code: &str) -> String {
    let plain = (1..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { code.to_owned() } else { "(not a code)".to_owned() }
}

/// What every part of reading needs.
struct Context<'s> {
    settings: &'s Settings,
    event: Event,
    /// The source's own time of the message.
    told_at: Timestamp,
    /// When it happened.
    occurred_at: Timestamp,
}

/// Segments that are read here; every other one is reported.
const READ: &[&str] = &["MSH", "EVN", "PID", "PD1", "NK1", "PV1", "AL1", "DG1", "MRG"];

/// Reads A01, A03, A08, A28, A31 and A40. One message is one change.
///
/// Its version is the source's own time: EVN-2, else MSH-7.
pub fn read(message: &Message, settings: &Settings) -> Result<Reading, Error> {
    let header = message.header();
    check_control_id(header)?;
    let event = Event::of(header)?;
    let (told_at, occurred_at) = times(message, settings)?;
    let context = Context { settings, event, told_at, occurred_at };
    let mut report = Report { guessed_charset: message.guessed_charset(), ..Report::default() };
    let pid = message.single("PID")?.ok_or(Error::MissingSegment { segment: "PID" })?;

    let identifiers = identifiers::read(&pid.field(3), &pid.at(3), settings, &mut report)?;
    let version = RecordVersion::SourceTime(told_at);
    let mut change = RecordChange::new(identifiers.record, version, occurred_at);
    change.demographics = person::read(&pid, &context, &mut report)?;
    change.demographics.chi = identifiers.chi;
    change.demographics.nhs_number = identifiers.nhs_number;
    if let Some(segment) = message.single("PD1")? {
        change.demographics.protected = protection(&segment, &mut report);
        items::registered_practice(&segment, &context, &mut change)?;
    }
    items::next_of_kin(message, &context, &mut change, &mut report)?;
    items::allergies(message, &context, &mut change, &mut report)?;
    items::conditions(message, &context, &mut change, &mut report)?;
    if let Some(segment) = message.single("PV1")? {
        stay::read(&segment, header, &context, &mut change, &mut report)?;
    }
    if event == Event::Merge {
        change.redirect = Some(merge(message, &change, settings, &mut report)?);
    }
    report.unknown_segments = unknown_segments(message);
    change.unread = unread(message);
    Ok(Reading { change, report })
}

/// The source record that a message speaks of, by its first PID-3, where that can be read: also of a message that is
/// refused. Nothing may be changed by it; it only tells whom a kept message is about.
pub fn record_of(bytes: &[u8], settings: &Settings) -> Option<SourceRecord> {
    let message = Message::salvage(bytes)?;
    let pid = message.named("PID").next()?;
    let found = identifiers::read(&pid.field(3), &pid.at(3), settings, &mut Report::default());
    found.ok().map(|identifiers| identifiers.record)
}

fn check_control_id(header: &Header) -> Result<(), Error> {
    let location = Location::field("MSH", 10);
    if header.control_id.is_empty() {
        return Err(Error::MissingField { location });
    }
    let fits = header.control_id.chars().count() <= 199 && !header.control_id.chars().any(char::is_control);
    let rule = || "must be at most 199 characters, without control characters".to_owned();
    if fits { Ok(()) } else { Err(Error::Invalid { location, rule: rule() }) }
}

/// When the source told it (EVN-2, else MSH-7) and when it happened (EVN-6, else the same).
fn times(message: &Message, settings: &Settings) -> Result<(Timestamp, Timestamp), Error> {
    let header = message.single("MSH")?.ok_or(Error::NotAMessage)?;
    let event = message.single("EVN")?;
    let read = |segment: &Segment<'_>, field: usize| -> Result<Option<Timestamp>, Error> {
        let text = segment.field(field).part(1);
        if text.is_empty() {
            return Ok(None);
        }
        let location = segment.at(field);
        time::timestamp(&text, &settings.zone).map(Some).map_err(|rule| Error::invalid(&location, rule))
    };
    let recorded = match &event {
        Some(segment) => read(segment, 2)?,
        None => None,
    };
    let told_at = match recorded {
        Some(time) => time,
        None => read(&header, 7)?.ok_or(Error::MissingField { location: Location::field("MSH", 7) })?,
    };
    let occurred_at = match &event {
        Some(segment) => read(segment, 6)?,
        None => None,
    };
    Ok((told_at, occurred_at.unwrap_or(told_at)))
}

/// PD1-12: `Y` protects the whole record.
fn protection(segment: &Segment<'_>, report: &mut Report) -> Change<bool> {
    let field = segment.field(12);
    if field.is_null() {
        return Change::Deleted;
    }
    match field.part(1).as_str() {
        "" => Change::Unchanged,
        "Y" => Change::Set(true),
        "N" => Change::Set(false),
        _ => {
            // INVARIANT: whatever is said of protection and not understood protects.
            report.note(segment.at(12), "must be Y or N; read as Y");
            Change::Set(true)
        }
    }
}

/// A40: the record of PID-3 survives, that of MRG-1 under the same authority is retired.
fn merge(
    message: &Message,
    change: &RecordChange,
    settings: &Settings,
    report: &mut Report,
) -> Result<Redirect, Error> {
    let segment = message.single("MRG")?.ok_or(Error::MissingSegment { segment: "MRG" })?;
    let location = segment.at(1);
    let retired = identifiers::read(&segment.field(1), &location, settings, report)?.record;
    let rule = |rule: &'static str| Error::invalid(&location, domain::Violation::of(rule));
    if retired.authority != change.record.authority {
        return Err(rule("must be an identifier of the same assigning authority as PID-3"));
    }
    if retired == change.record {
        return Err(rule("must be another identifier than PID-3"));
    }
    Ok(Redirect { from: retired, to: change.record.clone(), scope: RedirectScope::Record })
}

/// The segments that are not read here, as they came.
fn unread(message: &Message) -> Unread {
    let mut text = String::new();
    for segment in message.segments().filter(|segment| !READ.contains(&segment.name())) {
        text.push_str(segment.as_written());
        text.push('\r');
    }
    Unread(text.into_bytes())
}

fn unknown_segments(message: &Message) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for segment in message.segments() {
        let name = segment.name();
        if !READ.contains(&name) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
