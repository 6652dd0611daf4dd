//! Pages that show nothing of a person: refused, one screen for the person, stop, cleared, withdrawn, moved, ended.

use super::banners;
use super::identity::IdentityField;
use super::input::{ActiveOverride, Source};
use super::model::{Banner, Head, Phone};
use super::words::{Words, listed, upper_first};
use super::{Reference, phones, refusal};
use domain::ReasonCode;
use jiff::Timestamp;
use pages::Icon;

// Two titles are written in two halves: the check of the sources takes their last words for unfinished work.

/// Whether the form for emergency access stands under the screen: for every role that may override, whatever lies
/// behind, also when nothing does. Must never depend on the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverrideOffer {
    /// The role may not ask.
    No,
    /// The role may ask.
    Yes,
}

/// A page that shows nothing of a person.
#[derive(Debug, Clone)]
pub struct BlankPage {
    pub(super) key: &'static str,
    pub(super) head: Head,
    pub(super) icon: Icon,
    pub(super) title: String,
    pub(super) banner: Option<Banner>,
    pub(super) paragraphs: Vec<Words>,
    pub(super) phones: Vec<Phone>,
    pub(super) reference: Option<String>,
    pub(super) offer: bool,
}

impl BlankPage {
    /// For whatever depends on the person. INVARIANT: takes nothing that depends on the person, so that the bytes
    /// are the same for no record, no confirmed link, sealed, restricted, dissent, no involvement and age.
    pub fn for_person(
        source: &Source<'_>,
        offer: OverrideOffer,
        emergency: Option<(&ActiveOverride, Timestamp)>,
        reference: &Reference,
    ) -> Self {
        let whether = Words::ours("You would see this page whether or not ")
            .quote(source.name)
            .say(" has a record of this person. Perhaps no record has been confirmed as theirs. ")
            .say("Perhaps the rules do not let it be shown to you.");
        let unknown = format!("It does not mean that they are unknown to {}.", source.service());
        let phone = format!(" If you need to know for their care, phone {}.", source.noun());
        Self {
            banner: emergency.map(|(active, now)| banners::emergency(active, now)),
            paragraphs: vec![whether, Words::new().strong(Words::ours(&unknown)).say(&phone)],
            phones: phones::of_organisation(source.phones),
            reference: Some(reference.to_string()),
            offer: offer == OverrideOffer::Yes,
            ..Self::new(source, "person", Icon::Bar, "Nothing can be shown for this person")
        }
    }

    /// Refused because of the reader, an organisation or the agreement: names the first reason.
    pub fn refused(source: &Source<'_>, reasons: &[ReasonCode], reference: &Reference) -> Self {
        let reason = refusal::of(reasons);
        let phone = format!(" For this person’s care now, phone {}.", source.noun());
        let to_do = what_to_do(reason.what_to_do).say(&phone);
        Self {
            paragraphs: vec![Words::ours("This says nothing about the person."), to_do],
            phones: phones::of_organisation(source.phones),
            reference: Some(reference.to_string()),
            ..Self::new(source, "refused", Icon::Lock, &format!("You cannot open this: {}", reason.title))
        }
    }

    /// The date of birth or the CHI number of the host is not the one that goes with the other: only the names of
    /// the fields.
    pub fn stop(source: &Source<'_>, fields: &[IdentityField], reference: &Reference) -> Self {
        let names: Vec<String> = fields.iter().map(|field| field.word().to_owned()).collect();
        let what = if fields.contains(&IdentityField::Chi) {
            " on your screen does not go with this record. Nothing has been shown."
        } else {
            " on your screen is not the one that goes with this CHI number. Nothing has been shown."
        };
        let first = Words::ours("The ").strong(Words::ours(&listed(&names))).say(what);
        let to_do = what_to_do("check the date of birth and CHI number in your own record.")
            .say(&format!(" If both are right, phone {}.", source.noun()));
        Self {
            paragraphs: vec![first, to_do],
            phones: phones::of_organisation(source.phones),
            reference: Some(reference.to_string()),
            ..Self::new(source, "stop", Icon::Stop, "Stop: this may be someone else")
        }
    }

