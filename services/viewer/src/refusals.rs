//! Refusals that come before anyone is asked about: recorded as leaves like every other refusal.
//!
//! A caller whom nobody knows cannot fill the log: so many of its refusals a minute are recorded, and the rest counted.

use crate::Viewer;
use domain::{CredentialKind, Exit, OrganisationId, ReasonCode, UserId};
use std::sync::{Mutex, PoisonError};
use transport::{Caller, Failure};

/// Refusals of unknown callers that are recorded in one minute.
const RECORDED_A_MINUTE: u32 = 120;
/// How leaves name a caller whom nobody knows.
const UNKNOWN: &str = "unknown";

/// How many refusals of unknown callers were recorded in the present minute.
#[derive(Debug, Default)]
pub(crate) struct Budget(Mutex<(i64, u32)>);

impl Budget {
    /// Whether one more may be recorded.
    fn takes(&self, minute: i64) -> bool {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 != minute {
            *spent = (minute, 0);
        }
        spent.1 = spent.1.saturating_add(1);
        spent.1 <= RECORDED_A_MINUTE
    }
}

/// What a caller is told of a launch or a session that does not fit, whatever is wrong with it.
pub(crate) fn does_not_fit() -> Failure {
    Failure::Forbidden { reason: ReasonCode::ActLaunch.as_str() }
}

impl Viewer {
    /// Records that a known caller was refused, and gives what it is told.
    pub(crate) async fn refused(&self, caller: &Caller, exit: Exit) -> Failure {
        if let Err(error) = self.gate.record_refusal(caller, exit, ReasonCode::ActLaunch).await {
            tracing::error!(exit = exit.as_str(), error = %error, "a refusal could not be recorded");
        }
        does_not_fit()
    }

    /// Records that a caller whom nobody knows was refused, within the budget.
    pub(crate) async fn record_nameless(&self, exit: Exit) {
        let (Ok(organisation), Ok(holder)) = (OrganisationId::parse(UNKNOWN), UserId::parse(UNKNOWN)) else {
            return;
        };
        if !self.nameless.takes(self.clock.now().as_second() / 60) {
            metrics::counter!("yett_viewer_refusals_unrecorded_total", "exit" => exit.as_str()).increment(1);
            return;
        }
        let caller = Caller { organisation, kind: CredentialKind::Host, holder };
        // What is answered does not depend on it: the caller is refused either way, and the failure is logged.
        drop(self.refused(&caller, exit).await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_recorded_up_to_a_number_and_again_in_the_next_minute() {
        let budget = Budget::default();
        let recorded = (0..1000).filter(|_| budget.takes(7)).count();
        assert_eq!(recorded, 120);
        assert!(budget.takes(8));
    }
}
