//! Lets one CHI number out to the source system whose record lacks it, where a flow permits it.
//!
//! The source system asks for itself: its feed's user must hold a position with a role class that a flow grants
//! `identity` to, and must be approved like trained staff, as `config/seed` shows. Where no flow does, nothing leaves.

use crate::memory::Due;
use domain::{
    Entropy, Exit, ItemKind, ItemMask, LinkStatus, OrganisationId, Purpose, Request, Requester, SessionId,
};
use gate::{Ask, Gate, HostIdentity, Wire};
use policy::Released;
use proto::intake::wire_source_record;
use proto::matching::v1::Assignment;
use std::sync::Arc;
use storage::{PersonQuery, ResolvedPerson, Store};
use transport::Caller;

/// Why a number is sent back: so that the two agencies mean the same person from now on.
const PURPOSE: Purpose = Purpose::CarePlanning;

/// What became of an offer.
#[derive(Debug)]
pub(crate) enum Offer {
    /// It may leave, and its leaf is durable.
    Released(Released<Wire<Assignment>>),
    /// It may not.
    Refused,
    /// It cannot be told yet: the read model has not heard of the link, or no decision can be made now.
    NotYet,
}

/// What an offer needs.
#[derive(Clone)]
pub(crate) struct Offering {
    pub(crate) gate: Arc<Gate>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

pub(crate) async fn handle(with: &Offering, caller: &Caller, due: &Due) -> Result<Offer, gate::Error> {
    let (now, system) = with.gate.lease().facts();
    let query = PersonQuery::Record(due.assignment.record.clone());
    let known = with.store.resolve(&query).await?;
    if !(system.lease_valid && system.clock_sane && known.is_some_and(|person| holds(&person, due))) {
        return Ok(Offer::NotYet);
    }
    let snapshot = with.gate.snapshot();
    let Some(controller) = snapshot.state.controller_of(&due.from.authority) else {
        return Ok(Offer::Refused);
    };
    let request = Request {
        requester: Requester {
            user: caller.holder.clone(),
            organisation: caller.organisation.clone(),
            host_organisation: caller.organisation.clone(),
            position: None,
        },
        purpose: PURPOSE,
        session: SessionId(with.entropy.uuid()),
        bound_person: Some(due.assignment.person),
        // The system holds a record of the person: that is its word for a relationship. It counts only on a flow
        // that takes such a word.
        relationship_asserted: true,
        authenticated_at: now,
    };
    let ask = Ask { request, query, exit: Exit::Assignment, host: HostIdentity::default() };
    let used = [(controller.clone(), [ItemKind::IDENTITY].into_iter().collect::<ItemMask>())];
    release(with, &ask, &used, due).await
}

async fn release(
    with: &Offering,
    ask: &Ask,
    used: &[(OrganisationId, ItemMask)],
    due: &Due,
) -> Result<Offer, gate::Error> {
    let make = |person: &ResolvedPerson| holds(person, due).then(|| Wire::of(wire(due)));
    let released = with.gate.disclose(ask, used, make).await?;
    Ok(released.map_or(Offer::Refused, Offer::Released))
}

/// Whether the read model knows what the decider knows: the record is the person's, and so is the number.
fn holds(person: &ResolvedPerson, due: &Due) -> bool {
    let confirmed = |record: &domain::SourceRecord| {
        person.records.iter().find(|held| held.record == *record && held.status == LinkStatus::Confirmed)
    };
    let number = confirmed(&due.from).and_then(|held| held.demographics.chi.as_ref());
    person.person == due.assignment.person
        && person.status == LinkStatus::Confirmed
        && confirmed(&due.assignment.record).is_some()
        && number.is_some_and(|held| held.number == due.assignment.chi)
}

fn wire(due: &Due) -> Assignment {
    Assignment {
        id: due.id.to_string(),
        record: Some(wire_source_record(&due.assignment.record)),
        chi_number: due.assignment.chi.as_str().to_owned(),
        nhs_number: String::new(),
        decided_at: Some(proto::timestamp(due.decided_at)),
    }
}
