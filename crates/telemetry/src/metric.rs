//! Metric names, and the recorder that `/metrics` prints.

use crate::Error;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Every metric name of the system. Labels are codes from closed lists, never a value of a person.
pub mod names {
    /// Messages at the doors, by door and outcome.
    pub const INTAKE_MESSAGES: &str = "yett_intake_messages_total";
    /// Decisions at the gate, by exit and outcome.
    pub const GATE_DECISIONS: &str = "yett_gate_decisions_total";
    /// Refusals at the gate, by reason code.
    pub const GATE_REASONS: &str = "yett_gate_reasons_total";
    /// Panels open now.
    pub const OPEN_PANELS: &str = "yett_open_panels";
    /// Events handled, by role and stream.
    pub const EVENTS_HANDLED: &str = "yett_events_handled_total";
    /// Events parked, by role.
    pub const EVENTS_PARKED: &str = "yett_events_parked_total";
    /// Connections closed at the edges, by door and reason.
    pub const CONNECTIONS_CLOSED: &str = "yett_connections_closed_total";
    /// Calls answered with a refusal, by status.
    pub const CALLS_REFUSED: &str = "yett_calls_refused_total";
}

/// The process's metrics.
#[derive(Clone, Debug)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Installs the recorder. Once a process.
    pub fn start() -> Result<Self, Error> {
        let handle = PrometheusBuilder::new().install_recorder().map_err(|_| Error::AlreadyStarted)?;
        Ok(Self { handle })
    }

    /// A recorder that nothing writes to, for tests that start several nodes in one process.
    pub fn detached() -> Self {
        Self { handle: PrometheusBuilder::new().build_recorder().handle() }
    }

    /// The text that `/metrics` answers.
    pub fn render(&self) -> String {
        self.handle.render()
    }
}
