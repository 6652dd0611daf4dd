//! Values of every shape that the tests of links and their events write and read back.

use crate::samples::{record, text, time, version};
use domain::{
    Candidate, ClericalReview, Decider, FieldEvidence, Link, LinkEvidence, LinkStatus, PersonId,
    RecordVersion, ReviewId, UserId,
};
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

pub(crate) fn at() -> Timestamp {
    Timestamp::new(1_767_225_600, 123_456_789).unwrap()
}

pub(crate) fn manual() -> Decider {
    Decider::Manual { user: UserId::parse("reviewer-1").unwrap(), reason: "seen the papers".to_owned() }
}

pub(crate) fn machine() -> Decider {
    Decider::Machine { model: "shipped-1".to_owned() }
}

pub(crate) fn evidence() -> LinkEvidence {
    let field = |field: &str, level: &str, weight| FieldEvidence {
        field: field.to_owned(),
        level: level.to_owned(),
        weight,
    };
    LinkEvidence {
        fields: vec![
            field("birth date", "day and month swapped", 4.25),
            field("family name", "differs", -3.5),
        ],
        prior: -17.01,
        total: -16.26,
        runner_up: Some(-20.5),
        index_size: 50_000,
        rules: vec!["twins".to_owned()],
    }
}

pub(crate) fn link(status: LinkStatus) -> Link {
    Link {
        record: record("W-1"),
        person: person(1),
        status,
        evidence: evidence(),
        decided_by: machine(),
        decided_at: at(),
        judged_version: RecordVersion::Sequence(7),
    }
}

pub(crate) fn review() -> ClericalReview {
    let candidate = |number| Candidate {
        person: person(number),
        record: record(&format!("I-{number}")),
        evidence: evidence(),
    };
    ClericalReview {
        id: ReviewId(Uuid::from_u128(77)),
        record: record("W-1"),
        judged_version: RecordVersion::SourceTime(at()),
        reason: "two candidates fit".to_owned(),
        candidates: vec![candidate(1), candidate(2)],
        raised_at: at(),
    }
}

fn any_weight() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("a weight is a number", |weight| !weight.is_nan())
}

fn any_evidence() -> impl Strategy<Value = LinkEvidence> {
    let fields = prop::collection::vec((text(), any::<String>(), any_weight()), 0..4);
    let rules = prop::collection::vec(text(), 0..3);
    (fields, any_weight(), any_weight(), prop::option::of(any_weight()), any::<u64>(), rules).prop_map(
        |(fields, prior, total, runner_up, index_size, rules)| {
            let one = |(field, level, weight)| FieldEvidence { field, level, weight };
            LinkEvidence {
                fields: fields.into_iter().map(one).collect(),
                prior,
                total,
                runner_up,
                index_size,
                rules,
            }
        },
    )
}

/// Links as the domain allows them, sensible or not.
pub(crate) fn any_link() -> impl Strategy<Value = Link> {
    let statuses = vec![LinkStatus::Confirmed, LinkStatus::Possible, LinkStatus::Disputed];
    let deciders = vec![Decider::Index, machine(), manual()];
    (
        (any::<u128>(), prop::sample::select(statuses), prop::sample::select(deciders)),
        any_evidence(),
        time(),
        version(),
    )
        .prop_map(|((number, status, decided_by), evidence, decided_at, judged_version)| Link {
            record: record("W-1"),
            person: person(number),
            status,
            evidence,
            decided_by,
            decided_at,
            judged_version,
        })
}
