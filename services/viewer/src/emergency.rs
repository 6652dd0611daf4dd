//! Emergency access: declared in a session by a reader whose role may, told to the privacy officer by the same event,
//! ended by the reader or by time. Whether it lifts anything is the rule's to say, and nothing here tells it.

use crate::Viewer;
use crate::present::reader_decision;
use crate::sessions::{Session, unavailable};
use domain::{DirectiveId, EventId, Exit, Override, OverrideReason, SharingEvent};
use event_codec::Event;
use gate::Gate;
use policy::Rules;
use serde::Deserialize;
use std::time::Duration;
use transport::Failure;

/// How long an answer waits until the rules know of a declaration.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Most characters of the reader's own words.
const MOST_CHARACTERS: usize = 500;

/// What the form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declaration {
    reason: String,
    why: String,
}

/// Why emergency access was not declared, in the words that the form shows.
#[derive(Debug)]
pub(crate) enum NotDeclared {
    /// The form is not filled in as it must be.
    Form(&'static str),
    /// The reader signed in too long ago.
    SignIn,
    /// No role of the reader may declare it.
    Role,
    /// It could not be carried out.
    Failed(Failure),
}

impl NotDeclared {
    /// The sentence under the form.
    pub(crate) fn sentence(&self) -> &'static str {
        match self {
            Self::Form(sentence) => sentence,
            Self::SignIn => {
                "You signed in more than 5 minutes ago. Sign in again in your own system, open the person once more, \
                 and then ask."
            }
            Self::Role => "Your role may not ask for emergency access.",
            Self::Failed(_) => "That could not be sent. Try again.",
        }
    }
}

impl From<Failure> for NotDeclared {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Declaration {
    /// Reads the body of the form.
    pub(crate) fn read(body: &[u8]) -> Result<(OverrideReason, String), NotDeclared> {
        let read: Result<Self, _> = serde_json::from_slice(body);
        read.map_err(|_| NotDeclared::Form("Say why you need it, then ask again."))?.checked()
    }

    fn checked(self) -> Result<(OverrideReason, String), NotDeclared> {
        let reason = match self.reason.as_str() {
            "emergency" => OverrideReason::Emergency,
            "public-interest" => OverrideReason::PublicInterest,
            "statute" => OverrideReason::Statute,
            "court-order" => OverrideReason::CourtOrder,
            "other" => OverrideReason::Other,
            _ => return Err(NotDeclared::Form("Choose one of the reasons.")),
        };
        let words = self.why.trim();
        if words.is_empty() {
            return Err(NotDeclared::Form("Say in your own words why you need it."));
        }
        let is_bad = |c: char| c.is_control() && c != '\n' && c != '\t';
        if words.chars().count() > MOST_CHARACTERS || words.chars().any(is_bad) {
            return Err(NotDeclared::Form("Say it in at most 500 characters."));
        }
        Ok((reason, words.to_owned()))
    }
}

/// Whether the reader proved who they are shortly before, as the rule asks.
fn signed_in_lately(session: &Session, now: jiff::Timestamp) -> bool {
    let at = session.launch.request.authenticated_at;
    at <= now && now.as_second() - at.as_second() <= Rules::default().override_authentication_s
}

impl Viewer {
    /// Declares emergency access in a session.
    pub(crate) async fn declare_emergency(&self, session: &Session, body: &[u8]) -> Result<(), NotDeclared> {
        let (reason, text) = Declaration::read(body)?;
        self.may_declare(session).await?;
        let now = self.clock.now();
        if !signed_in_lately(session, now) {
            return Err(NotDeclared::SignIn);
        }
        let request = &session.launch.request;
        let found = self.store.resolve(&session.launch.asked).await.map_err(unavailable)?;
        let person = found.map(|one| one.person).or(request.bound_person);
        let id = DirectiveId(self.entropy.uuid());
        let declared = Override {
            id,
            user: request.requester.user.clone(),
            organisation: request.requester.organisation.clone(),
            person: person.unwrap_or_else(|| Gate::stand_in(request.session)),
            session: request.session,
            reason,
            text,
            declared_at: now,
            authenticated_at: request.authenticated_at,
            ended_at: None,
        };
        self.submit(vec![SharingEvent::OverrideDeclared(declared)]).await?;
        self.wait_for(session, |one| one.id == id).await;
        Ok(())
    }

