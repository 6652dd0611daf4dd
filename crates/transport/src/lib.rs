//! Caller identity, deadlines, limits, and the one error-to-status mapping of every edge.
