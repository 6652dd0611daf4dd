//! The council's extracts: one row of a person, as the case system writes it. Must not use the code that reads them.

use crate::cast::{CAST, Slot, record};
use crate::messages::{Held, Statement, Wish};
use crate::ways::Way;
use domain::ItemKind;

/// Which column says what. The files hold changes only.
pub const MAPPING: &str = r#"
authority = "strathorr-case-system"
extract = "delta"
date_format = "day/month/year"
yes = ["Y"]
sex = { F = "female" }

[columns]
local_id = "Id"
chi = "CHI"
family = "Last"
given = "First"
birth_date = "Born"
sex = "Sex"
address_line_1 = "Street"
address_line_2 = "Place"
postcode = "Postcode"
email = "Email"
protected = "Restricted"

[items]
"communication_needs.language" = "Language"
"allocated_worker.worker.name" = "Worker"
"allocated_worker.worker.team" = "Team"
"care_package.service" = "Service"
"care_package.provider" = "Provider"
"open_referral.type" = "Referral"
"open_referral.referrer" = "Referrer"
"carer.carer.name" = "Carer"
"risk_or_hazard.risk_to" = "RiskTo"
"risk_or_hazard.risk" = "Risk"
"access_information.key_safe" = "KeySafe"
"#;

/// The columns, in the order of [`row`].
pub const HEADER: &str = "Id,CHI,Last,First,Born,Sex,Street,Place,Postcode,Email,Restricted,Language,Worker,Team,\
                          Service,Provider,Referral,Referrer,Carer,RiskTo,Risk,KeySafe";

/// What a row says of a wish: everything that it has a column for. Who the person is it always says; of what else is
/// not new it says that there is none.
pub fn narrowed(wish: &Wish) -> Wish {
    const SINGLE: [ItemKind; 2] = [ItemKind::COMMUNICATION_NEEDS, ItemKind::ACCESS_INFORMATION];
    let columns = Slot::all_of(wish.holder).into_iter().filter(|slot| Way::Csv.has_place_for(*slot));
    let (new, others): (Vec<Slot>, Vec<Slot>) =
        columns.partition(|slot| *slot == Slot::IDENTITY || wish.new.contains(slot));
    let is_single = |slot: &Slot| SINGLE.contains(&slot.row().kind);
    let complete = new.iter().chain(&others).copied().filter(is_single).collect();
    let gone = others.into_iter().filter(|slot| !is_single(slot)).collect();
    Wish { new, gone, complete, ..wish.clone() }
}

/// The row of a narrowed wish, and what it means.
pub fn row(wish: &Wish, statement: &Statement) -> String {
    let held = |kind: ItemKind| {
        let of_kind = |(slot, _): &&(Slot, Option<Held>)| slot.row().kind == kind;
        statement.said.iter().find(of_kind).and_then(|(_, held)| held.as_ref())
    };
    let word = |kind: ItemKind| held(kind).map(|held| held.main.as_str()).unwrap_or_default();
    let place = |kind: ItemKind| {
        held(kind).and_then(|held| held.place.as_ref()).map(crate::tokens::Token::as_str).unwrap_or_default()
    };
    let known = &CAST[wish.person];
    let who = held(ItemKind::IDENTITY);
    let number = who.and_then(|held| held.number_of).map(|whose| CAST[whose].chi().as_str().to_owned());
    let [year, month, day] = known.born.split('-').collect::<Vec<_>>().try_into().expect("a date");
    let (street, postcode) = match held(ItemKind::ADDRESS) {
        Some(_) => ("3 Mill Lane", "ST9 4QX"),
        None => ("", ""),
    };
    let email = held(ItemKind::CONTACT_DETAILS).map(|held| format!("{}@example.org", held.main.as_str()));
    let risk_to = if held(ItemKind::RISK_OR_HAZARD).is_some() { "Staff" } else { "" };
    [
        record(wish.holder, wish.person).local_id.as_str(),
        &number.unwrap_or_default(),
        known.family,
        &format!("{} {}", known.given, word(ItemKind::IDENTITY)),
        &format!("{day}/{month}/{year}"),
        "F",
        street,
        word(ItemKind::ADDRESS),
        postcode,
        &email.unwrap_or_default(),
        wish.protected.map(|mark| if mark { "Y" } else { "N" }).unwrap_or_default(),
        word(ItemKind::COMMUNICATION_NEEDS),
        word(ItemKind::ALLOCATED_WORKER),
        place(ItemKind::ALLOCATED_WORKER),
        word(ItemKind::CARE_PACKAGE),
        place(ItemKind::CARE_PACKAGE),
        word(ItemKind::OPEN_REFERRAL),
        place(ItemKind::OPEN_REFERRAL),
        word(ItemKind::CARER),
        risk_to,
        word(ItemKind::RISK_OR_HAZARD),
        word(ItemKind::ACCESS_INFORMATION),
    ]
    .join(",")
}
