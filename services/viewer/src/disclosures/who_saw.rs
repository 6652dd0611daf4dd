//! Who saw whom: which leaves are about a person, which of them an organisation may read, and how they are told.

use domain::{FieldViolation, FlowUse, ItemKind, ItemMask, Leaf, LinkStatus, LongText, OrganisationId};
use gate::{DisclosureKey, Gate};
use jiff::Timestamp;
use policy::{Body, SharingState};
use prost::Message;
use proto::disclosure::v1;
use proto::viewing::PersonIdentifier;
use std::collections::BTreeMap;
use storage::{Error, LeafReads, LeafRow, PersonQuery, ResolvedPerson};
use transport::Failure;

/// Entries of a page when the caller names no number, and the most that it may name.
const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 1000;

/// What an operator asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) query: PersonQuery,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    /// The first leaf that may be on the page.
    first: u64,
    most: usize,
}

impl Question {
    /// Reads a request.
    pub(super) fn read(request: v1::ListDisclosuresRequest) -> Result<Self, Failure> {
        let mut violations = Vec::new();
        let query = match request.person.map(|person| proto::viewing::person_identifier(person, "person")) {
            Some(Ok(identifier)) => Some(query(identifier)),
            Some(Err(found)) => {
                violations.extend(found);
                None
            }
            None => {
                violations.push(FieldViolation::new("person", "is required"));
                None
            }
        };
        let from = instant("from", request.from, &mut violations);
        let to = instant("to", request.to, &mut violations);
        let first = if request.page_token.is_empty() { Some(0) } else { request.page_token.parse().ok() };
        if first.is_none() {
            violations.push(FieldViolation::new("page_token", "must be one of an earlier answer"));
        }
        if request.page_size > LARGEST_PAGE {
            violations.push(FieldViolation::new("page_size", "must be at most 1000"));
        }
        let most = if request.page_size == 0 { PAGE } else { request.page_size };
        match (query, first) {
            (Some(query), Some(first)) if violations.is_empty() => {
                Ok(Self { query, from, to, first, most: usize::try_from(most).unwrap_or(usize::MAX) })
            }
            _ => Err(Failure::Invalid(violations)),
        }
    }

    fn covers(&self, row: &LeafRow) -> bool {
        let at = row.leaf.at;
        row.index >= self.first && self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

fn query(identifier: PersonIdentifier) -> PersonQuery {
    match identifier {
        PersonIdentifier::Chi(number) => PersonQuery::Chi(number),
        PersonIdentifier::NhsNumber(number) => PersonQuery::NhsNumber(number),
        PersonIdentifier::Record(record) => PersonQuery::Record(record),
    }
}

fn instant(
    field: &str,
    value: Option<prost_types::Timestamp>,
    violations: &mut Vec<FieldViolation>,
) -> Option<Timestamp> {
    let value = value?;
    let read = Timestamp::new(value.seconds, value.nanos).ok();
    if read.is_none() {
        violations.push(FieldViolation::new(field, "must be an instant between the years 0001 and 9999"));
    }
    read
}

/// Every pseudonym that leaves about the person may carry; the one of the person, or of whom was asked for, first.
/// Before records were linked, leaves carry what the host asked by: a confirmed record and its numbers.
pub(super) fn pseudonyms(
    key: &DisclosureKey,
    query: &PersonQuery,
    person: Option<&ResolvedPerson>,
) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = person.iter().map(|person| key.person(person.person)).collect();
    all.push(key.asked(query));
    let records = person.iter().flat_map(|person| &person.records);
    for record in records.filter(|record| record.status == LinkStatus::Confirmed) {
        all.push(key.asked(&PersonQuery::Record(record.record.clone())));
        let chi = record.demographics.chi.as_ref().map(|held| PersonQuery::Chi(held.number));
        let nhs_number = record.demographics.nhs_number.map(PersonQuery::NhsNumber);
        all.extend(chi.iter().chain(&nhs_number).map(|query| key.asked(query)));
    }
    all
}

/// Leaves that carry one of these pseudonyms, each once, in order.
pub(super) async fn leaves<S>(store: &S, pseudonyms: &[Vec<u8>]) -> Result<Vec<LeafRow>, Error>
where
    S: LeafReads + Sync + ?Sized,
{
    let mut rows = BTreeMap::new();
    for pseudonym in pseudonyms {
        rows.extend(store.leaves_of(pseudonym).await?.into_iter().map(|row| (row.index, row)));
    }
    Ok(rows.into_values().collect())
}

/// An answer on its way through the gate. Its reference is known only once it is released.
pub(super) struct Page {
    pub(super) answer: v1::ListDisclosuresResponse,
    bytes: Vec<u8>,
}

impl Body for Page {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Who reads.
pub(super) struct Reader<'a> {
    pub(super) state: &'a SharingState,
    pub(super) organisation: &'a OrganisationId,
    /// It runs the node, and reads every leaf.
    pub(super) all: bool,
}

impl Reader<'_> {
    /// The page that answers the question.
    pub(super) fn page(&self, question: &Question, rows: &[LeafRow]) -> Page {
        let mut entries =
            rows.iter().filter(|row| question.covers(row)).filter_map(|row| self.entry(row)).peekable();
        let disclosures: Vec<v1::Disclosure> = entries.by_ref().take(question.most).collect();
        let next_page_token = entries.next().map(|next| next.leaf_index.to_string()).unwrap_or_default();
        let answer = v1::ListDisclosuresResponse { disclosures, next_page_token, reference: String::new() };
        Page { bytes: answer.encode_to_vec(), answer }
    }

