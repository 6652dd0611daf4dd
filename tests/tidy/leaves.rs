//! No audit, no data: only the gate may say where a disclosure leaf goes.

use crate::tree::SourceFile;

fn complaint(file: &SourceFile) -> Option<String> {
    let code = file.shipped_rust()?;
    let implements = code.lines().any(|line| line.contains("DisclosureLog for "));
    (implements && file.package() != Some("gate"))
        .then(|| format!("{}: only the crate gate implements DisclosureLog", file.path))
}

#[test]
fn only_the_gate_implements_the_disclosure_log() {
    crate::none("disclosure log", &crate::tree::files().iter().filter_map(complaint).collect::<Vec<_>>());
}

#[test]
fn a_second_disclosure_log_is_caught() {
    let text = "//! x\nimpl policy::DisclosureLog for Quiet {}\n";
    assert!(complaint(&SourceFile::sample("services/viewer/src/quiet.rs", text)).is_some());
    assert!(complaint(&SourceFile::sample("crates/gate/src/leaves.rs", text)).is_none());
    assert!(complaint(&SourceFile::sample("crates/policy/src/release/tests.rs", text)).is_none());
}
