//! The council's persons as a nightly extract: a CSV text, and the mapping that names its columns.

use crate::World;
use domain::Sex;

/// Columns of the extract, in order.
const COLUMNS: &[&str] = &[
    "PersonID",
    "CHI",
    "Title",
    "Forenames",
    "Surname",
    "DateOfBirth",
    "Gender",
    "Address",
    "Town",
    "Postcode",
    "UPRN",
    "Telephone",
    "Restricted",
    "CaseStatus",
    "CaseOpened",
];

/// The mapping of [`extract`]: which column says what, and that the file is the full list.
pub const MAPPING: &str = include_str!("../../../config/seed/extract-mapping.toml");

/// Everyone whom the council knows, a row each. Dates are day/month/year; lines end with CR LF.
pub fn extract(world: &World) -> String {
    let mut lines = vec![row(COLUMNS.iter().map(|column| (*column).to_owned()))];
    for entry in world.entries() {
        let Some(record) = &entry.council else { continue };
        let who = &record.demographics;
        let name = who.names.first();
        let address = who.addresses.first();
        let part = |index: usize| address.and_then(|a| a.lines.get(index)).cloned().unwrap_or_default();
        let born = who.birth_date.and_then(|born| born.full());
        let born = born.map(|b| format!("{:02}/{:02}/{:04}", b.day(), b.month(), b.year()));
        let opened = record.items.iter().find(|item| item.kind == domain::ItemKind::KNOWN_TO_SOCIAL_WORK);
        lines.push(row([
            record.local_id.clone(),
            record.chi.clone().unwrap_or_default(),
            name.and_then(|n| n.prefix()).unwrap_or_default().to_owned(),
            name.map(|n| n.given().collect::<Vec<_>>().join(" ")).unwrap_or_default(),
            name.and_then(|n| n.family()).unwrap_or_default().to_owned(),
            born.unwrap_or_default(),
            gender(who.sex).to_owned(),
            part(0),
            part(1),
            address.and_then(|a| a.postcode.as_ref()).map(|p| p.as_str().to_owned()).unwrap_or_default(),
            address.and_then(|a| a.uprn).map(|u| u.value().to_string()).unwrap_or_default(),
            who.contacts.first().map(|c| c.value.clone()).unwrap_or_default(),
            if who.protected { "Y" } else { "N" }.to_owned(),
            "Open".to_owned(),
            opened.map(|item| as_of_day(item.as_of)).unwrap_or_default(),
        ]));
    }
    lines.concat()
}

fn as_of_day(at: jiff::Timestamp) -> String {
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

fn gender(sex: Option<Sex>) -> &'static str {
    match sex {
        Some(Sex::Female) => "F",
        Some(Sex::Male) => "M",
        Some(Sex::Other) => "O",
        Some(Sex::Unknown) | None => "U",
    }
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    let quoted = |cell: String| {
        if cell.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    format!("{}\r\n", cells.into_iter().map(quoted).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_of_the_council_has_a_row_and_every_mapped_column_exists() {
        let world = World::generate(3, 100, jiff::civil::date(2026, 11, 24)).unwrap();
        let known = world.entries().iter().filter(|entry| entry.council.is_some()).count();
        let text = extract(&world);
        assert_eq!(text.lines().count(), known + 1);
        assert!(text.contains(
            "W-20481,1203414749,Mrs,Elspeth,Dunbrae,12/03/1941,F,27 Saltpan Wynd,Kilmorran,ST9 4QX"
        ));
        let (_, columns) = MAPPING.split_once("[columns]").unwrap();
        let (columns, _) = columns.split_once("[items]").unwrap();
        let named = columns.lines().filter_map(|line| line.split('"').nth(1));
        assert!(named.clone().count() > 10);
        for column in named {
            assert!(COLUMNS.contains(&column), "{column}");
        }
    }

    #[test]
    fn cells_with_separators_are_quoted() {
        assert_eq!(row(["a,b".to_owned(), "say \"x\"".to_owned()]), "\"a,b\",\"say \"\"x\"\"\"\r\n");
    }
}
