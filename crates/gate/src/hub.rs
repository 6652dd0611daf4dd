//! Knows which open panels a change may touch, and wakes those and no others.

use crate::Gate;
use domain::{PersonId, RecordKey};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use storage::ChangeRow;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Changes read at once.
const BATCH: u32 = 1000;

/// Open panels by person and record.
#[derive(Default)]
pub struct Hub {
    register: Mutex<Register>,
}

#[derive(Default)]
struct Register {
    next: u64,
    panels: HashMap<u64, Arc<Notify>>,
    places: HashMap<u64, Places>,
    by_person: HashMap<PersonId, HashSet<u64>>,
    by_record: HashMap<RecordKey, HashSet<u64>>,
    /// Panels whose person is not known: any new link may be theirs.
    loose: HashSet<u64>,
}

/// What a panel depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) person: Option<PersonId>,
    pub(crate) records: Vec<RecordKey>,
}

/// An open panel's place in the hub; leaves it when dropped.
pub(crate) struct Seat {
    hub: Arc<Hub>,
    id: u64,
    pub(crate) bell: Arc<Notify>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.leave(self.id);
    }
}

impl Seat {
    /// Says what the panel depends on now.
    pub(crate) fn depends_on(&self, places: Places) {
        self.hub.lock().place(self.id, places);
    }
}

impl Hub {
    /// A hub without panels.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Number of open panels.
    pub fn open(&self) -> usize {
        self.lock().panels.len()
    }

    pub(crate) fn join(self: &Arc<Self>) -> Seat {
        let bell = Arc::new(Notify::new());
        let mut register = self.lock();
        register.next += 1;
        let id = register.next;
        register.panels.insert(id, Arc::clone(&bell));
        register.place(id, Places::default());
        metrics::gauge!("yett_open_panels").set(count(register.panels.len()));
        drop(register);
        Seat { hub: Arc::clone(self), id, bell }
    }

    fn leave(&self, id: u64) {
        let mut register = self.lock();
        register.unplace(id);
        register.panels.remove(&id);
        metrics::gauge!("yett_open_panels").set(count(register.panels.len()));
    }

    fn lock(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes every panel: the rules changed.
    pub fn wake_all(&self) {
        for bell in self.lock().panels.values() {
            bell.notify_one();
        }
    }

    /// Wakes the panels that these changes may touch.
    pub fn wake(&self, changes: &[ChangeRow]) {
        let register = self.lock();
        let mut woken = HashSet::new();
        for change in changes {
            if let Some(ids) = register.by_record.get(&change.record) {
                woken.extend(ids);
            }
            if let Some(person) = change.person {
                woken.extend(register.by_person.get(&person).into_iter().flatten());
                woken.extend(&register.loose);
            }
        }
        for bell in woken.iter().filter_map(|id| register.panels.get(id)) {
            bell.notify_one();
        }
    }

    /// Follows the change feed and the policy snapshot until stopped.
    pub async fn follow(self: Arc<Self>, gate: Arc<Gate>, stop: CancellationToken) {
        let mut watch = gate.store.changes();
        let mut rules = gate.snapshot.changes();
        let mut seen = gate.store.newest_change().await.unwrap_or(0);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                changed = rules.changed() => {
                    if changed.is_err() { return }
                    self.wake_all();
                }
                newest = watch.next() => {
                    if newest.is_none() { return }
                    seen = self.read_changes(&gate, seen).await;
                }
                () = tokio::time::sleep(Duration::from_secs(1)) => seen = self.read_changes(&gate, seen).await,
            }
        }
    }

    async fn read_changes(&self, gate: &Gate, mut seen: u64) -> u64 {
        loop {
            match gate.store.changes_since(seen, BATCH).await {
                Ok(changes) => {
                    let Some(last) = changes.last() else { return seen };
                    seen = last.sequence;
                    self.wake(&changes);
                }
                Err(error) => {
                    tracing::warn!(error = %error, "the change feed cannot be read");
                    return seen;
                }
            }
        }
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Hub({} open)", self.open())
    }
}

impl Register {
    fn place(&mut self, id: u64, places: Places) {
        if self.places.get(&id) == Some(&places) {
            return;
        }
        self.unplace(id);
        match places.person {
            Some(person) => {
                self.by_person.entry(person).or_default().insert(id);
            }
            None => {
                self.loose.insert(id);
            }
        }
        for record in &places.records {
            self.by_record.entry(*record).or_default().insert(id);
        }
        self.places.insert(id, places);
    }

    fn unplace(&mut self, id: u64) {
        let Some(places) = self.places.remove(&id) else { return };
        self.loose.remove(&id);
        if let Some(person) = places.person {
            forget(&mut self.by_person, person, id);
        }
        for record in places.records {
            forget(&mut self.by_record, record, id);
        }
    }
}

fn forget<K: std::hash::Hash + Eq>(index: &mut HashMap<K, HashSet<u64>>, key: K, id: u64) {
    if let Some(ids) = index.get_mut(&key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(&key);
        }
    }
}

fn count(panels: usize) -> f64 {
    u32::try_from(panels).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SourceRecord;
    use uuid::Uuid;

    fn rings(bell: &Notify) -> bool {
        use std::future::Future;
        let mut waiting = std::pin::pin!(bell.notified());
        waiting.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())).is_ready()
    }

    #[test]
    fn only_the_panels_of_the_person_are_woken_and_a_closed_one_is_forgotten() {
        let hub = Hub::new();
        let (one, other, loose) = (hub.join(), hub.join(), hub.join());
        let record = SourceRecord::parse("a", "1").unwrap().key();
        let person = |number| Some(PersonId(Uuid::from_u128(number)));
        one.depends_on(Places { person: person(1), records: vec![record] });
        other.depends_on(Places { person: person(2), records: vec![] });
        hub.wake(&[ChangeRow { sequence: 1, record, person: None }]);
        assert!(rings(&one.bell) && !rings(&other.bell) && !rings(&loose.bell));
        hub.wake(&[ChangeRow { sequence: 2, record, person: person(2) }]);
        assert!(rings(&one.bell) && rings(&other.bell) && rings(&loose.bell));
        drop(one);
        assert_eq!(hub.open(), 2);
        assert!(hub.lock().by_record.is_empty());
    }
}
