//! Elspeth Dunbrae, her son, and somebody of nearly her name.

use super::others::{Sketch, entry, lightly_held};
use super::{ELSBETH_DUNBRAY, ELSPETH_DUNBRAE, FERGUS_DUNBRAE, elspeth_council, elspeth_health};
use crate::people::{Home, Person};
use crate::{CouncilRecord, Days, Entry, Error};
use domain::Sex;

pub(super) fn entries(days: Days) -> Result<Vec<Entry>, Error> {
    let fergus = Sketch {
        member: FERGUS_DUNBRAE,
        title: "Mr",
        born: "1968-07-30",
        sex: Sex::Male,
        home: ("4 Netherbow Close", "Kilmorran", "ST9 1DD", 140_900_002),
        telephone: "01632 960 351",
    };
    let elsbeth = Sketch {
        member: ELSBETH_DUNBRAY,
        title: "Miss",
        born: "1979-01-08",
        sex: Sex::Female,
        home: ("2 Cooper's Brae", "Inverfyne", "ST8 3LT", 140_900_003),
        telephone: "01632 960 388",
    };
    Ok(vec![elspeth(days)?, entry(&fergus, days)?, entry(&elsbeth, days)?])
}

fn elspeth(days: Days) -> Result<Entry, Error> {
    let (chi, _) = domain::ChiNumber::parse(ELSPETH_DUNBRAE.chi)?;
    let person = Person {
        family: "Dunbrae".to_owned(),
        given: vec!["Elspeth".to_owned()],
        title: "Mrs".to_owned(),
        born: "1941-03-12".parse()?,
        sex: Sex::Female,
        chi,
        home: Home {
            lines: vec!["27 Saltpan Wynd".to_owned(), "Kilmorran".to_owned()],
            postcode: "ST9 4QX".to_owned(),
            uprn: 140_900_001,
        },
        telephone: "01632 960 377".to_owned(),
        protected: false,
    };
    let council = CouncilRecord {
        local_id: ELSPETH_DUNBRAE.council.to_owned(),
        demographics: person.demographics(Some(days.like("2026-01-12")?))?,
        chi: Some(ELSPETH_DUNBRAE.chi.to_owned()),
        items: elspeth_council::items(days)?,
    };
    let health = elspeth_health::record(&person, days)?;
    Ok(lightly_held(person, Some(council), Some(health)))
}
