//! What is parked, the oldest first. Names nobody. What waits behind another entry is counted there.

use crate::Operations;
use crate::progress::not_read;
use crate::sight::Sight;
use proto::operations::v1::{ListParkedRequest, ListParkedResponse, Parked, ParkedKind};
use storage::{ParkedRow, ParkedState};
use transport::Failure;

/// Entries of a page where the caller does not say, and at most.
const USUAL: u32 = 100;
const MOST: u32 = 1000;
/// Open rows of one role that are looked at.
const MOST_ROWS: u32 = 100_000;

/// An open row, and how many wait behind it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) role: &'static str,
    pub(crate) row: ParkedRow,
    pub(crate) waiting: u64,
}

impl Entry {
    /// Its place in the list.
    fn place(&self) -> String {
        format!("{:020}.{}.{}", self.row.since.as_microsecond().max(0), self.role, self.row.event)
    }
}

pub(crate) async fn handle(
    operations: &Operations,
    sight: &Sight,
    request: ListParkedRequest,
) -> Result<ListParkedResponse, Failure> {
    let size = if request.page_size == 0 { USUAL } else { request.page_size.min(MOST) };
    let seen = entries(operations).await?.into_iter().filter(|one| sight.covers(one.row.authority.as_ref()));
    Ok(page(seen.collect(), &request.page_token, usize::try_from(size).unwrap_or(usize::MAX)))
}

/// Everything that somebody has to decide about.
pub(crate) async fn entries(operations: &Operations) -> Result<Vec<Entry>, Failure> {
    let mut all = Vec::new();
    for consumer in &operations.parts.roles {
        let rows = operations.parts.ground.store.parked(consumer.role, MOST_ROWS).await.map_err(not_read)?;
        all.extend(of_role(consumer.role, &rows));
    }
    Ok(all)
}

fn of_role(role: &'static str, rows: &[ParkedRow]) -> Vec<Entry> {
    let mut waiting = std::collections::HashMap::new();
    for row in rows.iter().filter(|row| row.state == ParkedState::Waiting) {
        *waiting.entry((row.stream, row.key)).or_insert(0_u64) += 1;
    }
    let own = rows.iter().filter(|row| row.state != ParkedState::Waiting);
    own.map(|row| {
        let behind =
            if row.state == ParkedState::Blocking { waiting.get(&(row.stream, row.key)) } else { None };
        Entry { role, row: row.clone(), waiting: behind.copied().unwrap_or_default() }
    })
    .collect()
}

/// The entries after a place. Entries that were decided meanwhile are gone; none is passed over.
fn page(mut entries: Vec<Entry>, after: &str, size: usize) -> ListParkedResponse {
    entries.sort_by_cached_key(Entry::place);
    let mut rest = entries.iter().filter(|entry| entry.place().as_str() > after);
    let shown: Vec<&Entry> = rest.by_ref().take(size).collect();
    let next = if rest.next().is_some() { shown.last().map(|entry| entry.place()) } else { None };
    let parked = shown.iter().map(|entry| wire(entry.role, &entry.row, entry.waiting)).collect();
    ListParkedResponse { parked, next_page_token: next.unwrap_or_default() }
}

/// An entry on the wire.
pub(crate) fn wire(role: &str, row: &ParkedRow, waiting: u64) -> Parked {
    Parked {
        event_id: row.event.to_string(),
        kind: kind(row).into(),
        authority: row.authority.as_ref().map(ToString::to_string).unwrap_or_default(),
        parked_by: role.to_owned(),
        reason: row.reason.clone(),
        since: Some(proto::timestamp(row.since)),
        waiting,
    }
}

/// What a row is.
pub(crate) fn kind(row: &ParkedRow) -> ParkedKind {
    match row.state {
        ParkedState::Quarantined if row.event_type == "MessageQuarantined" => ParkedKind::Message,
        ParkedState::Quarantined => ParkedKind::Conflict,
        _ if row.reason.contains("not known to this version") => ParkedKind::UnknownType,
        ParkedState::Blocking | ParkedState::Waiting | ParkedState::Replayed | ParkedState::Skipped => {
            ParkedKind::Event
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Authority, EventId, SourceRecord};
    use event_log::{LogPosition, Stream};
    use jiff::Timestamp;

    fn row(number: u64, local_id: &str, state: ParkedState) -> ParkedRow {
        ParkedRow {
            event: EventId::of_message("x", &number.to_string()),
            key: SourceRecord::parse("case-system", local_id).unwrap().key(),
            authority: Some(Authority::parse("case-system").unwrap()),
            stream: Stream::Records,
            position: LogPosition { partition: 0, offset: number },
            event_type: "RecordChanged".to_owned(),
            reason: "rule".to_owned(),
            since: Timestamp::from_second(i64::try_from(number).unwrap()).unwrap(),
            state,
        }
    }

    #[test]
    fn what_waits_is_counted_with_what_it_waits_for() {
        let rows = [
            row(1, "P-1", ParkedState::Blocking),
            row(2, "P-1", ParkedState::Waiting),
            row(3, "P-2", ParkedState::Blocking),
            row(4, "P-1", ParkedState::Waiting),
            row(5, "P-1", ParkedState::Quarantined),
        ];
        let entries = of_role("projector", &rows);
        assert_eq!(entries.iter().map(|one| one.waiting).collect::<Vec<_>>(), [2, 0, 0]);
        assert!(kind(&rows[4]) == ParkedKind::Conflict);
        let message = ParkedRow { event_type: "MessageQuarantined".to_owned(), ..rows[4].clone() };
        assert!(kind(&message) == ParkedKind::Message);
        let unknown = "the event type X is not known to this version".to_owned();
        assert!(kind(&ParkedRow { reason: unknown, ..rows[0].clone() }) == ParkedKind::UnknownType);
    }

    #[test]
    fn pages_go_on_where_the_last_one_ended_also_when_entries_are_gone() {
        let mut entries =
            of_role("projector", &(1..=5).map(|n| row(n, "P-1", ParkedState::Blocking)).collect::<Vec<_>>());
        entries.reverse();
        let first = page(entries.clone(), "", 2);
        let ids = |response: &ListParkedResponse| {
            response.parked.iter().map(|one| one.event_id.clone()).collect::<Vec<_>>()
        };
        let id = |n: u64| EventId::of_message("x", &n.to_string()).to_string();
        assert_eq!(ids(&first), [id(1), id(2)]);
        entries.retain(|one| one.row.event.to_string() != id(2));
        let second = page(entries.clone(), &first.next_page_token, 2);
        assert_eq!(ids(&second), [id(3), id(4)]);
        let last = page(entries, &second.next_page_token, 2);
        assert_eq!((ids(&last), last.next_page_token.as_str()), (vec![id(5)], ""));
    }
}
