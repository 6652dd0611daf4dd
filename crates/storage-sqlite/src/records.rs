//! Records, their identifiers and their items.

use crate::codec::{Facts, Upkeep, corrupt, encode};
use crate::connection::failed;
use crate::sql::{self, Bytes16, all, body, column, execute, first};
use crate::store::SqliteStore;
use crate::unit::SqliteUnit;
use async_trait::async_trait;
use domain::{Authority, Instance, ItemKind, RecordKey, RecordVersion, SourceRecord};
use projection::{ItemKey, ItemState, RecordModel, RecordState};
use rusqlite::{Connection, Row, params};
use std::collections::{BTreeMap, BTreeSet};
use storage::{Error, PersonQuery, RecordReads, Records};

/// Kinds of identifier in the table.
pub(crate) const CHI: u8 = 1;
pub(crate) const NHS_NUMBER: u8 = 2;

const PUT_ITEM: &str = "INSERT INTO items (record, kind, instance, held, body) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (record, kind, instance) DO UPDATE SET held = excluded.held, body = excluded.body";

#[async_trait]
impl Records for SqliteUnit {
    async fn record(&mut self, key: RecordKey) -> Result<Option<RecordModel>, Error> {
        load(&self.connection, key)
    }

    async fn save_record(&mut self, model: &RecordModel, touched: &BTreeSet<ItemKey>) -> Result<(), Error> {
        let key = model.state.key();
        self.touch(key, &model.state);
        save_state(&self.connection, key, &model.state)?;
        for item in touched {
            match model.items.get(item) {
                Some(row) => put_item(&self.connection, key, item, row)?,
                None => delete_item(&self.connection, key, item)?,
            }
        }
        Ok(())
    }

    async fn insert_records(&mut self, models: &[RecordModel]) -> Result<(), Error> {
        for model in models {
            let key = model.state.key();
            self.touch(key, &model.state);
            save_state(&self.connection, key, &model.state)?;
            for (item, row) in &model.items {
                put_item(&self.connection, key, item, row)?;
            }
        }
        Ok(())
    }
}

impl SqliteUnit {
    /// Notes that the record, and whom its identifiers mean, may read otherwise.
    fn touch(&mut self, key: RecordKey, state: &RecordState) {
        let person = &state.demographics;
        let chi = person.chi.as_ref().map(|held| PersonQuery::Chi(held.number));
        let nhs_number = person.nhs_number.map(PersonQuery::NhsNumber);
        self.touched.records.insert(key);
        self.touched.identifiers.extend(chi.into_iter().chain(nhs_number));
    }
}

#[async_trait]
impl RecordReads for SqliteStore {
    async fn find_record(&self, key: RecordKey) -> Result<Option<RecordModel>, Error> {
        self.read(|connection| load(connection, key)).await
    }

    async fn records_after(&self, key: Option<RecordKey>, limit: u32) -> Result<Vec<SourceRecord>, Error> {
        let sql = "SELECT facts FROM records WHERE record > ?1 ORDER BY record LIMIT ?2";
        let after = key.as_ref().map_or(&[][..], Bytes16::bytes);
        self.read(|connection| {
            all(connection, sql, params![after, limit], |row| Ok(body::<Facts>(row, 0)?.record))
        })
        .await
    }

    async fn present_records(
        &self,
        authority: &Authority,
        key: Option<RecordKey>,
        limit: u32,
    ) -> Result<Vec<(SourceRecord, RecordVersion)>, Error> {
        self.read(|connection| {
            present(connection, authority, key, usize::try_from(limit).unwrap_or(usize::MAX))
        })
        .await
    }
}

/// Reads on until there are enough: the table does not know authorities.
fn present(
    connection: &Connection,
    authority: &Authority,
    after: Option<RecordKey>,
    most: usize,
) -> Result<Vec<(SourceRecord, RecordVersion)>, Error> {
    let sql =
        "SELECT facts, upkeep, EXISTS (SELECT 1 FROM items WHERE items.record = records.record AND held)
               FROM records WHERE record > ?1 ORDER BY record";
    let after = after.as_ref().map_or(&[][..], Bytes16::bytes);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query([after]).map_err(failed)?;
    let mut found = Vec::new();
    while found.len() < most {
        let Some(row) = rows.next().map_err(failed)? else { break };
        let state = state(row)?;
        let is_gone = state.removed.is_some() && state.stamps.is_empty() && !column::<bool>(row, 2)?;
        if state.record.authority == *authority && !is_gone {
            found.push((state.record, state.version));
        }
    }
    Ok(found)
}

