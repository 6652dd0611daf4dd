//! The roles that a process can play.

/// One role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Role {
    /// Social-care feeds.
    SocialCareAdapter,
    /// Clinical feeds.
    ClinicalAdapter,
    /// Links and the review worklist.
    ChiMatcher,
    /// The read model.
    Projector,
    /// Panels, views, disclosures.
    Viewer,
    /// Organisations, agreements, directives.
    Governance,
}

impl Role {
    /// Every role.
    pub(crate) const ALL: [Self; 6] = [
        Self::SocialCareAdapter,
        Self::ClinicalAdapter,
        Self::ChiMatcher,
        Self::Projector,
        Self::Viewer,
        Self::Governance,
    ];
}
