//! The whole story, as `scripts/run --check` plays it.

use crate::node::{binary, both};
use std::process::{Command, Stdio};

#[test]
fn the_whole_story_holds() {
    let output = Command::new(binary()).args(["demo", "--check"]).stdin(Stdio::null()).output().unwrap();
    println!("{}", both(&output));
    assert!(output.status.success(), "the story ended with {}", output.status);
}
