//! Moves a role's outbox to the log. The ids are derived from the causes, so a repeat is recognised there.

use crate::{Error, Ground};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

/// Rows moved at once.
const BATCH: u32 = 256;

/// The relay of one role's outbox.
#[derive(Debug, Clone)]
pub struct Relay {
    ground: Ground,
    role: &'static str,
    epoch: u64,
    wake: Arc<Notify>,
    moving: Arc<Mutex<()>>,
}

impl Relay {
    /// A relay for this role.
    pub fn new(ground: Ground, role: &'static str, epoch: u64) -> Self {
        Self { ground, role, epoch, wake: Arc::default(), moving: Arc::default() }
    }

    /// Says that there is something to move.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Moves everything that is there. When it returns, it is durable in the log.
    pub async fn flush(&self) -> Result<u64, Error> {
        let _moving = self.moving.lock().await;
        let mut moved = 0;
        loop {
            let rows = self.ground.store.outbox(self.role, BATCH).await?;
            let Some(first) = rows.first() else { return Ok(moved) };
            let stream = first.stream;
            let run: Vec<_> = rows.into_iter().take_while(|row| row.stream == stream).collect();
            let mut events = Vec::with_capacity(run.len());
            for row in &run {
                events.push(event_codec::from_bytes(row.event, row.key, &row.body).ok_or(Error::Outbox)?);
            }
            let count = events.len() as u64;
            self.ground.log.append(stream, events).await?;
            let sequences: Vec<u64> = run.iter().map(|row| row.sequence).collect();
            let mut work = self.ground.store.begin(self.role, self.epoch).await?;
            work.delete_outbox(&sequences).await?;
            work.commit().await?;
            moved += count;
        }
    }

    /// Moves whenever woken, until stopped. Trouble is tried again.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Error> {
        loop {
            let pause = match self.flush().await {
                Ok(_) => Duration::from_secs(5),
                Err(error) if error.is_transient() => {
                    tracing::warn!(role = self.role, error = %error, "the outbox could not be moved");
                    Duration::from_millis(200)
                }
                Err(error) => return Err(error),
            };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
