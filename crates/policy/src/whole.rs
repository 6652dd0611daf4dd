//! The rule as it ships: nothing is left out. The crate's own tests compile another file in this place, which can
//! drop one row, to prove that the properties notice.

use crate::compile::{CompiledFlow, Policy};
use crate::rows::Limit;
use domain::{Labels, RoleGrant};

/// The rows, all of them.
pub(crate) fn rows(_policy: &Policy, rows: [Limit; 12]) -> [Limit; 12] {
    rows
}

/// The label gates that open for a flow and a role.
pub(crate) fn scopes(_policy: &Policy, flow: &CompiledFlow, grant: &RoleGrant) -> Labels {
    flow.scopes.intersect(grant.scopes)
}

/// The kinds that are never shared.
pub(crate) fn never(policy: &Policy) -> u128 {
    policy.never
}

/// Whether a requester without a granted role counts as one with every role.
pub(crate) fn any_role(_policy: &Policy) -> bool {
    false
}
