//! The log trait, its contract, sealing, the conformance suite and the in-memory log.
