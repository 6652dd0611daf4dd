//! Every rpc and every HTTP route is on the exit list, with what it lets out. Whoever opens a door writes it
//! there, so that a reviewer sees it; a line without a door fails too.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{SourceFile, files, root};

const LIST: &str = "tests/tidy/exits.txt";
const LETS_OUT: &[&str] = &["none", "policy-gated", "operator"];
/// Ways to give an axum router an address.
const ROUTE_CALLS: &[&str] = &[".route(", ".route_service(", ".nest(", ".nest_service("];
/// These answer whatever no route answers; on the list they are `crate:*`.
const FALLBACK_CALLS: &[&str] = &[".fallback(", ".fallback_service("];

/// Exit → its kind.
type Exits = BTreeMap<String, &'static str>;

fn read_list(text: &str) -> (Exits, Vec<String>) {
    let (mut exits, mut wrong) = (Exits::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let parsed = match columns[..] {
            [exit, "rpc", lets_out] if LETS_OUT.contains(&lets_out) => Some((exit, "rpc")),
            [exit, "route", lets_out] if LETS_OUT.contains(&lets_out) => Some((exit, "route")),
            _ => None,
        };
        match parsed {
            None => {
                wrong.push(format!("{LIST}: cannot read {line:?}: exit, rpc or route, one of {LETS_OUT:?}"))
            }
            Some((exit, kind)) if exits.insert(exit.to_owned(), kind).is_some() => {
                wrong.push(format!("{LIST}: {exit} is there twice"));
            }
            Some(_) => {}
        }
    }
    (exits, wrong)
}

fn compare(listed: &Exits, found: &Exits) -> Vec<String> {
    let hidden = |exit: &str| exit.contains(":?");
    let unknown = found.iter().filter(|(exit, kind)| hidden(exit) || listed.get(*exit) != Some(*kind));
    let unknown = unknown.map(|(exit, kind)| match exit.split_once(":?") {
        Some((_, file)) => {
            format!("{file}: write the path of each route as a literal, so that it can be listed")
        }
        None => format!("not on the list; add to {LIST}: {exit} {kind} <{}>", LETS_OUT.join("|")),
    });
    let stale = listed.keys().filter(|exit| !found.contains_key(*exit));
    let stale = stale.map(|exit| format!("{LIST}: {exit} is no exit any more; take the line out"));
    unknown.chain(stale).collect()
}

/// `package.Service/Method` of every rpc of a .proto file.
fn rpcs(file: &SourceFile) -> Vec<String> {
    if file.extension() != "proto" || !file.path.starts_with("proto/") {
        return vec![];
    }
    let uncommented: Vec<&str> =
        file.text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let spaced = uncommented.join(" ").replace(['{', '(', ';'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (mut package, mut service, mut found) = ("", "", Vec::new());
    for pair in words.windows(2) {
        match pair {
            ["package", name] => package = name,
            ["service", name] => service = name,
            ["rpc", name] => found.push(format!("{package}.{service}/{name}")),
            _ => {}
        }
    }
    found
}

/// `crate:/path` of every route in shipped Rust; `crate:?` with the place for one whose path is no literal.
fn routes(file: &SourceFile) -> Vec<String> {
    let (Some(code), Some(package)) = (file.shipped_rust(), file.package()) else { return vec![] };
    let fallback = FALLBACK_CALLS.iter().any(|call| code.contains(call)).then(|| format!("{package}:*"));
    let starts = ROUTE_CALLS.iter().flat_map(|call| code.match_indices(call));
    starts
        .map(|(at, call)| {
            let argument = code[at + call.len()..].trim_start();
            let literal = argument.strip_prefix('"').and_then(|rest| rest.split('"').next());
            literal.map_or(format!("{package}:?{}", file.path), |path| format!("{package}:{path}"))
        })
        .chain(fallback)
        .collect()
}

fn exits_of(files: &[SourceFile]) -> Exits {
    let rpcs = files.iter().flat_map(rpcs).map(|exit| (exit, "rpc"));
    rpcs.chain(files.iter().flat_map(routes).map(|exit| (exit, "route"))).collect()
}

#[test]
fn every_exit_is_on_the_list() {
    let text = std::fs::read_to_string(root().join(LIST)).expect("the exit list is readable");
    let (listed, mut complaints) = read_list(&text);
    complaints.extend(compare(&listed, &exits_of(files())));
    crate::none("exits", &complaints);
}

#[cfg(test)]
fn sample() -> [SourceFile; 2] {
    let proto = "// package no.v1;\npackage a.v1;\nservice Door {\n  // rpc Not(A)\n  rpc Open(OpenRequest) returns (stream B);\n rpc\n Shut (C) returns (D) {}\n}\n";
    let rust = "//! x\nfn r() { Router::new().route(\"/a\", get(a)).route(\n  \"/b/{id}\", get(b)).nest(PATH, c).fallback(d) }\n#[cfg(test)]\nmod tests { fn t() { x.route(\"/test-only\", y) } }\n";
    [
        SourceFile::sample("proto/a/v1/door.proto", proto),
        SourceFile::sample("services/viewer/src/http.rs", rust),
    ]
}

#[test]
fn rpcs_and_routes_are_found() {
    let found: BTreeSet<String> = exits_of(&sample()).into_keys().collect();
    let expected =
        ["a.v1.Door/Open", "a.v1.Door/Shut", "viewer:/a", "viewer:/b/{id}", "viewer:*"].map(str::to_owned);
    assert!(expected.iter().all(|exit| found.contains(exit)), "{found:?}");
    assert!(found.contains("viewer:?services/viewer/src/http.rs"), "a path that is no literal: {found:?}");
    assert_eq!(found.len(), 6, "{found:?}");
}

#[test]
fn an_unknown_exit_and_a_stale_line_are_caught() {
    let (listed, wrong) =
        read_list("a.v1.Door/Open rpc none\nviewer:/gone route operator\nviewer:/a rpc none\n");
    assert!(wrong.is_empty(), "{wrong:?}");
    let complaints = compare(&listed, &exits_of(&sample())).join("\n");
    for expected in
        ["a.v1.Door/Shut rpc", "viewer:/b/{id} route", "viewer:/gone is no exit", "viewer:/a route"]
    {
        assert!(complaints.contains(expected), "{expected} in {complaints}");
    }
    assert!(!complaints.contains("a.v1.Door/Open"), "{complaints}");
}

#[test]
fn a_line_that_cannot_be_read_is_caught() {
    for bad in
        ["a.v1.Door/Open rpc everything", "a.v1.Door/Open door none", "alone", "x rpc none\nx rpc none"]
    {
        assert_eq!(read_list(bad).1.len(), 1, "{bad}");
    }
}
