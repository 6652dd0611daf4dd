//! Data flows: one direction, one set of purposes, one schedule of items.

use crate::{FlowId, ItemKind, Labels, OrganisationId, RoleClass, SharingLevel};

/// The highest level that a dimension of the rule allows: 0 (nothing) to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ceiling(u8);

impl Ceiling {
    /// Nothing at all.
    pub const NONE: Self = Self(0);
    /// Everything.
    pub const FULL: Self = Self(4);

    /// A ceiling of 0 to 4.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 4 { Some(Self(value)) } else { None }
    }

    /// The figure, 0 to 4.
    pub const fn value(self) -> u8 {
        self.0
    }

    /// Whether an item of this level passes.
    pub fn allows(self, level: SharingLevel) -> bool {
        level.value() <= self.0
    }
}

impl From<SharingLevel> for Ceiling {
    fn from(level: SharingLevel) -> Self {
        Self(level.value())
    }
}

/// Why information is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Direct care.
    DirectCare,
    /// Protection of an adult at risk.
    AdultProtection,
    /// Protection of a child.
    ChildProtection,
    /// Emergency care.
    EmergencyCare,
    /// Planning of care.
    CarePlanning,
    /// A person asks for what is held about them.
    SubjectAccess,
    /// Audit.
    Audit,
    /// Support of the service itself.
    ServiceSupport,
}

/// Every purpose.
pub const PURPOSES: [Purpose; 8] = [
    Purpose::DirectCare,
    Purpose::AdultProtection,
    Purpose::ChildProtection,
    Purpose::EmergencyCare,
    Purpose::CarePlanning,
    Purpose::SubjectAccess,
    Purpose::Audit,
    Purpose::ServiceSupport,
];

impl Purpose {
    /// The code in settings, agreements and leaves.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DirectCare => "direct-care",
            Self::AdultProtection => "adult-protection",
            Self::ChildProtection => "child-protection",
            Self::EmergencyCare => "emergency-care",
            Self::CarePlanning => "care-planning",
            Self::SubjectAccess => "subject-access",
            Self::Audit => "audit",
            Self::ServiceSupport => "service-support",
        }
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Option<Self> {
        PURPOSES.into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// Bands of age that a flow may cover, by configured bounds (12, 16, 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeBand {
    /// Younger than 12.
    Under12,
    /// 12 to 15.
    From12To15,
    /// 16 and 17.
    From16To17,
    /// 18 and older.
    Adult,
}

/// Every band, youngest first.
pub const AGE_BANDS: [AgeBand; 4] =
    [AgeBand::Under12, AgeBand::From12To15, AgeBand::From16To17, AgeBand::Adult];

impl AgeBand {
    /// The code in agreements.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Under12 => "under-12",
            Self::From12To15 => "12-15",
            Self::From16To17 => "16-17",
            Self::Adult => "adult",
        }
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Option<Self> {
        AGE_BANDS.into_iter().find(|band| band.as_str() == text)
    }

    /// The band of an age in whole years.
    pub fn of_age(years: u8) -> Self {
        match years {
            0..=11 => Self::Under12,
            12..=15 => Self::From12To15,
            16..=17 => Self::From16To17,
            18..=u8::MAX => Self::Adult,
        }
    }
}

/// The four separate parts of a legal basis. All must be complete.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegalBasis {
    /// UK GDPR Article 6 basis.
    pub article_6: String,
    /// Article 9 or 10 condition, or Schedule 1 condition.
    pub article_9: String,
    /// Power or duty, with citation.
    pub statutory_gateway: String,
    /// Basis in the duty of confidentiality.
    pub confidentiality: String,
}

impl LegalBasis {
    /// Whether all four parts are there.
    pub fn is_complete(&self) -> bool {
        [&self.article_6, &self.article_9, &self.statutory_gateway, &self.confidentiality]
            .iter()
            .all(|part| !part.trim().is_empty())
    }
}

/// One kind in a flow's schedule, at the level that the signed text gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleEntry {
    /// Kind.
    pub kind: ItemKind,
    /// Level on this flow. The catalogue's own level only pre-fills a draft.
    pub level: SharingLevel,
}

/// What a flow grants to a class of roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleGrant {
    /// Class.
    pub role: RoleClass,
    /// Highest level.
    pub level: Ceiling,
    /// Label gates that open for the role.
    pub scopes: Labels,
    /// Whether the role may declare emergency access.
    pub may_override: bool,
}

/// One direction of sharing between two organisations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFlow {
    /// Code.
    pub id: FlowId,
    /// Who discloses: the controller of the items.
    pub discloser: OrganisationId,
    /// Who receives.
    pub recipient: OrganisationId,
    /// Level agreed for this flow.
    pub level: Ceiling,
    /// Kinds and their levels.
    pub schedule: Vec<ScheduleEntry>,
    /// Purposes that it covers.
    pub purposes: Vec<Purpose>,
    /// Legal basis.
    pub legal_basis: LegalBasis,
    /// Grants by role.
    pub grants: Vec<RoleGrant>,
    /// Label gates that open on the flow. The role's own scopes must open too.
    pub scopes: Labels,
    /// Bands of age in scope.
    pub ages: Vec<AgeBand>,
    /// Highest level without a known relationship: 0 unless agreed otherwise.
    pub without_relationship: Ceiling,
    /// Highest level under a valid override, for rows 9 and 10. 0: none may be declared.
    pub override_cap: Ceiling,
    /// Whether the host may assert a relationship in the launch.
    pub relationship_by_launch: bool,
    /// How it is transferred, in words.
    pub transfer: String,
    /// How it is stored, in words.
    pub storage: String,
}
