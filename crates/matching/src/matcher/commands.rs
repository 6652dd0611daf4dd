//! What people decide: reviews, links by hand, unlinking. Must not let a word pass without a reason and a name to it.

use domain::{
    ClericalReview, Decider, EventId, Link, LinkEvent, LinkEvidence, LinkStatus, PersonId, RecordVersion,
    ReviewId, ReviewOutcome, SourceRecord, UserId,
};
use jiff::Timestamp;

use crate::error::Error;
use crate::matcher::{Cause, Matcher};

/// Longest reason in characters.
const LONGEST_REASON: usize = 500;

/// A reviewer's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewDecision {
    /// The question.
    pub review: ReviewId,
    /// The answer: linked or never; `Never` of nobody means none of those proposed.
    pub outcome: ReviewOutcome,
    /// Who answers.
    pub by: UserId,
    /// Why, 1 to 500 characters.
    pub reason: String,
    /// The version of the record that the reviewer saw.
    pub judged_version: RecordVersion,
}

/// A link to undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinking {
    /// The record.
    pub record: SourceRecord,
    /// Who undoes it.
    pub by: UserId,
    /// Why, 1 to 500 characters.
    pub reason: String,
    /// These two are never to be linked again.
    pub never_again: bool,
}

/// A link made by hand without a question: "always these two".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualLink {
    /// The record.
    pub record: SourceRecord,
    /// The person.
    pub person: PersonId,
    /// Who links.
    pub by: UserId,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

impl Matcher {
    /// Takes a reviewer's answer to an open question.
    pub fn decide_review(
        &mut self,
        decision: &ReviewDecision,
        now: Timestamp,
    ) -> Result<Vec<LinkEvent>, Error> {
        let by = manual(&decision.by, &decision.reason)?;
        let review = self.graph().review(decision.review).cloned().ok_or(Error::ReviewNotOpen)?;
        if review.judged_version != decision.judged_version {
            return Err(Error::RecordChanged);
        }
        match &decision.outcome {
            ReviewOutcome::Superseded => Err(Error::NotAReviewersOutcome),
            ReviewOutcome::Linked(person) => {
                let link =
                    self.manual_link((&review.record, *person), review.judged_version, (by.clone(), now))?;
                let mut events = self.replacing(&link);
                events.push(answered(&review, ReviewOutcome::Linked(link.person), (by, now)));
                events.push(LinkEvent::RecordLinked(link));
                Ok(self.fold(events))
            }
            ReviewOutcome::Never(persons) => Ok(self.rule_out(&review, persons, (by, now))),
        }
    }

    /// Undoes the link of one record, and nothing else.
    pub fn unlink(&mut self, unlinking: &Unlinking, now: Timestamp) -> Result<Vec<LinkEvent>, Error> {
        let by = manual(&unlinking.by, &unlinking.reason)?;
        let link = self.graph().own_link_of(&unlinking.record).ok_or(Error::NotLinked)?;
        if link.decided_by == Decider::Index {
            return Err(Error::IndexRecord);
        }
        let mut events = vec![undone(link, (by, now), unlinking.never_again)];
        events.extend(self.superseding(&unlinking.record, now));
        Ok(self.fold(events))
    }

    /// Links a record to a person by hand.
    pub fn link(&mut self, wanted: &ManualLink, now: Timestamp) -> Result<Vec<LinkEvent>, Error> {
        let by = manual(&wanted.by, &wanted.reason)?;
        let version = self.index().find(&wanted.record).ok_or(Error::UnknownRecord)?.version;
        let link = self.manual_link((&wanted.record, wanted.person), version, (by, now))?;
        let mut events = self.replacing(&link);
        events.extend(self.superseding(&wanted.record, now));
        events.push(LinkEvent::RecordLinked(link));
        Ok(self.fold(events))
    }

    /// Closes a question with "never these", undoes a disputed link among them, and looks at who is left.
    fn rule_out(
        &mut self,
        review: &ClericalReview,
        persons: &[PersonId],
        by: (Decider, Timestamp),
    ) -> Vec<LinkEvent> {
        let proposed = || review.candidates.iter().map(|candidate| candidate.person).collect();
        let persons: Vec<PersonId> = if persons.is_empty() { proposed() } else { persons.to_vec() };
        let mut events = Vec::new();
        let link = self.graph().own_link_of(&review.record);
        let ruled_out = |link: &&Link| {
            link.decided_by != Decider::Index && persons.contains(&self.graph().resolve_person(link.person))
        };
        events.extend(link.filter(ruled_out).map(|link| undone(link, by.clone(), true)));
        let now = by.1;
        events.push(answered(review, ReviewOutcome::Never(persons), by));
        let mut events = self.fold(events);
        events.extend(self.settle(&review.record, Cause { event: EventId(review.id.0), now }));
        events
    }

    fn manual_link(
        &self,
        (record, person): (&SourceRecord, PersonId),
        judged_version: RecordVersion,
        (by, now): (Decider, Timestamp),
    ) -> Result<Link, Error> {
        let person = self.graph().resolve_person(person);
        if !self.graph().knows(person) {
            return Err(Error::UnknownPerson);
        }
        if self.graph().own_link_of(record).is_some_and(|link| link.decided_by == Decider::Index) {
            return Err(Error::IndexRecord);
        }
        Ok(Link {
            record: record.clone(),
            person,
            status: LinkStatus::Confirmed,
            evidence: self.evidence_now(record, person, now),
            decided_by: by,
            decided_at: now,
            judged_version,
        })
    }

    /// What spoke for the person when somebody decided: computed, not taken from the page.
    fn evidence_now(&self, record: &SourceRecord, person: PersonId, now: Timestamp) -> LinkEvidence {
        let Some(held) = self.index().find(record) else { return LinkEvidence::default() };
        let scored = self.rank_with(held, person, now);
        let chosen = scored.into_iter().find(|scored| scored.candidate.person == person);
        chosen.map(|scored| scored.candidate.evidence).unwrap_or_default()
    }

    /// Undoes a link to somebody else that a new one takes the place of.
    fn replacing(&self, new: &Link) -> Vec<LinkEvent> {
        let former = self.graph().own_link_of(&new.record);
        let other = former.filter(|link| self.graph().resolve_person(link.person) != new.person);
        other.map(|link| undone(link, (new.decided_by.clone(), new.decided_at), false)).into_iter().collect()
    }
}

fn manual(by: &UserId, reason: &str) -> Result<Decider, Error> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::Reason);
    }
    Ok(Decider::Manual { user: by.clone(), reason: reason.to_owned() })
}

fn undone(link: &Link, (decided_by, decided_at): (Decider, Timestamp), never_again: bool) -> LinkEvent {
    LinkEvent::RecordUnlinked {
        record: link.record.clone(),
        person: link.person,
        decided_by,
        decided_at,
        never_again,
    }
}

fn answered(review: &ClericalReview, outcome: ReviewOutcome, (by, at): (Decider, Timestamp)) -> LinkEvent {
    LinkEvent::ReviewDecided {
        review: review.id,
        record: review.record.clone(),
        outcome,
        decided_by: by,
        decided_at: at,
    }
}
