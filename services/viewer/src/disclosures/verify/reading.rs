//! Reads a stream from a place to the end that it had when the check began.

use crate::disclosures::{Error, Report};
use event_log::{Entry, EventLog, LogPosition, StoredEvent, Stream};
use futures::StreamExt;
use futures::stream::BoxStream;

/// How many events that came meanwhile are passed over, at most, to see the log say that it is at its end. Whatever is
/// broken where nothing lies shows only then.
const MOST_PASSED_OVER: u32 = 10_000;

/// A stream on its way.
pub(super) struct Reading {
    stream: Stream,
    entries: BoxStream<'static, Result<Entry, event_log::Error>>,
    ends: Vec<LogPosition>,
    /// Events that are still to come.
    left: u64,
    passed_over: u32,
    ended: bool,
}

impl Reading {
    /// Reads from these places, one a partition, to these ends.
    pub(super) fn begin(
        log: &dyn EventLog,
        stream: Stream,
        from: Vec<LogPosition>,
        ends: Vec<LogPosition>,
    ) -> Self {
        let start = |end: &LogPosition| from.iter().find(|place| place.partition == end.partition);
        let left = |end: &LogPosition| end.offset.saturating_sub(start(end).map_or(0, |place| place.offset));
        let left = ends.iter().map(left).sum();
        let entries = log.read(stream, from);
        Self { stream, entries, ends, left, passed_over: 0, ended: false }
    }

    /// The next event; `None` at the end, or where the log cannot be read on, which is then in the report.
    pub(super) async fn next(&mut self, report: &mut Report) -> Result<Option<StoredEvent>, Error> {
        while !self.ended && (self.left > 0 || self.passed_over < MOST_PASSED_OVER) {
            match self.entries.next().await {
                Some(Ok(Entry::Event(event))) => {
                    if self.is_inside(event.position) {
                        self.left = self.left.saturating_sub(1);
                        report.events = report.events.saturating_add(1);
                        return Ok(Some(event));
                    }
                    self.passed_over = self.passed_over.saturating_add(1);
                }
                Some(Ok(Entry::CaughtUp(places))) => {
                    self.ended = true;
                    let places = places.into_iter().zip(self.ends.iter().copied());
                    for (place, end) in places.filter(|(place, end)| place < end) {
                        let what =
                            format!("events are missing at the end: {end} was the end when the check began");
                        report.find(self.stream, place, what);
                    }
                }
                Some(Err(error)) => {
                    self.ended = true;
                    damage(self.stream, error, report)?;
                }
                None => self.ended = true,
            }
        }
        Ok(None)
    }

    /// Whether everything was read.
    pub(super) fn came_to_its_end(&self) -> bool {
        self.left == 0
    }

    fn is_inside(&self, position: LogPosition) -> bool {
        self.ends.iter().any(|end| end.partition == position.partition && position.offset < end.offset)
    }
}

/// Puts what the log itself finds wrong into the report. Any other error is one.
pub(super) fn damage(stream: Stream, error: event_log::Error, report: &mut Report) -> Result<(), Error> {
    match error {
        event_log::Error::Gap { expected, found } => {
            report.find(stream, expected, format!("events are missing: the next that is there is {found}"));
        }
        event_log::Error::Corrupt { position, what } => report.find(stream, position, what),
        event_log::Error::Unavailable(_) | event_log::Error::Full | event_log::Error::Fenced => {
            return Err(error.into());
        }
    }
    Ok(())
}
