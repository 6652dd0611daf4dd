//! Real input, when `CORPORA_DIR` names a folder of it: messages, documents and strings that others published, through
//! the real doors. Nothing may panic, hang or be lost, and what is accepted reads back right.
//!
//! A table says what became of everything. Without the folder these tests say loudly that they did not run.

mod documents;
mod messages;
mod rows;
mod strings;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder, or none and a loud word.
fn corpora(what: &str) -> Option<PathBuf> {
    let folder =
        std::env::var_os("CORPORA_DIR").map(PathBuf::from).filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_none() {
        crate::loudly(&format!("CORPORA_DIR is not set: {what} DID NOT RUN"));
    }
    let folder = folder?;
    assert!(folder.is_dir(), "CORPORA_DIR names no folder: {}", folder.display());
    Some(folder)
}

/// Every file below a folder whose name passes, in order.
fn files(below: &Path, wanted: impl Fn(&str) -> bool + Copy) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path, wanted));
        } else if wanted(&name) {
            found.push(path);
        }
    }
    found
}

/// The folder of a corpus that a file is from.
fn source(corpora: &Path, file: &Path) -> String {
    let parts: Vec<String> = file
        .strip_prefix(corpora)
        .unwrap()
        .components()
        .take(2)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

/// What became of everything, by source and door.
#[derive(Default)]
struct Table(BTreeMap<(String, String), usize>);

impl Table {
    fn count(&mut self, source: &str, outcome: impl Into<String>) {
        *self.0.entry((source.to_owned(), outcome.into())).or_default() += 1;
    }

    fn of(&self, beginning: &str) -> usize {
        self.0.iter().filter(|((_, outcome), _)| outcome.starts_with(beginning)).map(|(_, count)| count).sum()
    }

    /// Prints it, past the capture of a test's output.
    fn print(&self, title: &str) {
        let mut text = format!("\n{title}\n");
        let mut last = "";
        for ((source, outcome), count) in &self.0 {
            let shown = if source == last { "" } else { source };
            text.push_str(&format!("  {shown:<34} {count:>5}  {outcome}\n"));
            last = source;
        }
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
}
