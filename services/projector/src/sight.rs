//! What an operator works on: what came from its own organisation's systems, or everything where it runs the node.

use domain::{Authority, NODE_OPERATOR, OrganisationId};
use gate::SharingSnapshot;
use transport::{Caller, Failure};

/// What an operator may work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Everything.
    Node,
    /// What came from these systems, and requests of this organisation.
    Own {
        /// Systems that the organisation controls.
        authorities: Vec<Authority>,
        /// The organisation.
        organisation: OrganisationId,
    },
}

impl Sight {
    /// The sight of a caller.
    pub(crate) fn of(snapshot: &SharingSnapshot, caller: &Caller) -> Result<Self, Failure> {
        let snapshot = snapshot.current();
        let organisation = &caller.organisation;
        let Some(registered) = snapshot.state.organisation(organisation).filter(|one| one.active) else {
            return Err(Failure::Forbidden { reason: "ORG_INACTIVE" });
        };
        if organisation.as_str() == NODE_OPERATOR {
            return Ok(Self::Node);
        }
        let controls = |authority: &&Authority| snapshot.state.controller_of(authority) == Some(organisation);
        let authorities = registered.authorities.iter().filter(controls).cloned().collect();
        Ok(Self::Own { authorities, organisation: organisation.clone() })
    }

    /// Whether what came from this system is seen. What came from none belongs to those who run the node.
    pub(crate) fn covers(&self, authority: Option<&Authority>) -> bool {
        match self {
            Self::Node => true,
            Self::Own { authorities, .. } => authority.is_some_and(|one| authorities.contains(one)),
        }
    }

    /// Whether requests of this organisation's staff may be explained.
    pub(crate) fn speaks_for(&self, asked: &OrganisationId) -> bool {
        match self {
            Self::Node => true,
            Self::Own { organisation, .. } => organisation == asked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_sees_its_own_systems_and_what_came_from_none_is_the_nodes() {
        let own = Authority::parse("case-system").unwrap();
        let other = Authority::parse("pas").unwrap();
        let organisation = OrganisationId::parse("council").unwrap();
        let agency = Sight::Own { authorities: vec![own.clone()], organisation: organisation.clone() };
        assert!(agency.covers(Some(&own)) && !agency.covers(Some(&other)) && !agency.covers(None));
        assert!(Sight::Node.covers(Some(&other)) && Sight::Node.covers(None));
        assert!(
            agency.speaks_for(&organisation) && !agency.speaks_for(&OrganisationId::parse("board").unwrap())
        );
    }
}