    /// A leaf as the reader may read it: whole for who runs the node, who asked and whose host it was; for a
    /// controller, the part that its own flows disclosed; for anybody else not at all.
    fn entry(&self, row: &LeafRow) -> Option<v1::Disclosure> {
        let leaf = &row.leaf;
        if self.all || [&leaf.organisation, &leaf.host_organisation].contains(&self.organisation) {
            return Some(self.whole(row));
        }
        let own: Vec<&FlowUse> = leaf.flows.iter().filter(|used| self.controls(used, leaf)).collect();
        if own.is_empty() {
            return None;
        }
        if own.len() == leaf.flows.len() {
            return Some(self.whole(row));
        }
        let items = own.iter().fold(ItemMask::EMPTY, |all, used| all.union(used.items));
        Some(v1::Disclosure {
            kinds: kinds(items),
            flows: own.iter().map(|used| used.flow.to_string()).collect(),
            // Counts, reasons and an operator's words are of the whole disclosure, which is not the reader's to know.
            item_count: 0,
            reasons: Vec::new(),
            stated_reason: String::new(),
            ..self.whole(row)
        })
    }

    /// Whether the reader's organisation disclosed by this flow.
    fn controls(&self, used: &FlowUse, leaf: &Leaf) -> bool {
        let versions = self
            .state
            .agreements()
            .filter_map(|agreement| self.state.agreement_version(&agreement.id, used.agreement_version));
        let mut flows = versions.flat_map(|agreement| {
            agreement.flows.iter().chain(agreement.appendices.iter().flat_map(|appendix| &appendix.flows))
        });
        flows.any(|flow| {
            flow.id == used.flow
                && flow.recipient == leaf.organisation
                && flow.discloser == *self.organisation
        })
    }

    fn whole(&self, row: &LeafRow) -> v1::Disclosure {
        let leaf = &row.leaf;
        v1::Disclosure {
            id: leaf.id.to_string(),
            at: Some(proto::timestamp(leaf.at)),
            exit: leaf.exit.as_str().to_owned(),
            disclosed: leaf.disclosed,
            user: leaf.user.to_string(),
            display_name: self.display_name(leaf),
            position: leaf.position.as_ref().map(ToString::to_string).unwrap_or_default(),
            organisation: leaf.organisation.to_string(),
            host_organisation: leaf.host_organisation.to_string(),
            purpose: leaf.purpose.as_str().to_owned(),
            kinds: kinds(leaf.items),
            item_count: leaf.item_count,
            flows: leaf.flows.iter().map(|used| used.flow.to_string()).collect(),
            reasons: leaf.reasons.iter().map(|reason| reason.as_str().to_owned()).collect(),
            override_id: leaf.override_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            reference: Gate::reference(leaf.session),
            leaf_index: row.index,
            stated_reason: leaf.stated_reason.as_ref().map(LongText::as_str).unwrap_or_default().to_owned(),
        }
    }

    /// Name and title by the position that was named, else by any that the user held there.
    fn display_name(&self, leaf: &Leaf) -> String {
        let named = leaf.position.as_ref().and_then(|position| self.state.position(position));
        let named =
            named.filter(|position| position.user == leaf.user && position.organisation == leaf.organisation);
        let held = self.state.positions_of(&leaf.user, &leaf.organisation);
        let position = named.or_else(|| held.first().copied());
        position.map(|position| position.display_name.clone()).unwrap_or_default()
    }
}

fn kinds(mask: ItemMask) -> Vec<String> {
    mask.iter().map(ItemKind::id).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
