//! One item becomes one or more rows, in plain words. Each kind is worded in the file of the side that holds it.

mod any_agency;
mod health;
mod social_work;
mod social_work_detail;

pub(super) use health::is_in_hospital;

use super::fields::Fields;
use super::model::Tag;
use super::words::{Words, lower_first};
use domain::{Catalogue, DataItem, FieldValue, ItemKind, ItemMask, PartialDate, Side};
use jiff::civil::Date;

/// What the wording of a row may lean on, besides the item: nothing of the person.
pub(super) struct Context {
    pub(super) today: Date,
    pub(super) level: u8,
    pub(super) shared: ItemMask,
    /// The source in the middle of a sentence.
    pub(super) noun: String,
}

/// A row before it has a key and a time.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) label: Option<&'static str>,
    pub(super) main: Words,
    pub(super) tags: Vec<Tag>,
    pub(super) more: Vec<Words>,
    /// Smaller stands first; rows of equal order stand by instance, so that a change moves nothing.
    pub(super) order: i64,
}

impl Row {
    pub(super) fn of(main: Words) -> Self {
        Self { main, ..Self::default() }
    }

    pub(super) fn fact(label: &'static str, main: Words) -> Self {
        Self { label: Some(label), main, ..Self::default() }
    }

    pub(super) fn more(mut self, more: Words) -> Self {
        self.more.push(more);
        self
    }

    pub(super) fn tag(mut self, class: &'static str, word: Words) -> Self {
        if !word.is_empty() {
            self.tags.push(Tag { class, word });
        }
        self
    }

    pub(super) fn earliest_first(mut self, date: Option<&PartialDate>, time: Option<&str>) -> Self {
        self.order = point(date, time);
        self
    }

    pub(super) fn newest_first(self, date: Option<&PartialDate>, time: Option<&str>) -> Self {
        let row = self.earliest_first(date, time);
        Self { order: -row.order, ..row }
    }
}

/// A figure that grows with the date and the time of day.
fn point(date: Option<&PartialDate>, time: Option<&str>) -> i64 {
    let Some(day) = date.and_then(PartialDate::earliest) else { return 0 };
    let clock: i64 = time
        .and_then(|time| time.split_once(':'))
        .and_then(|(hour, minute)| Some(hour.parse::<i64>().ok()? * 60 + minute.parse::<i64>().ok()?))
        .unwrap_or(0);
    (i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())) * 10_000 + clock
}

/// The rows of an item.
pub(super) fn rows(item: &DataItem, context: &Context) -> Vec<Row> {
    let fields = Fields(item);
    let rows = match Catalogue::standard().kind(item.kind).side {
        Side::Any => any_agency::rows(fields, context),
        Side::SocialWork => {
            social_work::rows(fields, context).or_else(|| social_work_detail::rows(fields, context))
        }
        Side::Health => health::rows(fields, context),
    };
    let rows = rows.unwrap_or_default();
    if rows.iter().any(|row| !row.main.is_empty()) { rows } else { vec![plain(item)] }
}

/// An item in the words of the catalogue, where no better ones are known: a permitted item is never left out.
fn plain(item: &DataItem) -> Row {
    let spec = Catalogue::standard().kind(item.kind);
    let fields = Fields(item);
    item.fields.iter().fold(Row::of(Words::ours(spec.title)), |row, (name, value)| {
        let Some(field) = spec.field(name) else { return row };
        let said = match value {
            FieldValue::Text(_) | FieldValue::Code(_) => fields.words(name),
            FieldValue::Date(date) => Words::new().date(date),
            FieldValue::Period { .. } => fields.lasting(name),
            FieldValue::Quantity { .. } => fields.quantity(name),
            FieldValue::Practitioner(_) => fields.staff_line(name),
            FieldValue::Person(_) => Words::join([fields.person_line(name), fields.person_phone(name)], ", "),
            FieldValue::Flag(yes) => Words::ours(if *yes { "yes" } else { "no" }),
        };
        if said.is_empty() { row } else { row.more(Words::ours(field.title).say(": ").with(said)) }
    })
}

/// The status as a tag, where it says more than that the thing goes on; ended things say so.
pub(super) fn ended_tag(row: Row, fields: Fields<'_>, period: &str, context: &Context) -> Row {
    let over = fields.period(period).1.and_then(PartialDate::latest).is_some_and(|last| last < context.today);
    if over { row.tag("", Words::ours("Ended")) } else { row }
}

/// The status as a sentence, left out where it is the usual one.
pub(super) fn unusual(fields: Fields<'_>, usual: &[&str]) -> Words {
    let status = fields.text("status");
    let is_usual = |text: &&str| usual.iter().any(|one| one.eq_ignore_ascii_case(text));
    status.filter(|text| !is_usual(text)).map(Words::theirs).unwrap_or_default()
}

/// Words of a field in the middle of a sentence: those of a code with a small first letter.
pub(super) fn lowered(fields: Fields<'_>, name: &str) -> Words {
    let small = fields.is_code(name);
    let words = |text: &str| if small { Words::theirs(&lower_first(text)) } else { Words::theirs(text) };
    fields.text(name).map(words).unwrap_or_default()
}

/// `17 Nov 2026: phone call`; the date first, for what is read as a list of dates.
pub(super) fn on_date(fields: Fields<'_>, date: &str, what: Words) -> Row {
    let day = fields.date(date);
    let main = match day {
        Some(day) => Words::join([Words::new().date(day), what], ": "),
        None => what,
    };
    Row::of(main).newest_first(day, fields.text("time"))
}

/// A name for a row that stays the same and does not identify anyone: a digest of kind, instance and place.
pub(super) fn key(kind: ItemKind, instance: &str, at: usize) -> String {
    let place = at.to_string();
    format!("r{:016x}", digest(&[kind.id().as_bytes(), instance.as_bytes(), place.as_bytes()]))
}

/// Tells values apart; guards nothing.
pub(super) fn digest(parts: &[&[u8]]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let mixed = parts.iter().fold(start, |hash, part| part.iter().chain(&[0xff]).fold(hash, step));
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 31)
}
