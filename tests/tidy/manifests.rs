//! Versions and lints stand once, at the root; one version of each crate that the project names.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::tree::SourceFile;

const SECTIONS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

fn complaints(file: &SourceFile) -> Vec<String> {
    let table: Table = match file.text.parse() {
        Ok(table) => table,
        Err(error) => return vec![format!("{}: {error}", file.path)],
    };
    let sections = SECTIONS.iter().filter_map(|name| table.get(*name)?.as_table());
    let own_version = |(name, value): (&String, &Value)| {
        let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
        let line =
            format!("{}: {name} must say `workspace = true`; its version stands at the root", file.path);
        (!inherited).then_some(line)
    };
    let mut found: Vec<String> = sections.flatten().filter_map(own_version).collect();
    let lints = table.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
    let beside = file.path.starts_with("tests/") || file.path.starts_with("benches/");
    if lints != Some(true) && !beside {
        found.push(format!("{}: [lints] must say `workspace = true`", file.path));
    }
    found
}

/// `named` are the crates of the outside that a manifest names; `present` every (name, version) in the graph.
fn repeated(named: &BTreeSet<String>, present: &[(String, String)]) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, version) in present.iter().filter(|(name, _)| named.contains(name)) {
        versions.entry(name).or_default().insert(version);
    }
    let several = versions.iter().filter(|(_, versions)| versions.len() > 1);
    several.map(|(name, versions)| format!("{name} is there in several versions: {versions:?}")).collect()
}

#[test]
fn manifests_inherit_versions_and_lints() {
    let members =
        crate::tree::files().iter().filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml");
    crate::none("manifests", &members.flat_map(complaints).collect::<Vec<_>>());
}

#[test]
fn each_named_crate_is_there_in_one_version() {
    let metadata = crate::metadata::workspace();
    let members = metadata.workspace_packages();
    let named = members.iter().flat_map(|package| &package.dependencies).map(|d| d.name.clone()).collect();
    let pair = |package: &cargo_metadata::Package| (package.name.to_string(), package.version.to_string());
    crate::none("versions", &repeated(&named, &metadata.packages.iter().map(pair).collect::<Vec<_>>()));
}

#[test]
fn a_version_in_a_member_and_missing_lints_are_caught() {
    let bad = SourceFile::sample("crates/x/Cargo.toml", "[dev-dependencies]\nproptest = \"1\"\n");
    let found = complaints(&bad).join("\n");
    assert!(found.contains("proptest must say") && found.contains("[lints]"), "{found}");
    let good = "[lints]\nworkspace = true\n[dependencies]\na.workspace = true\n";
    assert!(complaints(&SourceFile::sample("crates/x/Cargo.toml", good)).is_empty());
}

#[test]
fn a_second_version_of_a_named_crate_is_caught() {
    let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
    let present =
        [pair("tower", "0.4.1"), pair("tower", "0.5.0"), pair("hashbrown", "1"), pair("hashbrown", "2")];
    assert_eq!(repeated(&BTreeSet::from(["tower".to_owned()]), &present).len(), 1);
}
