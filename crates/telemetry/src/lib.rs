//! Logs and metrics, and the field names that they may use.
