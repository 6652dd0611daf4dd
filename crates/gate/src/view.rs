//! The view path: resolve → decide → load only what is permitted → filter → render → leaf → release.

use crate::answer::{Answer, Feed, Refusal, RefusedView, Shown, Source};
use crate::disclosures::LogDisclosures;
use crate::{Ask, DisclosureKey, Error, IdentityCheck, Lease, SharingSnapshot, Snapshot};
use domain::{
    Clock, DirectiveId, DisclosureId, Entropy, Exit, ItemMask, Leaf, LinkStatus, OrganisationId, PartialDate,
    PersonId, ReasonCode, RecordKey, Request, SessionId,
};
use event_codec::Codec;
use event_log::EventLog;
use jiff::Timestamp;
use policy::{Body, Decision, LinkState, LoadedItem, Permitted, PersonFacts, Policy, RecordFacts, release};
use std::sync::Arc;
use storage::{ItemRow, ResolvedPerson, ResolvedRecord, Store};

/// The one exit.
pub struct Gate {
    pub(crate) snapshot: Arc<SharingSnapshot>,
    pub(crate) lease: Arc<Lease>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) key: DisclosureKey,
    pub(crate) leaves: LogDisclosures,
}

/// What a gate is made of.
#[derive(Clone)]
pub struct GateParts {
    /// The log, for leaves.
    pub log: Arc<dyn EventLog>,
    /// Seals leaves.
    pub codec: Codec,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The policy snapshot.
    pub snapshot: Arc<SharingSnapshot>,
    /// The lease.
    pub lease: Arc<Lease>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Key of pseudonyms and digests.
    pub key: DisclosureKey,
}

/// A question on its way: what was found and decided.
pub(crate) struct Considered {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) now: Timestamp,
    pub(crate) person: Option<Arc<ResolvedPerson>>,
    pub(crate) decision: Option<Decision>,
}

impl Considered {
    fn policy(&self) -> Option<&Policy> {
        self.snapshot.policy.as_ref()
    }
}

impl Gate {
    /// A gate of these parts.
    pub fn new(parts: GateParts) -> Self {
        let leaves = LogDisclosures {
            log: parts.log,
            codec: parts.codec,
            clock: Arc::clone(&parts.clock),
            lease: Arc::clone(&parts.lease),
        };
        Self {
            snapshot: parts.snapshot,
            lease: parts.lease,
            store: parts.store,
            clock: parts.clock,
            entropy: parts.entropy,
            key: parts.key,
            leaves,
        }
    }

