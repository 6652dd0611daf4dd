//! Which records an operator works on: those of its own organisation, or all of them where it runs the node.
//!
//! A review puts records of several agencies side by side. An agency's own operator sees what its own records say; of
//! another agency's record it sees how well each field agrees, and never the values.

use domain::{Authority, NODE_OPERATOR, OrganisationId};
use policy::SharingState;
use transport::Failure;

/// What an operator may work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The organisation that runs the node holds no records of its own and works on everybody's.
    Node,
    /// An agency works on its own records.
    Agency(Vec<Authority>),
}

impl Sight {
    /// The sight of an organisation's operators.
    pub(crate) fn of(state: &SharingState, organisation: &OrganisationId) -> Result<Self, Failure> {
        let Some(registered) = state.organisation(organisation).filter(|one| one.active) else {
            return Err(Failure::Forbidden { reason: "ORG_INACTIVE" });
        };
        if registered.id.as_str() == NODE_OPERATOR {
            return Ok(Self::Node);
        }
        Ok(Self::Agency(authorities_of(state, organisation)))
    }

    /// Whether records of this authority are seen.
    pub(crate) fn covers(&self, authority: &Authority) -> bool {
        match self {
            Self::Node => true,
            Self::Agency(own) => own.contains(authority),
        }
    }

    /// Refuses work on records of another agency. Says nothing of whether there is such a record.
    pub(crate) fn check(&self, authority: &Authority) -> Result<(), Failure> {
        if self.covers(authority) { Ok(()) } else { Err(Failure::Forbidden { reason: "RECORD_OF_ANOTHER" }) }
    }
}

/// The source systems that an organisation controls: those that it registered first.
pub(crate) fn authorities_of(state: &SharingState, organisation: &OrganisationId) -> Vec<Authority> {
    let registered =
        state.organisation(organisation).map(|one| one.authorities.as_slice()).unwrap_or_default();
    let controls = |authority: &&Authority| state.controller_of(authority) == Some(organisation);
    registered.iter().filter(controls).cloned().collect()
}
