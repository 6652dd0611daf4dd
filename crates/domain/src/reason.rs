//! Reason codes: why something is refused or withheld. One closed list, in the order of the rule.

/// Why an item or a whole view is not permitted. The order is that of the rows of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonCode {
    /// The disclosure store cannot be written.
    SysAudit,
    /// The policy snapshot is missing, stale or cannot be verified.
    SysPolicy,
    /// The clock is not to be trusted.
    SysClock,
    /// The requester holds no active position.
    ActInactive,
    /// The requester's training is out of date.
    ActTraining,
    /// The launch is not bound to this requester and this person.
    ActLaunch,
    /// An organisation is not active.
    OrgInactive,
    /// An organisation's assurance is missing, expired or too low.
    OrgAssurance,
    /// A sponsored organisation sees only what its sponsor discloses.
    OrgSponsor,
    /// No agreement has such a flow.
    AgrNone,
    /// The agreement is not in force at this time.
    AgrWindow,
    /// A required signature is missing or not valid.
    AgrUnsigned,
    /// The agreement is suspended or withdrawn.
    AgrSuspended,
    /// The agreement's review is overdue.
    AgrReview,
    /// The impact assessment or the risk rating is missing.
    AgrDpia,
    /// The level agreed for the flow.
    LvlFlow,
    /// The flow does not name the purpose.
    PurNotCovered,
    /// A part of the legal basis is missing.
    LegBasis,
    /// The requester's role is granted less.
    RoleLevel,
    /// The person's age is outside the flow.
    AgeScope,
    /// No link is confirmed.
    LinkUnconfirmed,
    /// The link is disputed.
    LinkDisputed,
    /// No relationship with the person is known.
    RelNone,
    /// The person dissents.
    DirDissent,
    /// The record is sealed.
    DirSealed,
    /// Processing is restricted, or a legal hold stands.
    DirRestricted,
    /// Special category data outside the scope.
    LblSpecialCategory,
    /// Names a third party, outside the scope.
    LblThirdParty,
    /// May cause serious harm, outside the scope.
    LblSeriousHarm,
    /// Criminal offence data outside the scope.
    LblCriminal,
    /// Child protection outside the scope.
    LblChildProtection,
    /// Protected address outside the scope.
    LblProtectedAddress,
    /// On the never-share list.
    Never,
}

/// Every reason code, in the order of the rule.
pub const REASON_CODES: [ReasonCode; 33] = [
    ReasonCode::SysAudit,
    ReasonCode::SysPolicy,
    ReasonCode::SysClock,
    ReasonCode::ActInactive,
    ReasonCode::ActTraining,
    ReasonCode::ActLaunch,
    ReasonCode::OrgInactive,
    ReasonCode::OrgAssurance,
    ReasonCode::OrgSponsor,
    ReasonCode::AgrNone,
    ReasonCode::AgrWindow,
    ReasonCode::AgrUnsigned,
    ReasonCode::AgrSuspended,
    ReasonCode::AgrReview,
    ReasonCode::AgrDpia,
    ReasonCode::LvlFlow,
    ReasonCode::PurNotCovered,
    ReasonCode::LegBasis,
    ReasonCode::RoleLevel,
    ReasonCode::AgeScope,
    ReasonCode::LinkUnconfirmed,
    ReasonCode::LinkDisputed,
    ReasonCode::RelNone,
    ReasonCode::DirDissent,
    ReasonCode::DirSealed,
    ReasonCode::DirRestricted,
    ReasonCode::LblSpecialCategory,
    ReasonCode::LblThirdParty,
    ReasonCode::LblSeriousHarm,
    ReasonCode::LblCriminal,
    ReasonCode::LblChildProtection,
    ReasonCode::LblProtectedAddress,
    ReasonCode::Never,
];

impl ReasonCode {
    /// The code as it stands in leaves, metrics and the golden matrix.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SysAudit => "SYS_AUDIT",
            Self::SysPolicy => "SYS_POLICY",
            Self::SysClock => "SYS_CLOCK",
            Self::ActInactive => "ACT_INACTIVE",
            Self::ActTraining => "ACT_TRAINING",
            Self::ActLaunch => "ACT_LAUNCH",
            Self::OrgInactive => "ORG_INACTIVE",
            Self::OrgAssurance => "ORG_ASSURANCE",
            Self::OrgSponsor => "ORG_SPONSOR",
            Self::AgrNone => "AGR_NONE",
            Self::AgrWindow => "AGR_WINDOW",
            Self::AgrUnsigned => "AGR_UNSIGNED",
            Self::AgrSuspended => "AGR_SUSPENDED",
            Self::AgrReview => "AGR_REVIEW",
            Self::AgrDpia => "AGR_DPIA",
            Self::LvlFlow => "LVL_FLOW",
            Self::PurNotCovered => "PUR_NOT_COVERED",
            Self::LegBasis => "LEG_BASIS",
            Self::RoleLevel => "ROLE_LEVEL",
            Self::AgeScope => "AGE_SCOPE",
            Self::LinkUnconfirmed => "LINK_UNCONFIRMED",
            Self::LinkDisputed => "LINK_DISPUTED",
            Self::RelNone => "REL_NONE",
            Self::DirDissent => "DIR_DISSENT",
            Self::DirSealed => "DIR_SEALED",
            Self::DirRestricted => "DIR_RESTRICTED",
            Self::LblSpecialCategory => "LBL_SPECIAL_CATEGORY",
            Self::LblThirdParty => "LBL_THIRD_PARTY",
            Self::LblSeriousHarm => "LBL_SERIOUS_HARM",
            Self::LblCriminal => "LBL_CRIMINAL",
            Self::LblChildProtection => "LBL_CHILD_PROTECTION",
            Self::LblProtectedAddress => "LBL_PROTECTED_ADDRESS",
            Self::Never => "NEVER",
        }
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Option<Self> {
        REASON_CODES.into_iter().find(|code| code.as_str() == text)
    }

    /// Whether the reason depends on the person. All of these share one screen, byte for byte.
    pub fn depends_on_person(self) -> bool {
        matches!(
            self,
            Self::AgeScope
                | Self::LinkUnconfirmed
                | Self::LinkDisputed
                | Self::RelNone
                | Self::DirDissent
                | Self::DirSealed
                | Self::DirRestricted
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_stands_in_order() {
        for code in REASON_CODES {
            assert_eq!(ReasonCode::parse(code.as_str()), Some(code));
        }
        assert!(REASON_CODES.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
