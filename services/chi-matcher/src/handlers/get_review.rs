//! One question with what a reviewer needs to see. Shows people: what is made here leaves through the gate only.

use crate::memory::Memory;
use crate::sight::Sight;
use domain::{Candidate, ClericalReview, ReviewId, SourceRecord};
use matching::{ComparisonLevel, Field, ReviewReason};
use proto::intake::{wire_demographics, wire_record_version, wire_source_record};
use proto::matching::v1::{GetReviewResponse, ReviewCandidate, ReviewRecord};
use proto::matching::wire_link_evidence;
use transport::Failure;

/// The open question, if it is one that the operator works on. To others there is none.
pub(crate) fn find<'a>(memory: &'a Memory, sight: &Sight, id: &str) -> Result<&'a ClericalReview, Failure> {
    let id = ReviewId::parse(id).map_err(|violation| Failure::field("review_id", violation.rule))?;
    let review = memory.matcher().graph().review(id).filter(|review| sight.covers(&review.record.authority));
    review.ok_or(Failure::NotFound { what: "open review" })
}

/// The answer, its reference left empty.
pub(crate) fn present(memory: &Memory, sight: &Sight, review: &ClericalReview) -> GetReviewResponse {
    let candidate = |candidate: &Candidate| ReviewCandidate {
        person_id: candidate.person.to_string(),
        record: Some(record(memory, sight, &candidate.record)),
        could_be_twin: could_be_twin(candidate),
        evidence: Some(wire_link_evidence(&candidate.evidence)),
    };
    GetReviewResponse {
        review_id: review.id.to_string(),
        record: Some(record(memory, sight, &review.record)),
        reason: review.reason.clone(),
        candidates: review.candidates.iter().map(candidate).collect(),
        raised_at: Some(proto::timestamp(review.raised_at)),
        judged_version: Some(wire_record_version(review.judged_version)),
        reference: String::new(),
    }
}

/// A record with what it says, where the operator may see that.
fn record(memory: &Memory, sight: &Sight, record: &SourceRecord) -> ReviewRecord {
    let seen = memory.demographics(record).filter(|_| sight.covers(&record.authority));
    ReviewRecord { record: Some(wire_source_record(record)), demographics: seen.map(wire_demographics) }
}

/// Same birth date and surname, another forename: the likeness of twins and siblings.
fn could_be_twin(candidate: &Candidate) -> bool {
    let evidence = &candidate.evidence;
    let level = |field: Field, levels: &[ComparisonLevel]| {
        let of_field = evidence.fields.iter().filter(|line| line.field == field.title());
        of_field.into_iter().any(|line| levels.iter().any(|level| line.level == level.title()))
    };
    evidence.rules.iter().any(|rule| rule == ReviewReason::Family.words())
        || (level(Field::BirthDate, &[ComparisonLevel::Exact])
            && level(Field::Surname, &[ComparisonLevel::Exact])
            && level(Field::Forename, &[ComparisonLevel::Different, ComparisonLevel::Alike]))
}
