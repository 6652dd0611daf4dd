//! Rows for what health shares.

use super::{Context, Row, any_agency, ended_tag, lowered, on_date, unusual};
use crate::panel::fields::Fields;
use crate::panel::words::{Words, lower_first};
use domain::{ItemKind, PartialDate};
use jiff::civil::Weekday;

/// More than any figure that stands for a date in the order of rows.
const LATER_THAN_ANY_DATE: i64 = 1_000_000_000_000;
const ACTIVE: &[&str] = &["active", "current", "in force", "confirmed"];

pub(super) fn rows(fields: Fields<'_>, context: &Context) -> Option<Vec<Row>> {
    let row = match fields.0.kind {
        ItemKind::INPATIENT_STAY => return Some(stay(fields)),
        ItemKind::FUNCTIONAL_STATUS => function(fields),
        ItemKind::ALLERGY => allergy(fields),
        ItemKind::MEDICATION => medicine(fields),
        ItemKind::EMERGENCY_ATTENDANCE => emergency(fields),
        ItemKind::APPOINTMENT => appointment(fields),
        ItemKind::HOME_EQUIPMENT => equipment(fields),
        ItemKind::KEY_INFORMATION_EXISTS => key_information(fields),
        ItemKind::ATTORNEY_OR_GUARDIAN => attorney(fields, context),
        ItemKind::HEALTH_NEXT_OF_KIN => next_of_kin(fields),
        ItemKind::CONDITION => condition(fields),
        ItemKind::PROCEDURE => procedure(fields),
        ItemKind::ENCOUNTER => encounter(fields),
        ItemKind::ANTICIPATORY_CARE_PLAN => planned_ahead(fields),
        ItemKind::RESUSCITATION_DECISION => resuscitation(fields),
        ItemKind::CAPACITY_CERTIFICATE => certificate(fields, context),
        ItemKind::NURSING_PLAN => nursing(fields, context),
        ItemKind::PALLIATIVE_CARE => palliative(fields),
        ItemKind::PREGNANCY => pregnancy(fields),
        ItemKind::IMMUNISATION => {
            on_date(fields, "date", lowered(fields, "vaccine")).more(unusual(fields, &["completed"]))
        }
        ItemKind::MENTAL_HEALTH_CARE => involvement(fields, "Mental health care", context),
        ItemKind::SUBSTANCE_USE_CARE => involvement(fields, "Substance use care", context),
        ItemKind::STAFF_HAZARD => hazard(fields, context),
        ItemKind::INVESTIGATION_RESULT => result(fields),
        ItemKind::CLINICAL_DOCUMENT => letter(fields),
        _ => return None,
    };
    Some(vec![row])
}

/// Whether the person is in hospital under this stay.
pub(in crate::panel) fn is_in_hospital(fields: Fields<'_>) -> bool {
    let gone = ["discharged", "cancelled", "finished"];
    let over =
        fields.text("status").is_some_and(|status| gone.iter().any(|one| one.eq_ignore_ascii_case(status)));
    fields.date("discharged").is_none() && !over
}

fn stay(fields: Fields<'_>) -> Vec<Row> {
    let place = Words::join([fields.words("hospital"), fields.words("ward")], ", ");
    let specialty = fields.text("specialty").map(lower_first);
    let specialty = specialty.map(|text| Words::ours(" (").quote(&text).say(")")).unwrap_or_default();
    let admitted = fields.dated("", "admitted");
    let admitted = match fields.text("admitted_time") {
        Some(time) => admitted.say(", ").unbroken(time),
        None => admitted,
    };
    if is_in_hospital(fields) {
        let expected = fields.dated("Expected ", "expected_discharge");
        let expected = if expected.is_empty() { expected } else { Words::new().strong(expected) };
        return any_agency::known_facts([
            ("Where", Words::new().strong(place).with(specialty)),
            ("Admitted", admitted),
            ("Home", expected),
            ("Note", unusual(fields, &["active", "in progress", "admitted", "arrived", "in hospital"])),
        ]);
    }
    let until = fields.dated(" to ", "discharged");
    let line = place.say(", ").with(fields.dated("", "admitted")).with(until);
    vec![
        Row::fact("Was in", line)
            .more(fields.headed("Went to ", "discharged_to"))
            .newest_first(fields.date("discharged").or(fields.date("admitted")), None),
    ]
}

fn function(fields: Fields<'_>) -> Row {
    let aspect = fields.text("aspect").unwrap_or_default().to_lowercase();
    let (rank, label) = if aspect.contains("frail") {
        (0, "Frailty")
    } else if aspect.contains("mov") || aspect.contains("mobil") {
        (1, "Moving")
    } else if aspect.contains("fall") {
        (2, "Falls")
    } else {
        (3, "Function")
    };
    let scale = Words::join([fields.words("scale"), fields.quantity("score")], " ");
    let scale = if scale.is_empty() { scale } else { Words::new().strong(scale) };
    let finding = fields.words("finding");
    let named = if label == "Function" { fields.words("aspect") } else { Words::new() };
    let row =
        Row::fact(label, Words::join([named, scale, finding], ": ")).newest_first(fields.date("date"), None);
    Row { order: rank * LATER_THAN_ANY_DATE + row.order, ..row }
}

