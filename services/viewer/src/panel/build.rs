//! Builds a panel: who, what state, what is left out, alerts, whom to phone, groups, what is empty, on which terms.

use super::entries::{self, Context, key};
use super::fields::Fields;
use super::input::{Feed, PanelInput, ShownItem, TermsLine};
use super::layout::{self, GroupSpec};
use super::model::{Entry, Excluded, Group, GroupTimes, Head, Level, PanelView, PersonBanner, Stamp};
use super::words::{Words, listed, lower_first, upper_first};
use super::{alerts, banners, dates, kinds, phones};
use domain::{Catalogue, ItemKind, Purpose};
use jiff::Timestamp;

/// A panel of one source, from what was permitted.
pub fn panel(input: &PanelInput<'_>) -> PanelView {
    let context = Context {
        today: dates::day(input.now),
        level: input.level,
        shared: input.shared,
        noun: input.source.noun(),
    };
    let groups = groups(input, &context);
    PanelView {
        head: head(input),
        printed: printed(input),
        clock: dates::clock_text(input.now),
        person: person(input),
        banners: banners::banners(input),
        note: kinds::note(input),
        alerts: alerts::alerts(input, &context),
        phones: phones::phones(input),
        columns: in_columns(groups),
        empty: kinds::empty_line(input),
        not_sent: kinds::not_sent_line(input),
        excluded: Excluded {
            level: input.level,
            kinds: kinds::not_shared_titles(input),
            single_entries: input.labels_shut,
            phone_for_more: input.source.phone_for_more(),
        },
        terms: terms(input),
        times: times(input),
    }
}

pub(super) fn head(input: &PanelInput<'_>) -> Head {
    Head {
        title: input.source.title(),
        source: input.source.code(),
        organisation: Words::theirs(input.source.name),
        level: Some(Level(input.level)),
        stamp: Some(stamp(&input.feed, input.now)),
    }
}

/// How fresh the page is, from the feed alone.
pub(super) fn stamp(feed: &Feed, now: Timestamp) -> Stamp {
    let as_of = match feed.heard_at {
        Some(heard) => Words::ours("as of ").moment(heard),
        None => Words::ours("nothing heard yet"),
    };
    Stamp { live: !feed.is_stale(now), as_of }
}

fn printed(input: &PanelInput<'_>) -> Words {
    let level = input.level;
    Words::ours(", by ")
        .with(Words::join([Words::theirs(input.reader), Words::theirs(input.recipient)], ", "))
        .say(&format!(". {}, level {level}, from ", input.source.title()))
        .quote(input.source.name)
        .say(". True at the time of printing only. Not to be shared on.")
}

fn person(input: &PanelInput<'_>) -> Option<PersonBanner> {
    let identity = input.items.iter().find(|one| one.item.kind == ItemKind::IDENTITY)?;
    let fields = Fields(identity.item);
    let agree = banners::agreement(&input.comparison.agree).filter(|_| input.comparison.differ.is_empty());
    let died = match (fields.date("death_date"), fields.flag("deceased")) {
        (Some(date), _) => Words::new().date(date),
        (None, true) => Words::ours("date not known"),
        (None, false) => Words::new(),
    };
    let chi = fields.text("chi_number").map(grouped).unwrap_or_default();
    let number = fields.text("nhs_number").filter(|_| chi.is_empty()).map(Words::theirs).unwrap_or_default();
    let facts = [
        ("Born", born(fields, dates::day(input.now), died.is_empty())),
        ("Died", died),
        ("Sex", fields.words("sex")),
        ("CHI", chi),
        ("NHS number", number),
        ("Likes to be called", fields.words("preferred_name")),
    ];
    let facts = facts.into_iter().filter(|(_, words)| !words.is_empty()).collect();
    (!input.host_shows_person).then(|| PersonBanner {
        name: fields.words("name"),
        facts,
        agrees: agree.map(|text| format!("{text} with your screen")),
    })
}

/// `12 Mar 1941 (85y)`; the age where the date settles it and the person lives.
fn born(fields: Fields<'_>, today: jiff::civil::Date, alive: bool) -> Words {
    let Some(date) = fields.date("birth_date") else { return Words::ours("not known") };
    let words = Words::new().date(date);
    match date.age_bounds(today) {
        Some((least, most)) if alive && least == most => words.say(&format!(" ({least}y)")),
        Some((least, most)) if alive => words.say(&format!(" ({least} or {most}y)")),
        Some(_) | None => words,
    }
}

