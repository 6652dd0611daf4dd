//! The messages that say things of the cast, with what each of them means: as submissions. `hl7_text.rs` and
//! `csv_text.rs` write the same as text.
//!
//! Written from its own tables: nothing here asks `policy` or `projection` what a message does.

use crate::cast::{CAST, Holder, SEALED, Slot, record};
use crate::tokens::{Meaning, Token, Tokens};
use crate::ways::Way;
use domain::{
    Address, AddressUse, Change, Code, ContactKind, ContactPoint, DataItem, DemographicsPatch, FieldValue,
    HeldChi, Instance, ItemKind, Label, NameParts, NameUse, PartialDate, PersonName, Postcode, Practitioner,
    RecordChange, Redirect, RedirectScope, RelatedPerson, Sex,
};
use jiff::Timestamp;

/// One part of what a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The canary that anybody who sees the item sees.
    pub main: Token,
    /// The canary in a field that leads to where the person is.
    pub place: Option<Token>,
    /// It tells of a relationship of the organisation with the person, now and for the length of a run.
    pub relates: bool,
    /// Whose CHI number stands beside it, by number in the cast.
    pub number_of: Option<usize>,
}

/// What a message says, as the facts of the world have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Who says it.
    pub holder: Holder,
    /// Of whom.
    pub person: usize,
    /// In which version.
    pub sequence: u64,
    /// Slot by slot; `None` takes it away.
    pub said: Vec<(Slot, Option<Held>)>,
    /// Slots of which this is the whole list.
    pub complete: Vec<Slot>,
    /// Whether where the person lives is protected, if it says.
    pub protected: Option<bool>,
}

/// What a message is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who.
    pub holder: Holder,
    /// Of whom.
    pub person: usize,
    /// How it speaks of them.
    pub way: Way,
    /// In which version.
    pub sequence: u64,
    /// Slots with something new.
    pub new: Vec<Slot>,
    /// Slots taken away.
    pub gone: Vec<Slot>,
    /// Slots of which the message is the whole list.
    pub complete: Vec<Slot>,
    /// A stay in hospital that has ended, so that it tells of no relationship.
    pub stay_is_over: bool,
    /// The protected mark, if it says.
    pub protected: Option<bool>,
    /// Whose CHI number it was told of and has taken over, by number in the cast.
    pub told_of: Option<usize>,
    /// Another record of its holder's that is merged into this one, or whose data belongs to this one.
    pub redirect: Option<(usize, RedirectScope)>,
}

impl Wish {
    /// Nothing yet.
    pub fn of(holder: Holder, person: usize, way: Way, sequence: u64) -> Self {
        Self {
            holder,
            person,
            way,
            sequence,
            new: Vec::new(),
            gone: Vec::new(),
            complete: Vec::new(),
            stay_is_over: false,
            protected: None,
            told_of: None,
            redirect: None,
        }
    }
}

/// Says what the message means, with new canaries.
pub fn state(wish: &Wish, tokens: &mut Tokens) -> Statement {
    let new = wish.new.iter().map(|slot| (*slot, Some(invent(wish, *slot, tokens))));
    let said = new.chain(wish.gone.iter().map(|slot| (*slot, None))).collect();
    let Wish { holder, person, sequence, protected, .. } = *wish;
    Statement { holder, person, sequence, said, complete: wish.complete.clone(), protected }
}

/// Writes the message as a submission. `twisted` worlds say something else, and more of it, wherever nobody may ever
/// look.
pub fn write(wish: &Wish, statement: &Statement, twisted: bool, now: Timestamp) -> RecordChange {
    let own = record(wish.holder, wish.person);
    let mut change = RecordChange::new(own.clone(), wish.way.version(wish.sequence), now);
    for (slot, held) in &statement.said {
        match held {
            Some(held) if slot.is_demographic() => {
                say_demographics(&mut change.demographics, wish, *slot, held);
            }
            Some(held) => {
                change.upserts.push(item(wish, *slot, held, now));
                if twisted && is_twisted(wish.person, *slot) {
                    let more = DataItem { instance: instance("2"), ..item(wish, *slot, held, now) };
                    change.upserts.push(more);
                }
            }
            None => change.removals.push((slot.row().kind, instance(wish.way.instance(*slot)))),
        }
    }
    change.complete_kinds = wish.complete.iter().map(|slot| slot.row().kind).collect();
    if let Some(mark) = wish.protected {
        change.demographics.protected = Change::Set(mark);
    }
    change.redirect =
        wish.redirect.map(|(from, scope)| Redirect { from: record(wish.holder, from), to: own, scope });
    change
}

/// Whether two worlds may differ in it: no reader of a run is ever shown it.
pub fn is_twisted(person: usize, slot: Slot) -> bool {
    slot.is_never_shown() || (person == SEALED && !slot.is_demographic())
}

fn invent(wish: &Wish, slot: Slot, tokens: &mut Tokens) -> Held {
    let Wish { holder, person, sequence, .. } = *wish;
    let twisted = is_twisted(person, slot);
    let mut make = |place| tokens.make(Meaning { holder, person, slot, place, sequence }, twisted);
    let kind = slot.row().kind;
    // An allocated worker, a registered practice, a stay that goes on: what the design counts as a relationship.
    let stays = kind == ItemKind::INPATIENT_STAY && !wish.stay_is_over;
    let relates = [ItemKind::ALLOCATED_WORKER, ItemKind::REGISTERED_PRACTICE].contains(&kind);
    let number = CAST[person].has_number_at(holder).then_some(person).or(wish.told_of);
    Held {
        main: make(false),
        place: slot.has_place().then(|| make(true)),
        relates: relates || stays,
        number_of: number.filter(|_| slot == Slot::IDENTITY),
    }
}

