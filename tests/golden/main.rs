//! The decision matrix: who asks, about whom, under which agreement, and what is shown. Made by the rule from the
//! real seed, written so that a non-engineer can read it, and compared with the committed file.
//!
//! `YETT_BLESS=1` writes the file anew: read the difference before it is committed.

mod cases;
mod matrix;
mod scene;

use std::path::PathBuf;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/decision-matrix.txt")
}

#[test]
fn the_decision_matrix_is_as_committed() {
    let made = matrix::text();
    if std::env::var("YETT_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(file(), &made).expect("the matrix is written");
    }
    let committed = std::fs::read_to_string(file()).unwrap_or_default();
    let differing = made.lines().zip(committed.lines()).find(|(made, committed)| made != committed);
    assert!(
        made == committed,
        "the decision matrix has changed; YETT_BLESS=1 writes it anew. First difference: {differing:#?}"
    );
}

#[test]
fn the_matrix_has_every_screen_and_every_row_of_the_rule() {
    // The head explains the words; only the lines count.
    let made = matrix::text();
    let (_, made) = made.split_once("====").expect("a heading");
    for said in ["shown", "one screen for the person", "reader is told", "cleared until checked"] {
        assert!(made.contains(said), "no case gives: {said}");
    }
    let codes = domain::REASON_CODES.iter().filter(|code| !matrix::NOT_REACHED.contains(code));
    let missing: Vec<_> = codes.map(|code| code.as_str()).filter(|code| !made.contains(code)).collect();
    assert!(missing.is_empty(), "no case gives {missing:?}");
}
