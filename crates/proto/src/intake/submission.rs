//! What a sender submits. Everything wrong with it is told at once, under the sender's own names.
//!
//! One thing is forgiven: a CHI number that is not valid is left out and reported, and the rest is taken, because
//! refusing a whole update for it would lose the rest for ever.

use super::record::change;
use super::{item, limits, v1};
use crate::reading::Reading;
use domain::{ChiNumber, DataItem, FieldViolation, NhsNumber, RecordChange};
use v1::record_version::Version;

/// A submission that can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What it changes.
    pub change: RecordChange,
    /// Fields that were left out because they are not valid.
    pub left_out: Vec<FieldViolation>,
}

/// Reads a submission. The id of the message is not looked at: the caller does.
pub fn record_change(submission: v1::RecordSubmission) -> Result<Read, Vec<FieldViolation>> {
    let mut reading = Reading::default();
    let mut left_out = Vec::new();
    let demographics = submission.demographics.map(|mut patch| {
        limits::check(&patch, "demographics", &mut reading);
        left_out.extend(mend_numbers(&mut patch));
        patch
    });
    let version = version(submission.version, &mut reading);
    let upserts = items(submission.upserts, &mut reading);
    one_authority(submission.redirect.as_ref(), &mut reading);
    let sent = v1::RecordChange {
        record: submission.record,
        version: Some(v1::RecordVersion { version: Some(version) }),
        occurred_at: submission.occurred_at,
        demographics,
        upserts: Vec::new(),
        removals: submission.removals,
        complete_kinds: submission.complete_kinds,
        redirect: submission.redirect,
        record_removed: submission.record_removed,
        unread: Vec::new(),
    };
    let change = change(sent, &mut reading);
    let change = reading.finish(change.map(|change| RecordChange { upserts, ..change }))?;
    Ok(Read { change, left_out })
}

/// A sender that gives no version leaves it to the order of the log, which only the log gives.
fn version(sent: Option<v1::RecordVersion>, reading: &mut Reading) -> Version {
    match sent.and_then(|sent| sent.version) {
        Some(Version::Arrival(_)) => {
            reading.refuse("version.arrival", "must not be sent: leave the version out instead");
            Version::Arrival(0)
        }
        Some(version @ (Version::Sequence(_) | Version::SourceTime(_))) => version,
        None => Version::Arrival(0),
    }
}

fn items(sent: Vec<v1::Item>, reading: &mut Reading) -> Vec<DataItem> {
    let mut items = Vec::with_capacity(sent.len());
    for (index, value) in sent.into_iter().enumerate() {
        let at = format!("upserts[{index}]");
        match item::item(value, &at).and_then(|item| item.checked(&at)) {
            Ok(item) => items.push(item),
            Err(violations) => reading.absorb(violations),
        }
    }
    items
}

/// Tidies the numbers as people write them, and takes out a CHI number that is not one.
fn mend_numbers(patch: &mut v1::DemographicsPatch) -> Option<FieldViolation> {
    if let Some((number, _)) = patch.nhs_number.as_deref().and_then(|text| NhsNumber::clean(text).ok()) {
        patch.nhs_number = Some(number.as_str().to_owned());
    }
    let is_cleared = patch.cleared_fields.iter().any(|field| field == "chi");
    // Set and cleared at once is refused as such when the patch is read.
    let sent = patch.chi.take_if(|_| !is_cleared)?;
    match ChiNumber::clean(&sent.number) {
        Ok(cleaned) => {
            let padded = sent.padded || cleaned.padded;
            patch.chi = Some(v1::HeldChi { number: cleaned.text().to_owned(), padded });
            None
        }
        Err(violation) => Some(FieldViolation::new("demographics.chi.number", violation.rule)),
    }
}

fn one_authority(redirect: Option<&v1::Redirect>, reading: &mut Reading) {
    let authority =
        |record: &Option<v1::SourceRecord>| record.as_ref().map(|record| record.authority.clone());
    let ends = redirect.and_then(|redirect| authority(&redirect.from).zip(authority(&redirect.to)));
    if ends.is_some_and(|(from, to)| from != to) {
        reading.refuse("redirect.to.authority", "must be the authority of the record that is retired");
    }
}
