//! Homes in Strathorr: streets, care homes, surgeries, wards. No such place exists.

use crate::people::Home;
use crate::random::Random;

const STREETS: &[&str] = &[
    "Saltpan Wynd",
    "Netherbow Close",
    "Cooper's Brae",
    "Harbour Street",
    "Mill Lane",
    "Kirk Vennel",
    "Larchwood Drive",
    "Smiddy Road",
    "Burnfoot Terrace",
    "Quarry Park",
    "Station Brae",
    "Castle View",
    "Whinny Knowe",
    "Ropery Lane",
    "Gallow Hill",
    "Maltings Court",
];

/// Towns and the postcode district of each.
const TOWNS: &[(&str, &str)] =
    &[("Kilmorran", "ST9"), ("Inverfyne", "ST8"), ("Port Sorrel", "ST7"), ("Auchterglen", "ST6")];

const LETTERS: &[&str] = &["A", "B", "D", "E", "F", "G", "H", "J", "L", "N", "P", "Q", "R", "S", "T", "X"];

/// A care home: name, address line, town, postcode, telephone, property number.
pub(crate) struct CareHome {
    pub(crate) name: &'static str,
    pub(crate) line: &'static str,
    pub(crate) town: &'static str,
    pub(crate) postcode: &'static str,
    pub(crate) telephone: &'static str,
    pub(crate) uprn: u64,
}

pub(crate) const CARE_HOMES: &[CareHome] = &[
    CareHome {
        name: "Rowanbank Care Home",
        line: "1 Rowanbank",
        town: "Kilmorran",
        postcode: "ST9 2RB",
        telephone: "01632 960 801",
        uprn: 130_000_801,
    },
    CareHome {
        name: "Seaview House",
        line: "Seaview House, Links Road",
        town: "Port Sorrel",
        postcode: "ST7 1SV",
        telephone: "01632 960 802",
        uprn: 130_000_802,
    },
];

/// Surgeries: name and telephone.
pub(crate) const PRACTICES: &[(&str, &str)] = &[
    ("Harbour Street Practice", "01632 960 210"),
    ("Old Mill Surgery", "01632 960 220"),
    ("Inverfyne Medical Practice", "01632 960 230"),
];

impl CareHome {
    pub(crate) fn home(&self) -> Home {
        Home {
            lines: vec![self.line.to_owned(), self.town.to_owned()],
            postcode: self.postcode.to_owned(),
            uprn: self.uprn,
        }
    }
}

/// The home of the numbered household: no two share a property number.
pub(crate) fn home(random: &Random, number: usize) -> Home {
    let (town, district) = random.pick(TOWNS).copied().unwrap_or(("Kilmorran", "ST9"));
    let house = 1 + random.below(140);
    let sector = 1 + random.below(9);
    let (first, second) = (random.one(LETTERS), random.one(LETTERS));
    Home {
        lines: vec![format!("{house} {}", random.one(STREETS)), town.to_owned()],
        postcode: format!("{district} {sector}{first}{second}"),
        uprn: 140_000_000 + u64::try_from(number).unwrap_or_default(),
    }
}

/// A telephone number of the range kept for fiction.
pub(crate) fn telephone(random: &Random) -> String {
    format!("01632 960 {:03}", 400 + random.below(400))
}
