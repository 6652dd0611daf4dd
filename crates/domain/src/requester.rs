//! Who asks, for whom, why.

use crate::{OrganisationId, PersonId, PositionId, Purpose, SessionId, UserId};
use jiff::Timestamp;

/// A member of staff who asks through a host, as a launch bound them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// Who.
    pub user: UserId,
    /// Organisation that they act for.
    pub organisation: OrganisationId,
    /// Organisation whose host launched them.
    pub host_organisation: OrganisationId,
    /// The position that they act in, where the launch named one; else every position that they hold counts.
    pub position: Option<PositionId>,
}

/// One request for a view of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub requester: Requester,
    /// Why.
    pub purpose: Purpose,
    /// The launch session.
    pub session: SessionId,
    /// The person whom the launch is bound to, where any is known.
    pub bound_person: Option<PersonId>,
    /// The host asserted a relationship in the launch.
    pub relationship_asserted: bool,
    /// When the requester last proved who they are, as the launch says.
    pub authenticated_at: Timestamp,
}