    /// The policy snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.current()
    }

    /// The lease.
    pub fn lease(&self) -> &Arc<Lease> {
        &self.lease
    }

    /// The key of pseudonyms.
    pub fn key(&self) -> &DisclosureKey {
        &self.key
    }

    /// Rings whenever the policy snapshot changed.
    pub fn rules_changed(&self) -> tokio::sync::watch::Receiver<u64> {
        self.snapshot.changes()
    }

    /// The reference of a session that people read out. It does not say who the person is, and is the same for every
    /// reason.
    pub fn reference(session: SessionId) -> String {
        reference(session)
    }

    /// Whom a session is about while its question means nobody.
    pub fn stand_in(session: SessionId) -> PersonId {
        PersonId(session.0)
    }

    /// Answers a question: what may be shown is rendered, recorded and released; what may not is recorded.
    pub async fn view<B: Body>(
        &self,
        ask: &Ask,
        render: impl FnOnce(&Shown) -> Result<B, Error>,
    ) -> Result<Answer<B>, Error> {
        let considered = self.consider(ask).await?;
        match self.shown(ask, &considered).await? {
            Ok(shown) => self.let_go(ask, &considered, &shown, render).await,
            Err(refusal) => Ok(Answer::Refused(self.refuse(ask, &considered, refusal).await)),
        }
    }

    /// Resolves and decides, on one reading of the clock.
    pub(crate) async fn consider(&self, ask: &Ask) -> Result<Considered, Error> {
        let person = self.store.resolve(&ask.query).await?;
        let snapshot = self.snapshot.current();
        let (now, system) = self.lease.facts();
        let facts = person_facts(person.as_deref());
        let request = bound(&ask.request, facts.person);
        let decision = snapshot.policy.as_ref().map(|policy| policy.decide(&request, &facts, &system, now));
        Ok(Considered { snapshot, now, person, decision })
    }

    /// Loads and filters, or says why nothing is shown.
    pub(crate) async fn shown(
        &self,
        ask: &Ask,
        considered: &Considered,
    ) -> Result<Result<Shown, Refusal>, Error> {
        let (Some(policy), Some(decision)) = (considered.policy(), considered.decision.as_ref()) else {
            return Ok(Err(Refusal::Cleared(vec![ReasonCode::SysPolicy])));
        };
        match decision.refusal() {
            Some(policy::Refusal::Cleared(reasons)) => return Ok(Err(Refusal::Cleared(reasons.to_vec()))),
            Some(policy::Refusal::Reader(reasons)) => return Ok(Err(Refusal::Reader(reasons.to_vec()))),
            Some(policy::Refusal::Person) => return Ok(Err(Refusal::Person)),
            None => {}
        }
        let Some(person) = &considered.person else { return Ok(Err(Refusal::Person)) };
        let identity = compare(ask, decision, person);
        if let Some(field) = identity.stop {
            return Ok(Err(Refusal::Stop(field)));
        }
        let rows = self.store.view_rows(&wanted(decision, person)).await?;
        let view = policy.apply(decision, loaded(decision, person, rows));
        let sources = self.sources(&considered.snapshot, view.terms().sources.keys()).await?;
        let shared = decision.records().map(|(key, _)| key).collect::<Vec<_>>();
        Ok(Ok(Shown {
            identity,
            update_not_shown: person
                .records
                .iter()
                .any(|record| record.parked && shared.contains(&record.key)),
            active_override: active_override(decision),
            may_override: decision.may_offer_override,
            decided_at: considered.now,
            view,
            sources,
        }))
    }

    pub(crate) async fn let_go<B: Body>(
        &self,
        ask: &Ask,
        considered: &Considered,
        shown: &Shown,
        render: impl FnOnce(&Shown) -> Result<B, Error>,
    ) -> Result<Answer<B>, Error> {
        let body = render(shown)?;
        let permitted = Permitted::render(&shown.view, |_| body);
        let leaf = Leaf { body_digest: self.key.body(&permitted), ..self.leaf(ask, considered) };
        match release(&self.leaves, leaf, permitted).await {
            Ok(released) => {
                count(ask.exit, "shown", &[]);
                Ok(Answer::Shown(released))
            }
            Err(error) => {
                tracing::error!(exit = ask.exit.as_str(), error = %error, "a disclosure could not be recorded");
                let refusal = Refusal::Cleared(vec![ReasonCode::SysAudit]);
                Ok(Answer::Refused(Self::page(ask, considered, refusal)))
            }
        }
    }

    /// Records a refusal. When even that cannot be recorded, the answer says only that the rules cannot be checked.
    pub(crate) async fn refuse(&self, ask: &Ask, considered: &Considered, refusal: Refusal) -> RefusedView {
        let mut leaf = self.leaf(ask, considered);
        if leaf.reasons.is_empty() {
            leaf.reasons = match &refusal {
                Refusal::Cleared(reasons) | Refusal::Reader(reasons) => reasons.clone(),
                Refusal::Stop(_) => vec![ReasonCode::ActLaunch],
                Refusal::Person => vec![ReasonCode::LinkUnconfirmed],
            };
        }
        count(ask.exit, "refused", &leaf.reasons);
        match policy::refuse(&self.leaves, leaf).await {
            Ok(_) => Self::page(ask, considered, refusal),
            Err(error) => {
                tracing::error!(exit = ask.exit.as_str(), error = %error, "a refusal could not be recorded");
                Self::page(ask, considered, Refusal::Cleared(vec![ReasonCode::SysAudit]))
            }
        }
    }

    pub(crate) fn page(ask: &Ask, considered: &Considered, refusal: Refusal) -> RefusedView {
        let reader = ask.request.requester.organisation.clone();
        let state = &considered.snapshot.state;
        let disclosers: std::collections::BTreeSet<OrganisationId> = state
            .agreements()
            .flat_map(|agreement| {
                agreement.flows.iter().chain(agreement.appendices.iter().flat_map(|part| part.flows.iter()))
            })
            .filter(|flow| flow.recipient == reader)
            .map(|flow| flow.discloser.clone())
            .collect();
        RefusedView {
            refusal,
            may_override: considered.decision.as_ref().is_some_and(|decision| decision.may_offer_override),
            active_override: considered.decision.as_ref().and_then(active_override),
            sources: disclosers.iter().filter_map(|id| state.organisation(id)).cloned().collect(),
            reader: state.organisation(&reader).map(|_| reader),
            decided_at: considered.now,
            reference: Self::reference(ask.request.session),
        }
    }

    /// A leaf with everything but what the release itself writes.
    pub(crate) fn leaf(&self, ask: &Ask, considered: &Considered) -> Leaf {
        let requester = &ask.request.requester;
        let person = considered.person.as_ref().map(|person| person.person);
        let decision = considered.decision.as_ref();
        Leaf {
            id: DisclosureId(self.entropy.uuid_at(considered.now)),
            at: considered.now,
            exit: ask.exit,
            disclosed: false,
            bundle_hash: decision.map_or_else(|| vec![0; 32], |decision| decision.bundle_hash.to_vec()),
            user: requester.user.clone(),
            position: requester.position.clone(),
            organisation: requester.organisation.clone(),
            host_organisation: requester.host_organisation.clone(),
            session: ask.request.session,
            purpose: ask.request.purpose,
            person: self.pseudonym(person, ask),
            flows: Vec::new(),
            items: ItemMask::EMPTY,
            item_count: 0,
            reasons: decision.map_or_else(Vec::new, |decision| decision.limits().to_vec()),
            override_id: None,
            body_digest: Vec::new(),
            trace_id: String::new(),
            stated_reason: None,
        }
    }

    pub(crate) fn pseudonym(&self, person: Option<PersonId>, ask: &Ask) -> Vec<u8> {
        person.map_or_else(|| self.key.asked(&ask.query), |person| self.key.person(person))
    }

    async fn sources<'a>(
        &self,
        snapshot: &Snapshot,
        ids: impl Iterator<Item = &'a OrganisationId> + Send,
    ) -> Result<Vec<Source>, Error> {
        let feeds = self.store.feeds().await?;
        let heard = |authority: &domain::Authority| {
            let feed = feeds.iter().find(|feed| feed.authority == *authority);
            feed.and_then(|feed| feed.last_heard).and_then(to_the_minute)
        };
        let organisations = ids.filter_map(|id| snapshot.state.organisation(id));
        Ok(organisations
            .map(|organisation| Source {
                feeds: organisation
                    .authorities
                    .iter()
                    .map(|authority| Feed { authority: authority.clone(), last_heard: heard(authority) })
                    .collect(),
                organisation: organisation.clone(),
            })
            .collect())
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Gate")
    }
}

