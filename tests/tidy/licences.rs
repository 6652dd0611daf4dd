//! Licences and sources of every crate in the graph. The list is the one of `deny.toml`.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// Everything outside comes from here.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What a complaint needs to know about a package.
struct Outside<'a> {
    name: &'a str,
    licence: Option<&'a str>,
    source: Option<&'a str>,
    in_workspace: bool,
}

fn complaints(package: &Outside, allowed: &BTreeSet<String>) -> Vec<String> {
    let Outside { name, licence, source, in_workspace } = package;
    if *in_workspace {
        return if *licence == Some("Apache-2.0") {
            vec![]
        } else {
            vec![format!("{name} is not Apache-2.0")]
        };
    }
    let mut found = Vec::new();
    if *source != Some(REGISTRY) {
        found.push(format!("{name} comes from {}; only crates.io is a source", source.unwrap_or("a folder")));
    }
    match licence.map(|text| allows(text, allowed)) {
        Some(Some(true)) => {}
        Some(Some(false)) => found.push(format!("{name}: licence {licence:?} is not on the list")),
        Some(None) | None => found.push(format!("{name}: licence {licence:?} cannot be read")),
    }
    found
}

/// Whether an SPDX expression can be met with licences of the list; nothing if it cannot be read.
fn allows(expression: &str, allowed: &BTreeSet<String>) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let met = either(&mut words, allowed)?;
    words.next().is_none().then_some(met)
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words, allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = both(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        met |= both(words, allowed)?;
    }
    Some(met)
}

fn both(words: &mut Words, allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed)?;
    }
    Some(met)
}

fn one(words: &mut Words, allowed: &BTreeSet<String>) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let met = either(words, allowed)?;
        return words.next_if_eq(&")").map(|_| met);
    }
    if ["AND", "OR", "WITH", ")"].contains(&word) {
        return None;
    }
    let mut licence = word.to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        licence = format!("{word} WITH {}", words.next()?);
    }
    Some(allowed.contains(&licence))
}

fn allowed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(crate::tree::root().join("deny.toml")).expect("deny.toml is readable");
    let table: Table = text.parse().expect("deny.toml is TOML");
    let list = table["licenses"]["allow"].as_array().expect("licenses.allow is a list");
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn licences_and_sources_are_acceptable() {
    let metadata = crate::metadata::workspace();
    let allowed = allowed();
    let outside = |package: &cargo_metadata::Package| {
        let facts = Outside {
            name: package.name.as_str(),
            licence: package.license.as_deref(),
            source: package.source.as_ref().map(|source| source.repr.as_str()),
            in_workspace: metadata.workspace_members.contains(&package.id),
        };
        complaints(&facts, &allowed)
    };
    crate::none("licences and sources", &metadata.packages.iter().flat_map(outside).collect::<Vec<_>>());
}

#[test]
fn no_copyleft_stands_on_the_list() {
    let copyleft =
        |licence: &String| ["GPL", "SSPL", "EUPL", "OSL"].iter().any(|word| licence.contains(word));
    crate::none("deny.toml", &allowed().into_iter().filter(copyleft).collect::<Vec<_>>());
}

#[cfg(test)]
fn found(licence: Option<&str>, source: Option<&str>) -> Vec<String> {
    let list =
        ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    complaints(&Outside { name: "sample", licence, source, in_workspace: false }, &list)
}

#[test]
fn a_licence_off_the_list_is_caught() {
    for bad in ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "(MIT OR Apache-2.0", "MIT GPL-2.0", ""] {
        assert_eq!(found(Some(bad), Some(REGISTRY)).len(), 1, "{bad}");
    }
    assert_eq!(found(None, Some(REGISTRY)).len(), 1);
    for good in ["GPL-2.0-only OR MIT", "(MIT OR GPL-3.0-only) AND Unicode-3.0", "BSD/MIT"] {
        assert!(found(Some(good), Some(REGISTRY)).is_empty(), "{good}");
    }
    assert!(found(Some("GPL-3.0-only OR Apache-2.0 WITH LLVM-exception"), Some(REGISTRY)).is_empty());
}

#[test]
fn a_crate_from_elsewhere_is_caught() {
    assert_eq!(found(Some("MIT"), Some("git+https://github.com/someone/thing")).len(), 1);
    assert_eq!(found(Some("MIT"), None).len(), 1);
}
