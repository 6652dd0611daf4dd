//! The closed list of field names that a log line may carry. A test reads the sources and refuses any other.

/// Names allowed in `tracing` events and spans. All of them hold codes, counts, durations or opaque keys.
pub const LOG_FIELDS: [&str; 24] = [
    "address",
    "authority",
    "count",
    "door",
    "elapsed_ms",
    "error",
    "event_id",
    "event_type",
    "exit",
    "kind",
    "method",
    "offset",
    "organisation",
    "outcome",
    "partition",
    "reason",
    "record_key",
    "role",
    "route",
    "rule",
    "session",
    "status",
    "stream",
    "version",
];