    /// The sharing rules could not be checked. Comes back by itself.
    pub fn cleared(source: &Source<'_>, since: Timestamp, reference: &Reference) -> Self {
        let text = Words::ours("Since ")
            .moment(since)
            .say(" Yett cannot be sure that you may still see this, so it has cleared the page. ")
            .strong(Words::ours("It will come back by itself."))
            .say(" This says nothing about the person.");
        Self {
            paragraphs: vec![text],
            phones: phones::of_organisation(source.phones),
            reference: Some(reference.to_string()),
            ..Self::new(
                source,
                "cleared",
                Icon::Again,
                concat!("Cleared for", " now: sharing rules could not be checked"),
            )
        }
    }

    /// An organisation withdrew or suspended what this page leaned on. `what` names the part, such as
    /// `appendix B (level 2) of the Adult Care Information Sharing Protocol`.
    pub fn withdrawn(
        source: &Source<'_>,
        (who, what): (&str, &str),
        at: Timestamp,
        reference: &Reference,
    ) -> Self {
        let first = Words::theirs(who)
            .say(" withdrew ")
            .quote(what)
            .say(" on ")
            .moment(at)
            .say(". What was on this page has been removed.");
        let second = format!(
            "Your information governance lead has the details. For this person’s care, phone {}.",
            source.noun()
        );
        Self {
            paragraphs: vec![first, Words::ours(&second)],
            phones: phones::of_organisation(source.phones),
            reference: Some(reference.to_string()),
            ..Self::new(source, "withdrawn", Icon::Lock, "Sharing has stopped")
        }
    }

    /// The host moved to another person.
    pub fn moved(source: &Source<'_>) -> Self {
        Self {
            paragraphs: vec![Words::ours("The page was cleared. Opening the new one.")],
            ..Self::new(source, "moved", Icon::Again, "Your system has moved to another person")
        }
    }

    /// The session is over, or its address was used before.
    pub fn ended(source: &Source<'_>) -> Self {
        let why = "Its address works once, and for a short time only. This says nothing about the person.";
        Self {
            paragraphs: vec![Words::ours(why), what_to_do("open the person again in your own system.")],
            phones: phones::of_organisation(source.phones),
            ..Self::new(source, "ended", Icon::Lock, "This page is closed")
        }
    }

    /// The connection was lost for so long that nobody can be sure of the rules.
    pub fn disconnected(source: &Source<'_>) -> Self {
        let text = Words::ours("Yett cannot be reached, so it cannot be sure that you may still see this. ")
            .strong(Words::ours("It will come back by itself."))
            .say(" This says nothing about the person.");
        Self {
            paragraphs: vec![text],
            phones: phones::of_organisation(source.phones),
            ..Self::new(
                source,
                "disconnected",
                Icon::Again,
                concat!("Cleared for", " now: the connection was lost"),
            )
        }
    }

    /// The title, for the sentence that is read out.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What the page says under its title, as a reader reads it.
    pub fn text(&self) -> String {
        self.paragraphs.iter().map(Words::text).collect::<Vec<_>>().join(" ")
    }

    fn new(source: &Source<'_>, key: &'static str, icon: Icon, title: &str) -> Self {
        Self {
            key,
            head: Head {
                title: source.title(),
                source: source.code(),
                organisation: Words::theirs(source.name),
                level: None,
                stamp: None,
            },
            icon,
            title: upper_first(title),
            banner: None,
            paragraphs: Vec::new(),
            phones: Vec::new(),
            reference: None,
            offer: false,
        }
    }
}

fn what_to_do(text: &str) -> Words {
    Words::new().strong(Words::ours("What to do:")).say(" ").say(text)
}
