//! Bytes of links, reviews, leaves and launches, and of the two halves of a record.

use super::{Coded, Error, Input, coded_struct, corrupt};
use domain::{
    Candidate, ClericalReview, Decider, Demographics, FieldEvidence, FlowUse, ItemKind, Leaf, Link,
    LinkEvidence, RecordVersion, Redirect, Request, Requester, ReviewOutcome, SourceRecord, Window,
};
use projection::{Assignment, DemographicsField, Stamp};
use storage::{Launch, PersonQuery, RedirectRow};

/// What a view reads of a record.
pub(crate) struct Facts {
    pub(crate) record: SourceRecord,
    pub(crate) version: RecordVersion,
    pub(crate) demographics: Demographics,
    pub(crate) relationships: Vec<Window>,
}

/// What only folding reads of a record.
pub(crate) struct Upkeep {
    pub(crate) stamps: Vec<(DemographicsField, Stamp)>,
    pub(crate) floors: Vec<(ItemKind, RecordVersion)>,
    pub(crate) removed: Option<RecordVersion>,
}

/// How a review ended.
pub(crate) struct Closing {
    pub(crate) outcome: ReviewOutcome,
    pub(crate) decided_by: Decider,
    pub(crate) decided_at: jiff::Timestamp,
}

coded_struct! {
    Facts { record, version, demographics, relationships }
    Upkeep { stamps, floors, removed }
    Closing { outcome, decided_by, decided_at }
    FieldEvidence { field, level, weight }
    LinkEvidence { fields, prior, total, runner_up, index_size, rules }
    Link { record, person, status, evidence, decided_by, decided_at, judged_version }
    Candidate { person, record, evidence }
    ClericalReview { id, record, judged_version, reason, candidates, raised_at }
    Assignment { record, person, refused_because, answered_at }
    Redirect { from, to, scope }
    RedirectRow { redirect, cause, decided_at }
    FlowUse { flow, agreement_version, items }
    Leaf {
        id, at, exit, disclosed, bundle_hash, user, position, organisation, host_organisation, session, purpose, person,
        flows, items, item_count, reasons, override_id, body_digest, trace_id,
        + stated_reason
    }
    Requester { user, organisation, host_organisation, position }
    Request { requester, purpose, session, bound_person, relationship_asserted, authenticated_at }
    Launch { request, asked, origin, context }
}

impl Coded for Decider {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Index => out.push(0),
            Self::Machine { model } => {
                out.push(1);
                model.put(out);
            }
            Self::Manual { user, reason } => {
                out.push(2);
                user.put(out);
                reason.put(out);
            }
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        match u8::take(input)? {
            0 => Ok(Self::Index),
            1 => Coded::take(input).map(|model| Self::Machine { model }),
            2 => Coded::take(input).map(|(user, reason)| Self::Manual { user, reason }),
            3..=u8::MAX => Err(corrupt("an unknown kind of decider")),
        }
    }
}

impl Coded for ReviewOutcome {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Linked(person) => {
                out.push(0);
                person.put(out);
            }
            Self::Never(persons) => {
                out.push(1);
                persons.put(out);
            }
            Self::Superseded => out.push(2),
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        match u8::take(input)? {
            0 => Coded::take(input).map(Self::Linked),
            1 => Coded::take(input).map(Self::Never),
            2 => Ok(Self::Superseded),
            3..=u8::MAX => Err(corrupt("an unknown outcome")),
        }
    }
}

impl Coded for PersonQuery {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Chi(number) => {
                out.push(0);
                number.put(out);
            }
            Self::NhsNumber(number) => {
                out.push(1);
                number.put(out);
            }
            Self::Record(record) => {
                out.push(2);
                record.put(out);
            }
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        match u8::take(input)? {
            0 => Coded::take(input).map(Self::Chi),
            1 => Coded::take(input).map(Self::NhsNumber),
            2 => Coded::take(input).map(Self::Record),
            3..=u8::MAX => Err(corrupt("an unknown kind of question")),
        }
    }
}
