//! Which crate stands on which layer, and that arrows between them only go down.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, PackageId};

/// The layer of every crate of the product. A crate that is not here is a mistake, and so is a new layer.
const LAYERS: &[(&str, u8)] = &[
    ("domain", 0),
    ("matching", 1),
    ("policy", 1),
    ("projection", 1),
    ("hl7v2", 1),
    ("fhir", 1),
    ("proto", 1),
    ("event-log", 2),
    ("event-codec", 3),
    ("storage", 3),
    ("transport", 2),
    ("telemetry", 2),
    ("settings", 2),
    ("world", 2),
    ("event-log-kafka", 4),
    ("event-log-sqlite", 4),
    ("storage-postgres", 4),
    ("storage-sqlite", 4),
    ("intake", 4),
    ("pipeline", 4),
    ("gate", 4),
    ("pages", 4),
    ("social-care-adapter", 5),
    ("clinical-adapter", 5),
    ("chi-matcher", 5),
    ("projector", 5),
    ("viewer", 5),
    ("governance", 5),
    ("sample-hosts", 5),
    ("yett", 6),
];

/// Packages that stand beside the house and may look into every room.
const EXEMPT: &[&str] = &["yett-tests", "yett-benches"];
const BACKENDS: &[&str] = &["event-log-kafka", "event-log-sqlite", "storage-postgres", "storage-sqlite"];
/// What a pure layer must not reach, not even through another crate.
const RUNTIMES: &[&str] = &["tokio", "tonic", "sqlx", "rdkafka", "rusqlite"];
/// The generated code of `proto` is written against these two.
const PROTO_MAY_REACH: &[&str] = &["tokio", "tonic"];
/// Downward arrows that are forbidden all the same: the world must not share the parsers' mistakes.
const FORBIDDEN: &[(&str, &str)] = &[("world", "hl7v2"), ("world", "fhir")];
/// The sample hosts know Yett by its public interfaces only.
const SAMPLE_HOSTS_MAY_NAME: &[&str] = &["domain", "proto", "world", "pages"];

/// What the rules need to know about one package of the workspace.
struct Room {
    name: String,
    /// Packages of the workspace that its manifest names, for any purpose.
    names: BTreeSet<String>,
    /// Every outside crate in its shipped closure.
    reaches: BTreeSet<String>,
}

fn complaints(rooms: &[Room]) -> Vec<String> {
    rooms.iter().filter(|room| !EXEMPT.contains(&room.name.as_str())).flat_map(complaints_of).collect()
}

fn complaints_of(room: &Room) -> Vec<String> {
    let from = &room.name;
    let Some(own) = layer(from) else {
        return vec![format!("{from} has no layer: give it one in tests/tidy/layers.rs")];
    };
    let mut found: Vec<String> = room.names.iter().filter_map(|to| arrow(from, own, to)).collect();
    if own <= 1 {
        let excused: &[&str] = if from == "proto" { PROTO_MAY_REACH } else { &[] };
        let reached = RUNTIMES.iter().filter(|name| room.reaches.contains(**name) && !excused.contains(name));
        found.extend(reached.map(|name| format!("{from} is pure (layer {own}) and must not reach {name}")));
    }
    found
}

/// What is wrong with one arrow, if anything.
fn arrow(from: &str, own: u8, to: &str) -> Option<String> {
    let Some(below) = layer(to) else { return Some(format!("{from} depends on {to}, which has no layer")) };
    if BACKENDS.contains(&to) && from != "yett" {
        return Some(format!("{from} names the backend {to}; only yett may"));
    }
    if FORBIDDEN.contains(&(from, to)) || (from == "sample-hosts" && !SAMPLE_HOSTS_MAY_NAME.contains(&to)) {
        return Some(format!("{from} must not depend on {to}"));
    }
    let way = if below == own { "sideways" } else { "upwards" };
    (below >= own).then(|| format!("{from} (layer {own}) depends {way} on {to} (layer {below})"))
}

fn layer(name: &str) -> Option<u8> {
    LAYERS.iter().find(|(known, _)| *known == name).map(|(_, layer)| *layer)
}

fn rooms(metadata: &Metadata) -> Vec<Room> {
    let members: BTreeSet<&str> = metadata.workspace_packages().iter().map(|p| p.name.as_str()).collect();
    metadata
        .workspace_packages()
        .iter()
        .map(|package| {
            let named = package.dependencies.iter().map(|dependency| dependency.name.clone());
            // A package may name itself for its own tests (features): that is no arrow.
            let arrow = |name: &String| members.contains(name.as_str()) && *name != *package.name;
            Room {
                name: package.name.to_string(),
                names: named.filter(arrow).collect(),
                reaches: shipped_closure(metadata, &package.id),
            }
        })
        .collect()
}

/// Names of everything that is linked into a package, without what only tests or build scripts use.
fn shipped_closure(metadata: &Metadata, start: &PackageId) -> BTreeSet<String> {
    let nodes = &metadata.resolve.as_ref().expect("cargo metadata resolves the graph").nodes;
    let by_id: BTreeMap<_, _> = nodes.iter().map(|node| (&node.id, node)).collect();
    let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(id) = open.pop() {
        let linked = by_id[id]
            .deps
            .iter()
            .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        open.extend(linked.map(|dependency| &dependency.pkg).filter(|pkg| seen.insert(*pkg)));
    }
    seen.into_iter().map(|id| metadata[id].name.to_string()).collect()
}

#[test]
fn arrows_go_down_only() {
    crate::none("layers", &complaints(&rooms(crate::metadata::workspace())));
}

#[test]
fn the_real_graph_is_read() {
    let rooms = rooms(crate::metadata::workspace());
    let gate = rooms.iter().find(|room| room.name == "gate").unwrap();
    assert!(gate.names.contains("policy") && gate.reaches.contains("tokio"), "{:?}", gate.names);
}

#[cfg(test)]
fn found(name: &str, names: &[&str], reaches: &[&str]) -> String {
    let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect();
    complaints(&[Room { name: name.to_owned(), names: owned(names), reaches: owned(reaches) }]).join("\n")
}

#[test]
fn an_upward_or_sideways_arrow_is_caught() {
    assert!(found("domain", &["policy"], &[]).contains("upwards"));
    assert!(found("viewer", &["governance"], &[]).contains("sideways"));
    assert!(found("chimney", &[], &[]).contains("has no layer"));
    assert!(found("gate", &["yett-tests"], &[]).contains("has no layer"));
    assert_eq!(found("gate", &["policy", "storage", "event-log"], &["tokio"]), "");
}

#[test]
fn a_runtime_in_a_pure_layer_is_caught() {
    assert!(found("policy", &[], &["tokio"]).contains("must not reach tokio"));
    assert!(found("proto", &[], &["rusqlite"]).contains("must not reach rusqlite"));
    assert_eq!(found("proto", &[], &["tokio", "tonic"]), "");
}

#[test]
fn a_backend_named_outside_yett_is_caught() {
    assert!(found("viewer", &["storage-sqlite"], &[]).contains("names the backend"));
    assert_eq!(found("yett", &["storage-sqlite", "viewer"], &[]), "");
    assert_eq!(found("yett-tests", &["storage-sqlite"], &[]), "");
}

#[test]
fn a_sample_host_that_looks_behind_the_counter_is_caught() {
    assert!(found("sample-hosts", &["gate"], &[]).contains("must not depend on gate"));
    assert!(found("world", &["hl7v2"], &[]).contains("must not depend on hl7v2"));
}
