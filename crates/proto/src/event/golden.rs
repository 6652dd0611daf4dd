//! Bytes that were once written to a log and must be readable for ever.

use super::{Event, decode, encode};
use std::fmt::Write;

/// Reads bytes as a file holds them: two hexadecimal digits each.
pub(super) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.trim().chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// Bytes as a file holds them.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

/// The committed bytes of a type must decode to this event. A type that gains a field keeps its old bytes here and
/// gets new ones beside them.
pub(super) fn holds(event: &Event, committed: &str) {
    let encoded = encode(event);
    let read = decode(encoded.event_type, 1, &bytes(committed));
    let now = hex(&encoded.bytes);
    assert_eq!(read.as_ref(), Ok(event), "{} is written as {now} today", encoded.event_type);
}
