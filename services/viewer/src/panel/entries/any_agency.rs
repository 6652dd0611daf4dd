//! Rows for what any agency may hold.

use super::{Context, Row, on_date};
use crate::panel::fields::Fields;
use crate::panel::words::{Words, upper_first};
use domain::ItemKind;

pub(super) fn rows(fields: Fields<'_>, context: &Context) -> Option<Vec<Row>> {
    Some(match fields.0.kind {
        ItemKind::ADDRESS => vec![address(fields)],
        ItemKind::CONTACT_DETAILS => contact_details(fields),
        ItemKind::COMMUNICATION_NEEDS => communication(fields),
        ItemKind::ALERT_EXISTS => vec![alert_exists(context)],
        ItemKind::CHRONOLOGY_EVENT => vec![chronology(fields)],
        _ => return None,
    })
}

fn address(fields: Fields<'_>) -> Row {
    let used_as = fields.text("use").unwrap_or_default().to_lowercase();
    let label = match used_as.as_str() {
        "temporary" => "Staying at",
        "postal" => "Post",
        "previous" => "Before",
        _ => "Home",
    };
    let postcode = fields.text("postcode").map(|text| Words::new().unbroken(text)).unwrap_or_default();
    let line = fields.words("address");
    let held = fields.text("address").unwrap_or_default();
    let repeated = fields.text("postcode").is_some_and(|postcode| held.contains(postcode));
    let line = if repeated { line } else { Words::join([line, postcode], ", ") };
    Row::fact(label, line).more(fields.dated("since ", "since"))
}

fn contact_details(fields: Fields<'_>) -> Vec<Row> {
    let parts = [
        ("Phone", fields.phone("telephone")),
        ("Mobile", fields.phone("mobile")),
        ("E-mail", fields.words("email")),
        ("Prefers", fields.words("preferred_way")),
    ];
    known_facts(parts)
}

fn communication(fields: Fields<'_>) -> Vec<Row> {
    let (language, interpreter) = (fields.words("language"), fields.words("interpreter"));
    let spoken = if language.is_empty() { "Interpreter" } else { "Language" };
    let parts = [
        ("Hearing", fields.text("hearing").map(first_sentence_loud).unwrap_or_default()),
        ("Sight", fields.words("sight")),
        ("Speech", fields.words("speech")),
        (spoken, Words::sentences([language, interpreter])),
        ("Prefers", fields.words("preferred_way")),
    ];
    known_facts(parts)
}

/// **Hearing aid, left ear.** Face her when you speak
fn first_sentence_loud(text: &str) -> Words {
    match text.split_once(". ") {
        Some((first, rest)) => Words::new().strong(Words::theirs(first).say(".")).say(" ").quote(rest),
        None => Words::new().strong(Words::theirs(text)),
    }
}

pub(super) fn known_facts<const N: usize>(parts: [(&'static str, Words); N]) -> Vec<Row> {
    let known = parts.into_iter().filter(|(_, words)| !words.is_empty());
    known.map(|(label, words)| Row::fact(label, words)).collect()
}

fn alert_exists(context: &Context) -> Row {
    let main = Words::ours(&upper_first(&context.noun)).say(" holds an alert.");
    let level = context.level;
    Row::of(main)
        .more(Words::ours(&format!("What it says is not shared at level {level}. Phone before you visit.")))
}

fn chronology(fields: Fields<'_>) -> Row {
    let own_view = fields
        .text("own_view")
        .map(|text| Words::ours("Own view: “").quote(text).say("”"))
        .unwrap_or_default();
    on_date(fields, "date", fields.words("event"))
        .more(fields.words("significance"))
        .more(fields.words("action"))
        .more(own_view)
        .more(fields.headed("Disputed: ", "dispute"))
        .more(fields.headed("Recorded by ", "author_agency"))
}
