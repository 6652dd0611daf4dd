//! Names to choose from. Any likeness to a person who lives is chance.

pub(crate) const FEMALE: &[&str] = &[
    "Ailsa", "Morag", "Elspeth", "Fiona", "Isla", "Rhona", "Catriona", "Mhairi", "Shona", "Kirsty", "Eilidh",
    "Jean", "Agnes", "Margaret", "Janet", "Effie", "Senga", "Una", "Iona", "Skye", "Beth", "Priya", "Zofia",
    "Amina", "Grace", "Oluchi", "Wanjiru", "Niamh", "Sorcha", "Freya", "Moira", "Jessie",
];

pub(crate) const MALE: &[&str] = &[
    "Hamish", "Fergus", "Angus", "Murdo", "Calum", "Iain", "Ewan", "Lachlan", "Rory", "Finlay", "Gregor",
    "Duncan", "Alasdair", "Archie", "Struan", "Torquil", "Magnus", "Douglas", "Kenneth", "Ross", "Craig",
    "Tomasz", "Imran", "Chidi", "Wei", "Arjun", "Seumas", "Hector", "Ivor", "Sandy", "Keir", "Brodie",
];

pub(crate) const FAMILY: &[&str] = &[
    "Abercairn",
    "Auchter",
    "Balgonie",
    "Carswell",
    "Corsock",
    "Dalwhinn",
    "Drumlanrick",
    "Dunlarg",
    "Ettrick",
    "Farquhairn",
    "Fenwick",
    "Garrow",
    "Glenluce",
    "Hallmuir",
    "Inverarity",
    "Kelloholm",
    "Kilbrannan",
    "Kinnaird",
    "Lammermuir",
    "Lochbrow",
    "MacAskill",
    "MacCrimmon",
    "MacGillaray",
    "McNabb",
    "Mouswald",
    "Nandakumar",
    "Nowicka",
    "Oduya",
    "Oyelaran",
    "O'Hara",
    "Pettigrew",
    "Quothquan",
    "Rannoch",
    "Rashid",
    "Sanquhar",
    "Strachan-Bell",
    "Tarras",
    "Tinwald",
    "Torthorwald",
    "Urquhart",
    "Van der Meer",
    "Wanlock",
    "Whithorn",
    "Yarrow",
    "nic Dhòmhnaill",
    "Ó Briain",
];

/// Short forms that a person is known by.
pub(crate) fn short_form(given: &str) -> Option<&'static str> {
    let pairs = [
        ("Margaret", "Peggy"),
        ("Elspeth", "Elsie"),
        ("Kenneth", "Ken"),
        ("Alasdair", "Ally"),
        ("Catriona", "Trina"),
        ("Douglas", "Doug"),
        ("Janet", "Jenny"),
        ("Agnes", "Nessie"),
    ];
    pairs.iter().find(|(full, _)| *full == given).map(|(_, short)| *short)
}
