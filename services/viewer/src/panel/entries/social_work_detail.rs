//! Rows for what social work shares from level 3 on.

use super::social_work::{dated_kind, lowered_headed, since};
use super::{Context, Row, any_agency, ended_tag, lowered, unusual};
use crate::panel::fields::Fields;
use crate::panel::words::{Words, lower_first, upper_first};
use domain::ItemKind;

/// A longer outcome stands in the second line, not in bold.
const LONGEST_BOLD: usize = 80;

pub(super) fn rows(fields: Fields<'_>, context: &Context) -> Option<Vec<Row>> {
    let row = match fields.0.kind {
        ItemKind::ACCESS_INFORMATION => return Some(access(fields)),
        ItemKind::LEGAL_STATUS_DETAIL => legal_detail(fields, context),
        ItemKind::ADULT_PROTECTION => adult_protection(fields),
        ItemKind::RISK_OR_HAZARD => risk(fields, context),
        ItemKind::ASSESSMENT_OUTCOME => outcome(fields),
        ItemKind::CARE_PLAN => return Some(care_plan(fields, context)),
        ItemKind::SELF_DIRECTED_SUPPORT => self_directed(fields, context),
        ItemKind::CASE_NOTE_INDEX => dated_kind(fields),
        ItemKind::JUSTICE_SUPERVISION => justice(fields, context),
        ItemKind::CASE_NOTE => {
            dated_kind(fields).more(fields.headed("Text in the case system: ", "reference"))
        }
        ItemKind::DOCUMENT => document(fields),
        _ => return None,
    };
    Some(vec![row])
}

fn access(fields: Fields<'_>) -> Vec<Row> {
    let (safe, code) = (fields.words("key_safe"), fields.phone("key_holder_telephone"));
    let says_who = fields.text("key_safe").is_some_and(|text| text.to_lowercase().ends_with("the code"));
    let safe = match (code.is_empty(), says_who) {
        (true, _) => safe,
        (false, true) => safe.say(": ").with(code),
        (false, false) => Words::sentences([safe, Words::ours("For the code, phone ").with(code)]),
    };
    any_agency::known_facts([
        ("Key safe", safe),
        ("Entry", fields.words("entry")),
        ("Pets", fields.words("pets")),
    ])
}

fn legal_detail(fields: Fields<'_>, context: &Context) -> Row {
    let held_by = fields.person_line("holder");
    let held_by = if held_by.is_empty() { held_by } else { Words::ours("held by ").with(held_by) };
    let row = Row::of(Words::join([fields.words("type"), held_by], ", "))
        .more(fields.person_phone("holder"))
        .more(fields.headed("Covers: ", "powers"))
        .more(fields.words("conditions"))
        .more(fields.dated("Document seen ", "evidence_seen"))
        .more(since(fields));
    ended_tag(row, fields, "period", context)
}

fn adult_protection(fields: Fields<'_>) -> Row {
    let stage = Words::join([lowered(fields, "stage"), lowered(fields, "status")], " ");
    Row::of(Words::ours("Adult protection: ").with(stage).say("."))
        .more(fields.dated("Since ", "since"))
        .more(fields.words("advice"))
        .more(fields.headed("Protection plan: ", "plan"))
}

fn risk(fields: Fields<'_>, context: &Context) -> Row {
    let (rank, to) = risk_to(fields.text("risk_to").unwrap_or_default());
    let main = Words::ours("Risk to ").quote(&to).say(": ").with(lowered(fields, "risk")).say(".");
    let row = Row::of(main)
        .more(fields.words("advice"))
        .more(lowered_headed(fields, "Severity: ", "severity"))
        .more(since(fields));
    ended_tag(Row { order: rank, ..row }, fields, "period", context)
}

/// Who may come to harm, in the middle of a sentence, and the place among the risks: the person first, staff last.
fn risk_to(who: &str) -> (i64, String) {
    match who.to_lowercase().as_str() {
        "person" | "the person" => (0, "the person".to_owned()),
        "staff" => (2, "staff".to_owned()),
        _ => (1, lower_first(who)),
    }
}

fn outcome(fields: Fields<'_>) -> Row {
    let summary = fields.text("summary").unwrap_or_default();
    let short = !summary.is_empty() && summary.chars().count() <= LONGEST_BOLD;
    let bold = if short { lowered(fields, "summary") } else { lowered(fields, "type") };
    let second = if short { Words::new() } else { fields.words("summary") };
    let kind = if short { fields.words("type") } else { Words::new() };
    let score = fields.quantity("score");
    let score = if score.is_empty() { score } else { Words::ours("Score ").with(score) };
    Row::of(Words::ours("Outcome: ").with(bold))
        .more(second)
        .more(Words::join([kind, fields.dated("", "date")], ", "))
        .more(score)
        .more(lowered_headed(fields, "Eligibility: ", "eligibility"))
        .newest_first(fields.date("date"), None)
}

/// The goal, and in a row of its own what to do if things change.
fn care_plan(fields: Fields<'_>, context: &Context) -> Vec<Row> {
    let goal = Row::of(Words::ours("Goal: ").with(lowered(fields, "goal")))
        .more(fields.words("actions"))
        .more(fields.dated("Review ", "review"));
    let contingency = fields.text("contingency").map(contingency);
    [Some(goal), contingency]
        .into_iter()
        .flatten()
        .map(|row| ended_tag(row, fields, "period", context))
        .collect()
}

/// `If Fergus cannot come` in bold and what to do then below it, where it is written so.
fn contingency(text: &str) -> Row {
    match text.split_once(": ").filter(|(case, _)| case.starts_with("If ")) {
        Some((case, then)) => Row::of(Words::theirs(case)).more(Words::theirs(&upper_first(then))),
        None => Row::of(Words::ours("If things change")).more(Words::theirs(text)),
    }
}

fn self_directed(fields: Fields<'_>, context: &Context) -> Row {
    let row = Row::of(Words::ours("Self-directed support: ").with(lowered(fields, "option")))
        .more(fields.words("note"))
        .more(lowered_headed(fields, "Paid by ", "funding_source"))
        .more(since(fields));
    ended_tag(row, fields, "period", context)
}

fn justice(fields: Fields<'_>, context: &Context) -> Row {
    let officer = fields.staff_line("supervising_officer");
    let officer =
        if officer.is_empty() { officer } else { Words::ours("Supervising officer: ").with(officer) };
    let row =
        Row::of(fields.words("order")).more(officer).more(fields.words("conditions")).more(since(fields));
    ended_tag(row, fields, "period", context)
}

fn document(fields: Fields<'_>) -> Row {
    let titled = fields.text("title").is_some();
    let main = if titled { fields.words("title") } else { fields.words("type") };
    let kind = if titled { fields.words("type") } else { Words::new() };
    Row::of(main)
        .more(Words::join([kind, fields.dated("", "date")], ", "))
        .more(unusual(fields, &[]))
        .more(fields.headed("In the case system: ", "reference"))
        .newest_first(fields.date("date"), None)
}
