//! Reading the in-memory log: one event at a time, the partitions in turn or mixed by the seed.

use super::MemoryLog;
use crate::{Entry, Error, IDLE_TICK, LogPosition, Stream};
use domain::SeededEntropy;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::watch;

struct Reader {
    log: MemoryLog,
    stream: Stream,
    /// The next to read, one a partition.
    places: Vec<LogPosition>,
    /// Where the turn is.
    turn: usize,
    mixing: Option<SeededEntropy>,
    appends: watch::Receiver<u64>,
    caught_up: bool,
    ended: bool,
}

pub(super) fn read(
    log: MemoryLog,
    stream: Stream,
    from: &[LogPosition],
) -> BoxStream<'static, Result<Entry, Error>> {
    let appends = log.of(stream).appends.subscribe();
    let mixing = log.0.mixing.as_ref().map(|seeds| SeededEntropy::new(seeds.next_u64()));
    let (places, ended) = match stream.places(from) {
        Ok(places) => (places, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let reader = Reader { log, stream, places, turn: 0, mixing, appends, caught_up: false, ended: false };
    if let Some(error) = ended {
        return stream::iter([Err(error)]).boxed();
    }
    stream::unfold(reader, |mut reader| async move {
        if reader.ended {
            return None;
        }
        let entry = reader.next().await;
        reader.ended = entry.is_err();
        Some((entry, reader))
    })
    .boxed()
}

impl Reader {
    async fn next(&mut self) -> Result<Entry, Error> {
        if self.caught_up {
            // Woken by an append, or by the tick: either way, look again. The log itself cannot go away.
            let woken = tokio::time::timeout(IDLE_TICK, self.appends.changed()).await;
            self.caught_up = false;
            drop(woken);
        }
        self.appends.mark_unchanged();
        if let Some(error) = self.log.faults().reads.clone() {
            return Err(error);
        }
        if let Some(event) = self.look()? {
            return Ok(Entry::Event(event));
        }
        self.caught_up = true;
        Ok(Entry::CaughtUp(self.places.clone()))
    }

    /// The next event of whichever partition has the turn, or of the next one that has any.
    fn look(&mut self) -> Result<Option<crate::StoredEvent>, Error> {
        self.turn = match &self.mixing {
            Some(mixing) => usize::try_from(mixing.next_u64() >> 33).unwrap_or(0),
            None => self.turn.wrapping_add(1),
        };
        let content = self.log.content(self.stream);
        let count = self.places.len();
        for step in 0..count {
            let index = self.turn.wrapping_add(step).checked_rem(count).unwrap_or(0);
            let Some(place) = self.places.get_mut(index) else { continue };
            if let Some(event) = content.at(*place)? {
                *place = place.next();
                return Ok(Some(event));
            }
        }
        Ok(None)
    }
}