/// A CHI number as six and four digits.
fn grouped(text: &str) -> Words {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (day, rest): (Vec<_>, Vec<_>) = digits.chars().enumerate().partition(|(at, _)| *at < 6);
    let half = |part: Vec<(usize, char)>| part.into_iter().map(|(_, digit)| digit).collect::<String>();
    if digits.len() == 10 {
        Words::ours(&format!("{} {}", half(day), half(rest)))
    } else {
        Words::theirs(text)
    }
}

/// The rows of these kinds, in the order of the kinds.
pub(super) fn entries_of(input: &PanelInput<'_>, kinds: &[ItemKind], context: &Context) -> Vec<Entry> {
    kinds.iter().flat_map(|kind| entries_of_kind(input, *kind, context)).collect()
}

fn entries_of_kind(input: &PanelInput<'_>, kind: ItemKind, context: &Context) -> Vec<Entry> {
    let of_kind = input.items.iter().filter(|one| one.item.kind == kind);
    let mut found: Vec<(i64, String, usize, Entry)> = of_kind
        .flat_map(|one| {
            let rows = entries::rows(one.item, context).into_iter().enumerate();
            rows.map(|(at, row)| {
                let order = (row.order, one.item.instance.as_str().to_owned(), at);
                (order.0, order.1, order.2, entry(one, at, row))
            })
        })
        .collect();
    found.sort_by(|one, other| (one.0, &one.1, one.2).cmp(&(other.0, &other.1, other.2)));
    found.into_iter().map(|(_, _, _, entry)| entry).collect()
}

fn entry(one: &ShownItem<'_>, at: usize, row: entries::Row) -> Entry {
    Entry {
        key: key(one.item.kind, one.item.instance.as_str(), at),
        label: row.label,
        main: row.main,
        tags: row.tags,
        as_of: Words::ours("as of ").day_of(one.item.as_of),
        more: Words::sentences(row.more),
    }
}

fn groups(input: &PanelInput<'_>, context: &Context) -> Vec<(usize, Group)> {
    let several = systems(input).len() > 1;
    let mut made: Vec<(usize, Group)> = layout::groups(input.source.side)
        .iter()
        .filter_map(|spec| Some((spec.column, group(input, spec, spec.kinds, context, several)?)))
        .collect();
    let placeless: Vec<ItemKind> =
        input.shared.iter().filter(|kind| !layout::has_place(input.source.side, *kind)).collect();
    made.extend(
        group(input, &layout::OTHER, &placeless, context, several).map(|one| (layout::OTHER.column, one)),
    );
    made
}

fn group(
    input: &PanelInput<'_>,
    spec: &GroupSpec,
    kinds: &[ItemKind],
    context: &Context,
    several: bool,
) -> Option<Group> {
    let entries = entries_of(input, kinds, context);
    let sentence = (entries.is_empty() && spec.always).then(|| kinds::group_sentence(input, kinds)).flatten();
    if entries.is_empty() && sentence.is_none() {
        return None;
    }
    let system = several.then(|| systems_of(input, kinds)).filter(|words| !words.is_empty());
    Some(Group { key: spec.key, title: title(input, spec), system, facts: spec.facts, entries, sentence })
}

fn title(input: &PanelInput<'_>, spec: &GroupSpec) -> &'static str {
    let now = |one: &ShownItem<'_>| {
        one.item.kind == ItemKind::INPATIENT_STAY && entries::is_in_hospital(Fields(one.item))
    };
    if spec.key == "stay" && input.items.iter().any(now) { "In hospital now" } else { spec.title }
}

fn systems<'a>(input: &PanelInput<'a>) -> Vec<&'a str> {
    let mut names: Vec<&str> = input.items.iter().map(|one| one.system).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn systems_of(input: &PanelInput<'_>, kinds: &[ItemKind]) -> Words {
    let mut names: Vec<&str> =
        input.items.iter().filter(|one| kinds.contains(&one.item.kind)).map(|one| one.system).collect();
    names.sort_unstable();
    names.dedup();
    Words::join(names.into_iter().map(Words::theirs), ", ")
}

