//! The board's messages as HL7 v2 text, from templates of its own. Must not use the code that reads such messages.

use crate::cast::{CAST, Slot, record};
use crate::messages::{Held, Statement, Wish};
use crate::ways::{Way, told_at};
use domain::{EventId, ItemKind};
use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// MSH-3 and MSH-4.
const SENDER: &str = "PAS|STRATHORR";
/// What deletes a value.
const DELETE: &str = "\"\"";

/// What of a wish a message has a place for. Lists of allergies and of next of kin stand in a message whole.
pub fn narrowed(wish: &Wish) -> Wish {
    const LISTS: [ItemKind; 2] = [ItemKind::ALLERGY, ItemKind::HEALTH_NEXT_OF_KIN];
    let new: Vec<Slot> = wish.new.iter().copied().filter(|slot| Way::Hl7.has_place_for(*slot)).collect();
    let (mut gone, mut complete) = (Vec::new(), Vec::new());
    for slot in Slot::all_of(wish.holder).into_iter().filter(|slot| Way::Hl7.has_place_for(*slot)) {
        let (kind, is_new) = (slot.row().kind, new.contains(&slot));
        let (is_gone, is_complete) = (wish.gone.contains(&slot), wish.complete.contains(&slot));
        if LISTS.contains(&kind) && (is_new || is_gone || is_complete) {
            complete.push(slot);
        } else if is_new || slot.is_demographic() {
            continue;
        } else if kind == ItemKind::CONDITION && is_complete {
            complete.push(slot);
        } else if kind == ItemKind::CONDITION && is_gone
            || kind == ItemKind::REGISTERED_PRACTICE && (is_gone || is_complete)
        {
            gone.push(slot);
        }
    }
    Wish { new, gone, complete, ..wish.clone() }
}

/// The message of a narrowed wish, and what it means.
pub fn message(wish: &Wish, statement: &Statement, control_id: &str) -> String {
    let held = |kind: ItemKind| {
        let of_kind = |(slot, held): &(Slot, Option<Held>)| (slot.row().kind == kind).then(|| held.clone());
        statement.said.iter().find_map(of_kind)
    };
    let word = |kind: ItemKind| held(kind).flatten().map(|held| held.main.as_str().to_owned());
    let is_complete = |kind: ItemKind| wish.complete.iter().any(|slot| slot.row().kind == kind);
    let stay = word(ItemKind::INPATIENT_STAY);
    let event = match (wish.redirect, &stay) {
        (Some(_), _) => "A40^ADT_A39",
        (None, Some(_)) if wish.stay_is_over => "A03^ADT_A03",
        (None, Some(_)) => "A01^ADT_A01",
        (None, None) if wish.sequence == 1 => "A28^ADT_A05",
        (None, None) => "A31^ADT_A05",
    };
    let mut all = head(event, control_id, told_at(wish.sequence));
    all.push(person(wish, held(ItemKind::IDENTITY).flatten().as_ref(), &word));
    let practice = held(ItemKind::REGISTERED_PRACTICE);
    let mark = wish.protected.map(|mark| if mark { "Y" } else { "N" }).unwrap_or_default();
    if practice.is_some() || wish.protected.is_some() {
        let name = word(ItemKind::REGISTERED_PRACTICE).unwrap_or_default();
        let gp = if practice == Some(None) { DELETE } else { "" };
        all.push(format!("PD1|||{name}|{gp}||||||||{mark}"));
    }
    if is_complete(ItemKind::HEALTH_NEXT_OF_KIN) {
        let name = word(ItemKind::HEALTH_NEXT_OF_KIN).unwrap_or(DELETE.to_owned());
        all.push(format!("NK1|1|{name}"));
    }
    if let Some(hospital) = stay {
        let (unread, left) = ("|".repeat(15), if wish.stay_is_over { "202611091200" } else { "" });
        all.push(format!("PV1|1|I|^^^{hospital}{unread}|V1{}|202611010900|{left}", "|".repeat(24)));
    }
    if is_complete(ItemKind::ALLERGY) {
        let code = word(ItemKind::ALLERGY).map_or(DELETE.to_owned(), |word| format!("A1^{word}^L"));
        all.push(format!("AL1|1|DA|{code}"));
    }
    match (held(ItemKind::CONDITION), is_complete(ItemKind::CONDITION)) {
        (Some(Some(held)), _) => all.push(format!("DG1|1||D1^{}^I10", held.main.as_str())),
        (Some(None), _) => all.push(format!("DG1|1||D1^gone^I10{}D", "|".repeat(18))),
        (None, true) => all.push(format!("DG1|1||{DELETE}")),
        (None, false) => {}
    }
    if let Some((from, _)) = wish.redirect {
        all.push(format!("MRG|{}", number(wish, from)));
    }
    all.join("\r") + "\r"
}

