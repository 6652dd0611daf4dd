//! The one consumer loop with quarantine, and the outbox relay.
