//! The open questions, the longest waiting first. Names nobody.

use crate::memory::Memory;
use crate::sight::Sight;
use domain::{ClericalReview, ReviewId};
use jiff::Timestamp;
use proto::matching::v1::{ListReviewsRequest, ListReviewsResponse, ReviewSummary};
use transport::Failure;

/// Entries where the caller does not say how many.
const USUAL: usize = 50;
/// Most entries of one answer.
const MOST: usize = 500;

pub(crate) fn handle(
    memory: &Memory,
    sight: &Sight,
    request: &ListReviewsRequest,
) -> Result<ListReviewsResponse, Failure> {
    let size = usize::try_from(request.page_size).unwrap_or(MOST);
    let size = if size == 0 { USUAL } else { size.min(MOST) };
    let after = read_token(&request.page_token)?;
    let open = memory.matcher().graph().open_reviews();
    let mut waiting = open
        .into_iter()
        .filter(|review| sight.covers(&review.record.authority))
        .filter(|review| after.is_none_or(|after| place(review) > after))
        .peekable();
    let page: Vec<&ClericalReview> = waiting.by_ref().take(size).collect();
    let more = waiting.peek().is_some();
    let next_page_token = page.last().filter(|_| more).map(|last| token(last)).unwrap_or_default();
    Ok(ListReviewsResponse { reviews: page.into_iter().map(summary).collect(), next_page_token })
}

fn summary(review: &ClericalReview) -> ReviewSummary {
    ReviewSummary {
        review_id: review.id.to_string(),
        authority: review.record.authority.to_string(),
        reason: review.reason.clone(),
        candidate_count: u32::try_from(review.candidates.len()).unwrap_or(u32::MAX),
        raised_at: Some(proto::timestamp(review.raised_at)),
    }
}

/// Where a question stands in the list.
fn place(review: &ClericalReview) -> (Timestamp, ReviewId) {
    (review.raised_at, review.id)
}

fn token(review: &ClericalReview) -> String {
    format!("{}.{}", review.raised_at.as_nanosecond(), review.id)
}

fn read_token(text: &str) -> Result<Option<(Timestamp, ReviewId)>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.split_once('.').and_then(|(at, id)| {
        let at = Timestamp::from_nanosecond(at.parse().ok()?).ok()?;
        Some((at, ReviewId::parse(id).ok()?))
    });
    read.map(Some).ok_or_else(|| Failure::field("page_token", "must be a token of an answer before"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_anything_else_is_refused() {
        let review = ClericalReview {
            id: ReviewId::parse("0190a7d2-0000-7000-8000-000000000001").unwrap(),
            record: domain::SourceRecord::parse("council", "1").unwrap(),
            judged_version: domain::RecordVersion::Sequence(1),
            reason: String::new(),
            candidates: Vec::new(),
            raised_at: "2026-11-24T09:00:00.123456Z".parse().unwrap(),
        };
        assert_eq!(read_token(&token(&review)), Ok(Some(place(&review))));
        assert_eq!(read_token(""), Ok(None));
        for bad in ["x", "1.2", ".", "99999999999999999999999999999999999999.x"] {
            assert!(matches!(read_token(bad), Err(Failure::Invalid(_))), "{bad}");
        }
    }
}