fn allergy(fields: Fields<'_>) -> Row {
    let severity = fields.text("severity").unwrap_or_default();
    let severe = ["severe", "life", "fatal", "anaphyla", "high"]
        .iter()
        .any(|word| severity.to_lowercase().contains(word));
    let row = Row { order: -i64::from(severe), ..Row::default() };
    Row { main: Words::join([fields.words("substance"), lowered(fields, "reaction")], ": "), ..row }
        .tag(if severe { "alert" } else { "" }, Words::theirs(severity))
        .more(fields.dated("Confirmed ", "confirmed"))
        .more(unusual(fields, ACTIVE))
}

fn medicine(fields: Fields<'_>) -> Row {
    let main = Words::join([fields.words("medicine"), fields.words("dose")], " ");
    let usual = fields.text("type").is_none_or(|kind| kind.to_lowercase().contains("repeat"));
    let kind = if usual { Words::new() } else { fields.words("type") };
    Row::of(main)
        .more(Words::join([fields.words("how_often"), fields.dated("since ", "since")], ", "))
        .more(kind)
        .more(unusual(fields, ACTIVE))
}

fn emergency(fields: Fields<'_>) -> Row {
    timed(fields, lowered(fields, "outcome"))
        .newest_first(fields.date("date"), fields.text("time"))
        .more(fields.words("place"))
}

fn appointment(fields: Fields<'_>) -> Row {
    let row = timed(fields, lowered(fields, "clinic"));
    let main = match fields.date("date") {
        Some(PartialDate::Full(day)) => Words::ours(weekday(*day)).say(" ").with(row.main),
        Some(_) | None => row.main,
    };
    Row::of(main)
        .earliest_first(fields.date("date"), fields.text("time"))
        .more(fields.words("status"))
        .more(fields.words("place"))
}

