//! The one exit: holds the policy snapshot and the lease, resolves links, decides, appends the leaf, releases.
//!
//! Whatever shows a person's data to anyone goes through here: panels, JSON, gRPC, live updates, the review worklist,
//! write-backs, quarantine, lists of who saw whom. It is the only crate that implements `policy::DisclosureLog`.

mod answer;
mod ask;
mod disclosures;
mod exits;
mod explain;
mod hub;
mod lease;
mod pseudonym;
mod snapshot;
mod view;
mod watch;
mod wire;

pub use answer::{Answer, Feed, Refusal, RefusedView, Shown, Source};
pub use ask::{Ask, HostIdentity, IdentityCheck};
pub use exits::{OperatorRefused, Showing};
pub use hub::Hub;
pub use lease::{Lease, LeaseSettings};
pub use pseudonym::DisclosureKey;
pub use snapshot::{SharingSnapshot, Snapshot};
pub use view::{Gate, GateParts};
pub use watch::{Update, Watched};
pub use wire::Wire;

use domain::ReasonCode;

/// Why the gate could not answer. Every one of them means that nothing was shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The leaf could not be made durable.
    #[error("the disclosure could not be recorded, so nothing was shown: {0}")]
    NotRecorded(String),
    /// The store could not be read.
    #[error("the store: {0}")]
    Store(#[from] storage::Error),
    /// The answer could not be rendered.
    #[error("the answer could not be rendered")]
    Render,
}

impl Error {
    /// The reason code for metrics and for the page.
    pub fn reason(&self) -> ReasonCode {
        match self {
            Self::NotRecorded(_) => ReasonCode::SysAudit,
            Self::Store(_) | Self::Render => ReasonCode::SysPolicy,
        }
    }
}