fn active_override(decision: &Decision) -> Option<(DirectiveId, Timestamp)> {
    decision.active_override.zip(decision.override_ends)
}

fn to_the_minute(instant: Timestamp) -> Option<Timestamp> {
    Timestamp::from_second(instant.as_second() - instant.as_second().rem_euclid(60)).ok()
}

/// The request with the person whom it is bound to. A launch that knew nobody is bound by its question alone: to
/// whomever that means now, and while it means nobody, to its own session, so that emergency access can be declared
/// about somebody who is not known just as about somebody who is.
pub(crate) fn bound(request: &Request, found: Option<PersonId>) -> Request {
    let person = request.bound_person.or(found).unwrap_or_else(|| Gate::stand_in(request.session));
    Request { bound_person: Some(person), ..request.clone() }
}

/// A reference that people can read out: derived from the session alone, so the same for every reason.
fn reference(session: SessionId) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let bytes = session.0.into_bytes();
    let letters = bytes.iter().take(8).filter_map(|byte| LETTERS.get(usize::from(byte & 31))).copied();
    let text: String = letters.map(char::from).collect();
    text.split_at_checked(4).map_or_else(String::new, |(one, two)| format!("{one}-{two}"))
}

/// What the rule is told of the person.
pub(crate) fn person_facts(person: Option<&ResolvedPerson>) -> PersonFacts {
    let Some(person) = person else { return PersonFacts::default() };
    let led = person.status == LinkStatus::Confirmed;
    PersonFacts {
        person: Some(person.person),
        birth_date: birth_date(person),
        records: person.records.iter().map(|record| record_facts(record, led)).collect(),
    }
}

fn record_facts(record: &ResolvedRecord, led: bool) -> RecordFacts {
    let link = match (record.status, led) {
        (LinkStatus::Confirmed, true) => LinkState::Confirmed,
        (LinkStatus::Confirmed | LinkStatus::Possible, _) => LinkState::Possible,
        (LinkStatus::Disputed, _) => LinkState::Disputed,
    };
    RecordFacts {
        record: record.record.clone(),
        link,
        protected: record.protected,
        relationships: record.relationships.clone(),
    }
}

