//! Whose things an operator may change. Must not look at the state of anything.

use domain::{NODE_OPERATOR, OrganisationId};
use transport::{Caller, Failure};

/// Whether the caller runs the node.
pub(crate) fn runs_node(caller: &Caller) -> bool {
    caller.organisation.as_str() == NODE_OPERATOR
}

/// Only those who run the node.
pub(crate) fn node_operator_only(caller: &Caller) -> Result<(), Failure> {
    if runs_node(caller) { Ok(()) } else { Err(Failure::Forbidden { reason: "NODE_OPERATOR_ONLY" }) }
}

/// The organisation itself, or those who run the node in its name.
pub(crate) fn own(caller: &Caller, organisation: &OrganisationId) -> Result<(), Failure> {
    if runs_node(caller) { Ok(()) } else { itself(caller, organisation) }
}

/// The organisation itself and nobody for it.
pub(crate) fn itself(caller: &Caller, organisation: &OrganisationId) -> Result<(), Failure> {
    if caller.organisation == *organisation {
        Ok(())
    } else {
        Err(Failure::Forbidden { reason: "OTHER_ORGANISATION" })
    }
}
