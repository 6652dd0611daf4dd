//! Organisations, positions, training and directives: the facts of governance that a decision reads.

use crate::{
    Agreement, AgreementId, AppendixId, Authority, DirectiveId, FlowId, OrganisationId, PartPath, PersonId,
    PositionId, RoleClass, SessionId, Signature, SigningKeyId, SourceRecord, UserId,
};
use jiff::Timestamp;

/// A half-open stretch of time `[from, to)`. An end that is absent is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// First instant inside.
    pub from: Option<Timestamp>,
    /// First instant outside.
    pub to: Option<Timestamp>,
}

impl Window {
    /// Whether the instant lies inside.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= instant) && self.to.is_none_or(|to| instant < to)
    }

    /// The next boundary after the instant, where there is one.
    pub fn next_boundary(&self, instant: Timestamp) -> Option<Timestamp> {
        [self.from, self.to].into_iter().flatten().filter(|edge| *edge > instant).min()
    }
}

/// How far an organisation's assurance goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssuranceRank {
    /// Nothing was ever submitted.
    NeverSubmitted,
    /// Assessed by itself.
    SelfAssessed,
    /// Reviewed by somebody else.
    Reviewed,
}

/// The state of an organisation's assurance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assurance {
    /// How far it goes.
    pub rank: AssuranceRank,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
}

/// A telephone number of an organisation that pages show when nothing else can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationPhone {
    /// Whose number, such as `Social Work Standby`.
    pub title: String,
    /// The number.
    pub number: String,
    /// When it answers, in words.
    pub hours: String,
}

/// An organisation in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Code.
    pub id: OrganisationId,
    /// Name as pages show it.
    pub name: String,
    /// What kind of source it is for titles: `social-work` or `health`.
    pub side: crate::Side,
    /// Registration number with the Information Commissioner's Office.
    pub ico_registration: String,
    /// Whether it takes part.
    pub active: bool,
    /// Assurance.
    pub assurance: Assurance,
    /// The organisation that sponsors it, where one does: it may then receive only its sponsor's data.
    pub sponsor: Option<OrganisationId>,
    /// Source systems whose records it controls.
    pub authorities: Vec<Authority>,
    /// Origins that may frame its panels, such as `http://portal.localhost:7411`.
    pub origins: Vec<String>,
    /// Organisations whose staff its host may assert in a launch, beside its own.
    pub may_assert: Vec<OrganisationId>,
    /// How often its feeds are expected to be heard, in seconds.
    pub heard_every_s: u32,
    /// Kinds that its source systems do not send yet.
    pub not_sent: Vec<crate::ItemKind>,
    /// Numbers to show.
    pub phones: Vec<OrganisationPhone>,
}

/// A registered Ed25519 key of a signatory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Key id.
    pub id: SigningKeyId,
    /// Organisation that it signs for.
    pub organisation: OrganisationId,
    /// Who holds it.
    pub signatory: String,
    /// Public key, 32 bytes.
    pub public_key: Vec<u8>,
    /// When it may be used.
    pub window: Window,
}

/// A post that a member of staff holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Post.
    pub id: PositionId,
    /// Organisation.
    pub organisation: OrganisationId,
    /// Who holds it.
    pub user: UserId,
    /// Name and title as pages show it, such as `Charge Nurse Aileen Strachan-Bell, Ward 6`.
    pub display_name: String,
    /// The organisation's own name for the role.
    pub local_role: String,
    /// When it is held.
    pub window: Window,
}

/// What one of an organisation's own role names means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleMapping {
    /// Organisation.
    pub organisation: OrganisationId,
    /// Its own name for the role.
    pub local_role: String,
    /// Class that flows grant levels to.
    pub role: RoleClass,
}

/// A member of staff's information governance training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// Organisation.
    pub organisation: OrganisationId,
    /// Who.
    pub user: UserId,
    /// First instant at which it is out of date.
    pub expires_at: Timestamp,
}

/// Kinds of directive on a person's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DirectiveKind {
    /// The person dissents. An override can lift it.
    Dissent,
    /// Processing is restricted. Nothing lifts it.
    Restriction,
    /// The record is sealed. Nothing lifts it.
    Sealed,
    /// A legal hold. Nothing lifts it.
    LegalHold,
    /// Where the person lives is protected: gates every kind that could tell it.
    ProtectedAddress,
}

/// A directive on a person's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Its id.
    pub id: DirectiveId,
    /// What it is.
    pub kind: DirectiveKind,
    /// The record that it stands on; it applies to the person whom that record is linked to.
    pub record: SourceRecord,
    /// The only flow that it applies to; every flow when absent.
    pub flow: Option<FlowId>,
    /// When it applies.
    pub window: Window,
    /// Organisation that recorded it.
    pub recorded_by: OrganisationId,
}