    /// Whether a role of the reader may declare it, whoever the person is.
    async fn may_declare(&self, session: &Session) -> Result<(), NotDeclared> {
        let decision =
            reader_decision(&self.gate, &session.launch.request).ok_or_else(Failure::unavailable)?;
        if decision.may_offer_override {
            return Ok(());
        }
        if matches!(decision.refusal(), Some(policy::Refusal::Cleared(_))) {
            return Err(Failure::unavailable().into());
        }
        drop(self.refused(&session.caller(), Exit::Panel).await);
        Err(NotDeclared::Role)
    }

    /// Ends whatever emergency access stands in a session.
    pub(crate) async fn end_emergency(&self, session: &Session) -> Result<(), Failure> {
        let at = self.clock.now();
        let snapshot = self.gate.snapshot();
        let declared = snapshot.state.overrides_in(&session.launch.request.session);
        let open: Vec<DirectiveId> =
            declared.iter().filter(|one| one.ended_at.is_none()).map(|one| one.id).collect();
        let Some(last) = open.last().copied() else { return Ok(()) };
        self.submit(open.into_iter().map(|id| SharingEvent::OverrideEnded { id, at }).collect()).await?;
        self.wait_for(session, |one| one.id == last && one.ended_at.is_some()).await;
        Ok(())
    }

    async fn submit(&self, events: Vec<SharingEvent>) -> Result<(), Failure> {
        let events = events.into_iter().map(|event| (EventId(self.entropy.uuid()), Event::Sharing(event)));
        self.commands.submit(events.collect()).await.map_err(|error| {
            tracing::warn!(role = "viewer", error = %error, "emergency access could not be stored");
            Failure::unavailable()
        })
    }

    /// Waits until the rules know of it. When they are slow, the view that follows is the one of before, and a live
    /// view tells the change when it comes.
    async fn wait_for(&self, session: &Session, known: impl Fn(&Override) -> bool) {
        let session = session.launch.request.session;
        let mut rules = self.gate.rules_changed();
        let seen = async {
            loop {
                rules.mark_unchanged();
                if self.gate.snapshot().state.overrides_in(&session).iter().any(&known) {
                    return;
                }
                if rules.changed().await.is_err() {
                    return;
                }
            }
        };
        if tokio::time::timeout(LONGEST_WAIT, seen).await.is_err() {
            tracing::warn!(stream = "sharing", "the rules are slow to learn of emergency access");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reason: &str, why: &str) -> Result<(OverrideReason, String), NotDeclared> {
        Declaration::read(serde_json::json!({ "reason": reason, "why": why }).to_string().as_bytes())
    }

    #[test]
    fn every_reason_of_the_form_is_understood_and_the_words_are_kept() {
        for reason in ["emergency", "public-interest", "statute", "court-order"] {
            let (_, words) = read(reason, "  She fell.\nNobody else is here. ").unwrap();
            assert_eq!(words, "She fell.\nNobody else is here.");
        }
        let form = include_str!("../templates/override_form.html");
        let offered = form.matches("name=\"reason\"").count();
        let values =
            form.split("name=\"reason\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        assert_eq!(values.filter(|value| read(value, "x").is_ok()).count(), offered);
    }

    #[test]
    fn a_form_without_a_reason_or_words_is_sent_back_with_a_sentence() {
        let long = "x".repeat(501);
        for (reason, why) in
            [("", "x"), ("curious", "x"), ("emergency", " "), ("emergency", &long), ("emergency", "\0")]
        {
            assert!(matches!(read(reason, why), Err(NotDeclared::Form(_))), "{reason}");
        }
        assert!(matches!(Declaration::read(b"{"), Err(NotDeclared::Form(_))));
        assert!(read("statute", &"é".repeat(500)).is_ok());
    }
}
