//! The two statements of a view.

use crate::codec::{Facts, corrupt};
use crate::records::{CHI, NHS_NUMBER};
use crate::sql::{Bytes16, all, body, column, first, person, record_key};
use crate::store::SqliteStore;
use async_trait::async_trait;
use domain::{Catalogue, ItemMask, LinkStatus, PersonId, RecordKey};
use projection::{ItemState, is_derived};
use rusqlite::types::Value;
use rusqlite::{Connection, Params, Row, params, params_from_iter};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use storage::{Error, ItemRow, PersonQuery, ResolvedPerson, ResolvedRecord, ViewReads};

/// From `hit`, the records that the question names: up along redirects to the surviving records, to their persons, to
/// every record of those persons, and down along redirects to what was merged into them. `part` is 0 for a whole record
/// and 1 for its data alone; `led` marks the records that the question led to. A ring of redirects leads nowhere.
const RESOLVE: &str = "
    up (record) AS (
        SELECT record FROM hit
        UNION SELECT r.survivor FROM up JOIN redirects r ON r.origin = up.record AND r.scope = 0),
    led (record, person) AS (
        SELECT l.record, l.person FROM up JOIN links l ON l.record = up.record
        WHERE NOT EXISTS (SELECT 1 FROM redirects r WHERE r.origin = l.record AND r.scope = 0)),
    roots (record, person, status, by_index) AS (
        SELECT l.record, l.person, l.status, l.by_index FROM links l
        WHERE l.person IN (SELECT person FROM led UNION SELECT person FROM asked)
        AND NOT EXISTS (SELECT 1 FROM redirects r WHERE r.origin = l.record AND r.scope = 0)),
    members (record, person, status, by_index, part) AS (
        SELECT record, person, status, by_index, 0 FROM roots
        UNION SELECT r.origin, m.person, m.status, m.by_index, MAX(m.part, r.scope)
        FROM members m JOIN redirects r ON r.survivor = m.record
        UNION SELECT l.record, m.person, l.status, l.by_index, 0
        FROM members m JOIN links i ON i.record = m.record AND i.by_index = 1 AND m.part = 0
        JOIN links l ON l.person = i.person AND l.record <> i.record
        WHERE NOT EXISTS (SELECT 1 FROM redirects r WHERE r.origin = l.record AND r.scope = 0))
    SELECT m.record, m.person, m.status, m.by_index, m.part,
        EXISTS (SELECT 1 FROM led WHERE led.record = m.record),
        EXISTS (SELECT 1 FROM redirects r WHERE r.origin = m.record AND r.scope = 1),
        EXISTS (SELECT 1 FROM parked p WHERE p.key = m.record AND p.state <= 1),
        f.facts
    FROM members m JOIN records f ON f.record = m.record
    ORDER BY m.record, m.part";

/// The same where no redirect plays a part, which is nearly always and takes a fraction of the time: the linked records
/// of whomever the named records are linked to. A record may come several times. The last column says that a redirect
/// does play a part: then the whole statement has to answer.
const RESOLVE_PLAIN: &str = "
    SELECT l.record, l.person, l.status, l.by_index, 0, l.record = o.record, 0,
        EXISTS (SELECT 1 FROM parked p WHERE p.key = l.record AND p.state <= 1),
        f.facts,
        EXISTS (SELECT 1 FROM redirects r WHERE r.origin = l.record)
        OR EXISTS (SELECT 1 FROM redirects r WHERE r.survivor = l.record)";

/// The two statements for one way of asking.
struct Statements {
    plain: String,
    whole: String,
}

impl Statements {
    /// `hit` selects the records that the question names; `links` gives their links, and `elsewhere` says whether
    /// any of them is redirected, linked or not.
    fn of(hit: &str, links: &str, elsewhere: &str) -> Self {
        let nobody = "asked (person) AS (SELECT NULL WHERE 0)";
        Self {
            plain: format!(
                "{RESOLVE_PLAIN} OR {elsewhere} FROM {links} JOIN links l ON l.person = o.person
                 JOIN records f ON f.record = l.record"
            ),
            whole: format!("WITH RECURSIVE hit (record) AS ({hit}), {nobody}, {RESOLVE}"),
        }
    }
}

static BY_RECORD: LazyLock<Statements> = LazyLock::new(|| {
    Statements::of("SELECT ?1", "(SELECT record, person FROM links WHERE record = ?1) o", "0")
});
static BY_IDENTIFIER: LazyLock<Statements> = LazyLock::new(|| {
    Statements::of(
        "SELECT record FROM identifiers WHERE kind = ?1 AND value = ?2",
        "(SELECT n.record, n.person FROM identifiers i JOIN links n ON n.record = i.record
          WHERE i.kind = ?1 AND i.value = ?2) o",
        "EXISTS (SELECT 1 FROM identifiers i JOIN redirects r ON r.origin = i.record
                 WHERE i.kind = ?1 AND i.value = ?2)",
    )
});
static OF_PERSON: LazyLock<String> = LazyLock::new(|| {
    format!("WITH RECURSIVE hit (record) AS (SELECT NULL WHERE 0), asked (person) AS (SELECT ?1), {RESOLVE}")
});

