//! Where the two hosts stand, where Yett is, and with which secrets they speak to it.

use crate::Progress;
use domain::{Clock, Entropy};
use jiff::Timestamp;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// Bearer secrets of one organisation. `Debug` prints none.
#[derive(Clone)]
pub struct Credentials {
    /// For its feed.
    pub feed: String,
    /// For its host: launches.
    pub host: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials(…)")
    }
}

/// Everything that the sample hosts need.
#[derive(Clone)]
pub struct Settings {
    /// Where the case system listens; usually 127.0.0.1:7410.
    pub council: SocketAddr,
    /// Where the portal listens; usually 127.0.0.1:7411.
    pub portal: SocketAddr,
    /// Origin of the case system as browsers see it, as its organisation registered it.
    pub council_origin: String,
    /// Origin of the portal as browsers see it, as its organisation registered it.
    pub portal_origin: String,
    /// Origin of Yett's panels as browsers see it, such as `http://yett.localhost:7400`.
    pub panel_origin: String,
    /// Yett's gRPC port.
    pub yett_grpc: SocketAddr,
    /// Yett's MLLP port.
    pub yett_mllp: SocketAddr,
    /// The council's secrets.
    pub council_credentials: Credentials,
    /// The board's secrets.
    pub portal_credentials: Credentials,
    /// Seed of the invented world.
    pub seed: u64,
    /// People beside the cast.
    pub size: usize,
    /// Instant at which the world is as it is: gives its today, and id and time of the messages of the initial load.
    /// The same instant again sends the same messages, which Yett recognises.
    pub loaded_at: Timestamp,
    /// Send the initial load. Without it Yett is taken to hold the world already.
    pub load: bool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids of sign-ins and requests.
    pub entropy: Arc<dyn Entropy>,
    /// Told how far the initial load is.
    pub progress: watch::Sender<Progress>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("council", &self.council)
            .field("portal", &self.portal)
            .field("yett_grpc", &self.yett_grpc)
            .field("yett_mllp", &self.yett_mllp)
            .field("seed", &self.seed)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
