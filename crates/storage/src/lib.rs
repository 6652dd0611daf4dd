//! Repository traits and the unit of work, with their conformance suite.
