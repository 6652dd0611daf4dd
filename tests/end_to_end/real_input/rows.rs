//! Every naughty string, and every JSON text that fits, in a CSV extract and in HL7 fields: both sides read the other's.

use super::strings::{is_blank, strings};
use super::{Table, corpora, files};
use crate::feed::settle;
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::{Known, known};
use crate::reading::{NURSE, SOCIAL_WORKER, Session, shown, shows};
use std::collections::BTreeMap;

const MAPPING: &str = "
authority = \"strathorr-case-system\"
extract = \"delta\"
date_format = \"year-month-day\"
yes = [\"Y\"]
sex = { F = \"female\" }
[columns]
local_id = \"Id\"
chi = \"Chi\"
given = \"Given\"
family = \"Family\"
suffix = \"Suffix\"
birth_date = \"Born\"
sex = \"Sex\"
address_line_1 = \"Line\"
[items]
\"care_package.service\" = \"Service\"
\"care_package.provider\" = \"Provider\"
";
/// Columns that a string goes into.
const STRINGS: [&str; 3] = ["Suffix", "Line", "Provider"];

/// One string, and the person in whose record it stands.
struct Case {
    person: Known,
    string: String,
}

fn cases(corpora: &std::path::Path) -> Vec<Case> {
    let json = files(&corpora.join("json"), |name| name.ends_with(".json"));
    let texts = json.iter().filter_map(|file| String::from_utf8(std::fs::read(file).unwrap()).ok());
    let texts = texts.filter(|text| text.chars().count() <= 200);
    let strings = strings(corpora).into_iter().chain(texts);
    (1000..).zip(strings).map(|(number, string)| Case { person: known(number), string }).collect()
}

fn row(cells: &[&str]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    quoted.join(",") + "\r\n"
}

/// The extract, with the line on which each case begins.
fn extract(cases: &[Case]) -> (String, Vec<usize>) {
    let mut text =
        row(&["Id", "Chi", "Given", "Family", "Suffix", "Born", "Sex", "Line", "Service", "Provider"]);
    let mut lines = Vec::new();
    for Case { person, string } in cases {
        lines.push(text.matches('\n').count() + 1);
        let born = person.born.to_string();
        let own = [
            &person.case,
            &person.chi,
            person.given,
            &person.family,
            string,
            &born,
            "F",
            string,
            "Home care",
            string,
        ];
        text.push_str(&row(&own));
    }
    (text, lines)
}

/// What a dry run says of each line: rejected, or columns that are left out; with the rule.
fn verdicts(said: &str) -> BTreeMap<usize, Vec<(bool, String, String)>> {
    let mut found: BTreeMap<usize, Vec<(bool, String, String)>> = BTreeMap::new();
    for line in said.lines() {
        let Some((number, rest)) = line.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) else {
            continue;
        };
        let rejected = rest.strip_prefix("rejected: ");
        let words = rejected.unwrap_or(rest);
        let (column, rule) = words.split_once(' ').unwrap_or((words, ""));
        let verdict = (rejected.is_some(), column.to_owned(), rule.to_owned());
        found.entry(number.parse().unwrap()).or_default().push(verdict);
    }
    found
}

/// What the banner reads for somebody with this suffix.
fn banner(person: &Known, suffix: &str) -> String {
    let name = format!("{}, {}", person.family.to_uppercase(), person.given);
    shortened(if is_blank(suffix) { name } else { format!("{name} {suffix}") })
}

/// Lines that are put together for a screen may become too long for it: the end is left out, and marked.
fn shortened(text: String) -> String {
    if text.chars().count() <= 200 { text } else { text.chars().take(199).chain(['…']).collect() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_string_comes_back_through_csv_and_hl7_or_is_refused_with_the_rule() {
    let Some(folder) = corpora("the test with naughty strings in CSV and HL7 v2") else { return };
    let cases = cases(&folder);
    let mut node = Node::seeded().await;
    let mut table = Table::default();
    let warned = introduce(&node, &cases, &mut table).await;
    let (text, lines) = extract(&cases);
    let (file, mapping) = (node.beside("strings.csv"), node.beside("strings.toml"));
    std::fs::write(&file, text).unwrap();
    std::fs::write(&mapping, MAPPING).unwrap();
    let (file, mapping) = (file.display().to_string(), mapping.display().to_string());
    let token = node.file("credentials/council-feed.token").display().to_string();
    let import = ["import", &file, "--mapping", &mapping, "--token", &token];
    let dry = verdicts(&node.must(&[import.as_slice(), &["--dry-run"]].concat()));
    let said = node.must(&import);
    let rejected = dry.values().filter(|verdicts| verdicts.iter().any(|(rejected, _, _)| *rejected)).count();
    let counts = format!("{} accepted, 0 unchanged, {rejected} rejected", cases.len() - rejected);
    assert!(said.contains(&counts), "{counts}: {said}");
    assert!(node.must(&import).contains("0 accepted"), "the same file again changes nothing");
    settle(&node).await;
    let mut unlike = Vec::new();
    for (case, line) in cases.iter().zip(&lines) {
        let verdicts = dry.get(line).map(Vec::as_slice).unwrap_or_default();
        unlike.extend(read_on_the_boards_side(&node, case, verdicts, &mut table).await);
        if verdicts.iter().all(|(rejected, _, _)| !rejected) {
            let warned = warned.contains(&case.person.patient);
            unlike.extend(read_on_the_councils_side(&node, case, warned, &mut table).await);
        }
    }
    table.print(&format!("Strings in CSV and in HL7 v2: {} of them", cases.len()));
    assert!(unlike.is_empty(), "{} strings do not read back: {unlike:#?}", unlike.len());
    node.must_be_well();
    assert!(table.of("accepted") > 300);
}

/// Tells the board of everybody, the string in suffix and address; answers of whom something was left out.
async fn introduce(node: &Node, cases: &[Case], table: &mut Table) -> Vec<String> {
    let mut mllp = Mllp::open(node.mllp).await;
    let mut warned = Vec::new();
    for Case { person, string } in cases {
        // Line ends have an escape; other control characters have none that every reader knows.
        let escaped = world::hl7::escaped(string);
        let with = person.message(&format!("string-{}", person.patient), &escaped, &escaped);
        let ack = mllp.send(with.as_bytes()).await.expect("an answer");
        if ack.code == "AA" && ack.errors.is_empty() && !string.chars().any(char::is_control) {
            continue;
        }
        warned.push(person.patient.clone());
        if ack.code == "AA" {
            table.count("HL7 v2 suffix and address", "accepted, something left out");
            continue;
        }
        let error = ack.errors.first().and_then(|error| error.split('|').nth(8)).unwrap_or_default();
        table.count("HL7 v2 suffix and address", format!("parked, {} {error}", ack.code));
        let without = mllp
            .send(person.message(&format!("plain-{}", person.patient), "", "1 Quay Brae").as_bytes())
            .await;
        assert_eq!(without.unwrap().code, "AA");
    }
    warned
}

/// The nurse reads what the council's extract said.
async fn read_on_the_boards_side(
    node: &Node,
    case: &Case,
    verdicts: &[(bool, String, String)],
    table: &mut Table,
) -> Option<String> {
    let Case { person, string } = case;
    let session = Session::open(node, NURSE, &person.patient).await;
    let view = session.view(node).await;
    if let Some((_, column, rule)) = verdicts.iter().find(|(rejected, _, _)| *rejected) {
        table.count(&format!("CSV {column}"), format!("refused, {rule}"));
        return shows(&view)
            .then(|| format!("{string:?}: the row was refused and something of it is shown: {view}"));
    }
    let left_out = |name: &str| verdicts.iter().any(|(_, column, _)| column == name);
    let (name, address, provider) = (
        shown(&view, "identity", "identity", "name"),
        shown(&view, "address", "address-1", "address"),
        view.pointer("/view/items")
            .and_then(|items| items.as_array()?.iter().find(|item| item["kind"] == "care_package")),
    );
    let provider =
        provider.and_then(|item| item["fields"].as_array()?.iter().find(|field| field["name"] == "provider"));
    let provider = provider.and_then(|field| field.pointer("/value/text")?.as_str());
    // White space around a cell belongs to the file and not to the value.
    let wanted = |column: &str| (!left_out(column) && !is_blank(string)).then_some(string.trim());
    let suffix = wanted(STRINGS[0]).unwrap_or_default();
    let right = name == Some(banner(person, suffix).as_str())
        && address == wanted(STRINGS[1])
        && provider == wanted(STRINGS[2]);
    for column in STRINGS {
        let outcome = match string.trim() {
            "" => "blank, nothing kept",
            _ if left_out(column) => "left out, with the rule",
            trimmed if trimmed == string => "accepted, read back byte for byte",
            _ => "accepted, read back without the white space around it",
        };
        table.count(&format!("CSV {column}"), outcome);
    }
    (!right).then(|| {
        format!("CSV {string:?}: name {name:?}, address {address:?}, provider {provider:?}, {verdicts:?}")
    })
}

/// The social worker reads what the board's message said.
async fn read_on_the_councils_side(
    node: &Node,
    case: &Case,
    warned: bool,
    table: &mut Table,
) -> Option<String> {
    let Case { person, string } = case;
    if warned {
        return None;
    }
    let session = Session::open(node, SOCIAL_WORKER, &person.case).await;
    let view = session.view(node).await;
    let name = shown(&view, "identity", "identity", "name");
    let address = shown(&view, "address", "address-1", "address");
    // White space around a line of an address means nothing, nor do blanks at the ends of a part of a name.
    let line = if is_blank(string) {
        "Kilmorran".to_owned()
    } else {
        shortened(format!("{}, Kilmorran", string.trim()))
    };
    let right =
        name == Some(banner(person, string.trim_matches(' ')).as_str()) && address == Some(line.as_str());
    table.count("HL7 v2 suffix and address", "accepted, read back byte for byte");
    (!right).then(|| format!("HL7 {string:?}: name {name:?}, address {address:?}"))
}
