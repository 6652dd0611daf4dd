//! Logs and metrics, and the field names that they may use.
//!
//! A personal value never reaches a log line or a metric label: whatever is logged is a code, a count or an opaque key.

mod fields;
mod logs;
mod metric;

pub use fields::LOG_FIELDS;
pub use logs::{LogFormat, start_logs};
pub use metric::{Metrics, names};

/// Why telemetry could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A log filter could not be read.
    #[error("the log filter cannot be read: use levels such as info or gate=debug")]
    Filter,
    /// Logs or metrics were started twice in one process.
    #[error("telemetry was already started in this process")]
    AlreadyStarted,
}
