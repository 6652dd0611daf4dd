//! Everyone else of the story, each with one thing that is particular about them.

use super::{
    AILEEN_KINROSS, AILSA_KINROSS, BEATHAG_TULLIBAR, CastMember, DUPLICATE_OF_LACHLAN, FINLAY_TARRAS,
    HECTOR_BALLANTRAE, LACHLAN_OSWIN, MAEVE_STRUAN, MURDO_HALCRO, RONA_TULLIBAR, TORQUIL_ASKEW, UNA_CORRIE,
};
use crate::draft::{Draft, build_all};
use crate::people::{Home, Person};
use crate::{CouncilRecord, Days, Entry, Error, HealthRecord, Practice};
use domain::{ChiNumber, DataItem, ItemKind, NameParts, PersonName, Sex};

/// A person in few words.
pub(super) struct Sketch {
    pub(super) member: CastMember,
    pub(super) title: &'static str,
    pub(super) born: &'static str,
    pub(super) sex: Sex,
    /// House and street, town, postcode, property number.
    pub(super) home: (&'static str, &'static str, &'static str, u64),
    pub(super) telephone: &'static str,
}

macro_rules! sketch {
    ($member:ident, $title:literal, $born:literal, $sex:ident, $home:expr, $telephone:literal) => {
        Sketch {
            member: $member,
            title: $title,
            born: $born,
            sex: Sex::$sex,
            home: $home,
            telephone: $telephone,
        }
    };
}

pub(super) fn entries(days: Days) -> Result<Vec<Entry>, Error> {
    let twins_home = ("8 Ropery Lane", "Port Sorrel", "ST7 2RL", 140_900_012);
    let murdo = sketch!(
        MURDO_HALCRO,
        "Mr",
        "1952-04-19",
        Male,
        ("11 Gallow Hill", "Auchterglen", "ST6 5GH", 140_900_011),
        "01632 960 312"
    );
    let ailsa = sketch!(AILSA_KINROSS, "Ms", "1990-06-14", Female, twins_home, "01632 960 333");
    let aileen = sketch!(AILEEN_KINROSS, "Ms", "1990-06-14", Female, twins_home, "01632 960 333");
    let mut entries =
        vec![without_chi(&murdo, days)?, either_twin(&ailsa, days)?, health_only(&aileen, days)?];
    entries.extend(directives(days)?);
    entries.extend(mistaken_numbers(days)?);
    Ok(entries)
}

/// Those whom a directive, an age or a protected mark concerns, and one whom only health knows.
fn directives(days: Days) -> Result<Vec<Entry>, Error> {
    let finlay = sketch!(
        FINLAY_TARRAS,
        "",
        "2017-06-05",
        Male,
        ("30 Burnfoot Terrace", "Inverfyne", "ST8 1BT", 140_900_014),
        "01632 960 344"
    );
    let maeve = sketch!(
        MAEVE_STRUAN,
        "Ms",
        "1985-09-25",
        Female,
        ("5 Maltings Court", "Kilmorran", "ST9 8MC", 140_900_015),
        "01632 960 355"
    );
    let hector = sketch!(
        HECTOR_BALLANTRAE,
        "Mr",
        "1948-11-02",
        Male,
        ("62 Castle View", "Kilmorran", "ST9 6CV", 140_900_016),
        "01632 960 366"
    );
    let una = sketch!(
        UNA_CORRIE,
        "Mrs",
        "1963-08-17",
        Female,
        ("9 Station Brae", "Auchterglen", "ST6 2SB", 140_900_017),
        "01632 960 376"
    );
    let torquil = sketch!(
        TORQUIL_ASKEW,
        "Mr",
        "1955-11-08",
        Male,
        ("17 Quarry Park", "Inverfyne", "ST8 4QP", 140_900_018),
        "01632 960 387"
    );
    Ok(vec![
        entry(&finlay, days)?,
        protected(&maeve, days)?,
        entry(&hector, days)?,
        entry(&una, days)?,
        health_only(&torquil, days)?,
    ])
}

/// A sister's number, and a person registered twice.
fn mistaken_numbers(days: Days) -> Result<Vec<Entry>, Error> {
    let sisters_home = ("3 Smiddy Road", "Kilmorran", "ST9 3SR", 140_900_019);
    let rona = sketch!(RONA_TULLIBAR, "Miss", "1971-03-11", Female, sisters_home, "01632 960 398");
    let beathag = sketch!(BEATHAG_TULLIBAR, "Miss", "1968-04-24", Female, sisters_home, "01632 960 398");
    let lachlan = sketch!(
        LACHLAN_OSWIN,
        "Mr",
        "1939-10-30",
        Male,
        ("44 Whinny Knowe", "Port Sorrel", "ST7 6WK", 140_900_020),
        "01632 960 399"
    );
    let mut wrong = entry(&rona, days)?;
    if let Some(council) = &mut wrong.council {
        council.chi = Some(BEATHAG_TULLIBAR.chi.to_owned());
    }
    let mut twice = person(&lachlan)?;
    twice.title = String::new();
    let duplicate = HealthRecord { chi: None, ..health(&twice, DUPLICATE_OF_LACHLAN, days)? };
    Ok(vec![
        wrong,
        health_only(&beathag, days)?,
        entry(&lachlan, days)?,
        lightly_held(twice, None, Some(duplicate)),
    ])
}

/// Both sides know the person, each with the right CHI number.
pub(super) fn entry(sketch: &Sketch, days: Days) -> Result<Entry, Error> {
    let person = person(sketch)?;
    let council = council(&person, sketch.member, days)?;
    let health = health(&person, sketch.member.health, days)?;
    Ok(lightly_held(person, Some(council), Some(health)))
}

pub(super) fn lightly_held(
    person: Person,
    council: Option<CouncilRecord>,
    health: Option<HealthRecord>,
) -> Entry {
    Entry { person, council, health }
}

fn without_chi(sketch: &Sketch, days: Days) -> Result<Entry, Error> {
    let mut entry = entry(sketch, days)?;
    if let Some(council) = &mut entry.council {
        council.chi = None;
    }
    Ok(entry)
}

/// The council wrote down an initial: it may be either twin.
fn either_twin(sketch: &Sketch, days: Days) -> Result<Entry, Error> {
    let mut entry = without_chi(sketch, days)?;
    if let Some(council) = &mut entry.council {
        let parts = NameParts {
            family: entry.person.family.clone(),
            given: vec!["A".to_owned()],
            prefix: entry.person.title.clone(),
            ..NameParts::default()
        };
        council.demographics.names = vec![PersonName::new(&parts)?];
    }
    Ok(entry)
}

fn health_only(sketch: &Sketch, days: Days) -> Result<Entry, Error> {
    let person = person(sketch)?;
    let health = health(&person, sketch.member.health, days)?;
    Ok(lightly_held(person, None, Some(health)))
}

fn protected(sketch: &Sketch, days: Days) -> Result<Entry, Error> {
    let person = Person { protected: true, ..person(sketch)? };
    let council = council(&person, sketch.member, days)?;
    let health = health(&person, sketch.member.health, days)?;
    Ok(lightly_held(person, Some(council), Some(health)))
}

fn person(sketch: &Sketch) -> Result<Person, Error> {
    let (line, town, postcode, uprn) = sketch.home;
    let (given, family) = sketch.member.name.split_once(' ').unwrap_or_default();
    let (chi, _) = ChiNumber::parse(sketch.member.chi)?;
    Ok(Person {
        family: family.to_owned(),
        given: vec![given.to_owned()],
        title: sketch.title.to_owned(),
        born: sketch.born.parse()?,
        sex: sketch.sex,
        chi,
        home: Home { lines: vec![line.to_owned(), town.to_owned()], postcode: postcode.to_owned(), uprn },
        telephone: sketch.telephone.to_owned(),
        protected: false,
    })
}

fn council(person: &Person, member: CastMember, days: Days) -> Result<CouncilRecord, Error> {
    Ok(CouncilRecord {
        local_id: member.council.to_owned(),
        demographics: person.demographics(Some(days.like("2025-02-03")?))?,
        chi: Some(member.chi.to_owned()),
        items: open_case(days, person.age(days.today()) >= 18)?,
    })
}

fn open_case(days: Days, adult: bool) -> Result<Vec<DataItem>, Error> {
    let (opened, opened_at) = (days.like("2026-02-16")?, days.as_of("2026-02-16")?);
    let mut drafts = vec![
        Draft::new(ItemKind::KNOWN_TO_SOCIAL_WORK, "case", opened_at)
            .code("status", "Open")
            .date("since", opened),
        Draft::new(ItemKind::ALLOCATED_WORKER, "worker-1", opened_at)
            .staff(
                "worker",
                ["Angus Pettigrew", "Social worker", crate::staff::ADULTS_NORTH, "01632 960 144"],
            )
            .flag("lead", true)
            .period(opened, None),
        crate::council::team(opened_at, opened),
    ];
    if !adult {
        let referral = Draft::new(ItemKind::OPEN_REFERRAL, "referral-1", opened_at);
        drafts.push(referral.code("type", "Short breaks").date("date", opened).code("status", "Open"));
        return build_all(drafts);
    }
    drafts.extend([
        Draft::new(ItemKind::CARE_PACKAGE, "home-care", days.as_of("2026-10-20")?)
            .code("service", "Home care")
            .text("provider", "Larchwood Homecare")
            .text("frequency", "2 visits a day")
            .code("status", "Active")
            .period(opened, None),
        Draft::new(ItemKind::RISK_OR_HAZARD, "risk-1", days.as_of("2026-10-20")?)
            .code("risk_to", "Person")
            .text("risk", "Forgets to eat")
            .period(opened, None),
    ]);
    build_all(drafts)
}

fn health(person: &Person, local_id: &str, days: Days) -> Result<HealthRecord, Error> {
    let practice = Practice {
        name: "Old Mill Surgery".to_owned(),
        gp_family: "Rashid".to_owned(),
        gp_given: "Imran".to_owned(),
        telephone: "01632 960 220".to_owned(),
    };
    let as_of = days.as_of("2026-10-02")?;
    let items = build_all([
        crate::health::practice_item(&practice, as_of),
        Draft::new(ItemKind::APPOINTMENT, "eyes", as_of)
            .text("clinic", "Eye clinic")
            .date("date", days.like("2026-12-01")?)
            .text("time", "09:40")
            .text("place", "Kilmorran Infirmary")
            .code("status", "Booked"),
    ])?;
    Ok(HealthRecord { items, ..crate::health::plain(person, local_id.to_owned(), practice)? })
}
