//! Starts the log: JSON lines on standard error for machines, or short lines for a terminal.

use crate::Error;
use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Short lines for people.
    Text,
}

/// Starts the process's log. `filter` is a level or a list of targets with levels.
pub fn start_logs(format: LogFormat, filter: &str) -> Result<(), Error> {
    let filter = EnvFilter::try_new(filter).map_err(|_| Error::Filter)?;
    // A line that cannot be written is lost. To complain of it on the same standard error would end the task that
    // logs: a full disk under the log must not do that.
    let builder = tracing_subscriber::fmt().log_internal_errors(false);
    let builder = builder.with_env_filter(filter).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_target(false).try_init(),
    };
    started.map_err(|_| Error::AlreadyStarted)
}
