//! How well the shipped weights do on generated people with known truth; prints a table, holds one floor.
//!
//! Runs when `LINKAGE_DIR` names a folder with the generator `ukgen.py`, and says loudly when it does not.
//! `LINKAGE_SAMPLE` names a folder of generated people instead: `index.csv`, `queries.csv`, `truth.csv` and, if there,
//! `history.csv`, without quoted commas. Must not tune anything: the seed used here is for development.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test binary: it may fail, and prints what it found"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::{
    Address, AddressUse, ChiNumber, Demographics, HeldChi, NameParts, NameUse, PartialDate, PersonId,
    PersonName, Postcode, RecordVersion, Sex, SourceRecord,
};
use matching::{CohortSwitches, Constraints, Index, Parameters, Profile, Verdict, decide};

type Row = BTreeMap<String, String>;

fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let text = read_to_string(folder.join(file)).unwrap_or_default();
    let mut lines =
        text.lines().map(|line| line.trim_end().split(',').map(str::to_owned).collect::<Vec<_>>());
    let names = lines.next().unwrap_or_default();
    lines.map(|line| names.iter().cloned().zip(line).collect()).collect()
}

fn name(surname: &str, row: &Row, name_use: NameUse) -> Option<PersonName> {
    let given = [&row["forename"], &row["middle"]].map(String::clone).to_vec();
    PersonName::new(&NameParts { family: surname.into(), given, name_use, ..NameParts::default() }).ok()
}

fn address(row: &Row, used_as: AddressUse) -> Address {
    Address {
        used_as,
        lines: Some(row["addr1"].clone()).filter(|line| !line.is_empty()).into_iter().collect(),
        postcode: Postcode::parse(&row["postcode"]).ok(),
        uprn: None,
        from: PartialDate::Unknown,
        to: PartialDate::Unknown,
        protected: false,
    }
}

fn person(row: &Row, history: &[Row]) -> Demographics {
    let mut names: Vec<PersonName> = name(&row["surname"], row, NameUse::Usual).into_iter().collect();
    let mut addresses = vec![address(row, AddressUse::Home)];
    for former in history {
        addresses.push(address(former, AddressUse::Previous));
        if former["surname"] != row["surname"] {
            names.extend(name(&former["surname"], row, NameUse::Previous));
        }
    }
    Demographics {
        names,
        birth_date: PartialDate::parse(&row["dob"]).ok(),
        sex: match row["sex"].as_str() {
            "F" => Some(Sex::Female),
            "M" => Some(Sex::Male),
            _ => None,
        },
        chi: ChiNumber::parse(&row["chi"]).ok().map(|(number, scheme)| HeldChi {
            number,
            scheme,
            padded: false,
        }),
        addresses,
        ..Demographics::default()
    }
}

fn person_id(id: &str) -> PersonId {
    PersonId::parse(&format!("00000000-0000-0000-0000-{:0>12}", id.trim_start_matches('P'))).unwrap()
}

fn index_of(folder: &Path) -> Index {
    let mut history: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows(folder, "history.csv") {
        history.entry(row["person_id"].clone()).or_default().push(row);
    }
    let mut index = Index::default();
    for row in rows(folder, "index.csv") {
        let record = SourceRecord::parse("board", &row["person_id"]).unwrap();
        let former = history.remove(&row["person_id"]).unwrap_or_default();
        index.upsert(&record, &person(&row, &former), RecordVersion::Sequence(1));
    }
    index
}

#[derive(Default)]
struct Tally {
    counts: BTreeMap<(&'static str, String), usize>,
    times: Vec<Duration>,
}

impl Tally {
    fn add(&mut self, what: &'static str, kind: &str) {
        *self.counts.entry((what, kind.to_owned())).or_default() += 1;
        *self.counts.entry((what, "all".to_owned())).or_default() += 1;
    }

    fn count(&self, what: &'static str) -> usize {
        self.counts.get(&(what, "all".to_owned())).copied().unwrap_or(0)
    }
}

fn judge(index: &Index, row: &Row, truth: &Row, tally: &mut Tally) {
    let constraints = Constraints {
        never: BTreeSet::new(),
        undone: BTreeSet::new(),
        switches: CohortSwitches::all_on(),
        looked_after: false,
        today: "2026-11-24".parse().unwrap(),
    };
    let started = Instant::now();
    let profile = Profile::of(&person(row, &[]));
    let candidates: Vec<_> = index
        .candidates(&profile)
        .into_iter()
        .map(|held| (person_id(held.record.local_id.as_str()), held))
        .collect();
    let verdict = decide(&profile, &candidates, &Parameters::shipped(), index.counts(), &constraints);
    tally.times.push(started.elapsed());
    let right = (!truth["person_id"].is_empty()).then(|| person_id(&truth["person_id"]));
    let kind = &truth["kind"];
    if right.is_some() {
        tally.add("member", kind);
    }
    match verdict {
        Verdict::Link { person, .. } if Some(person) == right => tally.add("linked right", kind),
        Verdict::Link { .. } => {
            tally.add("linked wrong", kind);
            if std::env::var_os("LINKAGE_SHOW").is_some() {
                println!("wrong: {} {verdict:?}", row["query_id"]);
            }
        }
        Verdict::Review { ref candidates, reason } => {
            tally.add("asked", &format!("{kind}: {}", reason.words()));
            if right.is_some_and(|right| candidates.iter().any(|candidate| candidate.person == right)) {
                tally.add("asked and among the candidates", kind);
            }
        }
        Verdict::Nothing { .. } if right.is_some() => tally.add("missed", kind),
        Verdict::Nothing { .. } => tally.add("rightly nobody", kind),
    }
}

/// 20,000 people and 3,000 queries.
fn generated(generator: &Path, into: &Path) -> PathBuf {
    let script = generator.join("ukgen.py");
    let mut command = std::process::Command::new("python3");
    let made = command.arg(&script).arg(into).args(["20000", "3000", "11", "base"]).status();
    assert!(made.is_ok_and(|status| status.success()), "python3 {} failed", script.display());
    into.to_owned()
}

#[test]
fn generated_people_are_linked_rightly() {
    let made = tempfile::tempdir().unwrap();
    let folder = match (std::env::var_os("LINKAGE_SAMPLE"), std::env::var_os("LINKAGE_DIR")) {
        (Some(given), _) => given.into(),
        (None, Some(generator)) => generated(&PathBuf::from(generator), made.path()),
        (None, None) => {
            println!("** LINKAGE_DIR is not set: the matcher was NOT tried on generated people");
            return;
        }
    };
    let folder = folder.as_path();
    let index = index_of(folder);
    let truth: BTreeMap<String, Row> =
        rows(folder, "truth.csv").into_iter().map(|row| (row["query_id"].clone(), row)).collect();
    let queries = rows(folder, "queries.csv");
    let mut tally = Tally::default();
    for row in &queries {
        judge(&index, row, &truth[&row["query_id"]], &mut tally);
    }
    for ((what, kind), count) in &tally.counts {
        println!("{what:32} {kind:75} {count}");
    }
    tally.times.sort();
    let at = |share: usize| tally.times[tally.times.len() * share / 100 - 1];
    println!("index {} queries {} p50 {:?} p99 {:?}", index.size(), queries.len(), at(50), at(99));
    let wrong_in_ten_thousand = tally.count("linked wrong") * 10_000 / queries.len().max(1);
    assert!(wrong_in_ten_thousand <= 20, "{wrong_in_ten_thousand} false links in 10,000");
}
