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
    #[allow(
        clippy::panic,
        reason = "without randomness there are no secrets; the system's source fails only when it is broken"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        if self.0.fill(buffer).is_err() {
            panic!("the system gives no random bytes");
        }
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
