//! What is said of kinds rather than of items: left out, not shared, nothing to show, not sent.
//! All of it comes from the schedule and the register, never from this person's data.

use super::input::PanelInput;
use super::words::{Words, listed, lower_first};
use super::{alerts, layout};
use domain::{Catalogue, DefaultLevel, ItemKind, ItemMask, Side};

/// The kinds that the page answers for: those of the source's side, and whatever is shared beyond them.
pub(crate) fn universe(input: &PanelInput<'_>) -> ItemMask {
    let held =
        Catalogue::standard().iter().filter(|row| row.side == Side::Any || row.side == input.source.side);
    held.map(|row| row.kind).collect::<ItemMask>().union(input.shared)
}

/// The kinds that are not shared with this reader.
pub(super) fn not_shared(input: &PanelInput<'_>) -> ItemMask {
    universe(input).without(input.shared)
}

/// The order of the list of what is not shared: what is missed most first; kinds that are not here stand before.
const ORDER: &[ItemKind] = &[
    ItemKind::RISK_OR_HAZARD,
    ItemKind::ADULT_PROTECTION,
    ItemKind::ACCESS_INFORMATION,
    ItemKind::LEGAL_STATUS_DETAIL,
    ItemKind::ASSESSMENT_OUTCOME,
    ItemKind::CARE_PLAN,
    ItemKind::SELF_DIRECTED_SUPPORT,
    ItemKind::CASE_NOTE_INDEX,
    ItemKind::CASE_NOTE,
    ItemKind::DOCUMENT,
    ItemKind::CONDITION,
    ItemKind::PROCEDURE,
    ItemKind::ENCOUNTER,
    ItemKind::ANTICIPATORY_CARE_PLAN,
    ItemKind::RESUSCITATION_DECISION,
    ItemKind::CAPACITY_CERTIFICATE,
    ItemKind::NURSING_PLAN,
    ItemKind::FUNCTIONAL_STATUS,
    ItemKind::PALLIATIVE_CARE,
    ItemKind::PREGNANCY,
    ItemKind::IMMUNISATION,
    ItemKind::MENTAL_HEALTH_CARE,
    ItemKind::STAFF_HAZARD,
    ItemKind::CHRONOLOGY_EVENT,
    ItemKind::JUSTICE_SUPERVISION,
    ItemKind::INVESTIGATION_RESULT,
    ItemKind::SUBSTANCE_USE_CARE,
    ItemKind::CLINICAL_DOCUMENT,
    ItemKind::SEXUAL_HEALTH,
];

const CASE_NOTES: [ItemKind; 3] = [ItemKind::CASE_NOTE_INDEX, ItemKind::CASE_NOTE, ItemKind::DOCUMENT];

/// Titles of the kinds that are not shared, in order; three of them in one where all three are missing.
pub(super) fn not_shared_titles(input: &PanelInput<'_>) -> Vec<String> {
    let missing = not_shared(input);
    let all_notes = CASE_NOTES.iter().all(|kind| missing.contains(*kind));
    let unordered = missing.iter().filter(|kind| !ORDER.contains(kind));
    let ordered = ORDER.iter().copied().filter(|kind| missing.contains(*kind));
    unordered
        .chain(ordered)
        .filter_map(|kind| match kind {
            ItemKind::CASE_NOTE_INDEX if all_notes => Some("Case notes and documents".to_owned()),
            ItemKind::CASE_NOTE | ItemKind::DOCUMENT if all_notes => None,
            _ => Some(title(kind)),
        })
        .collect()
}

fn title(kind: ItemKind) -> String {
    let row = Catalogue::standard().kind(kind);
    match row.level {
        DefaultLevel::Never => format!("{} (never shared)", row.title),
        DefaultLevel::At(_) => row.title.to_owned(),
    }
}

/// Short words for the one line about what the level leaves out: the kind that stands for them, and the words.
const LEFT_OUT: &[(ItemKind, &str)] = &[
    (ItemKind::CARE_PACKAGE, "care and support"),
    (ItemKind::PERSONAL_CONTACT, "people who help"),
    (ItemKind::LEGAL_STATUS, "legal orders and powers"),
    (ItemKind::RISK_OR_HAZARD, "risks"),
    (ItemKind::ADULT_PROTECTION, "adult protection"),
    (ItemKind::INPATIENT_STAY, "hospital stays"),
    (ItemKind::ALLERGY, "allergies"),
    (ItemKind::MEDICATION, "medicines"),
    (ItemKind::CONDITION, "conditions"),
    (ItemKind::CARE_PLAN, "care plans"),
    (ItemKind::ANTICIPATORY_CARE_PLAN, "care plans"),
    (ItemKind::CASE_NOTE_INDEX, "case notes"),
    (ItemKind::CASE_NOTE, "the text of case notes"),
    (ItemKind::DOCUMENT, "documents"),
    (ItemKind::JUSTICE_SUPERVISION, "justice supervision"),
    (ItemKind::INVESTIGATION_RESULT, "test results"),
    (ItemKind::SUBSTANCE_USE_CARE, "substance use care"),
    (ItemKind::CLINICAL_DOCUMENT, "letters"),
];

