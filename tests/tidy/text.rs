//! Rules on the text of files: length, words, names, headings, and no path of the machine that built it.

use crate::tree::{SourceFile, files};

const LONGEST: usize = 500;
const COUNTED: &[&str] = &["rs", "js", "mjs", "css", "html"];
const WRITTEN: &[&str] =
    &["rs", "proto", "toml", "sh", "md", "js", "mjs", "html", "css", "sql", "yaml", "yml"];
const ROOMS_WITHOUT_A_NAME: &[&str] =
    &["mod.rs", "utils.rs", "util.rs", "common.rs", "helpers.rs", "misc.rs"];
/// Words of unfinished work, written in two halves so that this file does not hold them.
const UNFINISHED: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("FIX", "ME"),
    concat!("for ", "now"),
    concat!("not yet ", "implemented"),
    concat!("#[ig", "nore"),
];
/// A word of the field in these two crates (a CHI that stands in for one), unfinished work elsewhere.
const STAND_IN: &str = concat!("place", "holder");
const STAND_IN_IS_A_TERM: &[&str] = &["crates/domain/", "crates/matching/"];
const MACHINE_FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

fn too_long(file: &SourceFile) -> Option<String> {
    let lines = file.text.lines().count();
    (COUNTED.contains(&file.extension()) && lines > LONGEST)
        .then(|| format!("{}: {lines} lines, more than {LONGEST}: split it by noun", file.path))
}

fn unfinished(file: &SourceFile) -> Vec<String> {
    if !is_written(file) {
        return vec![];
    }
    let is_term = STAND_IN_IS_A_TERM.iter().any(|folder| file.path.starts_with(folder));
    // In HTML and CSS it is the name of an attribute and of a selector.
    let skip = is_term || ["html", "css", "js", "mjs"].contains(&file.extension());
    let words = UNFINISHED.iter().chain((!skip).then_some(&STAND_IN));
    let lowered: Vec<String> = file.text.lines().map(str::to_lowercase).collect();
    let hits = words.flat_map(|word| {
        let sought = word.to_lowercase();
        let hit = |(_, line): &(usize, &String)| contains_word(line, &sought);
        let numbers: Vec<usize> = lowered.iter().enumerate().filter(hit).map(|(at, _)| at + 1).collect();
        numbers.into_iter().map(move |number| (number, *word))
    });
    hits.map(|(number, word)| format!("{}:{number}: says {word:?}", file.path)).collect()
}

/// Scripts have no extension; they count as written text too.
fn is_written(file: &SourceFile) -> bool {
    WRITTEN.contains(&file.extension()) || file.path.starts_with("scripts/") && file.extension().is_empty()
}

/// `sought` in `line`, not as a part of a longer word.
fn contains_word(line: &str, sought: &str) -> bool {
    line.match_indices(sought).any(|(at, found)| {
        let before = line[..at].chars().next_back();
        let after = line[at + found.len()..].chars().next();
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        // An "s" makes the plural.
        !letter(before) && (!letter(after) || after == Some('s'))
    })
}

fn badly_named(file: &SourceFile) -> Option<String> {
    ROOMS_WITHOUT_A_NAME
        .contains(&file.name())
        .then(|| format!("{}: name the file after what is in it", file.path))
}

fn unheaded(file: &SourceFile) -> Option<String> {
    (file.extension() == "rs" && !file.text.starts_with("//!"))
        .then(|| format!("{}: must start with `//!` and say what the file is for", file.path))
}

fn names_a_machine(file: &SourceFile) -> Vec<String> {
    let hit = |(at, line): (usize, &str)| {
        let folder = MACHINE_FOLDERS.iter().find(|folder| starts_a_path(line, folder))?;
        Some(format!("{}:{}: names {folder}, a folder of one machine", file.path, at + 1))
    };
    file.text.lines().enumerate().filter_map(hit).collect()
}

/// `folder` at the beginning of a path, not in the middle of one or of an address.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-*})~".contains(c))
    })
}

#[test]
fn files_are_short() {
    crate::none("length", &files().iter().filter_map(too_long).collect::<Vec<_>>());
}

#[test]
fn nothing_says_it_is_unfinished() {
    crate::none("words", &files().iter().flat_map(unfinished).collect::<Vec<_>>());
}

#[test]
fn files_are_named_after_what_is_in_them() {
    crate::none("names", &files().iter().filter_map(badly_named).collect::<Vec<_>>());
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    crate::none("headings", &files().iter().filter_map(unheaded).collect::<Vec<_>>());
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    crate::none("paths", &files().iter().flat_map(names_a_machine).collect::<Vec<_>>());
}

#[test]
fn a_long_file_is_caught() {
    let sample = |path, lines| too_long(&SourceFile::sample(path, &"x\n".repeat(lines)));
    assert!(sample("crates/a/src/b.rs", 501).is_some() && sample("tests/browser/b.mjs", 501).is_some());
    assert!(sample("crates/a/src/b.rs", 500).is_none() && sample("package-lock.json", 9000).is_none());
}

#[test]
fn an_unfinished_word_is_caught() {
    for word in UNFINISHED.iter().chain([&STAND_IN]) {
        let text = format!("//! x\n// {word}\n");
        assert_eq!(unfinished(&SourceFile::sample("crates/a/src/b.rs", &text)).len(), 1, "{word}");
        assert_eq!(unfinished(&SourceFile::sample("scripts/b", &text)).len(), 1, "{word}");
    }
    let term = format!("{STAND_IN}s of a CHI");
    assert!(unfinished(&SourceFile::sample("crates/matching/src/b.rs", &term)).is_empty());
    assert_eq!(unfinished(&SourceFile::sample("crates/gate/src/b.rs", &term)).len(), 1);
    assert!(unfinished(&SourceFile::sample("a.md", "asked for nowhere else")).is_empty());
}

#[test]
fn a_name_that_says_nothing_is_caught() {
    assert!(badly_named(&SourceFile::sample("crates/a/src/b/mod.rs", "")).is_some());
    assert!(badly_named(&SourceFile::sample("crates/a/src/utils.rs", "")).is_some());
    assert!(badly_named(&SourceFile::sample("crates/a/src/model.rs", "")).is_none());
}

#[test]
fn a_missing_heading_is_caught() {
    assert!(unheaded(&SourceFile::sample("crates/a/src/b.rs", "use x;\n//! late")).is_some());
    assert!(unheaded(&SourceFile::sample("crates/a/src/b.rs", "//! What it is for.\n")).is_none());
}

#[test]
fn a_folder_of_a_machine_is_caught() {
    for folder in MACHINE_FOLDERS {
        let sample = |text: String| names_a_machine(&SourceFile::sample("README.md", &text)).len();
        assert_eq!(sample(format!("open {folder}main")), 1, "{folder}");
        assert_eq!(sample(format!("cd \"{folder}x\"")), 1, "{folder}");
        assert_eq!(sample(format!("https://example.org{folder}x")), 0, "{folder}");
    }
}
