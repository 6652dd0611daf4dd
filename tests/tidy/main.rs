//! The house rules as tests: layers, sizes, words, licences, exits. They read the files of the checkout and its
//! manifests; they never run the product. Each rule is a function from what was read to a list of complaints,
//! and each has a test that feeds it a bad sample, so that no rule can pass by being blind.

mod exits;
mod layers;
mod leaves;
mod licences;
mod manifests;
mod metadata;
mod text;
mod tree;

/// Fails with every complaint on a line of its own.
fn none(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}:\n  {}\n", complaints.join("\n  "));
}
