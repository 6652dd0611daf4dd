//! How far the initial load is.

/// Counts of messages of the initial load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Messages to send.
    pub total: usize,
    /// Messages that Yett accepted.
    pub accepted: usize,
    /// Messages that Yett refused, or that it did not answer in the end.
    pub failed: usize,
}

impl Progress {
    /// Whether every message got its answer.
    pub fn is_done(&self) -> bool {
        self.accepted + self.failed >= self.total
    }
}
