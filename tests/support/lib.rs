//! A node in memory, the world that it is fed with, and the oracles that judge it: for every folder of tests.
//!
//! Nothing here reads a real clock or a real source of randomness: the same seed gives the same run.

pub mod capture;
pub mod cast;
pub mod csv_text;
pub mod evaluator;
pub mod governance_facts;
pub mod hl7_text;
pub mod link_facts;
pub mod messages;
pub mod node;
pub mod oracles;
pub mod record_facts;
pub mod screens;
pub mod steps;
pub mod tokens;
pub mod truth;
pub mod ways;
