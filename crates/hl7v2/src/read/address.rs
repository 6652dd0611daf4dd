//! PID-11: addresses, what they are for, and whether one is marked as protected.

use super::person::list;
use super::{Context, Report, lists};
use crate::{Error, Segment, Value, time};
use domain::{Address, AddressUse, Change, PartialDate, Postcode, Violation};
use jiff::Timestamp;

const LINE_RULE: Violation =
    Violation::of("must have lines of at most 200 characters, without control characters");

pub(super) fn read(
    pid: &Segment<'_>,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<Change<Vec<Address>>, Error> {
    let field = pid.field(11);
    let change = list(pid, 11, |one| address(one, context))?;
    for one in field.repeats() {
        if used_as(&one).is_none() {
            report.note(
                pid.at(11).with_component(7),
                "left out: an address of this type is not where a person lives",
            );
        }
        let code = one.part(5);
        if !code.is_empty() && Postcode::parse(&code).is_err() {
            report.note(
                pid.at(11).with_component(5),
                "not of the shape of a United Kingdom postcode; kept as a line",
            );
        }
    }
    Ok(match change {
        Change::Set(mut addresses) => {
            addresses.sort_by_key(|address| address.used_as);
            Change::Set(addresses)
        }
        other @ (Change::Unchanged | Change::Deleted) => other,
    })
}

fn address(one: &Value<'_>, context: &Context<'_>) -> Result<Option<Address>, Violation> {
    let Some(used_as) = used_as(one) else { return Ok(None) };
    let code = one.part(5);
    let postcode = Postcode::parse(&code).ok();
    let foreign = if postcode.is_none() { one.line(5) } else { String::new() };
    let lines: Vec<String> =
        [one.line(1), one.line(2), one.line(3), one.line(8), one.line(4), foreign, country(one)]
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect();
    if lines.is_empty() && postcode.is_none() {
        return Ok(None);
    }
    if lines.iter().any(|line| line.chars().count() > 200 || line.chars().any(char::is_control)) {
        return Err(LINE_RULE);
    }
    let (from, to) = period(one)?;
    let ended = ended_before(one, context);
    let protected =
        [one.part(7), one.part(22)].iter().any(|mark| lists(&context.settings.protected_address_codes, mark));
    Ok(Some(Address {
        used_as: if ended { AddressUse::Previous } else { used_as },
        lines,
        postcode,
        uprn: None, // HL7 v2 has no field for it.
        from,
        to,
        protected,
    }))
}

/// XAD.13 and XAD.14, or the older range of XAD.12.
fn period(one: &Value<'_>) -> Result<(PartialDate, PartialDate), Violation> {
    let range = one.component(12);
    let date = |own: String, of_range: String| {
        let text = if own.is_empty() { of_range } else { own };
        if text.is_empty() { Ok(PartialDate::Unknown) } else { PartialDate::parse_hl7(&text) }
    };
    Ok((date(one.part(13), range.subcomponent(1).text())?, date(one.part(14), range.subcomponent(2).text())?))
}

fn ended_before(one: &Value<'_>, context: &Context<'_>) -> bool {
    let own = one.part(14);
    let text = if own.is_empty() { one.component(12).subcomponent(2).text() } else { own };
    let end: Option<Timestamp> = time::timestamp(&text, &context.settings.zone).ok();
    end.is_some_and(|end| end < context.told_at)
}

/// HL7 table 0190, and the words that some senders write in its place. `None`: not an address of the person's life.
fn used_as(one: &Value<'_>) -> Option<AddressUse> {
    match one.part(7).to_ascii_uppercase().as_str() {
        "C" | "V" | "TEMP" | "TEMPORARY" => Some(AddressUse::Temporary),
        "M" | "MAILING" | "POSTAL" => Some(AddressUse::Postal),
        "PREVIOUS" | "OLD" => Some(AddressUse::Previous),
        "B" | "O" | "BA" | "F" | "N" | "BDL" | "BI" | "BR" | "RH" | "S" | "SH" => None,
        _ => Some(AddressUse::Home),
    }
}

/// A country other than those where every address of the feed is assumed to be.
fn country(one: &Value<'_>) -> String {
    let country = one.line(6);
    let home = ["GB", "GBR", "UK", "SCOTLAND", "SCT", "ENGLAND", "WALES", "826"];
    if home.iter().any(|name| name.eq_ignore_ascii_case(&country)) { String::new() } else { country }
}
