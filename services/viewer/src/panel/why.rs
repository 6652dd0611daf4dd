//! The page "Why do I see this?": the step that decides, the ladder, the kinds, and what was kept about the view.
//! It never lists this person's entries; hard limits and labels stay generic.

use super::build::purpose_words;
use super::input::PanelInput;
use super::kinds;
use super::model::{Head, Level};
use super::words::{Words, lower_first};
use domain::{Catalogue, DefaultLevel, ItemKind, SharingLevel};
use jiff::Timestamp;

/// A step of the ladder, in the order of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyStep {
    /// The system.
    System,
    /// The reader.
    Reader,
    /// Both organisations.
    Organisation,
    /// The agreement.
    Agreement,
    /// The level of the flow.
    FlowLevel,
    /// Purpose and legal basis.
    Purpose,
    /// The reader's role.
    Role,
    /// The person's age.
    Age,
    /// The link.
    Link,
    /// The relationship.
    Involvement,
    /// Dissent and hard directives, as one.
    Limits,
}

/// What the page is made of.
#[derive(Debug, Clone)]
pub struct WhyInput {
    /// The steps with the level that each allows, 0 to 4, in the order of the rule.
    pub steps: Vec<(WhyStep, u8)>,
    /// Signed level of each kind that the schedule names.
    pub schedule: Vec<(ItemKind, SharingLevel)>,
    /// Part of the agreement, such as `Appendix B`.
    pub part: String,
    /// Id of the disclosure leaf, shortened, to quote; nothing of the person is in it.
    pub receipt: String,
    /// When the view was made.
    pub seen_at: Timestamp,
}

/// The page.
#[derive(Debug, Clone)]
pub struct WhyPage {
    pub(super) head: Head,
    pub(super) lead: Words,
    pub(super) steps: Vec<StepRow>,
    pub(super) kinds: Vec<KindRow>,
    pub(super) kept: Vec<(&'static str, Words)>,
}

/// One step of the ladder.
#[derive(Debug, Clone)]
pub(super) struct StepRow {
    pub(super) name: &'static str,
    pub(super) level: Level,
    pub(super) text: Words,
    pub(super) decides: bool,
}

/// One kind.
#[derive(Debug, Clone)]
pub(super) struct KindRow {
    pub(super) title: &'static str,
    pub(super) verdict: Verdict,
    pub(super) why: String,
}

/// Whether a kind is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Shared,
    WithExceptions,
    NotShared,
}

impl Verdict {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Shared => "Shared",
            Self::WithExceptions => "Shared, with exceptions",
            Self::NotShared => "Not shared",
        }
    }

    pub(super) fn icon(self) -> pages::Icon {
        match self {
            Self::Shared => pages::Icon::Tick,
            Self::WithExceptions => pages::Icon::Info,
            Self::NotShared => pages::Icon::Bar,
        }
    }
}

impl WhyPage {
    /// Explains a view by its own input and the rows of its decision.
    pub fn of(view: &PanelInput<'_>, why: &WhyInput) -> Self {
        let lowest = why.steps.iter().map(|(_, level)| *level).min().unwrap_or(0);
        let decides = why.steps.iter().find(|(_, level)| *level == lowest).map(|(step, _)| *step);
        let lead = Words::ours("You see ")
            .strong(Words::ours(&format!("level {}", view.level)))
            .say(&format!(" because {}. ", decides.map_or("of the agreement", because)))
            .say("Everything else about this view would allow as much or more.");
        let row = |(step, level): &(WhyStep, u8)| StepRow {
            name: name(*step),
            level: Level(*level),
            text: text(*step, *level, view, why),
            decides: decides == Some(*step),
        };
        Self {
            head: super::build::head(view),
            lead,
            steps: why.steps.iter().map(row).collect(),
            kinds: kinds::universe(view).iter().map(|kind| kind_row(kind, view, why)).collect(),
            kept: vec![
                ("When", Words::new().moment(why.seen_at)),
                ("Who", Words::ours("Your name and position, ").quote(view.recipient)),
                ("What for", Words::ours(&super::words::upper_first(purpose_words(view.purpose)))),
                ("What", Words::ours("The kinds shown, not their text")),
                ("Receipt", Words::theirs(&why.receipt)),
            ],
        }
    }
}

