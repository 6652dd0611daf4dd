//! Takes the design system's style sheet out of `node_modules` and puts it into a cascade layer, so that the
//! binary carries it and nothing is fetched from anywhere. Must not change its rules.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const SHEET: &str = "node_modules/@scottish-government/design-system/dist/css/design-system.min.css";

fn main() -> Result<(), String> {
    println!("cargo:rerun-if-changed={SHEET}");
    println!("cargo:rerun-if-changed=package-lock.json");
    let from = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join(SHEET);
    let sheet = fs::read_to_string(&from).map_err(|error| {
        format!("the design system is not installed ({error}); run `scripts/setup` once, then build again")
    })?;
    let to = Path::new(&variable("OUT_DIR")?).join("design-system.css");
    fs::write(&to, layered(&sheet)?).map_err(|error| format!("cannot write the layered style sheet: {error}"))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("cargo did not set {name}"))
}

/// The sheet inside `@layer ds`, so that the rules of our own sheet win without tricks. A sheet that would fetch
/// anything is refused: pages of Yett ask no other machine.
fn layered(sheet: &str) -> Result<String, String> {
    let sheet = sheet.trim_start_matches('\u{feff}');
    let sheet = sheet.strip_prefix("@charset \"UTF-8\";").unwrap_or(sheet);
    let fetches = sheet.split("url(").skip(1).any(|after| {
        let target = after.trim_start_matches(['"', '\'', ' ']);
        !target.starts_with("data:")
    });
    if fetches || sheet.contains("@import") {
        return Err(
            "the design system's style sheet now fetches files; embed them before using it".to_owned()
        );
    }
    Ok(format!("@layer ds{{{sheet}}}\n"))
}
