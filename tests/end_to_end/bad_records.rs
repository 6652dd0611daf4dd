//! Records with something wrong in them: every door says which field and which rule, applies nothing of it, and goes
//! on with the rest.

use crate::feed::{Council, care, code, home, item, ledger, name, settle, submission, text, violations};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::known;
use crate::reading::{NURSE, Session, shown, shows};
use proto::intake::v1::{self, submission_outcome::Outcome};
use tonic::Code;

/// One thing wrong, and the field that the refusal must name.
struct Wrong {
    what: &'static str,
    submission: v1::RecordSubmission,
    field: &'static str,
    rule: &'static str,
}

fn wrong(
    what: &'static str,
    (field, rule): (&'static str, &'static str),
    change: impl FnOnce(&mut v1::RecordSubmission),
) -> Wrong {
    let mut submission = known(1).submission(&format!("wrong {what}"));
    submission.upserts = vec![care("kept-out", "Never applied")];
    change(&mut submission);
    Wrong { what, submission, field, rule }
}

fn demographics(submission: &mut v1::RecordSubmission) -> &mut v1::DemographicsPatch {
    submission.demographics.as_mut().unwrap()
}

fn wrong_values() -> Vec<Wrong> {
    let names = |family: &str| Some(v1::PersonNames { names: vec![name(family, "Ann")] });
    vec![
        wrong("impossible date of birth", ("demographics.birth_date", "date"), |one| {
            demographics(one).birth_date = Some("1958-02-31".to_owned());
        }),
        wrong("impossible date in an item", ("upserts[0].fields.period", "date"), |one| {
            let period = v1::Period { from: "2026-13-01".to_owned(), to: String::new() };
            let fields = [("service", code("Home care")), ("period", v1::field_value::Value::Period(period))];
            one.upserts = vec![item("care_package", "kept-out", &fields)];
        }),
        wrong("unknown kind", ("upserts[0].kind", "catalogue"), |one| {
            one.upserts = vec![item("horoscope", "kept-out", &[("sign", text("Leo"))])];
        }),
        wrong("unknown field", ("upserts[0].fields.colour", "not a field"), |one| {
            one.upserts = vec![item(
                "care_package",
                "kept-out",
                &[("service", code("Home care")), ("colour", text("red"))],
            )];
        }),
        wrong("over-long text", ("upserts[0].fields.provider", "1 to 200"), |one| {
            one.upserts = vec![care("kept-out", &"x".repeat(201))];
        }),
        wrong("over-long name", ("demographics.names.names[0]", "at most 200"), |one| {
            demographics(one).names = names(&"x".repeat(201));
        }),
        wrong("control character in a name", ("demographics.names.names[0]", "control"), |one| {
            demographics(one).names = names("Dun\u{7}brae");
        }),
        wrong(
            "control character in an address",
            ("demographics.addresses.addresses[0].lines[0]", "control"),
            |one| {
                demographics(one).addresses =
                    Some(v1::Addresses { addresses: vec![home(&["1 Quay\u{0} Brae"])] });
            },
        ),
        wrong("control character in an item", ("upserts[0].fields.provider", "control"), |one| {
            one.upserts = vec![care("kept-out", "Larch\u{1b}[31mwood")];
        }),
    ]
}

fn wrong_speakers() -> Vec<Wrong> {
    vec![
        wrong("authority of nobody", ("record.authority", "organisation"), |one| {
            one.record.as_mut().unwrap().authority = "nowhere-system".to_owned();
        }),
        wrong("authority of the other side", ("record.authority", "organisation"), |one| {
            one.record.as_mut().unwrap().authority = world::HEALTH_AUTHORITY.to_owned();
        }),
        wrong("kind of the other side", ("upserts[0].kind", "the other side"), |one| {
            one.upserts = vec![item("allergy", "kept-out", &[("substance", code("Penicillin"))])];
        }),
        wrong("a version that only Yett gives", ("version.arrival", "must not be sent"), |one| {
            one.version = Some(v1::RecordVersion { version: Some(v1::record_version::Version::Arrival(9)) });
        }),
    ]
}

fn all_wrong() -> Vec<Wrong> {
    wrong_values().into_iter().chain(wrong_speakers()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_names_the_field_and_the_rule_and_applies_nothing() {
    let node = Node::seeded().await;
    let council = Council::of(&node);
    let mut mllp = Mllp::open(node.mllp).await;
    known(1).introduce(&council, &mut mllp).await;
    let before = settle(&node).await;
    let mut unlike = Vec::new();
    for Wrong { what, submission, field, rule } in all_wrong() {
        let status = council.submit(submission).await.expect_err(what);
        let found = violations(&status);
        let named = found.iter().any(|(place, words)| place.starts_with(field) && words.contains(rule));
        if status.code() != Code::InvalidArgument || !named {
            unlike.push(format!("{what}: {:?} {found:?}", status.code()));
        }
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
    let after = settle(&node).await;
    assert_eq!(after.consumers, before.consumers, "nothing was appended");
    let view = Session::open(&node, NURSE, &known(1).patient).await.wait(&node, "the person", shows).await;
    assert_eq!(shown(&view, "care_package", "kept-out", "provider"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_grpc_stream_goes_on() {
    let node = Node::seeded().await;
    let council = Council::of(&node);
    let bad = all_wrong();
    let count = bad.len();
    let mut stream = vec![submission("good first", "T-500")];
    stream.extend(bad.into_iter().map(|one| one.submission));
    stream.push(submission("good last", "T-501"));
    let outcomes = council.submit_all(stream).await.unwrap();
    let refused: Vec<u64> = outcomes
        .iter()
        .filter(
            |one| matches!(&one.outcome, Some(Outcome::Refusal(refusal)) if !refusal.violations.is_empty()),
        )
        .map(|one| one.index)
        .collect();
    assert_eq!(refused, (1..=u64::try_from(count).unwrap()).collect::<Vec<_>>());
    let taken = outcomes.iter().filter(|one| matches!(one.outcome, Some(Outcome::Receipt(_)))).count();
    assert_eq!((taken, outcomes.len()), (2, count + 2));
    settle(&node).await;
    assert_eq!(ledger(&node, world::COUNCIL_AUTHORITY).await.accepted_count, 2);
}