impl WhyPage {
    /// The same page with one kind alone in its table.
    pub fn only(mut self, kind: ItemKind) -> Self {
        let title = Catalogue::standard().kind(kind).title;
        self.kinds.retain(|row| row.title == title);
        self
    }
}

fn name(step: WhyStep) -> &'static str {
    match step {
        WhyStep::System => "System",
        WhyStep::Reader => "You",
        WhyStep::Organisation => "The organisations",
        WhyStep::Agreement => "Agreement",
        WhyStep::FlowLevel => "Level of this flow",
        WhyStep::Purpose => "Purpose",
        WhyStep::Role => "Your role",
        WhyStep::Age => "Age",
        WhyStep::Link => "Link",
        WhyStep::Involvement => "Involvement",
        WhyStep::Limits => "Limits on this record",
    }
}

fn because(step: WhyStep) -> &'static str {
    match step {
        WhyStep::System => "the rules could not be checked in full",
        WhyStep::Reader => "of your position or your training",
        WhyStep::Organisation => "of an organisation’s assurance",
        WhyStep::Agreement => "of the state of the agreement",
        WhyStep::FlowLevel => "the part of the agreement that covers you is signed at that level",
        WhyStep::Purpose => "of the purpose that you opened it for",
        WhyStep::Role => "that is the most for your role",
        WhyStep::Age => "of the person’s age",
        WhyStep::Link => "of how the records are linked",
        WhyStep::Involvement => "no involvement with this person is known",
        WhyStep::Limits => "of a limit on this record",
    }
}

fn text(step: WhyStep, level: u8, view: &PanelInput<'_>, why: &WhyInput) -> Words {
    let full = level == 4;
    match step {
        WhyStep::System => Words::ours("The rules are checked and fresh"),
        WhyStep::Reader => Words::ours("Your position is active and your training in date"),
        WhyStep::Organisation => Words::theirs(view.source.name)
            .say(" and ")
            .quote(view.recipient)
            .say(if full { ": active, assurance in order" } else { ": active, assurance allows this much" }),
        WhyStep::Agreement => match view.terms.first() {
            Some(line) => Words::theirs(line.agreement).say(": signed by all, in force"),
            None => Words::ours("Signed by all, in force"),
        },
        WhyStep::FlowLevel => Words::theirs(&why.part).say(&format!(" shares up to level {level}")),
        WhyStep::Purpose => {
            Words::ours(&format!("{}, which the agreement names", upper(purpose_words(view.purpose))))
        }
        WhyStep::Role => Words::ours(&format!("Your role: up to level {level}")),
        WhyStep::Age => Words::ours("The person’s age is in scope"),
        WhyStep::Link => Words::ours("The records are confirmed as one person"),
        WhyStep::Involvement if full => Words::ours("You or your team are involved with this person"),
        WhyStep::Involvement => Words::ours("No involvement is known; the agreement allows this much"),
        WhyStep::Limits => Words::ours("None that stops this view"),
    }
}

fn upper(text: &str) -> String {
    super::words::upper_first(text)
}

fn kind_row(kind: ItemKind, view: &PanelInput<'_>, why: &WhyInput) -> KindRow {
    let row = Catalogue::standard().kind(kind);
    let signed = why.schedule.iter().find(|(one, _)| *one == kind).map(|(_, level)| level.value());
    let verdict = if !view.shared.contains(kind) {
        Verdict::NotShared
    } else if view.may_keep_back.contains(kind) {
        Verdict::WithExceptions
    } else {
        Verdict::Shared
    };
    let why = match (verdict, signed) {
        (Verdict::Shared, Some(level)) => format!("Level {level}"),
        (Verdict::WithExceptions, Some(level)) => {
            format!("Level {level}. Single entries can be kept back, to protect someone")
        }
        (Verdict::NotShared, Some(level)) if level > view.level => {
            format!("Level {level}. You see level {}", view.level)
        }
        (Verdict::NotShared, Some(_)) => {
            "Needs a permission that the agreement or your role lacks".to_owned()
        }
        (Verdict::NotShared, None) if row.level == DefaultLevel::Never => "Never shared".to_owned(),
        (Verdict::NotShared | Verdict::Shared | Verdict::WithExceptions, None) => {
            format!("{} does not name it", lower_first("The agreement"))
        }
    };
    KindRow { title: row.title, verdict, why: upper(&why) }
}
