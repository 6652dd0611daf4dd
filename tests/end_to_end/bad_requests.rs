//! Requests to the HTTP door and rows of extracts with something wrong in them.

use crate::feed::{Council, care, ledger, settle, violations};
use crate::node::Node;
use crate::people::known;
use crate::reading::{NURSE, launch_body, try_launch};
use serde_json::{Value, json};
use tonic::Code;

/// A change of a launch, and the field that the problem must name.
fn wrong_launches() -> Vec<(&'static str, Value, &'static str)> {
    let with = |key: &str, value: Value| {
        let mut body = launch_body(NURSE, "P-1");
        body[key] = value;
        body
    };
    vec![
        (
            "impossible date",
            with("host_demographics", json!({ "birth_date": "1958-02-31" })),
            "host_demographics.birth_date",
        ),
        ("impossible instant", with("authenticated_at", json!("2026-02-31T10:00:00Z")), "authenticated_at"),
        ("unknown field", with("colour", json!("red")), "body"),
        ("unknown purpose", with("purpose", json!("curiosity")), "purpose"),
        ("over-long user", with("user", json!("x".repeat(2000))), "user"),
        ("control character", with("user", json!("aileen\u{0}")), "user"),
        (
            "over-long name",
            with("host_demographics", json!({ "family": "x".repeat(201) })),
            "host_demographics.family",
        ),
        ("nobody named", with("person", json!([])), "person"),
        ("broken number", with("person", json!([{ "chi_number": "1234567890" }])), "person[0].chi_number"),
        ("no origin", with("origin", json!("javascript:alert(1)")), "origin"),
        ("another shape", json!([1, 2, 3]), "body"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn http_answers_problem_details_that_name_the_field_and_never_the_value() {
    let node = Node::seeded().await;
    let mut unlike = Vec::new();
    for (what, body, field) in wrong_launches() {
        let answer = try_launch(&node, NURSE.host, &body).await;
        let named = |one: &Value| one["field"].as_str().is_some_and(|found| found.starts_with(field));
        let json = answer.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        let is_problem = answer.header("content-type") == "application/problem+json";
        let is_told = errors.iter().any(named)
            && errors.iter().all(|one| one["rule"].as_str().is_some_and(|rule| !rule.is_empty()));
        if answer.status != 400 || !is_problem || !is_told || answer.text().contains("curiosity") {
            unlike.push(format!("{what}: {} {}", answer.status, answer.text()));
        }
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_is_not_the_hosts_is_refused_like_one_that_is_not_there() {
    let node = Node::seeded().await;
    let with = |organisation: &str| {
        let mut body = launch_body(NURSE, "P-1");
        body["organisation"] = json!(organisation);
        body
    };
    let known = try_launch(&node, NURSE.host, &with(world::COUNCIL)).await;
    let unknown = try_launch(&node, NURSE.host, &with("nobody-here")).await;
    assert_eq!((known.status, &known.body), (403, &unknown.body));
    assert_eq!(unknown.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_names_row_column_and_rule_and_takes_the_rest() {
    let node = Node::seeded().await;
    let long = "x".repeat(201);
    let rows = [
        "PersonID,CHI,Title,Forenames,Surname,DateOfBirth,Gender,Address,Town,Postcode,UPRN,Telephone,Restricted,CaseStatus,CaseOpened".to_owned(),
        "T-1,,,Ann,Good,01/02/1958,F,1 Quay Brae,Kilmorran,,,,N,Open,".to_owned(),
        "T-2,,,Ann,Impossible,31/02/1958,F,1 Quay Brae,Kilmorran,,,,N,Open,".to_owned(),
        format!("T-3,,,Ann,{long},01/02/1958,F,1 Quay Brae,Kilmorran,,,,N,Open,"),
        "T-4,,,Ann,Bell\u{7}ringer,01/02/1958,F,1 Quay Brae,Kilmorran,,,,N,Open,".to_owned(),
        "T-5,,,Ann,Sexless,01/02/1958,QUX,1 Quay Brae,Kilmorran,,,,N,Open,".to_owned(),
        ",,,Ann,Numberless,01/02/1958,F,1 Quay Brae,Kilmorran,,,,N,Open,".to_owned(),
        "T-7,,,Ann,Short,01/02/1958".to_owned(),
        "T-8,,,Ann,Alsogood,01/02/1958,F,1 Quay Brae,Kilmorran,,,,N,Open,".to_owned(),
    ];
    let (file, mapping) = (node.beside("persons.csv"), node.beside("mapping.toml"));
    std::fs::write(&file, rows.join("\r\n") + "\r\n").unwrap();
    std::fs::write(&mapping, world::csv::MAPPING).unwrap();
    let (file, mapping) = (file.display().to_string(), mapping.display().to_string());
    let token = node.file("credentials/council-feed.token").display().to_string();
    let import = ["import", &file, "--mapping", &mapping, "--token", &token];
    let dry = node.must(&[import.as_slice(), &["--dry-run"]].concat());
    for words in [
        "line 3: rejected: DateOfBirth",
        "line 4: rejected: Surname",
        "line 5: rejected: Surname",
        "line 6: rejected: Gender",
        "line 7: rejected: PersonID",
    ] {
        assert!(dry.contains(words), "{words}: {dry}");
    }
    let said = node.must(&import);
    assert!(said.contains("2 accepted, 0 unchanged, 6 rejected, 0 removed"), "{said}");
    let rejected = std::fs::read_to_string(format!("{file}.rejected.csv")).unwrap();
    assert_eq!(rejected.lines().count(), 7, "{rejected}");
    assert!(rejected.contains("Impossible") && rejected.contains("DateOfBirth"), "{rejected}");
    settle(&node).await;
    assert_eq!(ledger(&node, world::COUNCIL_AUTHORITY).await.applied_count, 2);
    let again = node.must(&import);
    assert!(again.contains("0 accepted, 2 unchanged, 6 rejected, 0 removed"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grpc_id_used_again_for_other_content_is_refused_and_the_first_stands() {
    let node = Node::seeded().await;
    let council = Council::of(&node);
    let first = known(3).submission("same id");
    let receipt = council.submit(first.clone()).await.unwrap();
    let mut other = first.clone();
    other.upserts = vec![care("home", "Never applied")];
    let refused = council.submit(other).await.unwrap_err();
    assert_eq!(refused.code(), Code::Aborted, "{refused}");
    assert!(violations(&refused).is_empty() && !refused.message().contains("Never"));
    let again = council.submit(first).await.unwrap();
    assert_eq!((again.event_id, again.repeat), (receipt.event_id, true));
    settle(&node).await;
    assert_eq!(ledger(&node, world::COUNCIL_AUTHORITY).await.applied_count, 1);
}