fn load(connection: &Connection, key: RecordKey) -> Result<Option<RecordModel>, Error> {
    let sql = "SELECT facts, upkeep FROM records WHERE record = ?1";
    let Some(state) = first(connection, sql, [key.bytes()], state)? else { return Ok(None) };
    let sql = "SELECT kind, instance, body FROM items WHERE record = ?1";
    let rows = all(connection, sql, [key.bytes()], item)?;
    Ok(Some(RecordModel { state, items: rows.into_iter().collect() }))
}

fn state(row: &Row<'_>) -> Result<RecordState, Error> {
    let facts: Facts = body(row, 0)?;
    let upkeep: Upkeep = body(row, 1)?;
    Ok(RecordState {
        record: facts.record,
        version: facts.version,
        demographics: facts.demographics,
        relationships: facts.relationships,
        stamps: upkeep.stamps.into_iter().collect::<BTreeMap<_, _>>(),
        floors: upkeep.floors.into_iter().collect::<BTreeMap<_, _>>(),
        removed: upkeep.removed,
    })
}

fn item(row: &Row<'_>) -> Result<(ItemKey, ItemState), Error> {
    let kind = ItemKind::from_index(column(row, 0)?).ok_or_else(|| corrupt("an unknown kind of item"))?;
    let instance =
        row.get_ref(1).ok().and_then(|value| value.as_str().ok()).and_then(|text| Instance::parse(text).ok());
    Ok(((kind, instance.ok_or_else(|| corrupt("a bad instance"))?), body(row, 2)?))
}

fn save_state(connection: &Connection, key: RecordKey, state: &RecordState) -> Result<(), Error> {
    let facts = Facts {
        record: state.record.clone(),
        version: state.version,
        demographics: state.demographics.clone(),
        relationships: state.relationships.clone(),
    };
    let upkeep = Upkeep {
        stamps: state.stamps.iter().map(|(field, stamp)| (*field, *stamp)).collect(),
        floors: state.floors.iter().map(|(kind, version)| (*kind, *version)).collect(),
        removed: state.removed,
    };
    let sql = "INSERT INTO records (record, facts, upkeep) VALUES (?1, ?2, ?3)
               ON CONFLICT (record) DO UPDATE SET facts = excluded.facts, upkeep = excluded.upkeep";
    execute(connection, sql, params![key.bytes(), encode(&facts), encode(&upkeep)])?;
    save_identifiers(connection, key, state)
}

fn save_identifiers(connection: &Connection, key: RecordKey, state: &RecordState) -> Result<(), Error> {
    let person = &state.demographics;
    let chi = person.chi.as_ref().map(|held| (CHI, held.number.as_str()));
    let nhs_number = person.nhs_number.as_ref().map(|number| (NHS_NUMBER, number.as_str()));
    let wanted: BTreeSet<(u8, &str)> = [chi, nhs_number].into_iter().flatten().collect();
    let held =
        all(connection, "SELECT kind, value FROM identifiers WHERE record = ?1", [key.bytes()], |row| {
            Ok((column::<u8>(row, 0)?, column::<String>(row, 1)?))
        })?;
    for (kind, value) in held.iter().filter(|(kind, value)| !wanted.contains(&(*kind, value.as_str()))) {
        let sql = "DELETE FROM identifiers WHERE kind = ?1 AND value = ?2 AND record = ?3";
        execute(connection, sql, params![kind, value, key.bytes()])?;
    }
    for (kind, value) in wanted {
        let sql = "INSERT INTO identifiers (kind, value, record) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        execute(connection, sql, params![kind, value, key.bytes()])?;
    }
    Ok(())
}

fn put_item(connection: &Connection, key: RecordKey, item: &ItemKey, row: &ItemState) -> Result<(), Error> {
    let (kind, instance) = item;
    let values = params![key.bytes(), kind.index(), instance.as_str(), row.item.is_some(), encode(row)];
    execute(connection, PUT_ITEM, values).map(drop)
}

fn delete_item(connection: &Connection, key: RecordKey, item: &ItemKey) -> Result<(), Error> {
    let (kind, instance) = item;
    let sql = "DELETE FROM items WHERE record = ?1 AND kind = ?2 AND instance = ?3";
    sql::execute(connection, sql, params![key.bytes(), kind.index(), instance.as_str()]).map(drop)
}