/// Left out of the line where the words before them say it already.
const SAID_BY: &[(ItemKind, ItemKind)] = &[
    (ItemKind::CASE_NOTE, ItemKind::CASE_NOTE_INDEX),
    (ItemKind::DOCUMENT, ItemKind::CASE_NOTE_INDEX),
    (ItemKind::JUSTICE_SUPERVISION, ItemKind::CASE_NOTE_INDEX),
    (ItemKind::SUBSTANCE_USE_CARE, ItemKind::CONDITION),
];

/// The line names so many at most; the list at the end of the page has them all.
const MOST_NAMED: usize = 4;

/// `Level 2 leaves out risks, adult protection, care plans and case notes, for everyone.`
pub(crate) fn note(input: &PanelInput<'_>) -> Option<Words> {
    let missing = not_shared(input);
    let said = |kind: ItemKind| SAID_BY.iter().any(|(one, by)| *one == kind && missing.contains(*by));
    let mut words: Vec<String> = Vec::new();
    for (kind, word) in LEFT_OUT {
        let new = missing.contains(*kind) && !said(*kind) && !words.iter().any(|one| one == word);
        if new && words.len() < MOST_NAMED {
            words.push((*word).to_owned());
        }
    }
    let level = input.level;
    (!words.is_empty())
        .then(|| Words::ours(&format!("Level {level} leaves out {}, for everyone.", listed(&words))))
}

/// Kinds that are shared, that the source sends, and of which there is nothing to show.
pub(super) fn empty(input: &PanelInput<'_>) -> Vec<ItemKind> {
    let has = |kind: ItemKind| match kind {
        ItemKind::ALERT_EXISTS => alerts::says_alert_held(input),
        _ => input.items.iter().any(|one| one.item.kind == kind),
    };
    let said_in_place = |kind: ItemKind| {
        layout::groups(input.source.side).iter().any(|group| {
            group.always && group.kinds.contains(&kind) && !group.kinds.iter().any(|one| has(*one))
        })
    };
    let shared = universe(input).intersect(input.shared).without(input.not_sent);
    shared.iter().filter(|kind| *kind != ItemKind::IDENTITY && !has(*kind) && !said_in_place(*kind)).collect()
}

/// `Shared, but nothing to show: … This does not mean that there is none.`
pub(super) fn empty_line(input: &PanelInput<'_>) -> Option<Words> {
    let kinds = empty(input);
    (!kinds.is_empty()).then(|| {
        Words::new()
            .strong(Words::ours("Shared, but nothing to show:"))
            .say(&format!(" {}. This does not mean that there is none.", in_a_row(kinds)))
    })
}

/// `Not sent: Strathorr Council’s system does not send reviews yet.`
pub(super) fn not_sent_line(input: &PanelInput<'_>) -> Option<Words> {
    let has = |kind: ItemKind| input.items.iter().any(|one| one.item.kind == kind);
    let kinds: Vec<ItemKind> =
        input.not_sent.intersect(input.shared).iter().filter(|kind| !has(*kind)).collect();
    (!kinds.is_empty()).then(|| {
        Words::new()
            .strong(Words::ours("Not sent:"))
            .say(" ")
            .quote(input.source.name)
            .say(&format!("’s system does not send these yet: {}.", in_a_row(kinds)))
    })
}

/// Titles in the middle of a sentence; set apart by semicolons where one holds a comma.
fn in_a_row(kinds: Vec<ItemKind>) -> String {
    let titles: Vec<String> = kinds.into_iter().map(short_title).collect();
    let separator = if titles.iter().any(|one| one.contains(',')) { "; " } else { ", " };
    titles.join(separator)
}

fn short_title(kind: ItemKind) -> String {
    match kind {
        ItemKind::ALERT_EXISTS => "alerts".to_owned(),
        ItemKind::CASE_NOTE_INDEX => "dates of case notes".to_owned(),
        _ => lower_first(Catalogue::standard().kind(kind).title),
    }
}

/// The sentence of a group that has no rows.
pub(super) fn group_sentence(input: &PanelInput<'_>, kinds: &[ItemKind]) -> Option<Words> {
    let shared: Vec<ItemKind> = kinds.iter().copied().filter(|kind| input.shared.contains(*kind)).collect();
    let sent: Vec<ItemKind> = shared.into_iter().filter(|kind| !input.not_sent.contains(*kind)).collect();
    if sent.is_empty() {
        return None;
    }
    Some(if sent.iter().any(|kind| input.may_keep_back.contains(*kind)) {
        Words::ours(
            "Nothing to show. Entries of this kind can be kept back, so this does not mean that there is none.",
        )
    } else {
        Words::ours("None recorded by ")
            .quote(input.source.name)
            .say(". There may still be some that it does not know of.")
    })
}