/// Coded reasons for emergency access, one list for every kind of override.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OverrideReason {
    /// Public interest.
    PublicInterest,
    /// Required by statute.
    Statute,
    /// Required by a court.
    CourtOrder,
    /// Emergency: the person's care now.
    Emergency,
    /// Another reason, said in the text.
    Other,
}

/// A requester asked for emergency access.
#[derive(Clone, PartialEq, Eq)]
pub struct Override {
    /// Its id.
    pub id: DirectiveId,
    /// Who asked.
    pub user: UserId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// About whom. The person behind the launch, known or not.
    pub person: PersonId,
    /// In which session.
    pub session: SessionId,
    /// Coded reason.
    pub reason: OverrideReason,
    /// The requester's own words, 1 to 500 characters.
    pub text: String,
    /// When it was declared.
    pub declared_at: Timestamp,
    /// When the requester last proved who they are.
    pub authenticated_at: Timestamp,
    /// When the requester ended it, if they did.
    pub ended_at: Option<Timestamp>,
}

/// Prints no word of the requester's: they may name the person.
impl std::fmt::Debug for Override {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Override({} {:?})", self.id, self.reason)
    }
}

/// Code of the organisation whose operators run a node: it holds no records of its own and works on everybody's.
pub const NODE_OPERATOR: &str = "yett-operator";

/// Class of the posts that source systems themselves hold, so as to be told CHI numbers. No person acts in one.
pub const SYSTEM_ROLE: &str = "SYSTEM";

/// What a credential is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialKind {
    /// A source system's feed.
    Feed,
    /// A host's server: launches and views.
    Host,
    /// An operator's command line.
    Operator,
}

/// A credential: known by its digest only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Organisation that it is bound to.
    pub organisation: OrganisationId,
    /// What it is for.
    pub kind: CredentialKind,
    /// SHA-256 of the secret, 32 bytes.
    pub secret_digest: Vec<u8>,
    /// Who uses it, for the record.
    pub holder: UserId,
}

/// What the sharing stream tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharingEvent {
    /// An organisation was registered, or its entry replaced.
    OrganisationRegistered(Organisation),
    /// An organisation's assurance changed.
    AssuranceRecorded {
        /// Organisation.
        organisation: OrganisationId,
        /// New state.
        assurance: Assurance,
    },
    /// A signing key was registered.
    SigningKeyRegistered(SigningKey),
    /// A credential was registered.
    CredentialRegistered(Credential),
    /// A credential was withdrawn.
    CredentialWithdrawn {
        /// SHA-256 of the secret.
        secret_digest: Vec<u8>,
    },
    /// A position was given, or its entry replaced.
    PositionAssigned(Position),
    /// A position ended.
    PositionEnded {
        /// Post.
        position: PositionId,
        /// When.
        at: Timestamp,
    },
    /// A local role was mapped to a class.
    RoleMapped(RoleMapping),
    /// Training was recorded.
    TrainingRecorded(Training),
    /// A directive was set.
    DirectiveSet(Directive),
    /// A directive was lifted.
    DirectiveLifted {
        /// Which.
        directive: DirectiveId,
        /// When.
        at: Timestamp,
    },
    /// An agreement was drafted, or a new version of it.
    AgreementDrafted(Box<Agreement>),
    /// One party signed one part.
    AgreementSigned(Signature),
    /// One party withdrew one part, for good.
    AgreementWithdrawn {
        /// Which part of which agreement.
        part: PartPath,
        /// Who withdrew it.
        organisation: OrganisationId,
        /// When.
        at: Timestamp,
    },
    /// One party suspended one part, until it is resumed.
    AgreementSuspended {
        /// Which part of which agreement.
        part: PartPath,
        /// Who suspended it.
        organisation: OrganisationId,
        /// When.
        at: Timestamp,
    },
    /// A suspension ended.
    AgreementResumed {
        /// Which part of which agreement.
        part: PartPath,
        /// Who resumed it.
        organisation: OrganisationId,
        /// When.
        at: Timestamp,
    },
    /// Emergency access was declared; the privacy officer is told by this same event.
    OverrideDeclared(Override),
    /// Emergency access was ended by the requester.
    OverrideEnded {
        /// Which.
        id: DirectiveId,
        /// When.
        at: Timestamp,
    },
}

/// A part named by agreement and appendix, as commands name it.
pub fn part_path(agreement: &AgreementId, version: u32, appendix: Option<&AppendixId>) -> PartPath {
    PartPath { agreement: agreement.clone(), version, appendix: appendix.cloned() }
}
