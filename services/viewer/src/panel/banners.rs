//! States that change how all the rest is read: emergency access, a silent feed, a difference in who this is, an
//! update that could not be read.

use super::dates;
use super::identity::{Comparison, Difference, IdentityField};
use super::input::{ActiveOverride, PanelInput};
use super::model::{Banner, Tone};
use super::words::{Words, listed, upper_first};
use domain::OverrideReason;
use jiff::Timestamp;
use pages::Icon;

/// The banners, the most pressing first.
pub(super) fn banners(input: &PanelInput<'_>) -> Vec<Banner> {
    let emergency = input.emergency.map(|active| emergency(&active, input.now));
    let differs = differs(input);
    let stale = input.feed.is_stale(input.now).then(|| stale(input));
    let held = input.feed.update_not_understood.then(|| not_understood(input));
    [emergency, differs, stale, held].into_iter().flatten().collect()
}

fn banner(key: &'static str, tone: Tone, icon: Icon, title: Words, text: Words) -> Banner {
    Banner {
        key,
        tone,
        icon,
        title,
        text,
        differences: Vec::new(),
        organisation: Words::new(),
        seconds_left: None,
    }
}

/// Emergency access: when it ends, why, and that the privacy officer knows.
pub(super) fn emergency(active: &ActiveOverride, now: Timestamp) -> Banner {
    let title = Words::ours("Emergency access until ").clock(active.until);
    let text = Words::ours("Reason: ")
        .say(reason_words(active.reason))
        .say(". Your privacy officer was told at ")
        .clock(active.declared_at)
        .say(". Everything you open is recorded.");
    let left = active.until.duration_since(now).as_secs().max(0);
    Banner { seconds_left: Some(left), ..banner("emergency", Tone::Caution, Icon::OpenLock, title, text) }
}

/// A reason for emergency access in the middle of a sentence.
fn reason_words(reason: OverrideReason) -> &'static str {
    match reason {
        OverrideReason::Emergency => "emergency",
        OverrideReason::PublicInterest => "public interest",
        OverrideReason::Statute => "the law requires it",
        OverrideReason::CourtOrder => "a court has ordered it",
        OverrideReason::Other => "another reason",
    }
}

fn stale(input: &PanelInput<'_>) -> Banner {
    let every = dates::often_text(input.feed.heard_every_s);
    let heard = input.feed.heard_at;
    let since = heard.map_or_else(|| Words::ours(" yet"), |heard| Words::ours(" since ").moment(heard));
    let title = Words::ours("Not heard from ").quote(input.source.name).with(since);
    let silence = heard.map(|heard| dates::length_text(input.now.duration_since(heard)));
    let phone = input.source.whom_to_phone();
    let text = silence.map_or_else(
        || format!("It should be heard every {every}. What you see may have changed."),
        |silence| {
            format!(
                "That is {silence}; it should be every {every}. What you see was true then and may have changed."
            )
        },
    );
    let text = format!("{text} Before you act on it, phone {phone}.");
    banner("stale", Tone::Caution, Icon::Warning, title, Words::ours(&text))
}

fn not_understood(input: &PanelInput<'_>) -> Banner {
    let text = Words::ours("Something sent by ")
        .quote(input.source.name)
        .say(" could not be read. Someone is looking at it. Part of this page may be out of date.");
    let title = Words::ours("An update could not be shown");
    banner("not-understood", Tone::Quiet, Icon::Info, title, text)
}

fn differs(input: &PanelInput<'_>) -> Option<Banner> {
    let Comparison { agree, differ } = &input.comparison;
    if differ.is_empty() {
        return None;
    }
    let names: Vec<String> = differ.iter().map(|one| one.field.word().to_owned()).collect();
    let verb = if names.len() == 1 { "differs" } else { "differ" };
    let title = Words::ours(&format!("Check who this is: {} {verb}", listed(&names)));
    let row = |one: &Difference| {
        (upper_first(one.field.word()), Words::theirs(&one.host), Words::theirs(&one.source))
    };
    let text = agreement(agree).map(|text| Words::ours(&format!("{text}."))).unwrap_or_default();
    Some(Banner {
        differences: differ.iter().map(row).collect(),
        organisation: Words::theirs(input.source.name),
        ..banner("differs", Tone::Caution, Icon::Warning, title, text)
    })
}

/// `Surname, date of birth, sex and CHI number agree`.
pub(super) fn agreement(agree: &[IdentityField]) -> Option<String> {
    let both = [IdentityField::FirstName, IdentityField::Surname];
    let whole_name = both.iter().all(|field| agree.contains(field));
    let named = agree.iter().filter(|field| !(whole_name && both.contains(field)));
    let words: Vec<String> = whole_name
        .then(|| "name".to_owned())
        .into_iter()
        .chain(named.map(|field| field.word().to_owned()))
        .collect();
    let verb = if words.len() == 1 { "agrees" } else { "agree" };
    (!words.is_empty()).then(|| upper_first(&format!("{} {verb}", listed(&words))))
}
