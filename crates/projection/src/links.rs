//! What an event of the links stream does to the rows of the read model. Events of one record come in log order.

use domain::{
    ClericalReview, Decider, EventId, Link, LinkEvent, PersonId, RecordKey, Redirect, ReviewId,
    ReviewOutcome, SourceRecord,
};
use jiff::Timestamp;

/// What a source system answered to an index identifier that was sent to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The record that got the identifier.
    pub record: SourceRecord,
    /// The person whose identifier it is.
    pub person: PersonId,
    /// `None` when confirmed, the reason when refused.
    pub refused_because: Option<String>,
    /// When.
    pub answered_at: Timestamp,
}

/// One change of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkChange {
    /// The record's only link is this one now.
    SetLink(Link),
    /// The record's link goes, if it is to this person.
    RemoveLink {
        /// The record.
        record: SourceRecord,
        /// The person.
        person: PersonId,
    },
    /// These two are never to be linked by the machine.
    NeverLink {
        /// The record.
        record: SourceRecord,
        /// The person.
        person: PersonId,
    },
    /// A person decided that these two belong together after all.
    LiftNever {
        /// The record.
        record: SourceRecord,
        /// The person.
        person: PersonId,
    },
    /// The record, or its data, belongs to another one.
    SetRedirect {
        /// What moves where.
        redirect: Redirect,
        /// The event that said so.
        cause: EventId,
        /// When it was decided.
        decided_at: Timestamp,
    },
    /// A question is open.
    OpenReview(ClericalReview),
    /// A question is closed.
    CloseReview {
        /// The question.
        review: ReviewId,
        /// How it ended.
        outcome: ReviewOutcome,
        /// Who ended it.
        decided_by: Decider,
        /// When.
        decided_at: Timestamp,
    },
    /// A source system answered.
    SetAssignment(Assignment),
}

/// What open views may have to look at again: a record, and a person that it no longer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    /// The record.
    pub record: RecordKey,
    /// The person named by the event, found through the record or not.
    pub person: Option<PersonId>,
}

/// The changes of one event, in order.
pub fn link_changes(event: &LinkEvent) -> Vec<LinkChange> {
    match event {
        LinkEvent::RecordLinked(link) => linked(link),
        LinkEvent::RecordUnlinked { record, person, never_again, .. } => {
            let never =
                never_again.then(|| LinkChange::NeverLink { record: record.clone(), person: *person });
            let remove = LinkChange::RemoveLink { record: record.clone(), person: *person };
            [Some(remove), never].into_iter().flatten().collect()
        }
        LinkEvent::RecordRedirected { redirect, cause, decided_at } => {
            vec![LinkChange::SetRedirect {
                redirect: redirect.clone(),
                cause: *cause,
                decided_at: *decided_at,
            }]
        }
        LinkEvent::ReviewRaised(review) => vec![LinkChange::OpenReview(review.clone())],
        LinkEvent::ReviewDecided { review, record, outcome, decided_by, decided_at } => {
            let close = LinkChange::CloseReview {
                review: *review,
                outcome: outcome.clone(),
                decided_by: decided_by.clone(),
                decided_at: *decided_at,
            };
            let nevers = rejected(outcome).iter();
            let nevers =
                nevers.map(|person| LinkChange::NeverLink { record: record.clone(), person: *person });
            std::iter::once(close).chain(nevers).collect()
        }
        LinkEvent::AssignmentAnswered { record, person, refused_because, answered_at } => {
            vec![LinkChange::SetAssignment(Assignment {
                record: record.clone(),
                person: *person,
                refused_because: refused_because.clone(),
                answered_at: *answered_at,
            })]
        }
    }
}

fn linked(link: &Link) -> Vec<LinkChange> {
    let lift = LinkChange::LiftNever { record: link.record.clone(), person: link.person };
    let lift = link.decided_by.is_manual().then_some(lift);
    lift.into_iter().chain([LinkChange::SetLink(link.clone())]).collect()
}

fn rejected(outcome: &ReviewOutcome) -> &[PersonId] {
    match outcome {
        ReviewOutcome::Never(persons) => persons,
        ReviewOutcome::Linked(_) | ReviewOutcome::Superseded => &[],
    }
}

/// What open views may have to look at again after an event.
pub fn touched_by(event: &LinkEvent) -> Vec<Touched> {
    let one = |record: &SourceRecord, person| Touched { record: record.key(), person };
    match event {
        LinkEvent::RecordLinked(link) => vec![one(&link.record, Some(link.person))],
        LinkEvent::RecordUnlinked { record, person, .. } => vec![one(record, Some(*person))],
        LinkEvent::RecordRedirected { redirect, .. } => {
            vec![one(&redirect.from, None), one(&redirect.to, None)]
        }
        LinkEvent::ReviewRaised(_)
        | LinkEvent::ReviewDecided { .. }
        | LinkEvent::AssignmentAnswered { .. } => Vec::new(),
    }
}
