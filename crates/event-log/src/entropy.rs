//! The system's source of randomness, for keys, nonces and secrets.

use domain::Entropy;
use ring::rand::{SecureRandom, SystemRandom};

/// Random bytes from the operating system.
#[derive(Debug, Clone)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    /// The system's source.
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness there are no secrets: going on would be worse than stopping.
        assert!(self.0.fill(buffer).is_ok(), "the system gives no random bytes");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_identifiers_differ() {
        let entropy = SystemEntropy::new();
        assert_ne!(entropy.uuid(), entropy.uuid());
    }
}
