//! When a record's own agency has a relationship with the person, as its items tell: stays, workers, teams, a practice.

use domain::{DataItem, FieldValue, ItemKind, PartialDate, Window};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The windows that the items give, in their order. An item that ended still gives its window.
pub(crate) fn relationships<'a>(items: impl Iterator<Item = &'a DataItem>) -> Vec<Window> {
    items.filter_map(window).collect()
}

fn window(item: &DataItem) -> Option<Window> {
    if item.kind == ItemKind::INPATIENT_STAY {
        return Some(between(date(item, "admitted"), date(item, "discharged")));
    }
    let kinds = [ItemKind::ALLOCATED_WORKER, ItemKind::RESPONSIBLE_TEAM, ItemKind::REGISTERED_PRACTICE];
    if !kinds.contains(&item.kind) {
        return None;
    }
    match item.field("period") {
        Some(FieldValue::Period { from, to }) => Some(between(*from, *to)),
        Some(_) | None => Some(Window::default()),
    }
}

fn date(item: &DataItem, field: &str) -> PartialDate {
    match item.field(field) {
        Some(FieldValue::Date(date)) => *date,
        Some(_) | None => PartialDate::Unknown,
    }
}

/// From the beginning of the first day to the end of the last one, by UTC; an unknown end is open.
fn between(first: PartialDate, last: PartialDate) -> Window {
    let after_last = last.latest().and_then(|day| day.checked_add(1.day()).ok());
    Window { from: first.earliest().and_then(midnight), to: after_last.and_then(midnight) }
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Instance, Labels};

    fn stay(fields: &[(&str, PartialDate)]) -> DataItem {
        DataItem {
            kind: ItemKind::INPATIENT_STAY,
            instance: Instance::parse("1").unwrap(),
            as_of: Timestamp::UNIX_EPOCH,
            fields: fields.iter().map(|(name, date)| ((*name).to_owned(), FieldValue::Date(*date))).collect(),
            labels: Labels::NONE,
            source_reference: None,
        }
    }

    #[test]
    fn a_stay_counts_to_the_end_of_the_day_of_discharge() {
        let item = stay(&[
            ("admitted", PartialDate::from_day(2026, 3, 1).unwrap()),
            ("discharged", PartialDate::from_day(2026, 3, 4).unwrap()),
        ]);
        let windows = relationships([&item].into_iter());
        assert_eq!(windows[0].from, Some("2026-03-01T00:00:00Z".parse().unwrap()));
        assert_eq!(windows[0].to, Some("2026-03-05T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_stay_without_discharge_is_open() {
        let item = stay(&[("admitted", PartialDate::from_day(2026, 3, 1).unwrap())]);
        assert_eq!(relationships([&item].into_iter())[0].to, None);
    }
}
