//! Rows for what social work shares up to level 2.

use super::{Context, Row, ended_tag, lowered, on_date, unusual};
use crate::panel::fields::Fields;
use crate::panel::words::{Words, lower_first};
use domain::{ItemKind, PartialDate};

/// Statuses that go without saying.
const GOING_ON: &[&str] = &["active", "open", "current", "in place", "in force", "in use"];

pub(super) fn rows(fields: Fields<'_>, context: &Context) -> Option<Vec<Row>> {
    let row = match fields.0.kind {
        ItemKind::KNOWN_TO_SOCIAL_WORK => known(fields),
        ItemKind::SUPPORT_REASON => support_reason(fields, context),
        ItemKind::CARE_PACKAGE => care_package(fields, context),
        ItemKind::PLACEMENT => placement(fields, context),
        ItemKind::OPEN_REFERRAL => referral(fields),
        ItemKind::ASSESSMENT => assessment(fields),
        ItemKind::REVIEW_DUE => review(fields, context),
        ItemKind::CARER => carer(fields, context),
        ItemKind::PERSONAL_CONTACT => personal_contact(fields, context),
        ItemKind::PROFESSIONAL_CONTACT => professional_contact(fields, context),
        ItemKind::EQUIPMENT => equipment(fields, context),
        ItemKind::DISCHARGE_PLANNING => discharge(fields),
        ItemKind::LEGAL_STATUS => legal_status(fields, context),
        ItemKind::CHILD_PROTECTION_REGISTRATION => child_protection(fields),
        ItemKind::LOOKED_AFTER_STATUS => looked_after(fields),
        _ => return None,
    };
    Some(vec![row])
}

fn known(fields: Fields<'_>) -> Row {
    let since = fields.dated(" since ", "since");
    let closed = fields.dated(", closed ", "closed");
    Row::fact("Case", fields.words("status").with(since).with(closed))
}

fn support_reason(fields: Fields<'_>, context: &Context) -> Row {
    let main = Words::ours("Main reason for support: ").with(lowered(fields, "reason"));
    ended_tag(Row::of(main).more(since(fields)), fields, "period", context)
}

fn care_package(fields: Fields<'_>, context: &Context) -> Row {
    let main = Words::join([fields.words("service"), lowered(fields, "frequency")], ", ");
    let hours = fields.quantity("weekly_hours");
    let hours = if hours.is_empty() { hours } else { hours.say(" a week") };
    let row = Row::of(main)
        .more(Words::join([fields.words("provider"), fields.lasting("period")], ", "))
        .more(hours)
        .more(unusual(fields, GOING_ON))
        .more(fields.words("note"))
        .more(fields.phone("provider_telephone"))
        .earliest_first(fields.period("period").0, None);
    ended_tag(row, fields, "period", context)
}

fn placement(fields: Fields<'_>, context: &Context) -> Row {
    let main = Words::join([fields.words("type"), fields.words("place")], ": ");
    let row =
        Row::of(main).more(since(fields)).more(unusual(fields, GOING_ON)).more(fields.phone("telephone"));
    ended_tag(row, fields, "period", context)
}

fn referral(fields: Fields<'_>) -> Row {
    let open = fields.text("status").is_none_or(|status| status.eq_ignore_ascii_case("open"));
    let heading = if open { Words::ours("Referral open: ") } else { Words::ours("Referral: ") };
    let from = fields.headed("From ", "referrer").with(fields.dated(" on ", "date"));
    let from = if fields.text("referrer").is_none() { fields.dated("On ", "date") } else { from };
    Row::of(heading.with(lowered(fields, "type")))
        .more(fields.headed("For: ", "reason"))
        .more(Words::join([from, fields.headed("to ", "referred_to")], ", "))
        .more(unusual(fields, &["open"]))
        .newest_first(fields.date("date"), None)
}

fn assessment(fields: Fields<'_>) -> Row {
    Row::of(Words::join([fields.words("type"), lowered(fields, "status")], ", "))
        .more(fields.dated("", "date"))
        .newest_first(fields.date("date"), None)
}

fn review(fields: Fields<'_>, context: &Context) -> Row {
    let due = fields.date("due");
    let late = due.and_then(PartialDate::latest).is_some_and(|day| day < context.today);
    let row = Row::of(fields.dated("Review due ", "due")).more(fields.words("type"));
    let row = if late { row.tag("caution", Words::ours("Overdue")) } else { row };
    row.earliest_first(due, None)
}

fn carer(fields: Fields<'_>, context: &Context) -> Row {
    let row = Row::of(fields.person_line("carer"))
        .more(Words::ours("Unpaid carer"))
        .more(fields.words("support_given"))
        .more(fields.flagged("lives_with_person", "Lives with the person"))
        .more(fields.flagged("carer_assessed", "Has a carer’s support plan"))
        .more(fields.person_phone("carer"));
    ended_tag(row, fields, "period", context)
}

