//! What the consumer and the commands of the decider share.
//!
//! Locks are taken in one order only: turn, unit of work, memory. A command takes its turn and opens its unit of work
//! before it locks the memory, and the consumer handles inside its own unit, so neither waits for the other in a ring.

use crate::Settings;
use crate::memory::Memory;
use pipeline::Ground;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Mutex, MutexGuard, watch};
use transport::Failure;

/// The decider's memory, and who may use it when.
pub(crate) struct Shared {
    pub(crate) ground: Ground,
    pub(crate) settings: Settings,
    /// Held by a command from its decision until it is in the log, and by whoever builds the memory anew.
    pub(crate) turn: Mutex<()>,
    memory: Mutex<Memory>,
    stale: AtomicBool,
    changed: watch::Sender<u64>,
}

impl Shared {
    pub(crate) fn new(settings: Settings, ground: Ground) -> Self {
        let memory = Memory::new(settings.for_matching());
        Self {
            ground,
            settings,
            turn: Mutex::default(),
            memory: Mutex::new(memory),
            stale: AtomicBool::new(true),
            changed: watch::Sender::new(0),
        }
    }

    /// The memory, whatever state it is in.
    pub(crate) async fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().await
    }

    /// The memory, if it fits the log.
    pub(crate) async fn read(&self) -> Result<MutexGuard<'_, Memory>, Failure> {
        let memory = self.memory.lock().await;
        if self.is_stale() { Err(Failure::unavailable()) } else { Ok(memory) }
    }

    /// Whether the memory may say something that the log will never hold. Nobody decides on it until it is built anew.
    pub(crate) fn is_stale(&self) -> bool {
        self.stale.load(Ordering::SeqCst)
    }

    pub(crate) fn mark_stale(&self) {
        self.stale.store(true, Ordering::SeqCst);
    }

    pub(crate) fn mark_fresh(&self) {
        self.stale.store(false, Ordering::SeqCst);
    }

    /// Rings for those who wait for assignments.
    pub(crate) fn ring(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Rings whenever something may have been decided.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Shared")
    }
}
