//! The seeded simulation of a whole node, judged by oracles.
