//! Links: the read model has each record where the links stream put it, over merges and moves too, and nowhere else.
//! What was unlinked is linked no more, by whatever way one looks.

use crate::cast::{Holder, person_of};
use crate::link_facts::Filed;
use crate::node::Durable;
use crate::record_facts::RecordFacts;
use crate::truth::Truth;
use domain::{ItemKind, PersonId, SourceRecord};
use std::collections::BTreeMap;
use storage::{PersonQuery, ResolvedPerson};

/// Compares the read model, which must have read everything, with the facts.
pub async fn links_stand(durable: &Durable, truth: &Truth, records: &[SourceRecord]) -> Result<(), String> {
    let store = &durable.ground.store;
    let told_of = |record: &SourceRecord| {
        truth.record(Holder::of(record), person_of(record)).is_some_and(RecordFacts::is_told_of)
    };
    for record in records {
        let own = store.find_link(record.key()).await.map_err(|error| error.to_string())?;
        let own = own.map(|link| (link.person, link.status));
        let known = truth.links.own_link_of(record);
        if own != known {
            return Err(format!("the read model links {} to {own:?}, not {known:?}", record.key()));
        }
        let query = PersonQuery::Record(record.clone());
        let found =
            store.resolve(&query).await.map_err(|error| error.to_string())?.map(|found| as_filed(&found));
        let expected = truth.links.link_of(record).map(|(person, _)| {
            let theirs = truth.links.records_of(person).into_iter().filter(|filed| told_of(&filed.record));
            (person, theirs.collect::<Vec<_>>())
        });
        let survivor = truth.links.survivor(record);
        let is_there = |filed: &Filed| Some(&filed.record) == survivor.as_ref();
        let expected = expected.filter(|(_, theirs)| theirs.iter().any(is_there));
        if found != expected {
            let asked = name(record);
            let (found, expected) = (named(found), named(expected));
            return Err(format!("the read model links {asked} to {found}, not to {expected}"));
        }
    }
    Ok(())
}

/// What the store found, a line for each record in order.
fn as_filed(person: &ResolvedPerson) -> (PersonId, Vec<Filed>) {
    let mut records: BTreeMap<SourceRecord, Filed> = BTreeMap::new();
    for row in &person.records {
        let identity = row.kinds.contains(ItemKind::IDENTITY);
        let data = row.kinds.contains(ItemKind::COMMUNICATION_NEEDS);
        let part = Filed { record: row.record.clone(), status: row.status, identity, data };
        let whole = records.entry(row.record.clone()).or_insert(part);
        (whole.identity, whole.data) = (whole.identity || identity, whole.data || data);
    }
    (person.person, records.into_values().collect())
}

fn name(record: &SourceRecord) -> String {
    format!("{:?} {}", Holder::of(record), person_of(record))
}

/// A person with their records, in words.
fn named(found: Option<(PersonId, Vec<Filed>)>) -> String {
    let Some((person, records)) = found else { return "nobody".to_owned() };
    let line = |one: &Filed| {
        let Filed { record, status, identity, data } = one;
        format!("{} ({status:?}, identity {identity}, data {data})", name(record))
    };
    format!("{person}: {}", records.iter().map(line).collect::<Vec<_>>().join(", "))
}
