//! Every naughty string as a name, an address and words, through gRPC: it comes back byte for byte on the other side's
//! screen, or is refused with the rule.

use super::{Table, corpora};
use crate::feed::{Council, care, home, name, submission, violations};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::{Known, known};
use crate::reading::{NURSE, Session, launch_body, shown, try_launch};
use proto::intake::v1;
use serde_json::{Value, json};
use tonic::{Code, Status};

/// The strings of the corpora.
pub(super) fn strings(corpora: &std::path::Path) -> Vec<String> {
    let bytes = std::fs::read(corpora.join("strings/blns.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Whether there is anything to read in it.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Three places for a string, each in a message of its own: what is wrong in one place says nothing of another.
fn places(person: &Known, number: usize, string: &str) -> [(&'static str, v1::RecordSubmission); 3] {
    let message = |place: &str| submission(&format!("string {number} {place}"), &person.case);
    let mut names = message("name");
    let nickname = v1::PersonName { r#use: v1::NameUse::Nickname.into(), ..name("", string) };
    names.demographics = Some(v1::DemographicsPatch {
        names: Some(v1::PersonNames { names: vec![name(&person.family, person.given), nickname] }),
        ..v1::DemographicsPatch::default()
    });
    let mut address = message("address");
    let previous = v1::Address { r#use: v1::AddressUse::Previous.into(), ..home(&[string]) };
    address.demographics = Some(v1::DemographicsPatch {
        addresses: Some(v1::Addresses { addresses: vec![home(&["1 Quay Brae", "Kilmorran"]), previous] }),
        ..v1::DemographicsPatch::default()
    });
    let mut words = message("words");
    words.upserts = vec![care("string", string)];
    [("name", names), ("address", address), ("words", words)]
}

fn read<'a>(view: &'a Value, place: &str) -> Option<&'a str> {
    match place {
        "name" => shown(view, "identity", "identity", "preferred_name"),
        "address" => shown(view, "address", "address-2", "address"),
        _ => shown(view, "care_package", "string", "provider"),
    }
}

fn rule_of(status: &Status) -> String {
    let rules = violations(status);
    assert!(status.code() == Code::InvalidArgument && !rules.is_empty(), "{status}");
    format!("refused, {}", rules[0].1)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_string_comes_back_through_grpc_or_is_refused_with_the_rule() {
    let Some(folder) = corpora("the test with naughty strings over gRPC") else { return };
    let mut node = Node::seeded().await;
    let council = Council::of(&node);
    known(1).introduce(&council, &mut Mllp::open(node.mllp).await).await;
    let session = Session::open(&node, NURSE, "P-1").await;
    session.wait(&node, "the person", crate::reading::shows).await;
    let mut table = Table::default();
    for (number, string) in strings(&folder).iter().enumerate() {
        for (place, telling) in places(&known(1), number, string) {
            match council.submit(telling).await {
                Ok(_) if is_blank(string) => table.count(&format!("gRPC {place}"), "blank, nothing kept"),
                Ok(receipt) if receipt.left_out.is_empty() => {
                    let what = format!("string {number} as {place}: {string:?}");
                    session.wait(&node, &what, |view| read(view, place) == Some(string.as_str())).await;
                    table.count(&format!("gRPC {place}"), "accepted, read back byte for byte");
                }
                Ok(receipt) => {
                    table.count(&format!("gRPC {place}"), format!("left out, {}", receipt.left_out[0].rule))
                }
                Err(status) => table.count(&format!("gRPC {place}"), rule_of(&status)),
            }
        }
    }
    node.must_be_well();
    table.print("Naughty strings over gRPC");
    assert!(table.of("accepted") > 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_string_in_a_launch_is_taken_or_refused_and_never_echoed() {
    let Some(folder) = corpora("the test with naughty strings over HTTP") else { return };
    let mut node = Node::seeded().await;
    let mut table = Table::default();
    for string in strings(&folder) {
        let host_says = |field: &str| json!({ field: string });
        let bodies = [
            ("user", json!(string)),
            ("position", json!(string)),
            ("purpose", json!(string)),
            ("origin", json!(string)),
            ("person", json!([{ "record": { "authority": world::HEALTH_AUTHORITY, "local_id": string } }])),
            ("host_demographics", host_says("family")),
            ("host_demographics", host_says("postcode")),
        ];
        for (key, value) in bodies {
            let mut body = launch_body(NURSE, "P-1");
            body[key] = value;
            let answer = try_launch(&node, NURSE.host, &body).await;
            assert!([201, 400, 403].contains(&answer.status), "{key}: {string:?}: {}", answer.text());
            let told = answer.json();
            if answer.status != 201 && string.chars().count() > 12 {
                assert!(!told.to_string().contains(string.as_str()), "{key}: {string:?} is echoed: {told}");
            }
            let outcome = match answer.status {
                201 => "accepted".to_owned(),
                status => format!("refused, {status} {}", told["code"].as_str().unwrap_or_default()),
            };
            table.count(&format!("HTTP /launches {key}"), outcome);
        }
    }
    node.must_be_well();
    table.print("Naughty strings over HTTP");
}
