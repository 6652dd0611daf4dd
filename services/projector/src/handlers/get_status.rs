//! How far every consumer and feed is. Names nobody.

use super::list_parked::entries;
use crate::progress::not_read;
use crate::{ConsumerRole, Operations};
use domain::Organisation;
use event_log::Stream;
use jiff::Timestamp;
use proto::operations::v1::{ConsumerStatus, FeedStatus, GetStatusResponse};
use storage::FeedRow;
use transport::Failure;

/// Open reviews that are counted.
const MOST_REVIEWS: u32 = 1_000_000;
/// A feed is late after twice the time in which it is expected, and never sooner than this, in seconds.
const SOONEST_LATE_S: i64 = 60;

pub(crate) async fn handle(operations: &Operations) -> Result<GetStatusResponse, Failure> {
    let store = &operations.parts.ground.store;
    let mut consumers = Vec::new();
    for consumer in &operations.parts.roles {
        for stream in consumer.streams {
            consumers.extend(progress(operations, consumer, *stream).await?);
        }
    }
    let now = operations.clock().now();
    let snapshot = operations.parts.snapshot.current();
    let feed = |row: &FeedRow| {
        let owner = snapshot.state.controller_of(&row.authority);
        feed_status(row, owner.and_then(|id| snapshot.state.organisation(id)), now)
    };
    let feeds = store.feeds().await.map_err(not_read)?.iter().map(feed).collect();
    let parked = entries(operations).await?;
    let reviews = store.open_reviews(MOST_REVIEWS).await.map_err(not_read)?;
    let not_ready = (operations.parts.not_ready)();
    Ok(GetStatusResponse {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ready: not_ready.is_empty(),
        not_ready,
        consumers,
        feeds,
        parked_count: parked.len() as u64,
        review_count: reviews.len() as u64,
    })
}

async fn progress(
    operations: &Operations,
    consumer: &ConsumerRole,
    stream: Stream,
) -> Result<Vec<ConsumerStatus>, Failure> {
    let ground = &operations.parts.ground;
    let read = ground.store.positions(consumer.role, stream).await.map_err(not_read)?;
    let caught_up_at = ground.store.caught_up_at(consumer.role, stream).await.map_err(not_read)?;
    // The end last: a consumer is never told to be further than the log.
    let end = ground.log.end(stream).await.map_err(not_read)?;
    let partition = |end: &event_log::LogPosition| ConsumerStatus {
        role: consumer.role.to_owned(),
        stream: stream.as_str().to_owned(),
        partition: u32::from(end.partition),
        offset: read.iter().find(|one| one.partition == end.partition).map_or(0, |one| one.offset),
        end_offset: end.offset,
        caught_up_at: caught_up_at.map(proto::timestamp),
    };
    Ok(end.iter().map(partition).collect())
}

fn feed_status(row: &FeedRow, owner: Option<&Organisation>, now: Timestamp) -> FeedStatus {
    let count = |figure: i64| u64::try_from(figure).unwrap_or_default();
    FeedStatus {
        authority: row.authority.to_string(),
        heard_at: row.last_heard.map(proto::timestamp),
        stale: is_late(row.last_heard, owner.map_or(0, |one| i64::from(one.heard_every_s)), now),
        accepted_count: count(row.ledger.accepted),
        applied_count: count(row.ledger.applied),
        superseded_count: count(row.ledger.superseded),
        parked_count: count(row.ledger.parked),
    }
}

fn is_late(heard: Option<Timestamp>, every_s: i64, now: Timestamp) -> bool {
    let allowed = every_s.saturating_mul(2).max(SOONEST_LATE_S);
    heard.is_none_or(|heard| now.as_second().saturating_sub(heard.as_second()) > allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_late_after_twice_its_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(is_late(None, 300, at(0)));
        assert!(!is_late(Some(at(0)), 300, at(600)));
        assert!(is_late(Some(at(0)), 300, at(601)));
        assert!(!is_late(Some(at(0)), 1, at(60)));
    }
}
