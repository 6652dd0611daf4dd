//! What a panel is made of: filled by the caller from a permitted view, its terms and the register.
//! Holds nothing that was not permitted.

use super::identity::Comparison;
use domain::{DataItem, ItemMask, OrganisationPhone, OverrideReason, Purpose, Side};
use jiff::{SignedDuration, Timestamp};

/// The organisation whose information a panel shows.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name as pages show it.
    pub name: &'a str,
    /// Which side it is on: chooses title, order and colour.
    pub side: Side,
    /// Numbers from the register.
    pub phones: &'a [OrganisationPhone],
}

impl Source<'_> {
    /// The title of the panel.
    pub fn title(&self) -> &'static str {
        match self.side {
            Side::SocialWork => "Social work summary",
            Side::Health => "Health summary",
            Side::Any => "Shared summary",
        }
    }

    /// The value of `data-source` in the markup.
    pub(super) fn code(&self) -> &'static str {
        match self.side {
            Side::SocialWork => "social-work",
            Side::Health => "health",
            Side::Any => "other",
        }
    }

    /// The organisation in the middle of a sentence.
    pub(super) fn noun(&self) -> String {
        match self.side {
            Side::SocialWork => "the council".to_owned(),
            Side::Health => "the health board".to_owned(),
            Side::Any => self.name.to_owned(),
        }
    }

    /// What the person may well be known to, although nothing is shown.
    pub(super) fn service(&self) -> String {
        match self.side {
            Side::SocialWork => "social work".to_owned(),
            Side::Health => "health services".to_owned(),
            Side::Any => self.name.to_owned(),
        }
    }

    /// Whom to phone, in the middle of a sentence.
    pub(super) fn whom_to_phone(&self) -> String {
        match self.side {
            Side::SocialWork => "the team".to_owned(),
            Side::Health => "the ward or the GP practice".to_owned(),
            Side::Any => self.name.to_owned(),
        }
    }

    /// Whom to phone for more, as a sentence.
    pub(super) fn phone_for_more(&self) -> String {
        let what_for = match self.side {
            Side::Health => "to plan or protect",
            Side::SocialWork | Side::Any => "for this person’s care",
        };
        format!("If you need more {what_for}, phone {}.", self.whom_to_phone())
    }
}

/// One permitted item with where it comes from.
#[derive(Debug, Clone)]
pub struct ShownItem<'a> {
    /// The item.
    pub item: &'a DataItem,
    /// When Yett received it.
    pub received_at: Timestamp,
    /// The source system in plain words, such as `Hospital system`; the organisation's name where none is known.
    pub system: &'a str,
}

/// How the feeds behind a panel stand.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// When the quietest of them was last heard; never moved by a withheld entry.
    pub heard_at: Option<Timestamp>,
    /// How often it should be heard, in seconds.
    pub heard_every_s: u32,
    /// Something sent could not be read and waits for someone. Say it of the feed, not of the person, unless the
    /// flow shares the whole record at its level.
    pub update_not_understood: bool,
}

/// A feed may be this late before the panel says so.
const GRACE: SignedDuration = SignedDuration::from_secs(60);

impl Feed {
    /// Whether the feed is silent for longer than it should be.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let allowed = SignedDuration::from_secs(i64::from(self.heard_every_s)) + GRACE;
        self.heard_at.is_none_or(|heard| now.duration_since(heard) > allowed)
    }
}

/// Emergency access that is active in this session.
#[derive(Debug, Clone, Copy)]
pub struct ActiveOverride {
    /// When it was declared, and the privacy officer told.
    pub declared_at: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// Why.
    pub reason: OverrideReason,
}

/// One flow of an agreement, as the foot of the panel names it.
#[derive(Debug, Clone)]
pub struct TermsLine<'a> {
    /// Title of the agreement.
    pub agreement: &'a str,
    /// Appendix and its title, such as `B` and `level 2`; none for the base.
    pub appendix: Option<(&'a str, &'a str)>,
    /// First instant at which it is no longer in force.
    pub until: Option<Timestamp>,
}

/// Everything that a panel is made of.
#[derive(Debug, Clone)]
pub struct PanelInput<'a> {
    /// The instant at which this was decided.
    pub now: Timestamp,
    /// Who discloses.
    pub source: Source<'a>,
    /// Name of the organisation that receives.
    pub recipient: &'a str,
    /// The reader, as the print line names them: `Charge Nurse Aileen Strachan-Bell, Ward 6`.
    pub reader: &'a str,
    /// What for.
    pub purpose: Purpose,
    /// Level for this reader, 1 to 4.
    pub level: u8,
    /// Permitted items of this source.
    pub items: Vec<ShownItem<'a>>,
    /// Kinds that are shared with this reader, whoever the person is.
    pub shared: ItemMask,
    /// Kinds of them of which single entries can be kept back.
    pub may_keep_back: ItemMask,
    /// Whether a label gate is shut for this reader.
    pub labels_shut: bool,
    /// Kinds that the source systems do not send yet.
    pub not_sent: ItemMask,
    /// How who the person is compares with the host's screen.
    pub comparison: Comparison,
    /// The host shows its own banner of the person, and asked for none here.
    pub host_shows_person: bool,
    /// The feeds.
    pub feed: Feed,
    /// Emergency access, where it is active.
    pub emergency: Option<ActiveOverride>,
    /// The flows that share something.
    pub terms: Vec<TermsLine<'a>>,
}
