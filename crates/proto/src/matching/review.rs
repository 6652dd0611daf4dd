//! Questions for clerical review and their candidates, between wire and domain.

use super::evidence::read_evidence;
use super::{v1, wire_link_evidence};
use crate::intake;
use crate::reading::{Part, timestamp, whole};
use domain::{Candidate, ClericalReview, FieldViolation, PersonId, ReviewId};

/// Most candidates of one question.
const MOST_CANDIDATES: usize = 3;

/// Reads a question.
pub fn clerical_review(value: v1::ClericalReview, path: &str) -> Result<ClericalReview, Vec<FieldViolation>> {
    whole(path, |part| read_review(value, part))
}

/// A question on the wire.
pub fn wire_clerical_review(review: &ClericalReview) -> v1::ClericalReview {
    v1::ClericalReview {
        id: review.id.to_string(),
        record: Some(intake::wire_source_record(&review.record)),
        judged_version: Some(intake::wire_record_version(review.judged_version)),
        reason: review.reason.clone(),
        candidates: review.candidates.iter().map(wire_candidate).collect(),
        raised_at: Some(timestamp(review.raised_at)),
    }
}

/// Reads a candidate.
pub fn candidate(value: v1::Candidate, path: &str) -> Result<Candidate, Vec<FieldViolation>> {
    whole(path, |part| read_candidate(value, part))
}

/// A candidate on the wire.
pub fn wire_candidate(candidate: &Candidate) -> v1::Candidate {
    v1::Candidate {
        person_id: candidate.person.to_string(),
        record: Some(intake::wire_source_record(&candidate.record)),
        evidence: Some(wire_link_evidence(&candidate.evidence)),
    }
}

pub(crate) fn read_review(value: v1::ClericalReview, part: &mut Part<'_>) -> Option<ClericalReview> {
    let id = part.checked("id", ReviewId::parse(&value.id));
    let record = part.with("record", |at, reading| intake::source_record(value.record, at, reading));
    let judged_version =
        part.with("judged_version", |at, reading| intake::record_version(value.judged_version, at, reading));
    let reason = part.line("reason", value.reason, 1, 200);
    part.limit("candidates", value.candidates.len() > MOST_CANDIDATES, "must be at most three");
    let candidates = part.each("candidates", value.candidates, read_candidate);
    let raised_at = part.instant("raised_at", value.raised_at);
    Some(ClericalReview {
        id: id?,
        record: record?,
        judged_version: judged_version?,
        reason,
        candidates: candidates?,
        raised_at: raised_at?,
    })
}

fn read_candidate(value: v1::Candidate, part: &mut Part<'_>) -> Option<Candidate> {
    let person = part.checked("person_id", PersonId::parse(&value.person_id));
    let record = part.with("record", |at, reading| intake::source_record(value.record, at, reading));
    let evidence = part.inner("evidence", value.evidence, read_evidence);
    Some(Candidate { person: person?, record: record?, evidence: evidence? })
}
