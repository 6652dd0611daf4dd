//! Information sharing agreements: a base and appendices, signed part by part.

use crate::{AgreementId, AppendixId, DataFlow, OrganisationId, SigningKeyId, Window};
use jiff::Timestamp;

/// How great the risk of sharing was judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskRating {
    /// Nobody judged it yet: counts as forbidden.
    NotAssessed,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// An agreement between organisations, in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Code.
    pub id: AgreementId,
    /// Version, from 1. Each version is signed anew.
    pub version: u32,
    /// Title as pages show it, such as `Adult Care Information Sharing Protocol`.
    pub title: String,
    /// Organisations that must all sign every part.
    pub parties: Vec<OrganisationId>,
    /// When it is in force.
    pub window: Window,
    /// When it must have been reviewed.
    pub review_due: Option<Timestamp>,
    /// The highest level while its review is overdue: 0 unless the agreement says otherwise.
    pub overdue_cap: crate::Ceiling,
    /// Reference of the data protection impact assessment.
    pub dpia_reference: Option<String>,
    /// Risk rating.
    pub risk: RiskRating,
    /// Flows that the base itself permits.
    pub flows: Vec<DataFlow>,
    /// Appendices.
    pub appendices: Vec<Appendix>,
}

/// An appendix: usually one level, agreed per direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appendix {
    /// Code, such as `C`.
    pub id: AppendixId,
    /// Title, such as `level 3`.
    pub title: String,
    /// When it is in force, inside the agreement's own window.
    pub window: Window,
    /// Flows that it permits.
    pub flows: Vec<DataFlow>,
}

/// The base of an agreement (no appendix), or one appendix of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartPath {
    /// Agreement.
    pub agreement: AgreementId,
    /// Version.
    pub version: u32,
    /// Appendix, or none for the base.
    pub appendix: Option<AppendixId>,
}

/// One party's signature on one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What was signed.
    pub part: PartPath,
    /// Who signed.
    pub organisation: OrganisationId,
    /// With which registered key.
    pub key: SigningKeyId,
    /// When.
    pub signed_at: Timestamp,
    /// SHA-256 of the canonical bytes that were signed, 32 bytes.
    pub content_hash: Vec<u8>,
    /// Ed25519 signature over the canonical bytes, 64 bytes.
    pub bytes: Vec<u8>,
}
