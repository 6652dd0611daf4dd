//! Events of the disclosures stream: a leaf is one of two types, by whether something was disclosed.

use super::{Encoded, payload, v1};
use crate::disclosure;
use domain::{FieldViolation, Leaf};

#[cfg(test)]
mod tests;

const MADE: &str = "DisclosureMade";
const REFUSED: &str = "DisclosureRefused";

/// Encodes a leaf.
pub(super) fn encode(leaf: &Leaf) -> Encoded {
    let message = Some(disclosure::wire_leaf(leaf));
    if leaf.disclosed {
        Encoded::of(MADE, &v1::DisclosureMade { leaf: message })
    } else {
        Encoded::of(REFUSED, &v1::DisclosureRefused { leaf: message })
    }
}

/// Decodes a leaf; `None` for a type of another stream.
pub(super) fn decode(event_type: &str, bytes: &[u8]) -> Option<Result<Leaf, Vec<FieldViolation>>> {
    match event_type {
        MADE => Some(payload(bytes, |made: v1::DisclosureMade, part| {
            part.inner("leaf", made.leaf, |leaf, part| disclosure::read_leaf(leaf, true, part))
        })),
        REFUSED => Some(payload(bytes, |refused: v1::DisclosureRefused, part| {
            part.inner("leaf", refused.leaf, |leaf, part| disclosure::read_leaf(leaf, false, part))
        })),
        _ => None,
    }
}
