//! Undoes one link, and finds out who was shown the mixed record while it stood.

use crate::desk::{Command, Desk, refused};
use crate::memory::{Done, Memory};
use crate::sight::Sight;
use domain::{Decider, Exit, Leaf, LinkEvent, PersonId, SourceRecord};
use event_log::{LogPosition, Stream};
use gate::DisclosureKey;
use jiff::{SignedDuration, Timestamp};
use matching::Unlinking;
use pipeline::Ground;
use proto::matching::v1::{ShownTo, UnlinkRecordRequest};
use std::time::Duration;
use storage::DISCLOSURE_INDEX;
use transport::{Caller, Failure};

/// A panel may show the mixed record until the read model has heard of the unlinking.
const AFTERWARDS: SignedDuration = SignedDuration::from_secs(2);
/// Waits for the read model to have every leaf of that time.
const LOOKS: u32 = 150;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// A link that was undone: who had it, and from when to when it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Undone {
    /// The person.
    pub(crate) person: PersonId,
    from: Timestamp,
    to: Timestamp,
}

/// The request, checked.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    command: Command,
    person: Option<PersonId>,
    unlinking: Unlinking,
}

impl Wanted {
    /// Id of the event that undoes the link.
    pub(crate) fn event_id(&self) -> String {
        self.command.event().to_string()
    }
}

/// Checks the request.
pub(crate) fn read(sight: &Sight, caller: &Caller, request: UnlinkRecordRequest) -> Result<Wanted, Failure> {
    let command = Command::of(caller, &request.request_id)?;
    let record: SourceRecord = proto::intake::read_source_record(request.record, "record")?;
    sight.check(&record.authority)?;
    let person = Some(request.person_id).filter(|id| !id.is_empty()).map(|id| PersonId::parse(&id));
    let person = person.transpose().map_err(|violation| Failure::field("person_id", violation.rule))?;
    let unlinking = Unlinking {
        record,
        by: caller.holder.clone(),
        reason: request.reason.trim().to_owned(),
        never_again: request.never_again,
    };
    Ok(Wanted { command, person, unlinking })
}

/// Undoes the link.
pub(crate) async fn handle(desk: &Desk, wanted: &Wanted) -> Result<Undone, Failure> {
    let decide = |matcher: &mut matching::Matcher, now| {
        let graph = matcher.graph();
        let linked = graph.own_link_of(&wanted.unlinking.record).map(|link| link.person);
        let is_other = |person: PersonId| {
            linked.is_some_and(|linked| graph.resolve_person(linked) != graph.resolve_person(person))
        };
        if wanted.person.is_some_and(is_other) {
            let rule = "the record is linked to somebody else: read it again".to_owned();
            return Err(Failure::Conflict { rule });
        }
        matcher.unlink(&wanted.unlinking, now).map_err(refused)
    };
    let done = desk.carry_out(wanted.command, |memory, event| is_same(memory, event, wanted), decide).await?;
    undone(&done).ok_or(Failure::Internal)
}

fn undone(done: &Done) -> Option<Undone> {
    let LinkEvent::RecordUnlinked { person, decided_at, .. } = &done.event else { return None };
    let to = decided_at.checked_add(AFTERWARDS).unwrap_or(*decided_at);
    Some(Undone { person: *person, from: done.stood_since.unwrap_or(Timestamp::MIN), to })
}

fn is_same(memory: &Memory, event: &LinkEvent, wanted: &Wanted) -> bool {
    let LinkEvent::RecordUnlinked { record, person, decided_by, never_again, .. } = event else {
        return false;
    };
    let graph = memory.matcher().graph();
    let unlinking = &wanted.unlinking;
    let by = Decider::Manual { user: unlinking.by.clone(), reason: unlinking.reason.clone() };
    let same_person = |asked| graph.resolve_person(asked) == graph.resolve_person(*person);
    *record == unlinking.record
        && *decided_by == by
        && *never_again == unlinking.never_again
        && wanted.person.is_none_or(same_person)
}

/// Who was shown the person's records while the link stood, from the leaves.
pub(crate) async fn shown_to(
    ground: &Ground,
    key: &DisclosureKey,
    persons: &[PersonId],
    undone: Undone,
) -> Result<Vec<ShownTo>, Failure> {
    wait_for_leaves(ground).await?;
    let mut shown = Vec::new();
    for person in persons {
        let leaves = ground.store.leaves_of(&key.person(*person)).await.map_err(not_read)?;
        shown.extend(leaves.into_iter().filter(|row| counts(&row.leaf, undone)));
    }
    shown.sort_by_key(|row| row.index);
    shown.dedup_by_key(|row| row.index);
    Ok(shown.into_iter().map(|row| wire(&row.leaf)).collect())
}

/// Whether a leaf let something of the person's records out while the link stood.
fn counts(leaf: &Leaf, undone: Undone) -> bool {
    let of_records = match leaf.exit {
        Exit::Panel
        | Exit::PanelUpdate
        | Exit::JsonView
        | Exit::GrpcView
        | Exit::GrpcUpdate
        | Exit::Why
        | Exit::Review
        | Exit::Assignment
        | Exit::ParkedShow => true,
        Exit::WhoSaw | Exit::Explain | Exit::Launch => false,
    };
    leaf.disclosed && of_records && leaf.at >= undone.from && leaf.at <= undone.to
}

fn wire(leaf: &Leaf) -> ShownTo {
    ShownTo {
        disclosure_id: leaf.id.to_string(),
        at: Some(proto::timestamp(leaf.at)),
        user: leaf.user.to_string(),
        organisation: leaf.organisation.to_string(),
    }
}

/// Waits until the read model holds every leaf that is in the log now: an answer that misses one would be false.
async fn wait_for_leaves(ground: &Ground) -> Result<(), Failure> {
    let end = ground.log.end(Stream::Disclosures).await.map_err(not_read)?;
    for _ in 0..LOOKS {
        let read = ground.store.positions(DISCLOSURE_INDEX, Stream::Disclosures).await.map_err(not_read)?;
        if has_reached(&read, &end) {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Err(Failure::unavailable())
}

fn has_reached(read: &[LogPosition], end: &[LogPosition]) -> bool {
    let reached = |place: &LogPosition| {
        let there = |read: &&LogPosition| read.partition == place.partition && read.offset >= place.offset;
        place.offset == 0 || read.iter().any(|read| there(&read))
    };
    end.iter().all(reached)
}

fn not_read(error: impl std::fmt::Display) -> Failure {
    tracing::warn!(role = crate::ROLE, error = %error, "the leaves cannot be read");
    Failure::unavailable()
}
