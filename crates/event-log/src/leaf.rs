//! The hash by which an event stands in a Merkle tree over its stream. Needs no key: the tree can be checked without
//! opening a single payload.

use domain::EventId;
use ring::digest;

/// Hash of a leaf by RFC 6962: SHA-256 over a zero byte and the leaf's bytes, which are the event's id and the keyed
/// hash of its payload.
pub fn leaf_hash(id: EventId, payload_hash: &[u8; 32]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&[0]);
    context.update(id.0.as_bytes());
    context.update(payload_hash);
    let mut hash = [0; 32];
    hash.iter_mut().zip(context.finish().as_ref()).for_each(|(target, byte)| *target = *byte);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn it_is_the_hash_that_anybody_can_compute() {
        let id = EventId(Uuid::from_u128(0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f));
        let hash = leaf_hash(id, &[0xAA; 32]);
        let halves: [u128; 2] =
            [0x5bea_be0f_442f_b213_d451_bd35_1b64_c292, 0x5a00_80ed_b9e2_0512_0457_37fa_4847_27d5];
        assert_eq!(hash.as_slice(), halves.map(u128::to_be_bytes).concat());
    }
}
