//! The people of the benches: adults of the invented world whom both sides know by the same CHI number. The council
//! says how often each has help at home, with the number of the turn in it, so that every screen can be checked.

use anyhow::{Context, Result, bail};
use domain::{Clock, DataItem, Demographics, ItemKind, SystemClock};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proto::intake::v1;
use proto::intake::v1::record_version::Version;
use world::{CouncilRecord, Draft, Entry, HealthRecord, World};

/// Seed of the benches' world.
const SEED: u64 = 11;
/// Stands before the number of a turn.
const MARK: &str = "turn ";

/// What changes from turn to turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One care package: what a change at the source sends.
    Change,
    /// Every item that the council holds: about a kilobyte.
    Record,
}

/// One person with both records.
#[derive(Debug, Clone)]
pub(crate) struct BenchPerson {
    council: CouncilRecord,
    pub(crate) health: HealthRecord,
    since: Date,
}

/// So many people.
pub(crate) fn people(count: usize) -> Result<Vec<BenchPerson>> {
    let today = SystemClock.now().to_zoned(TimeZone::get("Europe/London")?).date();
    let world = World::generate(SEED, count * 16, today)?;
    let since = world.days().ago(200)?;
    let found: Vec<BenchPerson> =
        world.entries().iter().filter_map(|entry| person(entry, today, since)).take(count).collect();
    if found.len() < count {
        bail!("the invented world has {} people who fit, not {count}", found.len());
    }
    Ok(found)
}

/// An adult whom both sides know by the right number, and who is not of the story.
fn person(entry: &Entry, today: Date, since: Date) -> Option<BenchPerson> {
    let (council, health) = (entry.council.clone()?, entry.health.clone()?);
    let chi = entry.person.chi.as_str().to_owned();
    let numbered = council.chi.as_ref() == Some(&chi) && health.chi.as_ref() == Some(&chi);
    let story = world::cast::ALL.iter().any(|member| member.council == council.local_id);
    let fits = numbered && !story && !entry.person.protected && entry.person.age(today) >= 25;
    fits.then_some(BenchPerson { council, health, since })
}

impl BenchPerson {
    /// What the board sends of the person, once.
    pub(crate) fn registration(&self) -> v1::RecordSubmission {
        let health = &self.health;
        let mut submission = submission(world::HEALTH_AUTHORITY, &health.local_id, 1);
        submission.demographics = Some(demographics(&health.demographics, health.chi.as_deref()));
        submission
    }

    /// What the council sends at first.
    pub(crate) fn case(&self, turn: u32) -> Result<v1::RecordSubmission> {
        let mut submission = self.turn(turn, Extent::Record)?;
        submission.demographics = Some(demographics(&self.council.demographics, self.council.chi.as_deref()));
        Ok(submission)
    }

    /// What the council sends in a turn.
    pub(crate) fn turn(&self, turn: u32, extent: Extent) -> Result<v1::RecordSubmission> {
        let mut submission = submission(world::COUNCIL_AUTHORITY, &self.council.local_id, turn);
        submission.upserts.push(proto::intake::wire_item(&self.package(turn)?));
        if extent == Extent::Record {
            submission.upserts.extend(self.council.items.iter().map(proto::intake::wire_item));
        }
        Ok(submission)
    }

    fn package(&self, turn: u32) -> Result<DataItem> {
        let draft = Draft::new(ItemKind::CARE_PACKAGE, "bench", SystemClock.now());
        let draft = draft.code("service", "Home care").text("provider", "Larchwood Homecare");
        let draft = draft.text("frequency", &mark(turn)).code("status", "Active").period(self.since, None);
        Ok(draft.build()?)
    }
}

/// How a screen shows a turn.
pub(crate) fn mark(turn: u32) -> String {
    format!("{MARK}{turn:08}")
}

/// The turn that a screen shows, if any.
pub(crate) fn turn_in(text: &str) -> Option<u32> {
    let (_, after) = text.split_once(MARK)?;
    after.get(..8)?.parse().ok()
}

/// A submission that says nothing yet. Turns are the versions of a record, and the ids of its messages.
fn submission(authority: &str, local_id: &str, turn: u32) -> v1::RecordSubmission {
    let now = timestamp(SystemClock.now());
    v1::RecordSubmission {
        message_id: format!("bench-{turn:010}-{local_id}"),
        record: Some(v1::SourceRecord { authority: authority.to_owned(), local_id: local_id.to_owned() }),
        version: Some(v1::RecordVersion { version: Some(Version::Sequence(u64::from(turn))) }),
        occurred_at: Some(now),
        ..v1::RecordSubmission::default()
    }
}

fn demographics(who: &Demographics, chi: Option<&str>) -> v1::DemographicsPatch {
    v1::DemographicsPatch {
        names: Some(v1::PersonNames { names: who.names.iter().map(proto::intake::wire_name).collect() }),
        birth_date: who.birth_date.map(|date| date.to_iso()),
        sex: who.sex.map(|sex| proto::intake::wire_sex(sex).into()),
        chi: chi.map(|number| v1::HeldChi { number: number.to_owned(), padded: false }),
        addresses: Some(v1::Addresses {
            addresses: who.addresses.iter().map(proto::intake::wire_address).collect(),
        }),
        ..v1::DemographicsPatch::default()
    }
}

/// An instant on the wire.
pub(crate) fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    proto::timestamp(at)
}

/// What a host's screen says of a person.
pub(crate) fn on_the_hosts_screen(who: &Demographics) -> Result<proto::viewing::v1::HostDemographics> {
    let name = who.names.first().context("somebody of the world has no name")?;
    Ok(proto::viewing::v1::HostDemographics {
        birth_date: who.birth_date.map(|date| date.to_iso()).unwrap_or_default(),
        family: name.family().unwrap_or_default().to_owned(),
        given: name.first_given().unwrap_or_default().to_owned(),
        sex: who.sex.map(|sex| proto::intake::wire_sex(sex).into()),
        postcode: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_has_people_enough_and_none_twice() {
        let found = people(64).unwrap();
        let mut ids: Vec<_> = found.iter().map(|one| one.council.local_id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 64);
    }

    #[test]
    fn a_turn_reads_back_from_what_shows_it() {
        assert_eq!(turn_in(&format!("<dd>Home care, {}</dd>", mark(4711))), Some(4711));
        assert_eq!(turn_in("turn 12"), None);
        assert_eq!(turn_in("nothing"), None);
    }
}