fn personal_contact(fields: Fields<'_>, context: &Context) -> Row {
    let row = Row::of(fields.person_line("contact"))
        .more(fields.flagged("emergency_contact", "First to call"))
        .more(fields.flagged("parental_responsibility", "Has parental responsibility"))
        .more(fields.flagged("household_member", "Lives in the household"))
        .more(fields.words("note"))
        .more(fields.person_phone("contact"));
    ended_tag(row, fields, "period", context)
}

fn professional_contact(fields: Fields<'_>, context: &Context) -> Row {
    let Some(who) = fields.staff("professional") else { return Row::default() };
    let [name, team] = [&who.name, &who.team].map(|part| Words::theirs(part));
    let role = Words::theirs(&lower_first(&who.role));
    let number = Words::new().unbroken(&who.telephone);
    let (first, second) = if team.is_empty() { (name, Words::new()) } else { (team, name) };
    let row = Row::of(Words::join([first, role], ", "))
        .more(Words::join([second, number], ", "))
        .more(fields.flagged("key_worker", "Key worker"));
    ended_tag(row, fields, "period", context)
}

fn equipment(fields: Fields<'_>, context: &Context) -> Row {
    let alarm = fields.phone("alarm_centre_telephone");
    let alarm = if alarm.is_empty() { alarm } else { Words::ours("Alarm centre: ").with(alarm) };
    let row = Row::of(Words::join([fields.words("item"), fields.words("detail")], ": "))
        .more(since(fields))
        .more(unusual(fields, GOING_ON))
        .more(alarm);
    ended_tag(row, fields, "period", context)
}

fn discharge(fields: Fields<'_>) -> Row {
    // That it was asked for is said with its day.
    let asked = fields.date("asked_for").is_some()
        && fields.text("status").is_some_and(|status| status.eq_ignore_ascii_case("asked for"));
    let main = if asked {
        fields.words("task")
    } else {
        Words::join([fields.words("status"), lowered_after(fields, "status", "task")], ": ")
    };
    Row::of(main)
        .more(lowered_headed(fields, "Delay reason: ", "delay_reason"))
        .more(fields.headed("Ordered by ", "ordered_by"))
        .more(fields.dated("Asked for ", "asked_for"))
        .more(fields.dated("Expected ", "expected"))
        .more(fields.words("note"))
}

fn legal_status(fields: Fields<'_>, context: &Context) -> Row {
    let row =
        Row::of(Words::join([fields.words("type"), lowered(fields, "status")], ", ")).more(since(fields));
    let hidden = !context.shared.contains(ItemKind::LEGAL_STATUS_DETAIL);
    let level = context.level;
    let row = if hidden {
        row.more(Words::ours(&format!("Who holds it is not shared at level {level}")))
    } else {
        row
    };
    ended_tag(row, fields, "period", context)
}

fn child_protection(fields: Fields<'_>) -> Row {
    let main = if fields.flag("registered") {
        Words::join([Words::ours("On the child protection register"), lowered(fields, "category")], ": ")
    } else {
        Words::ours("Not on the child protection register")
    };
    Row::of(main.say("."))
        .more(since(fields))
        .more(fields.dated("Last conference ", "last_conference"))
        .more(fields.dated("Next conference ", "next_conference"))
}

fn looked_after(fields: Fields<'_>) -> Row {
    Row::of(Words::ours("Looked after: ").with(lowered(fields, "type")).say("."))
        .more(fields.dated("Since ", "since"))
        .more(fields.headed("Placed by ", "placing_authority"))
}

/// The period as a sentence of its own.
pub(super) fn since(fields: Fields<'_>) -> Words {
    match fields.period("period") {
        (Some(from), None) => Words::ours("Since ").date(from),
        (Some(_), Some(_)) => fields.lasting("period"),
        (None, Some(to)) => Words::ours("To ").date(to),
        (None, None) => Words::new(),
    }
}

pub(super) fn lowered_headed(fields: Fields<'_>, heading: &str, name: &str) -> Words {
    let words = lowered(fields, name);
    if words.is_empty() { words } else { Words::ours(heading).with(words) }
}

fn lowered_after(fields: Fields<'_>, first: &str, name: &str) -> Words {
    if fields.text(first).is_some() { lowered(fields, name) } else { fields.words(name) }
}

/// A date and a kind, as case notes have it.
pub(super) fn dated_kind(fields: Fields<'_>) -> Row {
    on_date(fields, "date", lowered(fields, "type"))
}
