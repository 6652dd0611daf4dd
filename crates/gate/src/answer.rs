//! What a gate answers: something shown, or a refusal as a screen may say it.

use crate::IdentityCheck;
use domain::{Authority, DirectiveId, Organisation, OrganisationId, ReasonCode};
use jiff::Timestamp;
use policy::{PermittedView, Released};

/// What stands behind a shown page beside the items: the same for the page, JSON and gRPC.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The items and the terms.
    pub view: PermittedView,
    /// One entry per organisation that shares, by code.
    pub sources: Vec<Source>,
    /// The comparison with the host's screen.
    pub identity: IdentityCheck,
    /// An update of some record of some source could not be shown, and the flow shares whole records at its level.
    pub update_not_shown: bool,
    /// The override that is active, and when it ends.
    pub active_override: Option<(DirectiveId, Timestamp)>,
    /// Whether the reader's role may declare emergency access: whoever the person is.
    pub may_override: bool,
    /// When it was decided.
    pub decided_at: Timestamp,
}

/// An organisation that shares, as the page needs it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its entry in the register.
    pub organisation: Organisation,
    /// Its feeds.
    pub feeds: Vec<Feed>,
}

/// A feed, and when it was last heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Authority.
    pub authority: Authority,
    /// When it was last heard, to the minute.
    pub last_heard: Option<Timestamp>,
}

/// How much later than expected a feed may be before a page says so, in seconds.
const GRACE_S: i64 = 60;

impl Source {
    /// When the oldest of its feeds was last heard, to the minute.
    pub fn last_heard(&self) -> Option<Timestamp> {
        self.feeds.iter().map(|feed| feed.last_heard).min().flatten()
    }

    /// Whether a feed is later than it is expected to be.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let allowed = i64::from(self.organisation.heard_every_s).saturating_add(GRACE_S);
        self.last_heard().is_none_or(|heard| now.as_second() - heard.as_second() > allowed)
    }
}

/// Why nothing is shown, as a screen may say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Rules or links could not be checked, or the disclosure not recorded: says nothing about anyone.
    Cleared(Vec<ReasonCode>),
    /// The reader, an organisation, the agreement, the purpose or the role.
    Reader(Vec<ReasonCode>),
    /// The host's screen and the other side differ in a field that says: this may be someone else.
    Stop(&'static str),
    /// Anything that depends on the person: one screen.
    Person,
}

/// A refusal with what its page needs. Nothing in it depends on the person unless `refusal` says so.
#[derive(Debug, Clone)]
pub struct RefusedView {
    /// Why.
    pub refusal: Refusal,
    /// Whether the override form stands under it.
    pub may_override: bool,
    /// The override that is active, and when it ends.
    pub active_override: Option<(DirectiveId, Timestamp)>,
    /// Organisations that share with the reader's by some agreement, whose numbers the page shows.
    pub sources: Vec<Organisation>,
    /// The reader's own organisation, where it is registered.
    pub reader: Option<OrganisationId>,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// Reference to quote: does not identify anyone.
    pub reference: String,
}

/// An answer.
#[derive(Debug)]
pub enum Answer<B> {
    /// Something may be shown, and its leaf is durable.
    Shown(Released<B>),
    /// Nothing is shown, and that is recorded where it could be.
    Refused(RefusedView),
}