/// The date of birth that confirmed records agree on; unknown where they contradict each other.
fn birth_date(person: &ResolvedPerson) -> Option<PartialDate> {
    let confirmed = person.records.iter().filter(|record| tells_who(record));
    let dates: Vec<PartialDate> = confirmed.filter_map(|record| record.demographics.birth_date).collect();
    let contradicts = |date: &PartialDate| dates.iter().any(|other| other.compare(date).is_contradiction());
    if dates.iter().any(contradicts) {
        return None;
    }
    dates.iter().find(|date| date.full().is_some()).or(dates.first()).copied()
}

/// Whether a record tells who the person is: surely theirs, and not only its data.
fn tells_who(record: &ResolvedRecord) -> bool {
    record.status == LinkStatus::Confirmed && record.kinds.contains(domain::ItemKind::IDENTITY)
}

/// Which records to load, and of each only the kinds that its controller's flows permit.
fn wanted(decision: &Decision, person: &ResolvedPerson) -> Vec<(RecordKey, ItemMask)> {
    let records = decision.records().filter_map(|(key, controller)| {
        let record = person.records.iter().find(|record| record.key == key)?;
        let kinds = if domain::planted(domain::Fault::GateSkipped) {
            record.kinds
        } else {
            decision.items_of(controller).intersect(record.kinds)
        };
        (!kinds.is_empty()).then_some((key, kinds))
    });
    records.collect()
}

fn loaded(decision: &Decision, person: &ResolvedPerson, rows: Vec<ItemRow>) -> Vec<LoadedItem> {
    rows.into_iter()
        .filter_map(|row| {
            let (_, controller) = decision.records().find(|(key, _)| *key == row.record)?;
            let record = person.records.iter().find(|record| record.key == row.record)?;
            Some(LoadedItem {
                record: row.record,
                controller: controller.clone(),
                protected: record.protected,
                item: row.item,
                received_at: row.received_at,
            })
        })
        .collect()
}

/// Compares the host's screen with the records of those who share identity with the reader.
fn compare(ask: &Ask, decision: &Decision, person: &ResolvedPerson) -> IdentityCheck {
    let mut whole = IdentityCheck::default();
    for (key, controller) in decision.records() {
        if !decision.items_of(controller).contains(domain::ItemKind::IDENTITY) {
            continue;
        }
        let found = person.records.iter().find(|record| record.key == key);
        let Some(record) = found.filter(|record| tells_who(record)) else { continue };
        let mut check = ask.host.check(&record.demographics);
        if record.protected || !decision.items_of(controller).contains(domain::ItemKind::ADDRESS) {
            check.agrees.retain(|field| *field != "postcode");
            check.differs.retain(|field| *field != "postcode");
        }
        whole.stop = whole.stop.or(check.stop);
        for field in check.agrees {
            if !whole.agrees.contains(&field) {
                whole.agrees.push(field);
            }
        }
        for field in check.differs {
            if !whole.differs.contains(&field) {
                whole.differs.push(field);
            }
        }
    }
    let differs = whole.differs.clone();
    whole.agrees.retain(|field| !differs.contains(field));
    whole
}

pub(crate) fn count(exit: Exit, outcome: &'static str, reasons: &[ReasonCode]) {
    metrics::counter!("yett_gate_decisions_total", "exit" => exit.as_str(), "outcome" => outcome)
        .increment(1);
    for reason in reasons {
        metrics::counter!("yett_gate_reasons_total", "reason" => reason.as_str()).increment(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Purpose, Requester, UserId};
    use uuid::Uuid;

    fn request(bound_person: Option<PersonId>) -> Request {
        let organisation = OrganisationId::parse("nhs-strathorr").unwrap();
        Request {
            requester: Requester {
                user: UserId::parse("nurse").unwrap(),
                organisation: organisation.clone(),
                host_organisation: organisation,
                position: None,
            },
            purpose: Purpose::DirectCare,
            session: SessionId(Uuid::from_u128(9)),
            bound_person,
            relationship_asserted: false,
            authenticated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_launch_that_knew_somebody_stays_theirs_and_one_that_knew_nobody_is_bound_by_its_question() {
        let [one, other] = [1, 2].map(|number| PersonId(Uuid::from_u128(number)));
        assert_eq!(bound(&request(Some(one)), Some(other)).bound_person, Some(one));
        assert_eq!(bound(&request(None), Some(other)).bound_person, Some(other));
        let nobody = bound(&request(None), None).bound_person;
        assert_eq!(nobody, Some(Gate::stand_in(SessionId(Uuid::from_u128(9)))));
    }
}
