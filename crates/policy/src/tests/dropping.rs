//! Stands in for `whole.rs` in the tests of this crate: drops one row of the rule when told to.

use crate::Dimension;
use crate::ReasonSet;
use crate::compile::{CompiledFlow, Policy};
use crate::rows::Limit;
use domain::{Ceiling, Label, Labels, RoleGrant};

/// What is left out of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// One of the twelve rows.
    Row(Dimension),
    /// The label gates.
    Labels,
    /// The never-share list.
    Never,
}

pub(crate) fn rows(policy: &Policy, mut rows: [Limit; 12]) -> [Limit; 12] {
    if let Some(Dropped::Row(row)) = policy.dropped {
        rows[row as usize] = (Ceiling::FULL, ReasonSet::NONE);
    }
    rows
}

pub(crate) fn scopes(policy: &Policy, flow: &CompiledFlow, grant: &RoleGrant) -> Labels {
    if policy.dropped == Some(Dropped::Labels) {
        return Label::ALL.into_iter().collect();
    }
    flow.scopes.intersect(grant.scopes)
}

pub(crate) fn never(policy: &Policy) -> u128 {
    if policy.dropped == Some(Dropped::Never) { 0 } else { policy.never }
}

pub(crate) fn any_role(policy: &Policy) -> bool {
    policy.dropped == Some(Dropped::Row(Dimension::Role))
}
