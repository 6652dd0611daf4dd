//! Logs at trace level and metrics after a day's work: nobody's name, address, number or words are in them, and no
//! secret is.

use crate::feed::{Council, settle, submission};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::stamp;
use crate::reading::{NURSE, SOCIAL_WORKER, Session, code_of_launch, launch_body, try_exchange, try_launch};
use crate::web::{Ask, Web};
use domain::{Clock, DataItem, Demographics, SystemClock};
use proto::intake::v1::{self, field_value::Value};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use world::hl7::{Stamp, add_person, admit};
use world::{CouncilRecord, HealthRecord, World};

/// What an operator gives as the reason: might name somebody.
const STATED_REASON: &str = "to see whether that is logged";

/// Everything personal in a world, with what it is.
#[derive(Default)]
struct Personal(BTreeMap<String, &'static str>);

impl Personal {
    fn of(world: &World) -> Self {
        let mut all = Self::default();
        for entry in world.entries() {
            if let Some(record) = &entry.council {
                all.person(&record.demographics, record.chi.as_deref(), &record.local_id);
                record.items.iter().for_each(|item| all.item(item));
            }
            if let Some(record) = &entry.health {
                all.person(&record.demographics, record.chi.as_deref(), &record.local_id);
                record.items.iter().for_each(|item| all.item(item));
                record.kin.iter().for_each(|kin| all.note("telephone", &kin.telephone));
                record.allergies.iter().for_each(|allergy| all.note("allergy", &allergy.reaction));
            }
        }
        all
    }

    fn note(&mut self, what: &'static str, value: &str) {
        let value = value.trim();
        if value.chars().count() >= 4 {
            self.0.insert(value.to_owned(), what);
        }
    }

    fn person(&mut self, who: &Demographics, chi: Option<&str>, local_id: &str) {
        for name in &who.names {
            self.note("family name", name.family().unwrap_or_default());
            name.given().for_each(|given| self.note("given name", given));
        }
        for address in &who.addresses {
            address.lines.first().iter().for_each(|line| self.note("address", line));
            address.postcode.iter().for_each(|postcode| self.note("postcode", postcode.as_str()));
        }
        who.contacts.iter().for_each(|contact| self.note("contact", &contact.value));
        self.note("CHI number", chi.unwrap_or_default());
        self.note("record number", local_id);
    }

    fn item(&mut self, item: &DataItem) {
        for field in proto::intake::wire_item(item).fields {
            match field.value.and_then(|value| value.value) {
                Some(Value::Text(text)) => self.note("words of an item", &text),
                Some(Value::Practitioner(who)) => self.note("practitioner", &who.name),
                Some(Value::Person(who)) => self.note("person in an item", &who.name),
                Some(Value::Code(code)) if code.display.contains(' ') => {
                    self.note("code of an item", &code.display)
                }
                Some(
                    Value::Code(_) | Value::Date(_) | Value::Period(_) | Value::Quantity(_) | Value::Flag(_),
                )
                | None => {}
            }
        }
    }

    /// What of it stands in a text, word for word.
    fn found_in(&self, text: &str) -> Vec<String> {
        let words: HashSet<&str> = words_of(text).collect();
        let there =
            |value: &str| words_of(value).all(|word| words.contains(word)) && stands_alone(text, value);
        self.0
            .iter()
            .filter(|(value, _)| there(value))
            .map(|(value, what)| format!("{what}: {value}"))
            .collect()
    }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a value stands in a text and not within a longer word.
fn stands_alone(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric())
    })
}