fn in_columns(groups: Vec<(usize, Group)>) -> Vec<Vec<Group>> {
    let mut columns: Vec<Vec<Group>> = vec![Vec::new(), Vec::new(), Vec::new()];
    for (column, group) in groups {
        if let Some(found) = columns.get_mut(column) {
            found.push(group);
        }
    }
    columns.into_iter().filter(|column| !column.is_empty()).collect()
}

fn terms(input: &PanelInput<'_>) -> Words {
    let mut agreements: Vec<&str> = Vec::new();
    for line in &input.terms {
        if !agreements.contains(&line.agreement) {
            agreements.push(line.agreement);
        }
    }
    let agreements = agreements.into_iter().map(|title| agreement_terms(title, &input.terms));
    Words::ours("Shared by ")
        .quote(input.source.name)
        .say(" with ")
        .quote(input.recipient)
        .say(&format!(" for {}, under ", purpose_words(input.purpose)))
        .with(Words::join(agreements, "; and under "))
        .say(". Do not share it on.")
}

/// An agreement, named once, with each of its parts that share something and the end of each.
fn agreement_terms(title: &str, terms: &[TermsLine<'_>]) -> Words {
    let named = Words::ours("the ").strong(Words::theirs(title));
    let parts: Vec<&TermsLine<'_>> = terms.iter().filter(|line| line.agreement == title).collect();
    if let [only] = parts.as_slice() {
        return Words::join([named, part_terms(only, "")], ", ");
    }
    let parts = parts.into_iter().map(|line| part_terms(line, "the agreement itself"));
    named.say(": ").with(Words::join(parts, "; "))
}

/// `appendix B (level 2), in force until 31 Mar 2027`.
fn part_terms(line: &TermsLine<'_>, base: &str) -> Words {
    let part = match line.appendix {
        Some((id, title)) if title.trim().is_empty() => Words::ours("appendix ").quote(id),
        Some((id, title)) => Words::ours("appendix ").quote(id).say(" (").quote(title).say(")"),
        None => Words::ours(base),
    };
    let until = line
        .until
        .and_then(|end| end.checked_sub(jiff::SignedDuration::from_secs(1)).ok())
        .map(|last| Words::ours("in force until ").day_of(last))
        .unwrap_or_default();
    Words::join([part, until], ", ")
}

/// A purpose in the middle of a sentence.
pub(super) fn purpose_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::DirectCare => "direct care",
        Purpose::AdultProtection => "adult protection",
        Purpose::ChildProtection => "child protection",
        Purpose::EmergencyCare => "emergency care",
        Purpose::CarePlanning => "care planning",
        Purpose::SubjectAccess => "subject access",
        Purpose::Audit => "audit",
        Purpose::ServiceSupport => "support of the service",
    }
}

fn times(input: &PanelInput<'_>) -> Vec<GroupTimes> {
    let side = input.source.side;
    let alerts = (alerts::times_title(input), layout::alert_kinds(side).to_vec());
    let identity = ("Who this is about".to_owned(), vec![ItemKind::IDENTITY]);
    let phone_kinds: Vec<ItemKind> =
        input.shared.iter().filter(|kind| phones::is_phone_kind(side, *kind)).collect();
    let phone_titles: Vec<String> =
        phone_kinds.iter().map(|kind| lower_first(Catalogue::standard().kind(*kind).title)).collect();
    let phones = (upper_first(&listed(&phone_titles)), phone_kinds);
    let groups = layout::groups(side).iter().map(|spec| (title(input, spec).to_owned(), spec.kinds.to_vec()));
    let placeless = input.shared.iter().filter(|kind| !layout::has_place(side, *kind)).collect();
    let other = (layout::OTHER.title.to_owned(), placeless);
    [identity, alerts, phones]
        .into_iter()
        .chain(groups)
        .chain([other])
        .filter_map(|(title, kinds)| times_of(input, title, &kinds))
        .collect()
}

fn times_of(input: &PanelInput<'_>, title: String, kinds: &[ItemKind]) -> Option<GroupTimes> {
    let of_group = || input.items.iter().filter(|one| kinds.contains(&one.item.kind));
    Some(GroupTimes {
        title,
        system: systems_of(input, kinds),
        as_of: Words::new().moment_or_day(of_group().map(|one| one.item.as_of).max()?),
        received: Words::new().moment(of_group().map(|one| one.received_at).max()?),
    })
}
