//! Which node a verb speaks to, with which credential, and how it prints.

use crate::bootstrap::OPERATOR_TOKEN;
use crate::client::{Credentialed, channel_with};
use anyhow::Result;
use domain::Entropy;
use event_log::SystemEntropy;
use settings::Settings;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The node and the credential.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Target {
    /// gRPC address of the node; by default the one in the settings.
    #[arg(long)]
    node: Option<SocketAddr>,
    /// File with the credential; by default the operator's in the data directory.
    #[arg(long)]
    token: Option<PathBuf>,
    /// Prints JSON for programs.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Target {
    /// A channel to the node.
    pub(crate) fn channel(&self, settings: &Settings) -> Result<Credentialed> {
        let own = Path::new(&settings.node.data_dir).join(OPERATOR_TOKEN);
        let token = self.token.as_deref().unwrap_or(&own);
        channel_with(self.node.unwrap_or(settings.listen.grpc), token)
    }
}

/// A fresh id for a request.
pub(crate) fn request_id() -> String {
    SystemEntropy::new().uuid().to_string()
}

/// An instant as people read it, or nothing.
pub(crate) fn when(at: Option<&prost_types::Timestamp>) -> String {
    at.and_then(|at| jiff::Timestamp::new(at.seconds, at.nanos).ok()).map_or_else(String::new, |at| {
        let second = jiff::Timestamp::from_second(at.as_second()).unwrap_or(at);
        second.to_string()
    })
}
