//! A source record, the version of a statement about it, a redirect, and all changes of one message.

use super::{each, item, patch, v1};
use crate::reading::{Reading, timestamp};
use domain::{
    Authority, Catalogue, FieldViolation, Instance, ItemKind, LocalIdentifier, RecordChange, RecordVersion,
    Redirect, RedirectScope, SourceRecord, Unread,
};
use v1::record_version::Version;

/// Reads a record that must be there.
pub(crate) fn source_record(
    value: Option<v1::SourceRecord>,
    at: &str,
    reading: &mut Reading,
) -> Option<SourceRecord> {
    let value = reading.required(at, value)?;
    let authority = reading.checked(&format!("{at}.authority"), Authority::parse(&value.authority));
    let local_id = reading.checked(&format!("{at}.local_id"), LocalIdentifier::parse(&value.local_id));
    Some(SourceRecord { authority: authority?, local_id: local_id? })
}

/// Reads a record that a request names; `at` is the request's name for it.
pub fn read_source_record(
    value: Option<v1::SourceRecord>,
    at: &str,
) -> Result<SourceRecord, Vec<FieldViolation>> {
    let mut reading = Reading::default();
    let record = source_record(value, at, &mut reading);
    reading.finish(record)
}

/// Writes a record.
pub fn wire_source_record(record: &SourceRecord) -> v1::SourceRecord {
    v1::SourceRecord {
        authority: record.authority.as_str().to_owned(),
        local_id: record.local_id.as_str().to_owned(),
    }
}

/// Reads a version that must be there.
pub(crate) fn record_version(
    value: Option<v1::RecordVersion>,
    at: &str,
    reading: &mut Reading,
) -> Option<RecordVersion> {
    match reading.required(at, value.and_then(|value| value.version))? {
        Version::Sequence(sequence) => Some(RecordVersion::Sequence(sequence)),
        Version::SourceTime(time) => {
            reading.instant(&format!("{at}.source_time"), Some(time)).map(RecordVersion::SourceTime)
        }
        Version::Arrival(place) => Some(RecordVersion::Arrival(place)),
    }
}

/// Reads the version that a request names; `at` is the request's name for it.
pub fn read_record_version(
    value: Option<v1::RecordVersion>,
    at: &str,
) -> Result<RecordVersion, Vec<FieldViolation>> {
    let mut reading = Reading::default();
    let version = record_version(value, at, &mut reading);
    reading.finish(version)
}

/// Writes a version.
pub fn wire_record_version(version: RecordVersion) -> v1::RecordVersion {
    let version = match version {
        RecordVersion::Sequence(sequence) => Version::Sequence(sequence),
        RecordVersion::SourceTime(time) => Version::SourceTime(timestamp(time)),
        RecordVersion::Arrival(place) => Version::Arrival(place),
    };
    v1::RecordVersion { version: Some(version) }
}

/// Reads a merge or a move.
pub(crate) fn redirect(value: v1::Redirect, at: &str, reading: &mut Reading) -> Option<Redirect> {
    let from = source_record(value.from, &format!("{at}.from"), reading);
    let to = source_record(value.to, &format!("{at}.to"), reading);
    let scope = match v1::RedirectScope::try_from(value.scope) {
        Ok(v1::RedirectScope::Record) => Some(RedirectScope::Record),
        Ok(v1::RedirectScope::Data) => Some(RedirectScope::Data),
        Ok(v1::RedirectScope::Unspecified) | Err(_) => None,
    };
    if scope.is_none() {
        reading.refuse(&format!("{at}.scope"), "must be RECORD or DATA");
    }
    Some(Redirect { from: from?, to: to?, scope: scope? })
}

/// Writes a merge or a move.
pub fn wire_redirect(redirect: &Redirect) -> v1::Redirect {
    let scope = match redirect.scope {
        RedirectScope::Record => v1::RedirectScope::Record,
        RedirectScope::Data => v1::RedirectScope::Data,
    };
    v1::Redirect {
        from: Some(wire_source_record(&redirect.from)),
        to: Some(wire_source_record(&redirect.to)),
        scope: scope.into(),
    }
}

/// Reads the catalogue id of a kind.
pub(super) fn kind(id: &str, at: &str, reading: &mut Reading) -> Option<ItemKind> {
    let kind = Catalogue::standard().by_id(id);
    if kind.is_none() {
        reading.refuse(at, "must be the id of a kind in the catalogue");
    }
    kind
}

/// Reads all changes of one message.
pub(crate) fn change(value: v1::RecordChange, reading: &mut Reading) -> Option<RecordChange> {
    let record = source_record(value.record, "record", reading);
    let version = record_version(value.version, "version", reading);
    let occurred_at = reading.instant("occurred_at", value.occurred_at);
    let demographics = patch::patch(value.demographics.unwrap_or_default(), "demographics", reading);
    let upserts = each(value.upserts, "upserts", reading, item::read);
    let removals = each(value.removals, "removals", reading, removal);
    let complete_kinds =
        each(value.complete_kinds, "complete_kinds", reading, |id, at, reading| kind(&id, at, reading));
    let redirect = value.redirect.and_then(|value| redirect(value, "redirect", reading));
    Some(RecordChange {
        record: record?,
        version: version?,
        occurred_at: occurred_at?,
        demographics,
        upserts,
        removals,
        complete_kinds,
        redirect,
        record_removed: value.record_removed,
        unread: Unread(value.unread),
    })
}

/// Writes all changes of one message.
pub fn wire_change(change: &RecordChange) -> v1::RecordChange {
    v1::RecordChange {
        record: Some(wire_source_record(&change.record)),
        version: Some(wire_record_version(change.version)),
        occurred_at: Some(timestamp(change.occurred_at)),
        demographics: (!change.demographics.is_empty()).then(|| patch::wire_patch(&change.demographics)),
        upserts: change.upserts.iter().map(item::wire_item).collect(),
        removals: change.removals.iter().map(wire_removal).collect(),
        complete_kinds: change.complete_kinds.iter().map(|kind| kind.id().to_owned()).collect(),
        redirect: change.redirect.as_ref().map(wire_redirect),
        record_removed: change.record_removed,
        unread: change.unread.0.clone(),
    }
}

fn removal(value: v1::ItemRemoval, at: &str, reading: &mut Reading) -> Option<(ItemKind, Instance)> {
    let kind = kind(&value.kind, &format!("{at}.kind"), reading);
    let instance = reading.checked(&format!("{at}.instance"), Instance::parse(&value.instance));
    Some((kind?, instance?))
}

fn wire_removal((kind, instance): &(ItemKind, Instance)) -> v1::ItemRemoval {
    v1::ItemRemoval { kind: kind.id().to_owned(), instance: instance.as_str().to_owned() }
}
