//! Clerical reviews and assignments.

use crate::codec::{Closing, encode};
use crate::sql::{Bytes16, all, body, execute, first, micros};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::{ClericalReview, Decider, PersonId, RecordKey, ReviewId, ReviewOutcome};
use jiff::Timestamp;
use projection::Assignment;
use rusqlite::{Connection, params};
use storage::{Error, ReviewReads, Reviews};

#[async_trait]
impl Reviews for SqliteUnit {
    async fn open_review(&mut self, review: ReviewId) -> Result<Option<ClericalReview>, Error> {
        find_open(&self.connection, review)
    }

    async fn save_review(&mut self, review: &ClericalReview) -> Result<(), Error> {
        let sql = "INSERT INTO reviews (review, record, raised_at, body) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (review) DO UPDATE SET raised_at = excluded.raised_at, body = excluded.body";
        let key = review.record.key();
        let values = params![review.id.bytes(), key.bytes(), micros(review.raised_at), encode(review)];
        execute(&self.connection, sql, values).map(drop)
    }

    async fn close_review(
        &mut self,
        review: ReviewId,
        outcome: &ReviewOutcome,
        decided_by: &Decider,
        decided_at: Timestamp,
    ) -> Result<bool, Error> {
        let closing = Closing { outcome: outcome.clone(), decided_by: decided_by.clone(), decided_at };
        let sql = "UPDATE reviews SET closing = ?2 WHERE review = ?1 AND closing IS NULL";
        Ok(execute(&self.connection, sql, params![review.bytes(), encode(&closing)])? > 0)
    }

    async fn save_assignment(&mut self, assignment: &Assignment) -> Result<(), Error> {
        let sql = "INSERT INTO assignments (record, person, body) VALUES (?1, ?2, ?3)
                   ON CONFLICT (record, person) DO UPDATE SET body = excluded.body";
        let key = assignment.record.key();
        execute(&self.connection, sql, params![key.bytes(), assignment.person.bytes(), encode(assignment)])
            .map(drop)
    }
}

#[async_trait]
impl ReviewReads for SqliteStore {
    async fn open_reviews(&self, limit: u32) -> Result<Vec<ClericalReview>, Error> {
        let sql = "SELECT body FROM reviews WHERE closing IS NULL ORDER BY raised_at, review LIMIT ?1";
        self.read(|connection| all(connection, sql, [limit], |row| body(row, 0))).await
    }

    async fn find_open_review(&self, review: ReviewId) -> Result<Option<ClericalReview>, Error> {
        self.read(|connection| find_open(connection, review)).await
    }

    async fn open_reviews_of(&self, record: RecordKey) -> Result<Vec<ClericalReview>, Error> {
        let sql = "SELECT body FROM reviews WHERE record = ?1 AND closing IS NULL ORDER BY raised_at, review";
        self.read(|connection| all(connection, sql, [record.bytes()], |row| body(row, 0))).await
    }

    async fn assignment(&self, record: RecordKey, person: PersonId) -> Result<Option<Assignment>, Error> {
        let sql = "SELECT body FROM assignments WHERE record = ?1 AND person = ?2";
        self.read(|connection| first(connection, sql, [record.bytes(), person.bytes()], |row| body(row, 0)))
            .await
    }
}

fn find_open(connection: &Connection, review: ReviewId) -> Result<Option<ClericalReview>, Error> {
    let sql = "SELECT body FROM reviews WHERE review = ?1 AND closing IS NULL";
    first(connection, sql, [review.bytes()], |row| body(row, 0))
}
