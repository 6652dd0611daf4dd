//! `yett check-config`: settings were read and checked before this runs; what is left is what only this machine knows.

use crate::terminal;
use anyhow::{Result, bail};
use settings::{SecretReference, Settings};
use std::path::Path;

/// Checks keys and the index authority, and prints what the settings come to.
pub(crate) fn run(settings: &Settings) -> Result<()> {
    let mut problems = Vec::new();
    let data_dir = Path::new(&settings.node.data_dir);
    let keys = &settings.keys;
    for (name, reference) in [
        ("keys.master", &keys.master),
        ("keys.checkpoint", &keys.checkpoint),
        ("keys.disclosure", &keys.disclosure),
    ] {
        problems.extend(missing(name, reference, data_dir, keys.make_missing));
    }
    for (name, text) in [
        ("matching.index_authority", &settings.matching.index_authority),
        ("intake.mllp_authority", &settings.intake.mllp_authority),
    ] {
        if let Err(violation) = domain::Authority::parse(text) {
            problems.push(format!("{name}: {}", violation.rule));
        }
    }
    if jiff::tz::TimeZone::get(&settings.intake.time_zone).is_err() {
        problems.push("intake.time_zone: is not a time zone that this machine knows".to_owned());
    }
    for problem in &problems {
        terminal::line(problem)?;
    }
    if !problems.is_empty() {
        bail!("{} setting(s) would keep a node from starting", problems.len());
    }
    terminal::line(&format!("settings are good; data lies in {}", data_dir.display()))?;
    let listen = &settings.listen;
    terminal::line(&format!("http {}, grpc {}, mllp {}", listen.http, listen.grpc, listen.mllp))
}

fn missing(name: &str, reference: &SecretReference, data_dir: &Path, make_missing: bool) -> Option<String> {
    match reference {
        SecretReference::File(file) if make_missing || data_dir.join(file).exists() => None,
        SecretReference::File(file) => Some(format!(
            "{name}: {} is missing, and keys.make_missing is off",
            data_dir.join(file).display()
        )),
        SecretReference::Environment(_) => reference.read().err().map(|error| format!("{name}: {error}")),
    }
}
