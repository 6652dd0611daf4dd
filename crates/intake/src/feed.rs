//! Who feeds, and through which door.

use domain::{Authority, OrganisationId, Side};
use transport::Caller;

/// Doors that feeds come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// gRPC.
    Grpc,
    /// HL7 v2 over MLLP.
    Hl7v2,
    /// A CSV extract.
    Csv,
}

impl Door {
    /// The code in logs, metrics and quarantine.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Hl7v2 => "hl7v2",
            Self::Csv => "csv",
        }
    }
}

/// A feed: an organisation, the authorities whose records it may send, a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Organisation that its credential is bound to.
    pub organisation: OrganisationId,
    /// Authorities that the register gives to the organisation; the first is the feed's own.
    pub authorities: Vec<Authority>,
    /// What the organisation holds: social-work or health records.
    pub side: Side,
    /// Through which door it comes.
    pub door: Door,
}

impl Feed {
    /// Whether the feed may send records of this authority.
    pub fn covers(&self, authority: &Authority) -> bool {
        self.authorities.contains(authority)
    }
}

/// Knows which feed a caller speaks for. Read at every call, so that a withdrawn right stops working at once.
pub trait FeedRegister: Send + Sync + 'static {
    /// The feed of a caller's organisation, if it is registered and active.
    fn feed(&self, caller: &Caller, door: Door) -> Option<Feed>;
}