/// Items of one record, which is what most views want.
const ITEMS_OF_ONE: &str = "
    SELECT record, body FROM items WHERE record = ?1 AND held = 1
    AND CASE WHEN kind < 64 THEN ?2 >> kind ELSE ?3 >> (kind - 64) END & 1
    ORDER BY kind, instance";

/// One row of the statement.
struct Member {
    person: PersonId,
    by_index: bool,
    led: bool,
    record: ResolvedRecord,
}

#[async_trait]
impl ViewReads for SqliteStore {
    async fn resolve(&self, query: &PersonQuery) -> Result<Option<Arc<ResolvedPerson>>, Error> {
        let since = match self.kept_views().person(query) {
            Ok(person) => return Ok(Some(person)),
            Err(since) => since,
        };
        let found = self.read(|connection| match query {
            PersonQuery::Chi(chi) => by_identifier(connection, CHI, chi.as_str()),
            PersonQuery::NhsNumber(number) => by_identifier(connection, NHS_NUMBER, number.as_str()),
            PersonQuery::Record(record) => by_hit(connection, &BY_RECORD, [record.key().bytes()]),
        });
        let found = found.await?.map(Arc::new);
        if let Some(person) = &found {
            self.kept_views().put_person(since, query, person);
        }
        Ok(found)
    }

    async fn resolve_person(&self, person: PersonId) -> Result<Option<ResolvedPerson>, Error> {
        let sql = &OF_PERSON;
        let members = self.read(|connection| all(connection, sql, [person.bytes()], member)).await?;
        let records: Vec<_> = members.into_iter().map(|member| member.record).collect();
        let status = LinkStatus::Confirmed; // the question names the person
        Ok((!records.is_empty()).then_some(ResolvedPerson { person, status, records }))
    }

    async fn view_rows(&self, wanted: &[(RecordKey, ItemMask)]) -> Result<Vec<ItemRow>, Error> {
        let wanted: Vec<_> = wanted.iter().filter(|(_, mask)| !mask.is_empty()).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        if let [(key, mask)] = wanted.as_slice() {
            return Ok(self.items_of(*key, *mask).await?.to_vec());
        }
        let sql = items_sql(wanted.len());
        let values = wanted.iter().flat_map(|(key, mask)| {
            [Value::Blob(key.bytes().to_vec()), Value::Integer(low(*mask)), Value::Integer(high(*mask))]
        });
        let values: Vec<Value> = values.collect();
        self.read(|connection| all(connection, &sql, params_from_iter(values), item_row)).await
    }
}

impl SqliteStore {
    async fn items_of(&self, key: RecordKey, mask: ItemMask) -> Result<Arc<[ItemRow]>, Error> {
        let since = match self.kept_views().items(key, mask) {
            Ok(rows) => return Ok(rows),
            Err(since) => since,
        };
        let values = (key.bytes(), low(mask), high(mask));
        let rows = self.read(|connection| all(connection, ITEMS_OF_ONE, values, item_row)).await?;
        let rows = Arc::from(rows);
        self.kept_views().put_items(since, (key, mask), &rows);
        Ok(rows)
    }
}

fn by_identifier(connection: &Connection, kind: u8, value: &str) -> Result<Option<ResolvedPerson>, Error> {
    by_hit(connection, &BY_IDENTIFIER, params![kind, value])
}

/// The plain statement answers, unless it finds nobody or a redirect: either may be the work of a redirect.
fn by_hit(
    connection: &Connection,
    by: &Statements,
    values: impl Params + Clone,
) -> Result<Option<ResolvedPerson>, Error> {
    let mut redirected = false;
    let plain = all(connection, &by.plain, values.clone(), |row| {
        redirected = redirected || column(row, 9)?;
        member(row)
    })?;
    if redirected || plain.is_empty() {
        return followed(connection, choose(all(connection, &by.whole, values, member)?));
    }
    Ok(choose(once_each(plain)))
}

/// The person whom the one found was merged into, as long as that goes on. How sure the question's own link is stays.
fn followed(connection: &Connection, found: Option<ResolvedPerson>) -> Result<Option<ResolvedPerson>, Error> {
    let retired = "SELECT l.record FROM links l JOIN redirects r ON r.origin = l.record AND r.scope = 0
                   WHERE l.person = ?1 AND l.by_index = 1";
    let Some(mut now) = found else { return Ok(None) };
    let mut seen = BTreeSet::from([now.person]);
    while let Some(record) = first(connection, retired, [now.person.bytes()], |row| record_key(row, 0))? {
        let next = choose(all(connection, &BY_RECORD.whole, [record.bytes()], member)?);
        let Some(next) = next.filter(|next| seen.insert(next.person)) else { break };
        now = ResolvedPerson { status: now.status, ..next };
    }
    Ok(Some(now))
}

