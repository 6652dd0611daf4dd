//! What can go wrong between a sample host and Yett, in words for the person at the screen.

use domain::FieldViolation;

/// A sample host could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}; stop what uses the port or choose another")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// A server ended by itself.
    #[error("a server of the sample hosts ended: {0}")]
    Serve(#[source] std::io::Error),
    /// The invented world could not be made.
    #[error(transparent)]
    World(#[from] world::Error),
    /// A page could not be made.
    #[error(transparent)]
    Page(#[from] pages::Error),
    /// An address of Yett is written badly.
    #[error("the gRPC address is not one; write it as host:port")]
    Address,
    /// A credential cannot stand in a header.
    #[error("the {0} credential holds characters that no header can carry; make a new one")]
    Credential(&'static str),
    /// Yett could not be reached or did not answer; nobody knows whether it took the message.
    #[error("Yett did not answer ({0}); try again")]
    Unavailable(String),
    /// Yett refused the message.
    #[error("Yett refused the message ({reason})")]
    Refused {
        /// Code or words of the refusal.
        reason: String,
        /// Fields that break a rule.
        violations: Vec<FieldViolation>,
    },
}

impl Error {
    /// Whether sending the same again may help.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<tonic::Status> for Error {
    fn from(status: tonic::Status) -> Self {
        use tonic_types::StatusExt;
        let details = status.get_details_bad_request();
        let violations = details.map(|bad| bad.field_violations).unwrap_or_default();
        let violations: Vec<FieldViolation> =
            violations.into_iter().map(|v| FieldViolation::new(v.field, v.description)).collect();
        let passing = [tonic::Code::Unavailable, tonic::Code::DeadlineExceeded, tonic::Code::Unknown];
        if passing.contains(&status.code()) {
            return Self::Unavailable(format!("{:?}", status.code()));
        }
        Self::Refused { reason: format!("{:?}: {}", status.code(), status.message()), violations }
    }
}
