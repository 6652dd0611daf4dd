//! What a viewer is made of, and the doors that it opens: one router and two gRPC services.

use crate::grpc::{LaunchDoor, ViewDoor};
use crate::refusals::Budget;
use crate::sessions::RecentSessions;
use domain::{Clock, Entropy};
use gate::{Gate, Hub};
use pages::Assets;
use pipeline::Commands;
use proto::viewing::v1::launch_service_server::LaunchServiceServer;
use proto::viewing::v1::view_service_server::ViewServiceServer;
use std::sync::Arc;
use std::time::Duration;
use storage::Store;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use transport::CallerCheck;

/// Settings of a viewer.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address of the panels as browsers reach it, without a slash at the end.
    pub public_url: String,
    /// Life of a launch code.
    pub launch: Duration,
    /// Life of a session.
    pub session: Duration,
    /// Time between two signs of life on a live stream.
    pub heartbeat: Duration,
    /// Time without contact after which a page clears itself: the lease.
    pub lease: Duration,
    /// Most live views open at once.
    pub most_panels: usize,
}

/// What a viewer is made of.
pub struct ViewerParts {
    /// The one exit.
    pub gate: Arc<Gate>,
    /// Wakes open panels.
    pub hub: Arc<Hub>,
    /// Launch codes and sessions, and whom a launch means.
    pub store: Arc<dyn Store>,
    /// Emergency access is declared through these, under the role `viewer`.
    pub commands: Commands,
    /// Knows the credentials of hosts.
    pub callers: CallerCheck,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Codes, bearers and ids. Must be the system's source.
    pub entropy: Arc<dyn Entropy>,
    /// Files of the panel's document; [`crate::panel::ASSETS`] must be among them.
    pub assets: Assets,
    /// Ends open live views, so that a stop waits for none of them.
    pub stop: CancellationToken,
    /// Settings.
    pub settings: Settings,
}

/// Serves launches, panels and views.
pub struct Viewer {
    pub(crate) gate: Arc<Gate>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) commands: Commands,
    pub(crate) callers: CallerCheck,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) assets: Assets,
    pub(crate) stop: CancellationToken,
    pub(crate) settings: Settings,
    pub(crate) slots: Arc<Semaphore>,
    pub(crate) nameless: Budget,
    pub(crate) recent: RecentSessions,
}

impl Viewer {
    /// A viewer of these parts.
    pub fn new(parts: ViewerParts) -> Arc<Self> {
        Arc::new(Self {
            slots: Arc::new(Semaphore::new(parts.settings.most_panels.min(Semaphore::MAX_PERMITS))),
            nameless: Budget::default(),
            recent: RecentSessions::default(),
            gate: parts.gate,
            hub: parts.hub,
            store: parts.store,
            commands: parts.commands,
            callers: parts.callers,
            clock: parts.clock,
            entropy: parts.entropy,
            assets: parts.assets,
            stop: parts.stop,
            settings: parts.settings,
        })
    }

    /// The HTTP routes: the panel's document and what its script asks for, the JSON view, launches.
    pub fn router(self: &Arc<Self>) -> axum::Router {
        crate::http::router(Arc::clone(self))
    }

    /// The gRPC service of launches.
    pub fn launch_service(self: &Arc<Self>) -> LaunchServiceServer<LaunchDoor> {
        LaunchServiceServer::new(LaunchDoor(Arc::clone(self)))
    }

    /// The gRPC service of views.
    pub fn view_service(self: &Arc<Self>) -> ViewServiceServer<ViewDoor> {
        ViewServiceServer::new(ViewDoor(Arc::clone(self)))
    }
}

impl std::fmt::Debug for Viewer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Viewer")
    }
}
