//! Caller identity, deadlines, limits, and the one error-to-status mapping of every edge.
//!
//! Every port of Yett is served by the accept loop here. It knows nothing of persons, records or decisions.

mod caller;
mod counted;
mod failure;
mod io;
mod problem;
mod serve;
mod status;

pub use caller::{Caller, CallerCheck, CredentialRegister, bearer, secret_digest};
pub use failure::Failure;
pub use problem::Problem;
pub use serve::{Limits, serve};

/// Why a port cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be bound.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Binds an address.
pub async fn listen(address: std::net::SocketAddr) -> Result<tokio::net::TcpListener, Error> {
    tokio::net::TcpListener::bind(address).await.map_err(|source| Error::Bind { address, source })
}
