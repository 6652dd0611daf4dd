//! What a check found, and what is known of the log's soundness since.

use super::tree::Hash;
use event_log::{LogPosition, Stream};
use std::sync::atomic::{AtomicU8, Ordering};

/// Findings that are told one by one; further ones are counted.
const TOLD: usize = 100;

/// Something that is not as it was written, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stream} {position}: {what}")]
pub struct Finding {
    /// The stream.
    pub stream: Stream,
    /// The partition and the offset in it.
    pub position: LogPosition,
    /// What is wrong. Never a value.
    pub what: String,
}

/// What a check went through and found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Events read.
    pub events: u64,
    /// Events of them whose data key is destroyed: they can be counted, and no more be read by anyone.
    pub erased: u64,
    /// Leaves in the tree at its end.
    pub leaves: u64,
    /// Root of that tree.
    pub root: Hash,
    /// Checkpoints that the tree agrees with.
    pub checkpoints: u64,
    /// What is wrong, the first hundred.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub further: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn find(&mut self, stream: Stream, position: LogPosition, what: impl Into<String>) {
        if self.findings.len() < TOLD {
            self.findings.push(Finding { stream, position, what: what.into() });
        } else {
            self.further = self.further.saturating_add(1);
        }
    }

    /// Says in the log what is wrong.
    pub(super) fn tell(&self) {
        for finding in &self.findings {
            tracing::error!(
                stream = finding.stream.as_str(),
                partition = finding.position.partition,
                offset = finding.position.offset,
                reason = finding.what,
                "the log is not as it was written"
            );
        }
        if self.further > 0 {
            tracing::error!(count = self.further, "the log has further damage");
        }
    }
}

/// What the checks of a running node have found so far.
#[derive(Debug, Default)]
pub struct Soundness(AtomicU8);

const SOUND: u8 = 1;
const DAMAGED: u8 = 2;

impl Soundness {
    /// Whether a check found damage, and no whole check since found none.
    pub fn is_damaged(&self) -> bool {
        self.0.load(Ordering::SeqCst) == DAMAGED
    }

    /// Whether a check has come to its end.
    pub fn is_known(&self) -> bool {
        self.0.load(Ordering::SeqCst) != 0
    }

    /// Takes in the outcome of a check. Only a whole one can lift what another found.
    pub(super) fn note(&self, sound: bool, whole: bool) {
        if !sound {
            self.0.store(DAMAGED, Ordering::SeqCst);
        } else if whole || !self.is_damaged() {
            self.0.store(SOUND, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_stays_until_a_whole_check_finds_none() {
        let soundness = Soundness::default();
        assert!(!soundness.is_known() && !soundness.is_damaged());
        soundness.note(true, false);
        assert!(soundness.is_known() && !soundness.is_damaged());
        soundness.note(false, false);
        soundness.note(true, false);
        assert!(soundness.is_damaged());
        soundness.note(true, true);
        assert!(!soundness.is_damaged());
    }

    #[test]
    fn findings_beyond_a_hundred_are_counted() {
        let mut report = Report::default();
        (0..103).for_each(|offset| report.find(Stream::Links, LogPosition { partition: 1, offset }, "x"));
        assert_eq!((report.findings.len(), report.further), (100, 3));
        assert_eq!(report.findings[7].to_string(), "links 1/7: x");
    }
}
