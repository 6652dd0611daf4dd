//! When things are due: an open loop at an even pace, the same for floor and product. Timers round to a millisecond,
//! so one sleeps until shortly before and spins the rest.

use std::time::{Duration, Instant};

/// Events a second in the rows about freshness.
pub(crate) const PER_SECOND: u32 = 200;
/// Time between two events.
const GAP: Duration = Duration::from_millis(5);
/// The stretch before an event that is spun.
const SPUN: Duration = Duration::from_millis(2);

/// A row of instants at an even pace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    first: Instant,
}

impl Pace {
    /// Begins in a moment.
    pub(crate) fn begin() -> Self {
        Self { first: Instant::now() + Duration::from_millis(100) }
    }

    /// When the event of this number, from 0, is due.
    pub(crate) fn due(self, number: u32) -> Instant {
        self.first + GAP * number
    }

    /// Waits for it and holds up the thread.
    pub(crate) fn wait(self, number: u32) {
        let due = self.due(number);
        std::thread::sleep(due.saturating_duration_since(Instant::now()).saturating_sub(SPUN));
        spin_until(due);
    }

    /// Waits for it on a runtime of one thread: other tasks run until the spinning begins.
    pub(crate) async fn arrive(self, number: u32) {
        let due = self.due(number);
        tokio::time::sleep(due.saturating_duration_since(Instant::now()).saturating_sub(SPUN)).await;
        spin_until(due);
    }
}

fn spin_until(due: Instant) {
    while Instant::now() < due {
        std::hint::spin_loop();
    }
}

/// How many events so many seconds hold.
pub(crate) fn events_in(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX) / 1000 * PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_due_at_an_even_pace_and_never_come_early() {
        let pace = Pace::begin();
        assert_eq!(pace.due(200) - pace.due(0), Duration::from_secs(1));
        pace.wait(3);
        assert!(Instant::now() >= pace.due(3));
        assert_eq!(events_in(Duration::from_secs(2)), 400);
    }
}