fn head(event: &str, control_id: &str, at: Timestamp) -> Vec<String> {
    let at = instant(at);
    let header =
        format!("MSH|^~\\&|{SENDER}|YETT|YETT|{at}||ADT^{event}|{control_id}|P|2.5.1||||||UNICODE UTF-8");
    vec![header, format!("EVN||{at}")]
}

fn person(wish: &Wish, who: Option<&Held>, word: &impl Fn(ItemKind) -> Option<String>) -> String {
    let known = &CAST[wish.person];
    let chi =
        who.and_then(|held| held.number_of).map(|whose| format!("~{}^^^CHI^NH", CAST[whose].chi().as_str()));
    // Where it does not say who the person is, it says one thing that no number can be: it is left out and reported.
    let unfit = word(ItemKind::ADDRESS).filter(|_| who.is_none()).map(|word| format!("~{word}^^^CHI^NH"));
    let name = who.map(|held| format!("{}^{}^{}^^^^L", known.family, known.given, held.main.as_str()));
    let born = who.map(|_| known.born.replace('-', ""));
    let sex = who.map(|_| "F").unwrap_or_default();
    let home = word(ItemKind::ADDRESS).map(|word| format!("3 Mill Lane^{word}^^^ST9 4QX^GBR^H"));
    let email = word(ItemKind::CONTACT_DETAILS).map(|word| format!("^NET^Internet^{word}@example.org"));
    let text = |one: Option<String>| one.unwrap_or_default();
    format!(
        "PID|1||{}{}||{}||{}|{sex}|||{}||{}",
        number(wish, wish.person),
        text(chi.or(unfit)),
        text(name),
        text(born),
        text(home),
        text(email)
    )
}

fn number(wish: &Wish, person: usize) -> String {
    let own = record(wish.holder, person);
    format!("{}^^^{}^MR", own.local_id.as_str(), own.authority)
}

fn instant(at: Timestamp) -> String {
    strtime::format("%Y%m%d%H%M%S+0000", &at.to_zoned(TimeZone::UTC)).expect("a time")
}

/// The event that a message becomes when it is taken.
pub fn event_of(authority: &str, control_id: &str) -> EventId {
    EventId::of_message(authority, &format!("{SENDER} {control_id}"))
}

/// A message that is not taken, whatever it says, and the answer that it must get. `word` stands where it is personal.
pub fn refused(how: u8, wish: &Wish, word: &str, control_id: &str) -> (String, &'static str) {
    let at = told_at(wish.sequence);
    let (known, own) = (&CAST[wish.person], number(wish, wish.person));
    let person =
        |id: &str, born: &str| format!("PID|1||{id}||{}^{}^{word}||{born}", known.family, known.given);
    let born = known.born.replace('-', "");
    let (event, segments, answer) = match how % 6 {
        // The data of another record belongs to this one: not taken through this door.
        0 => ("A43^ADT_A43", vec![person(&own, &born), format!("MRG|{own}")], "AR"),
        1 => ("A11^ADT_A09", vec![person(&own, &born)], "AR"),
        2 => ("A31^ADT_A05", vec![person(&own, "19580231")], "AE"),
        3 => ("A31^ADT_A05", vec![person(&format!("{word}^^^ELSEWHERE^MR"), &born)], "AE"),
        4 => ("A40^ADT_A39", vec![person(&own, &born), format!("MRG|{own}")], "AE"),
        _ => ("A31^ADT_A05", vec![person(&own, &born), format!("{word} is no segment")], "AE"),
    };
    let mut all = head(event, control_id, at);
    all.extend(segments);
    (all.join("\r") + "\r", answer)
}