fn weekday(day: jiff::civil::Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// `14 Nov 2026, 11:05: admitted`.
fn timed(fields: Fields<'_>, what: Words) -> Row {
    let time = fields.text("time").map(|time| Words::new().unbroken(time)).unwrap_or_default();
    let when = Words::join([fields.dated("", "date"), time], ", ");
    Row::of(Words::join([when, what], ": "))
}

fn equipment(fields: Fields<'_>) -> Row {
    // `Ordered 16 Nov 2026`, or since when it is there.
    let status = unusual(fields, &["active", "in use", "delivered"]);
    let since = if status.is_empty() { fields.dated("Since ", "since") } else { fields.dated("", "since") };
    Row::of(Words::join([fields.words("item"), fields.words("detail")], ": "))
        .more(Words::join([status, since], " "))
}

fn key_information(fields: Fields<'_>) -> Row {
    let article = if fields.text("type").is_some_and(|text| text.starts_with(['A', 'E', 'I', 'O', 'U'])) {
        "An "
    } else {
        "A "
    };
    Row::of(Words::ours(article).with(fields.words("type")).say(" exists"))
        .more(Words::ours("What matters in a crisis"))
        .more(fields.headed("Held by ", "held_by"))
}

fn attorney(fields: Fields<'_>, context: &Context) -> Row {
    let powers = fields.text("powers").map(lower_first).unwrap_or_default();
    let says_what = ["attorney", "guardian"].iter().any(|word| powers.contains(word));
    let kind = if powers.is_empty() || says_what { "" } else { "Attorney or guardian" };
    let powers = if powers.is_empty() { "attorney or guardian" } else { &powers };
    let row = Row::of(Words::join([fields.person_line("holder"), Words::theirs(powers)], ": "))
        .more(Words::ours(kind))
        .more(fields.dated("Document seen ", "evidence_seen"))
        .more(fields.lasting("period"))
        .more(fields.person_phone("holder"));
    ended_tag(row, fields, "period", context)
}

fn next_of_kin(fields: Fields<'_>) -> Row {
    Row::of(fields.person_line("contact").say(": next of kin"))
        .more(fields.flagged("emergency_contact", "First to call"))
        .more(fields.words("note"))
        .more(fields.person_phone("contact"))
}

fn condition(fields: Fields<'_>) -> Row {
    Row::of(fields.words("problem")).tag("", fields.words("status")).more(fields.dated("Since ", "onset"))
}

fn procedure(fields: Fields<'_>) -> Row {
    on_date(fields, "date", lowered(fields, "procedure"))
        .more(fields.words("place"))
        .more(unusual(fields, &["completed"]))
}

fn encounter(fields: Fields<'_>) -> Row {
    on_date(fields, "date", lowered(fields, "type"))
        .more(fields.words("reason"))
        .more(fields.staff_line("clinician"))
        .more(fields.words("place"))
}

fn planned_ahead(fields: Fields<'_>) -> Row {
    let place = lowered(fields, "preferred_place");
    let main = if fields.text("preferred_place").is_some_and(|text| text.eq_ignore_ascii_case("home")) {
        Words::ours("Prefers to be cared for at home")
    } else if place.is_empty() {
        Words::ours("Care planned ahead")
    } else {
        Words::ours("Preferred place of care: ").with(place)
    };
    Row::of(main)
        .more(fields.words("what_to_do"))
        .more(fields.dated("Made ", "made"))
        .more(fields.dated("Review ", "review"))
}

fn resuscitation(fields: Fields<'_>) -> Row {
    let status = lowered(fields, "status");
    let status = if status.is_empty() { status } else { Words::ours("decision ").with(status) };
    Row::of(Words::join([fields.words("decision"), status], ": ").say("."))
        .more(Words::join([fields.dated("Made ", "made"), made_with(fields)], ", "))
        .more(form_at(fields))
        .more(fields.words("detail"))
}

fn made_with(fields: Fields<'_>) -> Words {
    fields.headed(if fields.date("made").is_some() { "with " } else { "Made with " }, "made_with")
}

/// `The form is with her`, where the words go on so.
fn form_at(fields: Fields<'_>) -> Words {
    let begins = ["with", "in", "at", "on", "by", "beside", "kept", "held"];
    let text = fields.text("form_at").unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    if begins.contains(&first.as_str()) {
        Words::ours("The form is ").quote(&lower_first(text))
    } else {
        fields.headed("Where the form is: ", "form_at")
    }
}

fn certificate(fields: Fields<'_>, context: &Context) -> Row {
    let row = Row::of(Words::join([fields.words("type"), lowered(fields, "status")], ", "))
        .more(Words::join([fields.words("covers"), fields.lasting("period")], ", "))
        .more(issued(fields));
    ended_tag(row, fields, "period", context)
}

fn issued(fields: Fields<'_>) -> Words {
    let by = fields.staff_line("issued_by");
    if by.is_empty() { by } else { Words::ours("Issued by ").with(by) }
}

fn nursing(fields: Fields<'_>, context: &Context) -> Row {
    let row = Row::of(fields.words("problem"))
        .more(fields.words("intervention"))
        .more(fields.words("frequency"))
        .more(Words::join([fields.words("team"), fields.lasting("period")], ", "));
    ended_tag(row, fields, "period", context)
}

fn palliative(fields: Fields<'_>) -> Row {
    Row::of(Words::ours("Palliative care: ").with(lowered(fields, "status")))
        .more(fields.dated("Since ", "since"))
        .more(fields.staff_line("lead"))
        .more(fields.words("note"))
}

fn pregnancy(fields: Fields<'_>) -> Row {
    Row::of(Words::ours("Pregnancy: ").with(lowered(fields, "status")))
        .more(fields.dated("Due ", "due"))
        .more(fields.staff_line("midwife"))
}

fn involvement(fields: Fields<'_>, what: &str, context: &Context) -> Row {
    let row = Row::of(Words::ours(what).say(": ").with(lowered(fields, "involvement")))
        .more(Words::join([fields.words("team"), fields.phone("telephone")], ", "))
        .more(fields.words("order"))
        .more(fields.lasting("period"));
    ended_tag(row, fields, "period", context)
}

fn hazard(fields: Fields<'_>, context: &Context) -> Row {
    let row = Row::of(Words::ours("Hazard to staff: ").with(fields.words("hazard")).say("."))
        .more(fields.words("advice"))
        .more(fields.lasting("period"));
    ended_tag(row, fields, "period", context)
}

fn result(fields: Fields<'_>) -> Row {
    let found = Words::join([fields.quantity("value"), lowered(fields, "finding")], ", ");
    Row::of(Words::join([fields.words("test"), found], ": "))
        .more(fields.dated("", "date"))
        .more(fields.headed("Usual range ", "reference_range"))
        .more(unusual(fields, &["final"]))
        .newest_first(fields.date("date"), None)
}

fn letter(fields: Fields<'_>) -> Row {
    let titled = fields.text("title").is_some();
    let main = if titled { fields.words("title") } else { fields.words("type") };
    let kind = if titled { fields.words("type") } else { Words::new() };
    Row::of(main)
        .more(Words::join([kind, fields.dated("", "date")], ", "))
        .more(fields.headed("In the hospital system: ", "reference"))
        .newest_first(fields.date("date"), None)
}
