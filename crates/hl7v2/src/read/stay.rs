//! PV1: the stay in hospital. Its instance is the visit number, PV1-19.
//!
//! An item replaces the one before as a whole, so each message must tell the whole stay; A03 does in practice.

use super::items::{Draft, date};
use super::{Context, Event, Report, lists};
use crate::{Error, Header, Segment, time};
use domain::{Code, FieldValue, Instance, ItemKind, PartialDate, RecordChange};

pub(super) fn read(
    visit: &Segment<'_>,
    header: &Header,
    context: &Context<'_>,
    change: &mut RecordChange,
    report: &mut Report,
) -> Result<(), Error> {
    if !is_stay(visit, context, report) {
        return Ok(());
    }
    let number = visit.field(19).part(1);
    if number.is_empty() {
        if !visit.field(19).is_null() {
            report.note(visit.at(19), "stay left out: it has no visit number");
        }
        return Ok(());
    }
    let hospital = hospital(visit, header);
    if hospital.is_empty() {
        report.note(visit.at(3), "stay left out: neither PV1-3.4 nor MSH-4 names the hospital");
        return Ok(());
    }
    let mut draft = Draft::new(ItemKind::INPATIENT_STAY, &number);
    draft.text("hospital", hospital);
    draft.text("ward", visit.field(3).first().line(1));
    admission(&mut draft, visit, context, report)?;
    let discharged = discharge(visit, context)?;
    draft.date("discharged", discharged);
    let (code, words) = match discharged {
        Some(_) => ("discharged", "Discharged"),
        None => ("in-hospital", "In hospital"),
    };
    let status = Code { system: String::new(), code: code.to_owned(), display: words.to_owned() };
    draft.value("status", FieldValue::Code(status));
    Instance::parse(&number).map_err(|rule| Error::invalid(&visit.at(19), rule))?;
    draft.add(&visit.at(3), context, change)
}

/// By patient class. A01 and A03 without a class tell of a stay; updates and merges without one do not.
fn is_stay(visit: &Segment<'_>, context: &Context<'_>, report: &mut Report) -> bool {
    let class = visit.field(2).part(1);
    if class.is_empty() {
        return matches!(context.event, Event::Admit | Event::Discharge);
    }
    let listed = lists(&context.settings.inpatient_classes, &class);
    if !listed && matches!(context.event, Event::Admit | Event::Discharge) {
        report.note(visit.at(2), "stay left out: the patient class is not of a stay in hospital");
    }
    listed
}

/// PV1-3.4, the facility; else the sending facility.
fn hospital(visit: &Segment<'_>, header: &Header) -> String {
    let facility = visit.field(3).first().line(4);
    if !facility.is_empty() {
        return facility;
    }
    crate::Value::new(&header.sending_facility, header.separators).line(1)
}

/// PV1-44. An admission without it happened when the message says that it happened.
fn admission(
    draft: &mut Draft,
    visit: &Segment<'_>,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Error> {
    let text = visit.field(44).part(1);
    if let Some(day) = date(visit, 44)? {
        draft.date("admitted", Some(day));
        draft.text("admitted_time", clock_time(&text));
        return Ok(());
    }
    let day = match context.event {
        Event::Admit => local_day(context),
        Event::Discharge | Event::Update | Event::Merge => {
            report.note(visit.at(44), "not given; the day of admission is taken as not known");
            PartialDate::Unknown
        }
    };
    draft.date("admitted", Some(day));
    Ok(())
}

/// PV1-45. A discharge without it happened when the message says that it happened.
fn discharge(visit: &Segment<'_>, context: &Context<'_>) -> Result<Option<PartialDate>, Error> {
    match (date(visit, 45)?, context.event) {
        (Some(day), _) => Ok(Some(day)),
        (None, Event::Discharge) => Ok(Some(local_day(context))),
        (None, Event::Admit | Event::Update | Event::Merge) => Ok(None),
    }
}

fn local_day(context: &Context<'_>) -> PartialDate {
    PartialDate::Full(context.occurred_at.to_zoned(context.settings.zone.clone()).date())
}

/// `0930` of the time of day as `09:30`; empty where none is given.
fn clock_time(text: &str) -> String {
    match (text.get(8..10), text.get(10..12)) {
        (Some(hour), Some(minute)) if time::timestamp(text, &jiff::tz::TimeZone::UTC).is_ok() => {
            format!("{hour}:{minute}")
        }
        (Some(_) | None, _) => String::new(),
    }
}
