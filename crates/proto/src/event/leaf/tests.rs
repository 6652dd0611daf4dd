//! Leaves read back as they were written, and bytes of old logs stay readable.

use super::super::{Event, decode, encode, golden};
use super::*;
use crate::disclosure::samples;
use proptest::prelude::*;

fn reads_back(leaf: Leaf) {
    let event = Event::Leaf(leaf);
    let encoded = encode(&event);
    assert_eq!(decode(encoded.event_type, encoded.version, &encoded.bytes), Ok(event));
}

#[test]
fn bytes_of_every_type_are_readable_for_ever() {
    golden::holds(&Event::Leaf(samples::made()), include_str!("../golden/disclosure_made.hex"));
    golden::holds(
        &Event::Leaf(samples::reasoned()),
        include_str!("../golden/disclosure_made_for_a_reason.hex"),
    );
    golden::holds(&Event::Leaf(samples::refused()), include_str!("../golden/disclosure_refused.hex"));
}

#[test]
fn what_was_disclosed_stands_in_the_type() {
    assert_eq!(encode(&Event::Leaf(samples::made())).event_type, MADE);
    assert_eq!(encode(&Event::Leaf(samples::refused())).event_type, REFUSED);
}

#[test]
fn a_payload_without_a_leaf_says_so() {
    for event_type in [MADE, REFUSED] {
        assert_eq!(decode(event_type, 1, &[]).unwrap_err().to_string(), "leaf: is required");
    }
}

proptest! {
    #[test]
    fn every_leaf_reads_back(leaf in samples::any_leaf()) {
        reads_back(leaf);
    }
}
