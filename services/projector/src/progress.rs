//! How far a consumer has read.

use event_log::{LogPosition, Stream};
use pipeline::Ground;
use std::time::Duration;
use transport::Failure;

/// How long a command waits to see its effect, and between two looks.
const PATIENCE: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// Whether every partition was read up to these places.
pub(crate) fn has_reached(read: &[LogPosition], end: &[LogPosition]) -> bool {
    let offset = |partition| read.iter().find(|one| one.partition == partition).map_or(0, |one| one.offset);
    end.iter().all(|place| offset(place.partition) >= place.offset)
}

/// Waits until a role has read everything that is in a stream now; says whether it came to that in time.
pub(crate) async fn wait_for(ground: &Ground, role: &str, stream: Stream) -> Result<bool, Failure> {
    let end = ground.log.end(stream).await.map_err(not_read)?;
    let waiting = async {
        loop {
            let read = ground.store.positions(role, stream).await.map_err(not_read)?;
            if has_reached(&read, &end) {
                return Ok(true);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or(Ok(false))
}

/// Store or log cannot be read now.
pub(crate) fn not_read(error: impl std::fmt::Display) -> Failure {
    tracing::warn!(role = crate::ROLE, error = %error, "an operator was not answered");
    Failure::unavailable()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_counts_and_an_empty_one_is_reached() {
        let at = |partition, offset| LogPosition { partition, offset };
        assert!(has_reached(&[], &[at(0, 0), at(1, 0)]));
        assert!(has_reached(&[at(1, 3)], &[at(0, 0), at(1, 3)]));
        assert!(!has_reached(&[at(1, 2)], &[at(0, 0), at(1, 3)]));
        assert!(!has_reached(&[at(1, 9)], &[at(0, 1), at(1, 3)]));
    }
}
