//! Questions for clerical review, and answers of source systems to assigned identifiers.

use crate::Error;
use async_trait::async_trait;
use domain::{ClericalReview, Decider, PersonId, RecordKey, ReviewId, ReviewOutcome};
use jiff::Timestamp;
use projection::Assignment;

/// Writing side.
#[async_trait]
pub trait Reviews {
    /// The question, if it is open, as the unit sees it.
    async fn open_review(&mut self, review: ReviewId) -> Result<Option<ClericalReview>, Error>;

    /// Stores an open question. One that was closed before stays closed.
    async fn save_review(&mut self, review: &ClericalReview) -> Result<(), Error>;

    /// Closes a question; says whether it was open.
    async fn close_review(
        &mut self,
        review: ReviewId,
        outcome: &ReviewOutcome,
        decided_by: &Decider,
        decided_at: Timestamp,
    ) -> Result<bool, Error>;

    /// Stores the latest answer for a record and a person.
    async fn save_assignment(&mut self, assignment: &Assignment) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait ReviewReads {
    /// Open questions, the oldest first.
    async fn open_reviews(&self, limit: u32) -> Result<Vec<ClericalReview>, Error>;

    /// The question, if it is open.
    async fn find_open_review(&self, review: ReviewId) -> Result<Option<ClericalReview>, Error>;

    /// Open questions about a record.
    async fn open_reviews_of(&self, record: RecordKey) -> Result<Vec<ClericalReview>, Error>;

    /// What the source system answered for this record and person.
    async fn assignment(&self, record: RecordKey, person: PersonId) -> Result<Option<Assignment>, Error>;
}
