//! Bytes that were once written to a log and must be readable for ever.

use super::{Event, decode, encode};

/// Reads bytes as a file holds them: two hexadecimal digits each.
pub(super) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.trim().bytes().map(|digit| char::from(digit).to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Bytes as a file holds them.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The committed bytes of a type must decode to this event. A type that gains a field keeps its old bytes here and
/// gets new ones beside them.
pub(super) fn holds(event: &Event, committed: &str) {
    let encoded = encode(event);
    let read = decode(encoded.event_type, 1, &bytes(committed));
    let now = hex(&encoded.bytes);
    assert_eq!(read.as_ref(), Ok(event), "{} is written as {now} today", encoded.event_type);
}
