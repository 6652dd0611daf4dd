//! Invented records, links and leaves for the suite.

use domain::{
    Change, CheckScheme, ChiNumber, ClericalReview, Code, DataItem, Decider, DisclosureId, EventId, Exit,
    FieldValue, HeldChi, Instance, ItemKind, ItemMask, Labels, Leaf, Link, LinkEvidence, LinkStatus,
    OrganisationId, PartialDate, PersonId, PersonName, Purpose, RecordChange, RecordVersion, Request,
    Requester, ReviewId, SessionId, SourceRecord, UserId,
};
use event_log::LogPosition;
use jiff::Timestamp;
use projection::Arrival;
use uuid::Uuid;

use crate::{Launch, LeafRow, PersonQuery, Store, UnitOfWork, apply_record_change};

/// A number that was never given to anybody.
pub(super) fn chi() -> ChiNumber {
    ChiNumber::parse("0101010001")
        .or_else(|_| ChiNumber::parse("1111111111"))
        .or_else(|_| (0..100_u32).find_map(|n| ChiNumber::parse(&format!("01010100{n:02}")).ok()).ok_or(()))
        .map(|(number, _)| number)
        .unwrap()
}

pub(super) fn record(local_id: &str) -> SourceRecord {
    SourceRecord::parse("case-system", local_id).unwrap()
}

pub(super) fn second(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(super) fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

pub(super) fn item(kind: ItemKind, instance: &str, words: &str) -> DataItem {
    let code = Code { system: String::new(), code: "x".to_owned(), display: words.to_owned() };
    DataItem {
        kind,
        instance: Instance::parse(instance).unwrap(),
        as_of: second(0),
        fields: vec![("service".to_owned(), FieldValue::Code(code))],
        labels: Labels::NONE,
        source_reference: Some("https://example.org/p/1".to_owned()),
    }
}

/// A message that names a person and gives two items.
pub(super) fn message(record: &SourceRecord, sequence: u64, chi: Option<ChiNumber>) -> RecordChange {
    let mut change = RecordChange::new(record.clone(), RecordVersion::Sequence(sequence), second(0));
    change.demographics.names = Change::Set(vec![PersonName::simple("Dunbrae", "Elspeth").unwrap()]);
    change.demographics.birth_date = Change::Set(PartialDate::from_day(1958, 8, 3).unwrap());
    if let Some(number) = chi {
        let held = HeldChi { number, scheme: CheckScheme::Both, padded: false };
        change.demographics.chi = Change::Set(held);
    }
    change.upserts =
        vec![item(ItemKind::CARE_PACKAGE, "1", "Home care"), item(ItemKind::ALLERGY, "1", "Penicillin")];
    change
}

pub(super) fn arrival(offset: u64) -> Arrival {
    Arrival { received_at: second(60), offset }
}

pub(super) async fn begin(store: &dyn Store) -> Box<dyn UnitOfWork> {
    store.begin("projector", 0).await.unwrap()
}

/// A unit of the role that numbers leaves.
pub(super) async fn begin_disclosures(store: &dyn Store) -> Box<dyn UnitOfWork> {
    store.begin(crate::DISCLOSURE_INDEX, 0).await.unwrap()
}

/// Stores records by one message each.
pub(super) async fn store_records(store: &dyn Store, records: &[(&SourceRecord, Option<ChiNumber>)]) {
    let mut work = begin(store).await;
    for (record, chi) in records {
        apply_record_change(work.as_mut(), &message(record, 1, *chi), arrival(0)).await.unwrap();
    }
    work.commit().await.unwrap();
}

pub(super) fn link(record: &SourceRecord, person: PersonId, status: LinkStatus, decided_by: Decider) -> Link {
    Link {
        record: record.clone(),
        person,
        status,
        evidence: LinkEvidence {
            prior: -19.5,
            total: 3.25,
            runner_up: Some(-1.0),
            ..LinkEvidence::default()
        },
        decided_by,
        decided_at: second(1),
        judged_version: RecordVersion::Sequence(1),
    }
}

pub(super) fn by_machine() -> Decider {
    Decider::Machine { model: "1".to_owned() }
}

pub(super) async fn store_links(store: &dyn Store, links: &[Link]) {
    let mut work = begin(store).await;
    for link in links {
        work.save_link(link).await.unwrap();
    }
    work.commit().await.unwrap();
}

pub(super) fn review(number: u128, record: &SourceRecord) -> ClericalReview {
    ClericalReview {
        id: ReviewId(Uuid::from_u128(number)),
        record: record.clone(),
        judged_version: RecordVersion::Arrival(4),
        reason: "two candidates fit".to_owned(),
        candidates: Vec::new(),
        raised_at: second(i64::try_from(number).unwrap()),
    }
}

pub(super) fn event(number: u128) -> EventId {
    EventId(Uuid::from_u128(number))
}

pub(super) fn launch(session: u128) -> Launch {
    let organisation = OrganisationId::parse("council").unwrap();
    let requester = Requester {
        user: UserId::parse("u1").unwrap(),
        organisation: organisation.clone(),
        host_organisation: organisation,
        position: None,
    };
    let request = Request {
        requester,
        purpose: Purpose::DirectCare,
        session: SessionId(Uuid::from_u128(session)),
        bound_person: Some(person(1)),
        relationship_asserted: true,
        authenticated_at: second(0),
    };
    let asked = PersonQuery::Record(record("P-1"));
    Launch { request, asked, origin: "http://council.localhost".to_owned(), context: vec![1, 2, 3] }
}

pub(super) fn leaf(index: u64) -> LeafRow {
    let request = launch(1).request;
    let leaf = Leaf {
        id: DisclosureId(Uuid::from_u128(u128::from(index) + 1)),
        at: second(2),
        exit: Exit::Panel,
        disclosed: true,
        bundle_hash: vec![1; 32],
        user: request.requester.user,
        position: None,
        organisation: request.requester.organisation,
        host_organisation: request.requester.host_organisation,
        session: request.session,
        purpose: request.purpose,
        person: vec![u8::try_from(index % 2).unwrap(); 32],
        flows: Vec::new(),
        items: ItemMask::EMPTY.with(ItemKind::ALLERGY),
        item_count: 3,
        reasons: vec![domain::ReasonCode::RoleLevel],
        override_id: None,
        body_digest: vec![2; 32],
        trace_id: String::new(),
        stated_reason: None,
    };
    LeafRow { index, position: LogPosition { partition: 0, offset: index }, hash: [7; 32], leaf }
}
