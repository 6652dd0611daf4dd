//! One open stream of assignments: what is due is offered at once, and again until it is answered.

use crate::handlers::offer_assignment::{self, Offer, Offering};
use crate::memory::Due;
use crate::shared::Shared;
use domain::Authority;
use gate::Wire;
use policy::Released;
use proto::matching::v1::watch_assignments_response::Entry;
use proto::matching::v1::{Assignment, WatchAssignmentsResponse};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use transport::{Caller, Failure};
use uuid::Uuid;

/// Time between two signs of life.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// Wait until the read model may have heard of a link.
const NOT_YET: Duration = Duration::from_millis(100);
/// So many times as long as for an answer is waited after a refusal, unless what was signed changes.
const AFTER_REFUSAL: u32 = 20;

type Out = Sender<Result<WatchAssignmentsResponse, Status>>;

/// When an assignment is offered again.
#[derive(Debug, Clone, Copy)]
struct Try {
    at: Instant,
    /// Refused under this version of what was signed: another one may permit it.
    refused_under: Option<u64>,
}

impl Try {
    fn is_ripe(&self, version: u64) -> bool {
        self.at <= Instant::now() || self.refused_under.is_some_and(|under| under != version)
    }
}

/// Whom a stream is for.
pub(crate) struct Watch {
    pub(crate) shared: Arc<Shared>,
    pub(crate) offering: Offering,
    pub(crate) caller: Caller,
    /// Digest of the caller's secret: a credential that is withdrawn ends its stream.
    pub(crate) secret: Vec<u8>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) out: Out,
}

/// Serves the stream until it is closed or told to stop.
pub(crate) async fn run(watch: Watch, stop: CancellationToken) {
    let mut decided = watch.shared.changes();
    let mut applied = watch.shared.ground.store.changes();
    let mut alive = tokio::time::interval(ALIVE_EVERY);
    let mut tries = HashMap::new();
    loop {
        if !watch.offer_due(&mut tries).await {
            return;
        }
        let next = tries.values().map(|tried: &Try| tried.at).min();
        let next = next.unwrap_or_else(|| Instant::now() + ALIVE_EVERY);
        tokio::select! {
            () = stop.cancelled() => return,
            () = watch.out.closed() => return,
            rung = decided.changed() => if rung.is_err() { return },
            rung = applied.next() => if rung.is_none() { return },
            () = tokio::time::sleep_until(next) => {}
            _ = alive.tick() => if !watch.say_alive().await { return },
        }
    }
}

impl Watch {
    /// Offers what is due now. Says whether to go on.
    async fn offer_due(&self, tries: &mut HashMap<Uuid, Try>) -> bool {
        if self.offering.gate.snapshot().state.credential(&self.secret).is_none() {
            // Nobody has to be told that a stream ends which nobody reads.
            self.out.send(Err(Failure::Unauthenticated.into())).await.ok();
            return false;
        }
        let due = match self.shared.read().await {
            Ok(memory) => memory.due_of(&self.authorities),
            Err(_) => return true,
        };
        tries.retain(|id, _| due.iter().any(|due| due.id == *id));
        for due in due {
            let version = self.offering.gate.snapshot().version;
            if tries.get(&due.id).is_none_or(|tried| tried.is_ripe(version)) {
                let Some(next) = self.offer(&due, version).await else { return false };
                tries.insert(due.id, next);
            }
        }
        true
    }

    /// Offers one. `None` when nobody listens any more.
    async fn offer(&self, due: &Due, version: u64) -> Option<Try> {
        let retry = self.shared.settings.assignment_retry;
        let again_in = |wait: Duration| Try { at: Instant::now() + wait, refused_under: None };
        match offer_assignment::handle(&self.offering, &self.caller, due).await {
            Ok(Offer::Released(released)) => {
                self.shared.lock().await.note_offered(due);
                self.out.send(Ok(entry(released))).await.ok()?;
                Some(again_in(retry))
            }
            Ok(Offer::Refused) => {
                let wait = retry.saturating_mul(AFTER_REFUSAL);
                Some(Try { refused_under: Some(version), ..again_in(wait) })
            }
            Ok(Offer::NotYet) => Some(again_in(NOT_YET)),
            Err(error) => {
                tracing::warn!(role = crate::ROLE, error = %error, "an assignment could not be offered");
                Some(again_in(retry))
            }
        }
    }

    async fn say_alive(&self) -> bool {
        let now = proto::timestamp(self.shared.ground.clock.now());
        self.out.send(Ok(WatchAssignmentsResponse { entry: Some(Entry::AliveAt(now)) })).await.is_ok()
    }
}

/// The only way in which an assignment gets into the stream.
fn entry(released: Released<Wire<Assignment>>) -> WatchAssignmentsResponse {
    let assignment = released.into_body().into_message();
    WatchAssignmentsResponse { entry: Some(Entry::Assignment(assignment)) }
}