/// Each record once, in order; it was led to if any of its rows was.
fn once_each(mut members: Vec<Member>) -> Vec<Member> {
    members.sort_by(|one, other| one.record.key.cmp(&other.record.key).then(other.led.cmp(&one.led)));
    members.dedup_by_key(|member| member.record.key);
    members
}

fn member(row: &Row<'_>) -> Result<Member, Error> {
    let facts: Facts = body(row, 8)?;
    let (part, data_moved): (u8, bool) = (column(row, 4)?, column(row, 6)?);
    let demographics = facts.demographics;
    let protected = demographics.protected || demographics.addresses.iter().any(|address| address.protected);
    Ok(Member {
        person: person(row, 1)?,
        by_index: column(row, 3)?,
        led: column(row, 5)?,
        record: ResolvedRecord {
            key: record_key(row, 0)?,
            record: facts.record,
            status: status(column(row, 2)?)?,
            kinds: kinds(part == 1, data_moved),
            version: facts.version,
            demographics,
            protected,
            relationships: if part == 0 && data_moved { Vec::new() } else { facts.relationships },
            parked: column(row, 7)?,
        },
    })
}

/// What of a record belongs to the person: a redirect of data takes all but what the demographics tell.
fn kinds(data_only: bool, data_moved: bool) -> ItemMask {
    let told: ItemMask =
        Catalogue::standard().iter().map(|row| row.kind).filter(|kind| is_derived(*kind)).collect();
    match (data_only, data_moved) {
        (false, false) => Catalogue::standard().all(),
        (false, true) => told,
        (true, _) => Catalogue::standard().all().without(told),
    }
}

/// The one person that the question means: by a confirmed link of an index record, else by a confirmed link, else by
/// any; and nobody, where two persons stand equal.
fn choose(members: Vec<Member>) -> Option<ResolvedPerson> {
    let rank = |member: &Member| (member.record.status == LinkStatus::Confirmed, member.by_index);
    let led = || members.iter().filter(|member| member.led);
    let best = led().max_by_key(|member| rank(member))?;
    if led().any(|member| rank(member) == rank(best) && member.person != best.person) {
        return None;
    }
    let (person, status) = (best.person, best.record.status);
    let theirs = members.into_iter().filter(|member| member.person == person).map(|member| member.record);
    Some(ResolvedPerson { person, status, records: whole(theirs) })
}

/// Each record once: where it came in two parts, of both kinds. A record's rows follow each other.
fn whole(parts: impl Iterator<Item = ResolvedRecord>) -> Vec<ResolvedRecord> {
    let mut records: Vec<ResolvedRecord> = Vec::new();
    for part in parts {
        match records.last_mut() {
            Some(last) if last.key == part.key => {
                last.kinds = last.kinds.union(part.kinds);
                if last.relationships.is_empty() {
                    last.relationships = part.relationships;
                }
            }
            Some(_) | None => records.push(part),
        }
    }
    records
}

fn status(number: u8) -> Result<LinkStatus, Error> {
    match number {
        0 => Ok(LinkStatus::Confirmed),
        1 => Ok(LinkStatus::Possible),
        2 => Ok(LinkStatus::Disputed),
        3..=u8::MAX => Err(corrupt("an unknown status of a link")),
    }
}

/// The statement for so many records. A person has a handful, so the statements that differ stay few and cached.
fn items_sql(count: usize) -> String {
    let row = |place: usize| format!("(?{}, ?{}, ?{})", place * 3 + 1, place * 3 + 2, place * 3 + 3);
    let rows = (0..count).map(row).collect::<Vec<_>>().join(", ");
    format!(
        "WITH wanted (record, low, high) AS (VALUES {rows})
         SELECT i.record, i.body FROM wanted w CROSS JOIN items i ON i.record = w.record
         WHERE i.held = 1 AND CASE WHEN i.kind < 64 THEN w.low >> i.kind ELSE w.high >> (i.kind - 64) END & 1
         ORDER BY i.record, i.kind, i.instance"
    )
}

fn low(mask: ItemMask) -> i64 {
    half(mask.bits())
}

fn high(mask: ItemMask) -> i64 {
    half(mask.bits() >> 64)
}

/// The lower 64 bits, as SQLite holds them.
fn half(bits: u128) -> i64 {
    u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0).cast_signed()
}

fn item_row(row: &Row<'_>) -> Result<ItemRow, Error> {
    let state: ItemState = body(row, 1)?;
    Ok(ItemRow {
        record: record_key(row, 0)?,
        received_at: state.received_at,
        version: state.version,
        item: state.item.map(Arc::new).ok_or_else(|| corrupt("an item that is held and is not there"))?,
    })
}
