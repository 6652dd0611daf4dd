//! Every JSON file of the corpora through the real HTTP and gRPC doors, as a body and as words in a field.

use super::{Table, corpora, files, source};
use crate::feed::{Council, care, submission, text, violations};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::known;
use crate::reading::{NURSE, Session, shown, shows};
use crate::web::{Ask, Web, grpc_frame};
use tonic::Code;

/// The longest of words that an item takes.
const LONGEST: usize = 4000;

#[tokio::test(flavor = "multi_thread")]
async fn no_document_breaks_a_door_and_none_opens_one() {
    let Some(folder) = corpora("the test with real JSON documents") else { return };
    let documents = files(&folder, |name| name.ends_with(".json"));
    assert!(documents.len() > 100, "only {} documents in {}", documents.len(), folder.display());
    let mut node = Node::seeded().await;
    known(1).introduce(&Council::of(&node), &mut Mllp::open(node.mllp).await).await;
    let session = Session::open(&node, NURSE, "P-1").await;
    session.wait(&node, "the person", shows).await;
    let (feed, host) = (node.secret("council-feed"), node.secret(NURSE.host));
    let mut table = Table::default();
    for file in &documents {
        let (bytes, source) = (std::fs::read(file).unwrap(), source(&folder, file));
        for (path, bearer) in [
            ("/launches", host.as_str()),
            ("/panel/session", "none"),
            ("/panel/override", session.bearer.as_str()),
        ] {
            let answer =
                Web::default().try_ask(Ask::post(node.http, path, bytes.clone()).bearer(bearer)).await;
            let answer = answer.unwrap_or_else(|error| panic!("{path}, {}: {error}", file.display()));
            assert!((400..500).contains(&answer.status), "{path}, {}: {}", file.display(), answer.status);
            assert_eq!(
                answer.header("content-type"),
                "application/problem+json",
                "{path}, {}",
                file.display()
            );
            let told = answer.json();
            let code = told["code"].as_str().unwrap_or_default();
            table.count(&source, format!("HTTP {path}: refused, {} {code}", answer.status));
        }
        let ask = Ask::grpc(
            node.grpc,
            "/yett.intake.v1.SocialCareIntakeService/SubmitRecord",
            grpc_frame(false, &bytes),
        );
        let answer = Web::second().try_ask(ask.bearer(&feed)).await;
        let answer = answer.unwrap_or_else(|error| panic!("gRPC, {}: {error}", file.display()));
        let status = Code::from_bytes(answer.header("grpc-status").as_bytes());
        assert!(![Code::Ok, Code::Unavailable].contains(&status), "{}: {status:?}", file.display());
        table.count(&source, format!("gRPC body: refused, {status:?}"));
        node.must_be_well();
    }
    table.print(&format!("JSON as the whole body: {} documents", documents.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_as_words_reads_back_as_it_was() {
    let Some(folder) = corpora("the test with real JSON documents as words") else { return };
    let mut node = Node::seeded().await;
    let council = Council::of(&node);
    known(1).introduce(&council, &mut Mllp::open(node.mllp).await).await;
    let session = Session::open(&node, NURSE, "P-1").await;
    let mut table = Table::default();
    for (number, file) in files(&folder, |name| name.ends_with(".json")).iter().enumerate() {
        let source = source(&folder, file);
        let Ok(words) = String::from_utf8(std::fs::read(file).unwrap()) else {
            table.count(&source, "gRPC words: cannot be sent, no UTF-8");
            continue;
        };
        let mut telling = submission(&format!("document {number}"), &known(1).case);
        let mut item = care("document", &format!("document {number}"));
        item.fields.push(proto::intake::v1::ItemField {
            name: "note".to_owned(),
            value: Some(proto::intake::v1::FieldValue { value: Some(text(&words)) }),
        });
        telling.upserts = vec![item];
        match council.submit(telling).await {
            Ok(receipt) => {
                assert!(receipt.left_out.is_empty());
                let this = format!("document {number}");
                let is_there = |view: &serde_json::Value| {
                    shown(view, "care_package", "document", "provider") == Some(&this)
                };
                let view = session.wait(&node, "the document", is_there).await;
                assert_eq!(
                    shown(&view, "care_package", "document", "note"),
                    Some(words.as_str()),
                    "{}",
                    file.display()
                );
                table.count(&source, "gRPC words: accepted, read back");
            }
            Err(status) => {
                let rules = violations(&status);
                assert!(
                    status.code() == Code::InvalidArgument && !rules.is_empty(),
                    "{}: {status}",
                    file.display()
                );
                let large = words.chars().count() > LONGEST;
                table.count(
                    &source,
                    format!("gRPC words: refused{}, {}", if large { ", long" } else { "" }, rules[0].1),
                );
            }
        }
    }
    node.must_be_well();
    table.print("JSON as words in an item");
    assert!(table.of("gRPC words: accepted") > 50);
}
