//! Time and randomness as parameters, so that a test or a simulation can hold both.

use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Tells the time. Whatever needs the time takes one of these.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.as_microsecond()))
    }

    /// Moves the clock on by so many milliseconds; a negative figure moves it back.
    pub fn advance_ms(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds.saturating_mul(1000), Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, instant: Timestamp) {
        self.0.store(instant.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Gives random bytes. Secrets need the system's source; simulations need a seeded one.
pub trait Entropy: Send + Sync + 'static {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);

    /// A random (version 4) identifier.
    fn uuid(&self) -> uuid::Uuid {
        let mut bytes = [0_u8; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// An identifier that sorts by the time at which it was made (version 7): what is stored in that order is written
    /// side by side. Tells when, and nothing else. Before 1970 all are of its first millisecond.
    fn uuid_at(&self, at: Timestamp) -> uuid::Uuid {
        let mut bytes = [0_u8; 10];
        self.fill(&mut bytes);
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
    }
}

/// A repeatable source for tests and simulations. Never for secrets.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// A source that gives the same bytes for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next 64 bits (SplitMix64).
    pub fn next_u64(&self) -> u64 {
        let state =
            self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst).wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let bytes = self.next_u64().to_le_bytes();
            for (target, source) in chunk.iter_mut().zip(bytes) {
                *target = source;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_identifiers() {
        assert_eq!(SeededEntropy::new(7).uuid(), SeededEntropy::new(7).uuid());
        assert_ne!(SeededEntropy::new(7).uuid(), SeededEntropy::new(8).uuid());
    }

    #[test]
    fn identifiers_of_later_times_come_later_and_those_of_one_time_differ() {
        let entropy = SeededEntropy::new(7);
        let [early, again, late] =
            [1000, 1000, 1001].map(|at| entropy.uuid_at(Timestamp::from_millisecond(at).unwrap()));
        assert!(early < late && again < late && early != again);
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
        clock.advance_ms(1500);
        assert_eq!(clock.now().as_millisecond(), 1500);
    }
}
