//! What the templates of a panel show, ready in words: no rule of sharing and no formatting happens after this.

use super::words::Words;

/// A whole panel.
#[derive(Debug, Clone)]
pub struct PanelView {
    /// Head.
    pub head: Head,
    /// The line that only paper shows.
    pub printed: Words,
    /// Time of this view, for the mark of changed rows: `14:05`.
    pub clock: String,
    /// Who it is about; absent where identity is not shared or the host shows its own banner.
    pub person: Option<PersonBanner>,
    /// States that change how all the rest is read.
    pub banners: Vec<Banner>,
    /// What the level leaves out, in one line.
    pub note: Option<Words>,
    /// Alerts.
    pub alerts: Vec<Entry>,
    /// Whom to phone.
    pub phones: Vec<Phone>,
    /// Groups, in three columns.
    pub columns: Vec<Vec<Group>>,
    /// Kinds that are shared and have nothing to show.
    pub empty: Option<Words>,
    /// Kinds that the source does not send.
    pub not_sent: Option<Words>,
    /// Kinds that are not shared.
    pub excluded: Excluded,
    /// On which terms.
    pub terms: Words,
    /// Source and times of each group.
    pub times: Vec<GroupTimes>,
}

/// The head of a panel.
#[derive(Debug, Clone)]
pub struct Head {
    /// Title.
    pub title: &'static str,
    /// Value of `data-source`.
    pub source: &'static str,
    /// Organisation.
    pub organisation: Words,
    /// Level, absent on a page that shows nothing.
    pub level: Option<Level>,
    /// Stamp, absent on a page that shows nothing.
    pub stamp: Option<Stamp>,
}

/// A level, as words and pips.
#[derive(Debug, Clone, Copy)]
pub struct Level(pub u8);

impl Level {
    /// Four pips, those up to the level filled.
    pub fn pips(self) -> [bool; 4] {
        [1, 2, 3, 4].map(|pip| pip <= self.0)
    }
}

/// How fresh the page is.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// Whether the feed is heard as it should be.
    pub live: bool,
    /// `as of …`, or that it was never heard.
    pub as_of: Words,
}

/// Who the page is about.
#[derive(Debug, Clone)]
pub struct PersonBanner {
    /// `DUNBRAE, Elspeth (Mrs)`.
    pub name: Words,
    /// Labels and values.
    pub facts: Vec<(&'static str, Words)>,
    /// What agrees with the host's screen; absent where something differs or nothing was compared.
    pub agrees: Option<String>,
}

/// How loud a banner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something to be careful of.
    Caution,
    /// Something to know.
    Quiet,
}

/// A state that changes how all the rest is read.
#[derive(Debug, Clone)]
pub struct Banner {
    /// Which state, for the script.
    pub key: &'static str,
    /// How loud.
    pub tone: Tone,
    /// Icon.
    pub icon: pages::Icon,
    /// Title.
    pub title: Words,
    /// Fields that differ: field, the host's value, the source's value.
    pub differences: Vec<(String, Words, Words)>,
    /// Name of the source, heading the third column of the differences.
    pub organisation: Words,
    /// Sentence.
    pub text: Words,
    /// Seconds that emergency access still lasts, where this is its banner.
    pub seconds_left: Option<i64>,
}

/// A tag: always a word.
#[derive(Debug, Clone)]
pub struct Tag {
    /// Class: empty, `alert`, `caution` or `good`.
    pub class: &'static str,
    /// The word.
    pub word: Words,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Tells the row from others of the page, the same at every update. Does not identify anyone.
    pub key: String,
    /// Label of a fact.
    pub label: Option<&'static str>,
    /// What, in bold (in a fact: the value).
    pub main: Words,
    /// Tags after it.
    pub tags: Vec<Tag>,
    /// When the source says that it was true.
    pub as_of: Words,
    /// The rest.
    pub more: Words,
}

/// Whom to phone.
#[derive(Debug, Clone)]
pub struct Phone {
    /// Tells the row from others.
    pub key: String,
    /// In which role.
    pub who: Words,
    /// Name.
    pub name: Words,
    /// Number, where one is known.
    pub number: Option<PhoneNumber>,
    /// When, or since when.
    pub more: Words,
}

/// A telephone number as a link.
#[derive(Debug, Clone)]
pub struct PhoneNumber {
    /// As people write it.
    pub shown: String,
    /// Digits for the link.
    pub dial: String,
}

/// A group of rows.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which group, for the script.
    pub key: &'static str,
    /// Title.
    pub title: &'static str,
    /// Source system, where a panel has several.
    pub system: Option<Words>,
    /// Whether the rows are labels with values.
    pub facts: bool,
    /// Rows.
    pub entries: Vec<Entry>,
    /// The sentence of a group without rows.
    pub sentence: Option<Words>,
}

/// What is not shared, from the schedule.
#[derive(Debug, Clone)]
pub struct Excluded {
    /// Level.
    pub level: u8,
    /// Kinds, in plain words.
    pub kinds: Vec<String>,
    /// Whether single entries can be kept back too.
    pub single_entries: bool,
    /// Whom to phone for more.
    pub phone_for_more: String,
}

/// Source and times of one group.
#[derive(Debug, Clone)]
pub struct GroupTimes {
    /// Group.
    pub title: String,
    /// Source system.
    pub system: Words,
    /// Newest *as of*.
    pub as_of: Words,
    /// Newest receipt.
    pub received: Words,
}
