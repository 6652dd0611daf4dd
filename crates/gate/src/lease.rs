//! The lease: decisions may rest on what was confirmed within the last 30 seconds, and on nothing older.

use crate::SharingSnapshot;
use domain::Clock;
use event_log::Stream;
use jiff::{SignedDuration, Timestamp};
use policy::SystemFacts;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use storage::Store;
use tokio_util::sync::CancellationToken;

/// Role whose read model views are served from.
const PROJECTOR: &str = "projector";
/// Time between two looks at the read model's progress.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Settings of the lease.
#[derive(Debug, Clone, Copy)]
pub struct LeaseSettings {
    /// How long a confirmation counts.
    pub lasts: SignedDuration,
    /// How far the clock may step back.
    pub clock_skew: SignedDuration,
}

/// Knows whether decisions may be made now.
pub struct Lease {
    snapshot: Arc<SharingSnapshot>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    settings: LeaseSettings,
    links_caught_up_us: AtomicI64,
    latest_us: AtomicI64,
    audit_writable: AtomicBool,
}

impl Lease {
    /// A lease that was not confirmed yet.
    pub fn new(
        snapshot: Arc<SharingSnapshot>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        settings: LeaseSettings,
    ) -> Self {
        Self {
            snapshot,
            store,
            clock,
            settings,
            links_caught_up_us: AtomicI64::new(i64::MIN),
            latest_us: AtomicI64::new(i64::MIN),
            audit_writable: AtomicBool::new(true),
        }
    }

    /// Looks at the progress of the read model now.
    pub async fn look(&self) -> Result<(), storage::Error> {
        if let Some(at) = self.store.caught_up_at(PROJECTOR, Stream::Links).await? {
            self.links_caught_up_us.fetch_max(at.as_microsecond(), Ordering::SeqCst);
        }
        Ok(())
    }

    /// Keeps looking until stopped.
    pub async fn follow(self: Arc<Self>, stop: CancellationToken) {
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(error = %error, "the progress of the read model cannot be read");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Notes whether the last leaf could be appended.
    pub fn note_audit(&self, writable: bool) {
        self.audit_writable.store(writable, Ordering::SeqCst);
    }

    /// Whether leaves can be appended, as far as known.
    pub fn audit_writable(&self) -> bool {
        self.audit_writable.load(Ordering::SeqCst)
    }

    /// One reading of the clock, and what is known of the system at it.
    ///
    /// A leaf that failed before does not refuse by itself: the next append shows whether it is over.
    pub fn facts(&self) -> (Timestamp, SystemFacts) {
        let now = self.clock.now();
        let snapshot = self.snapshot.current();
        let ends = self.ends();
        let facts = SystemFacts {
            audit_writable: true,
            lease_valid: !snapshot.broken && ends.is_some_and(|end| now < end),
            clock_sane: self.clock_sane(now),
            valid_until: ends,
        };
        (now, facts)
    }

    /// When the lease ends unless it is confirmed again.
    pub fn ends(&self) -> Option<Timestamp> {
        if domain::planted(domain::Fault::LeaseIgnored) {
            return Some(Timestamp::MAX);
        }
        let links = Timestamp::from_microsecond(self.links_caught_up_us.load(Ordering::SeqCst)).ok();
        let oldest = self.snapshot.caught_up_at()?.min(links.filter(|at| *at > Timestamp::MIN)?);
        oldest.checked_add(self.settings.lasts).ok()
    }

    fn clock_sane(&self, now: Timestamp) -> bool {
        let now_us = now.as_microsecond();
        let latest = self.latest_us.fetch_max(now_us, Ordering::SeqCst);
        let skew = i64::try_from(self.settings.clock_skew.as_micros()).unwrap_or(i64::MAX);
        latest == i64::MIN || now_us >= latest.saturating_sub(skew)
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Lease")
    }
}
