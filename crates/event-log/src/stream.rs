//! The four streams, their partitions, and places in them.

use crate::Error;
use domain::RecordKey;
use std::fmt;

/// One of the four streams. Names and numbers of partitions stand for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// One event per accepted source message.
    Records,
    /// Links, redirects, assertions and review decisions.
    Links,
    /// Organisations, agreements, positions, directives and overrides.
    Sharing,
    /// One leaf per disclosure or refusal.
    Disclosures,
}

impl Stream {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Records, Self::Links, Self::Sharing, Self::Disclosures];

    /// The name in topics, tables and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Links => "links",
            Self::Sharing => "sharing",
            Self::Disclosures => "disclosures",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.as_str() == name)
    }

    /// Place in [`Stream::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::Records => 0,
            Self::Links => 1,
            Self::Sharing => 2,
            Self::Disclosures => 3,
        }
    }

    /// How many partitions the in-memory and the SQLite log divide it into. What is folded in one order has one.
    pub const fn partitions(self) -> u16 {
        match self {
            Self::Records | Self::Links => 4,
            Self::Sharing | Self::Disclosures => 1,
        }
    }

    /// The partition of a key: the same on every machine and in every version.
    pub fn partition_of(self, key: RecordKey) -> u16 {
        let hash = stable_hash(key.0.as_bytes());
        u16::try_from(hash % u64::from(self.partitions())).unwrap_or(0)
    }

    /// The start of every partition.
    pub fn start(self) -> Vec<LogPosition> {
        (0..self.partitions()).map(|partition| LogPosition { partition, offset: 0 }).collect()
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Stream {
    /// Where to begin in every partition: as told, else at its start. A place in a partition that does not exist is
    /// a gap: somebody read another log.
    pub fn places(self, from: &[LogPosition]) -> Result<Vec<LogPosition>, Error> {
        let mut places = self.start();
        for told in from {
            match places.get_mut(usize::from(told.partition)) {
                Some(place) => *place = *told,
                None => {
                    return Err(Error::Gap { expected: *told, found: LogPosition { offset: 0, ..*told } });
                }
            }
        }
        Ok(places)
    }
}

/// A place in a stream. Of an event, where it lies; as a place to read from, the next event to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPosition {
    /// Counted from 0.
    pub partition: u16,
    /// Counted from 0, without gaps.
    pub offset: u64,
}

impl LogPosition {
    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { partition: self.partition, offset: self.offset.saturating_add(1) }
    }
}

impl fmt::Display for LogPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.partition, self.offset)
    }
}

/// FNV-1a over the bytes, then mixed, so that the low bits are as good as the high ones.
fn stable_hash(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SourceRecord;

    fn key(number: usize) -> RecordKey {
        SourceRecord::parse("case-system", &format!("P-{number}")).unwrap().key()
    }

    #[test]
    fn the_partition_of_a_key_never_changes() {
        let partitions: Vec<u16> = (0..12).map(|number| Stream::Records.partition_of(key(number))).collect();
        assert_eq!(partitions, [0, 3, 0, 3, 1, 1, 1, 3, 0, 2, 3, 2]);
    }

    #[test]
    fn keys_spread_over_all_partitions() {
        let mut counts = [0_usize; 4];
        (0..4000).for_each(|number| counts[usize::from(Stream::Records.partition_of(key(number)))] += 1);
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_stream_of_one_partition_uses_only_that_one() {
        assert!((0..100).all(|number| Stream::Sharing.partition_of(key(number)) == 0));
    }

    #[test]
    fn names_read_back() {
        assert!(Stream::ALL.into_iter().all(|stream| Stream::parse(stream.as_str()) == Some(stream)));
        assert!(Stream::ALL.into_iter().enumerate().all(|(place, stream)| stream.index() == place));
        assert_eq!(Stream::parse("other"), None);
    }
}
