//! Non-interference over the bytes: two worlds that differ only in what is denied give every reader the same bytes.
//!
//! The worlds differ in what nobody may ever see: kinds above every level, an offence, the never list, and everything
//! that is said of somebody whose record is sealed: other words, and more of them.

use crate::seeds::Trial;

const SEEDS: u64 = 25;

#[test]
fn what_is_denied_changes_no_byte_that_anybody_is_given() {
    let mut compared = 0;
    for seed in 0..SEEDS {
        let (one, other) = (Trial::default(), Trial { salt: 1, ..Trial::default() });
        let (one, other) = (one.play(seed).unwrap(), other.play(seed).unwrap());
        assert_eq!(one.transcript.len(), other.transcript.len(), "seed {seed}: other answers");
        for (place, (one, other)) in one.transcript.iter().zip(&other.transcript).enumerate() {
            assert!(one == other, "seed {seed}, answer {place}: {}", difference(one, other));
        }
        assert_ne!(one.dump, other.dump, "seed {seed}: the worlds must differ");
        compared += one.transcript.len();
    }
    assert!(compared > 300, "only {compared} answers were compared");
}

fn difference(one: &[u8], other: &[u8]) -> String {
    let place =
        one.iter().zip(other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
    let near = |bytes: &[u8]| {
        let end = bytes.len().min(place + 60);
        String::from_utf8_lossy(&bytes[place.saturating_sub(60).min(end)..end]).into_owned()
    };
    format!("{:?} and {:?}", near(one), near(other))
}
