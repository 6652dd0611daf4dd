//! The contract of the log as a suite of tests that every backend runs.
