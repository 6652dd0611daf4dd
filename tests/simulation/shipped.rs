//! The shipped binary has no mistake to plant: cargo does not turn the feature on for it, and the words that stand in
//! every binary with the feature do not stand in it.

use std::path::Path;
use std::process::Command;

/// Whether cargo turns the feature on when it builds this package by itself.
fn has_feature(package: &str) -> bool {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let arguments = ["tree", "--offline", "--locked", "--edges", "features,normal", "--prefix", "none"];
    let tree = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--manifest-path", manifest, "--package", package])
        .output()
        .expect("cargo tree runs");
    let text = String::from_utf8_lossy(&tree.stdout);
    assert!(text.contains("domain v"), "cargo tree says nothing of domain: {tree:?}");
    text.contains("domain feature \"planted-faults\"")
}

fn holds_marker(binary: &Path) -> bool {
    let bytes = std::fs::read(binary).expect("the binary can be read");
    let marker = domain::PLANTED_MARKER.as_bytes();
    bytes.windows(marker.len()).any(|window| window == marker)
}

#[test]
fn cargo_turns_planted_faults_on_for_the_tests_and_never_for_the_shipped_binary() {
    assert!(has_feature("yett-tests"), "the question is asked rightly");
    assert!(!has_feature("yett"));
}

#[test]
fn the_marker_stands_in_a_binary_with_planted_faults_and_not_in_the_shipped_one() {
    assert!(holds_marker(&std::env::current_exe().expect("this binary")), "the marker can be found");
    match std::env::var_os("YETT_BIN") {
        Some(shipped) => assert!(!holds_marker(Path::new(&shipped)), "the shipped binary has planted faults"),
        None => println!("** YETT_BIN is not set: the shipped binary IS NOT SEARCHED for planted faults"),
    }
}