#[test]
fn the_search_finds_a_name_that_stands_alone_and_no_part_of_a_word() {
    let personal = Personal(BTreeMap::from([
        ("Dunbrae".to_owned(), "family name"),
        ("27 Saltpan Wynd".to_owned(), "address"),
    ]));
    assert_eq!(personal.found_in("{\"x\":\"DUNBRAE Dunbraes\",\"y\":\"27 Saltpan\"}").len(), 0);
    assert_eq!(personal.found_in("Dunbrae, 27 Saltpan Wynd.").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_in_the_logs_at_trace_level_nor_in_the_metrics() {
    let mut node = Node::seeded_with(&[("YETT_TELEMETRY__FILTER", "trace")]).await;
    let world = World::generate(7, 30, SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date()).unwrap();
    feed(&node, &world).await;
    let secrets = look(&node).await;
    go_wrong(&node, &world).await;
    let mut text = node.metrics().await;
    node.must_be_well();
    node.stop().await;
    text.push_str(&node.said());
    assert!(text.lines().count() > 1000 && text.contains("TRACE"), "the log is at trace level");
    let found = Personal::of(&world).found_in(&text);
    assert!(found.is_empty(), "{} values stand in the logs: {found:#?}", found.len());
    assert!(!text.contains(STATED_REASON), "an operator's words stand in the logs");
    for (what, secret) in secrets {
        assert!(!text.contains(&secret), "{what} stands in the logs");
    }
}

async fn feed(node: &Node, world: &World) {
    let (council, mut mllp) = (Council::of(node), Mllp::open(node.mllp).await);
    for (number, entry) in world.entries().iter().enumerate() {
        if let Some(patient) = &entry.health {
            for message in messages(patient, number) {
                assert_eq!(mllp.send(message.as_bytes()).await.unwrap().code, "AA");
            }
        }
        if let Some(case) = &entry.council {
            council.submit(telling(case, number)).await.unwrap();
        }
    }
    let (file, mapping) = (node.beside("persons.csv"), node.beside("mapping.toml"));
    std::fs::write(&file, world::csv::extract(world)).unwrap();
    std::fs::write(&mapping, world::csv::MAPPING).unwrap();
    let (file, mapping) = (file.display().to_string(), mapping.display().to_string());
    let token = node.file("credentials/council-feed.token").display().to_string();
    node.must(&["import", &file, "--mapping", &mapping, "--token", &token]);
    settle(node).await;
}

fn messages(patient: &HealthRecord, number: usize) -> Vec<String> {
    let at =
        |part: &str| Stamp { control_id: format!("{part}-{number}"), at: SystemClock.now(), occurred: None };
    let stay = patient.stay.as_ref().map(|stay| admit(patient, stay, &at("a01")));
    std::iter::once(add_person(patient, &at("a28"))).chain(stay).collect()
}

fn telling(case: &CouncilRecord, number: usize) -> v1::RecordSubmission {
    let who = proto::intake::wire_demographics(&case.demographics);
    let chi = case.chi.clone().map(|number| v1::HeldChi { number, padded: false });
    v1::RecordSubmission {
        demographics: Some(v1::DemographicsPatch {
            names: Some(v1::PersonNames { names: who.names }),
            birth_date: who.birth_date,
            sex: who.sex,
            chi,
            addresses: Some(v1::Addresses { addresses: who.addresses }),
            contacts: Some(v1::ContactPoints { contacts: who.contacts }),
            protected: Some(who.protected),
            ..v1::DemographicsPatch::default()
        }),
        upserts: case.items.iter().map(proto::intake::wire_item).collect(),
        ..submission(&format!("case {number}"), &case.local_id)
    }
}

/// Looks at everybody of the cast from both sides; answers the secrets that were used.
async fn look(node: &Node) -> Vec<(&'static str, String)> {
    let mut secrets: Vec<(&'static str, String)> =
        ["operator", "council-feed", "board-feed", "council-host", "board-host"]
            .map(|name| (name, node.secret(name)))
            .into();
    for member in world::cast::ALL {
        for (desk, id) in [(NURSE, member.health), (SOCIAL_WORKER, member.council)] {
            if id.is_empty() {
                continue;
            }
            let code = code_of_launch(node, desk, id).await;
            let answer = try_exchange(node, &code, Some(desk.origin)).await;
            let bearer = answer.json()["bearer"].as_str().unwrap().to_owned();
            let session = Session { web: Web::default(), bearer };
            for path in ["/v1/view", "/panel/view", "/panel/why/identity"] {
                session.get(node, path).await;
            }
            secrets.push(("a bearer", session.bearer));
            secrets.push(("a launch code", code.rsplit('~').next().unwrap().to_owned()));
        }
        let record = format!("{}/{}", world::COUNCIL_AUTHORITY, member.council);
        if !member.council.is_empty() {
            node.must(&["who-saw", "--record", &record]);
        }
    }
    secrets
}

/// Everything that is refused, with personal values in it.
async fn go_wrong(node: &Node, world: &World) {
    let (council, mut mllp) = (Council::of(node), Mllp::open(node.mllp).await);
    let patient = world.entries().iter().find_map(|entry| entry.health.as_ref()).unwrap();
    let case = world.entries().iter().find_map(|entry| entry.council.as_ref()).unwrap();
    let now = stamp(SystemClock.now());
    let good = &messages(patient, 9000)[0];
    let mut answered = BTreeSet::new();
    for bad in [
        good.replace("A28^ADT_A05", "A45^ADT_A45"),
        good.replace(&now[..4], "9999"),
        good.replace("PID|", "PID|\u{7}|"),
    ] {
        answered.insert(mllp.send(bad.as_bytes()).await.unwrap().code);
    }
    assert!(answered.contains("AR"), "{answered:?}");
    let mut bad = telling(case, 9001);
    bad.upserts.iter_mut().for_each(|item| item.kind = "horoscope".to_owned());
    bad.demographics.as_mut().unwrap().birth_date = Some("1958-02-31".to_owned());
    council.submit(bad).await.unwrap_err();
    let mut conflict = telling(case, 0);
    conflict.message_id = "case 0".to_owned();
    conflict.upserts.clear();
    council.submit(conflict).await.ok();
    let mut launch = launch_body(NURSE, &patient.local_id);
    let family = patient.demographics.names[0].family().unwrap_or_default();
    launch["host_demographics"] = json!({ "family": family, "birth_date": "1958-02-31" });
    assert_eq!(try_launch(node, NURSE.host, &launch).await.status, 400);
    let by_address = format!("/v1/view?person={}", patient.local_id);
    Web::default().ask(Ask::get(node.http, &by_address)).await;
    for word in [family, patient.local_id.as_str()] {
        Web::default().ask(Ask::get(node.http, &format!("/panel/why/{word}"))).await;
    }
    settle(node).await;
    let listed: Vec<Vec<String>> = serde_json::from_str(&node.must(&["parked", "list", "--json"])).unwrap();
    node.must(&["parked", "show", &listed[0][0], "--reason", STATED_REASON]);
}
