//! Tells listeners in this process that there are new changes; what changed they read from the store.

use tokio::sync::watch;

/// The ringing end, held by a backend.
#[derive(Debug)]
pub struct ChangeBell(watch::Sender<u64>);

impl ChangeBell {
    /// A bell that nobody rang yet; `newest` is the newest change there is.
    pub fn new(newest: u64) -> Self {
        Self(watch::Sender::new(newest))
    }

    /// Rings for everything up to this change. One ring a batch.
    pub fn ring(&self, newest: u64) {
        self.0.send_if_modified(|known| {
            let is_new = newest > *known;
            *known = newest.max(*known);
            is_new
        });
    }

    /// A listener that has heard nothing yet.
    pub fn watch(&self) -> ChangeWatch {
        ChangeWatch(self.0.subscribe())
    }
}

/// The listening end.
#[derive(Debug, Clone)]
pub struct ChangeWatch(watch::Receiver<u64>);

impl ChangeWatch {
    /// Sequence of the newest change that was rung for.
    pub fn newest(&self) -> u64 {
        *self.0.borrow()
    }

    /// Waits for the next ring and gives the newest change's sequence; `None` when the store is closed. Rings that
    /// come close together are one. Safe to drop half-way.
    pub async fn next(&mut self) -> Option<u64> {
        self.0.changed().await.ok()?;
        Some(*self.0.borrow_and_update())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_rings_are_heard_as_one_and_an_old_one_not_at_all() {
        let bell = ChangeBell::new(3);
        let mut watch = bell.watch();
        bell.ring(4);
        bell.ring(6);
        assert_eq!(watch.next().await, Some(6));
        bell.ring(5);
        drop(bell);
        assert_eq!(watch.next().await, None);
    }
}
