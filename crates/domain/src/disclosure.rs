//! Leaves: the record of every disclosure and refusal, made durable before a byte leaves.

use crate::{
    DirectiveId, DisclosureId, FlowId, ItemMask, LongText, OrganisationId, PositionId, Purpose, ReasonCode,
    SessionId, UserId,
};
use jiff::Timestamp;

/// Through which exit something left. Every exit of the system has a name here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// The HTML panel.
    Panel,
    /// A live update of the panel.
    PanelUpdate,
    /// A JSON view.
    JsonView,
    /// A gRPC view.
    GrpcView,
    /// A live update over gRPC.
    GrpcUpdate,
    /// The page "why do I see this".
    Why,
    /// The review worklist.
    Review,
    /// A CHI number sent back to a source system.
    Assignment,
    /// A quarantined message shown to an operator.
    ParkedShow,
    /// The list of who saw whom.
    WhoSaw,
    /// An explanation asked for by an operator.
    Explain,
    /// A launch that was refused or made.
    Launch,
}

/// Every exit.
pub const EXITS: [Exit; 12] = [
    Exit::Panel,
    Exit::PanelUpdate,
    Exit::JsonView,
    Exit::GrpcView,
    Exit::GrpcUpdate,
    Exit::Why,
    Exit::Review,
    Exit::Assignment,
    Exit::ParkedShow,
    Exit::WhoSaw,
    Exit::Explain,
    Exit::Launch,
];

impl Exit {
    /// The code in leaves and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::PanelUpdate => "panel-update",
            Self::JsonView => "json-view",
            Self::GrpcView => "grpc-view",
            Self::GrpcUpdate => "grpc-update",
            Self::Why => "why",
            Self::Review => "review",
            Self::Assignment => "assignment",
            Self::ParkedShow => "parked-show",
            Self::WhoSaw => "who-saw",
            Self::Explain => "explain",
            Self::Launch => "launch",
        }
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Option<Self> {
        EXITS.into_iter().find(|exit| exit.as_str() == text)
    }
}

/// The use of one flow in a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowUse {
    /// The flow.
    pub flow: FlowId,
    /// Version of its agreement.
    pub agreement_version: u32,
    /// Kinds that it permitted and that were shown.
    pub items: ItemMask,
}

/// One disclosure or refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its id.
    pub id: DisclosureId,
    /// When.
    pub at: Timestamp,
    /// Through which exit.
    pub exit: Exit,
    /// Whether something was disclosed (else it was refused).
    pub disclosed: bool,
    /// SHA-256 of the policy bundle that decided, 32 bytes.
    pub bundle_hash: Vec<u8>,
    /// Who asked.
    pub user: UserId,
    /// In which position.
    pub position: Option<PositionId>,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// Through whose host.
    pub host_organisation: OrganisationId,
    /// In which session.
    pub session: SessionId,
    /// Why.
    pub purpose: Purpose,
    /// Keyed pseudonym of the person, 32 bytes; of the person asked for, when none was found.
    pub person: Vec<u8>,
    /// By which flows.
    pub flows: Vec<FlowUse>,
    /// Kinds shown.
    pub items: ItemMask,
    /// Number of item instances shown.
    pub item_count: u32,
    /// Reasons for what was not permitted.
    pub reasons: Vec<ReasonCode>,
    /// The override that it leaned on.
    pub override_id: Option<DirectiveId>,
    /// Keyed digest of the bytes that left, 32 bytes; empty for a refusal.
    pub body_digest: Vec<u8>,
    /// Trace id, where there is one.
    pub trace_id: String,
    /// What the operator gave as the reason, at an exit that asks for one. May name people: shown to whoever may read the
    /// leaf, and to nobody else.
    pub stated_reason: Option<LongText>,
}