fn instance(text: &str) -> Instance {
    Instance::parse(text).expect("an instance")
}

fn say_demographics(patch: &mut DemographicsPatch, wish: &Wish, slot: Slot, held: &Held) {
    let person = &CAST[wish.person];
    let word = held.main.as_str();
    if slot == Slot::IDENTITY {
        let parts = NameParts {
            family: person.family.to_owned(),
            given: vec![person.given.to_owned(), word.to_owned()],
            name_use: NameUse::Usual,
            ..NameParts::default()
        };
        patch.names = Change::Set(vec![PersonName::new(&parts).expect("a name")]);
        patch.birth_date = Change::Set(PartialDate::parse(person.born).expect("a date"));
        patch.sex = Change::Set(Sex::Female);
        patch.chi = match held.number_of {
            Some(whose) => {
                let number = CAST[whose].chi();
                Change::Set(HeldChi { number, scheme: number.check_scheme(), padded: false })
            }
            // Said in so many words, so that an older message cannot bring a number with it.
            None => Change::Deleted,
        };
    } else if slot == Slot::ADDRESS {
        let home = Address {
            used_as: AddressUse::Home,
            lines: vec!["3 Mill Lane".to_owned(), word.to_owned()],
            postcode: Postcode::parse("ST9 4QX").ok(),
            uprn: None,
            from: PartialDate::Unknown,
            to: PartialDate::Unknown,
            protected: false,
        };
        patch.addresses = Change::Set(vec![home]);
    } else {
        let value = format!("{word}@example.org");
        patch.contacts = Change::Set(vec![ContactPoint { kind: ContactKind::Email, value }]);
    }
}

fn item(wish: &Wish, slot: Slot, held: &Held, now: Timestamp) -> DataItem {
    let row = slot.row();
    DataItem {
        kind: row.kind,
        instance: instance(wish.way.instance(slot)),
        as_of: now,
        fields: fields(wish, slot, held),
        labels: row.labels.iter().copied().filter(|label| *label == Label::Criminal).collect(),
        source_reference: None,
    }
}

fn fields(wish: &Wish, slot: Slot, held: &Held) -> Vec<(String, FieldValue)> {
    let word = held.main.as_str().to_owned();
    let place = held.place.as_ref().map(|token| token.as_str().to_owned()).unwrap_or_default();
    let text = FieldValue::Text;
    let code =
        |display: String| FieldValue::Code(Code { system: String::new(), code: String::new(), display });
    let day = |text: &str| FieldValue::Date(PartialDate::parse(text).expect("a date"));
    let staff = |name: String, team: String| {
        FieldValue::Practitioner(Practitioner { name, team, ..Practitioner::default() })
    };
    let relative = |name: String| FieldValue::Person(RelatedPerson { name, ..RelatedPerson::default() });
    let fields: Vec<(&str, FieldValue)> = match row_name(slot) {
        "communication_needs" => vec![("language", text(word))],
        "allocated_worker" => vec![("worker", staff(word, place))],
        "care_package" => vec![("service", code(word)), ("provider", text(place))],
        "assessment" => vec![("type", code(word))],
        "open_referral" => vec![("type", code(word)), ("referrer", text(place))],
        "carer" => vec![("carer", relative(word))],
        "risk_or_hazard" => vec![("risk_to", code("Staff".to_owned())), ("risk", text(word))],
        "access_information" => vec![("key_safe", text(word))],
        "justice_supervision" => vec![("order", code(word))],
        "case_note" => {
            vec![("date", day("2026-10-01")), ("type", code("Visit".to_owned())), ("reference", text(word))]
        }
        "named_health_contact" => vec![("contact", staff(word, String::new())), ("team", text(place))],
        "registered_practice" => vec![("practice", text(word))],
        "allergy" => vec![("substance", code(word))],
        "inpatient_stay" if wish.stay_is_over => {
            vec![("hospital", text(word)), ("admitted", day("2026-11-01")), ("discharged", day("2026-11-09"))]
        }
        "inpatient_stay" => vec![("hospital", text(word)), ("admitted", day("2026-11-01"))],
        "health_next_of_kin" => vec![("contact", relative(word))],
        "condition" => vec![("problem", code(word))],
        "staff_hazard" => vec![("hazard", text(word))],
        "investigation_result" => vec![("test", code(word))],
        "sexual_health" => vec![("type", code(word))],
        other => unreachable!("no fields are written for {other}"),
    };
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn row_name(slot: Slot) -> &'static str {
    slot.row().kind.id()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_cast_is_valid() {
        let mut tokens = Tokens::new(0);
        for holder in Holder::ALL {
            let wish = Wish { new: Slot::all_of(holder), ..Wish::of(holder, 0, Way::Numbered, 1) };
            let statement = state(&wish, &mut tokens);
            let change = write(&wish, &statement, true, Timestamp::UNIX_EPOCH);
            assert_eq!(statement.said.len(), Slot::all_of(holder).len());
            for item in change.upserts {
                let kind = item.kind;
                assert_eq!(item.checked("item").map(|_| ()), Ok(()), "{kind}");
            }
        }
    }
}
