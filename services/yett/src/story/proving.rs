//! Steps 7 and 8: nothing acknowledged is lost by a kill, the read model is what the log says, and every disclosure
//! that left is in the log and nothing else.

use super::proxy::Seen;
use super::stage::{Stage, change_one_byte};
use super::{Teller, ensure};
use crate::client;
use anyhow::{Context, Result, bail};
use domain::{Clock, SystemClock};
use proto::intake::v1;
use proto::intake::v1::social_care_intake_service_client::SocialCareIntakeServiceClient;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use world::cast::{self, CastMember, FERGUS_DUNBRAE};

/// Messages that the feed sends around the kill.
const MESSAGES: usize = 400;
/// Exits whose disclosures pass the proxy.
const PROXIED: [&str; 4] = ["panel", "panel-update", "json-view", "why"];

/// Steps 7 and 8.
pub(crate) async fn play(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    // Panels of earlier steps are closed: what is recorded of their people is complete.
    let (disclosed, passed) = compare_who_saw(stage).await?;
    killed(stage, teller).await?;
    teller.tell(
        "8a",
        &format!("who-saw equals what the proxy saw: {passed} disclosures of {disclosed} recorded"),
    )?;

    stage.stop_node().await?;
    let said = stage.must(&["rebuild", "--check"]).await?;
    teller.tell("8b", &format!("rebuild equals the live model, byte for byte ({})", said.trim()))?;
    let said = stage.must(&["disclosures", "verify"]).await?;
    teller.tell("8c", &format!("verify passes ({})", said.trim().lines().last().unwrap_or_default()))?;
    tampered(stage).await?;
    teller.tell("8d", "one byte changed in the log fails it, and it says where")?;
    stage.restart().await?;
    teller.tell("8e", "the node starts again on the same data")
}

/// Everybody's entries but Fergus's, whose panel stays open over the kill.
async fn compare_who_saw(stage: &Stage) -> Result<(usize, usize)> {
    let mut recorded: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for member in cast::ALL {
        let record = named(member);
        let listed = stage.must(&["who-saw", "--record", &record, "--json"]).await?;
        let rows: Vec<serde_json::Value> =
            serde_json::from_str(&listed).context("who-saw printed no JSON")?;
        for row in rows {
            let text =
                |key: &str| row.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            let disclosed = row.get("disclosed").and_then(serde_json::Value::as_bool).unwrap_or(false);
            if disclosed && PROXIED.contains(&text("exit").as_str()) {
                recorded.insert(text("id"), row);
            }
        }
    }
    let seen: BTreeMap<String, Seen> =
        stage.recorder.seen().into_iter().map(|one| (one.disclosure.clone(), one)).collect();
    let listed: BTreeSet<&String> = recorded.keys().collect();
    let passed: BTreeSet<&String> = seen.keys().filter(|id| recorded.contains_key(*id)).collect();
    ensure(!passed.is_empty(), || "the proxy saw no disclosure at all".to_owned())?;
    ensure(listed == passed, || {
        let missing =
            listed.difference(&passed).filter_map(|id| recorded.get(id.as_str())).map(ToString::to_string);
        format!("recorded, but not seen by the proxy: {}", missing.collect::<Vec<_>>().join(", "))
    })?;
    for (id, one) in seen.iter().filter(|(_, one)| one.kinds.is_some()) {
        let Some(row) = recorded.get(id) else { continue };
        let kinds: BTreeSet<String> = strings(row.get("kinds"));
        let carried: BTreeSet<String> = one.kinds.clone().unwrap_or_default().into_iter().collect();
        ensure(kinds == carried, || format!("disclosure {id}: recorded {kinds:?}, passed {carried:?}"))?;
        let count = row.get("item_count").and_then(serde_json::Value::as_u64);
        ensure(count == one.items, || {
            format!("disclosure {id}: {count:?} items recorded, {:?} passed", one.items)
        })?;
    }
    Ok((recorded.len(), passed.len()))
}

fn named(member: &CastMember) -> String {
    if member.health.is_empty() {
        format!("{}/{}", world::COUNCIL_AUTHORITY, member.council)
    } else {
        format!("{}/{}", world::HEALTH_AUTHORITY, member.health)
    }
}

fn strings(value: Option<&serde_json::Value>) -> BTreeSet<String> {
    let values = value.and_then(serde_json::Value::as_array).into_iter().flatten();
    values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// A feed runs; the node is killed in the middle of it, and started again.
async fn killed(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(FERGUS_DUNBRAE.health).await?;
    panel.wait("the summary", |text| text.contains("DUNBRAE, Fergus")).await?;
    let feed = Arc::new(Feed::new(stage)?);
    let running = tokio::spawn(Arc::clone(&feed).run());
    while feed.acknowledged.load(Ordering::SeqCst) < MESSAGES / 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stage.kill().await?;
    let killed_at = Instant::now();
    stage.restart().await?;
    let back = killed_at.elapsed();
    let acknowledged = running.await.context("the feed broke down")??;
    ensure(feed.was_cut.load(Ordering::SeqCst), || "the kill came too late to cut the feed".to_owned())?;
    panel.wait("the last message", |text| text.contains(&format!("Story visit {}.", MESSAGES - 1))).await?;
    let items = panel.items().await?;
    let instances = items.iter().filter_map(|item| item.get("instance").and_then(serde_json::Value::as_str));
    let shown: Vec<String> = instances.filter(|name| name.starts_with("story-")).map(str::to_owned).collect();
    let once: BTreeSet<&String> = shown.iter().collect();
    ensure(once.len() == shown.len(), || "a message was applied twice".to_owned())?;
    for message in &acknowledged {
        ensure(once.contains(message), || format!("{message} was acknowledged and is not there"))?;
    }
    let what = format!(
        "kill -9 while feeds run: all {} acknowledged messages are there once, the open panel reconnects",
        acknowledged.len()
    );
    teller.tell_time("7", &what, back)
}

/// The council's feed, message after message, each until it is acknowledged.
struct Feed {
    client: SocialCareIntakeServiceClient<client::Credentialed>,
    acknowledged: AtomicUsize,
    was_cut: AtomicBool,
}

impl Feed {
    fn new(stage: &Stage) -> Result<Self> {
        let channel = client::channel(stage.settings.listen.grpc, &stage.secrets.council.feed)?;
        Ok(Self {
            client: SocialCareIntakeServiceClient::new(channel),
            acknowledged: AtomicUsize::new(0),
            was_cut: AtomicBool::new(false),
        })
    }

    async fn run(self: Arc<Self>) -> Result<Vec<String>> {
        let mut acknowledged = Vec::new();
        for number in 0..MESSAGES {
            let deadline = Instant::now() + Duration::from_mins(1);
            // A sender that was cut off sends the very same message again.
            let message = visit(number);
            loop {
                match self.client.clone().submit_record(message.clone()).await {
                    Ok(_) => break,
                    Err(status) if status.code() == tonic::Code::InvalidArgument => {
                        return Err(client::said(&status));
                    }
                    Err(status) if Instant::now() > deadline => {
                        bail!("message {number} was not acknowledged: {}", client::said(&status))
                    }
                    Err(_) => {
                        self.was_cut.store(true, Ordering::SeqCst);
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                }
            }
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
            acknowledged.push(format!("story-{number}"));
        }
        Ok(acknowledged)
    }
}

/// One more visit for Fergus.
fn visit(number: usize) -> v1::SocialCareIntakeServiceSubmitRecordRequest {
    let now = SystemClock.now();
    let text = |name: &str, value: String| v1::ItemField {
        name: name.to_owned(),
        value: Some(v1::FieldValue { value: Some(v1::field_value::Value::Text(value)) }),
    };
    let code = |name: &str, display: &str| v1::ItemField {
        name: name.to_owned(),
        value: Some(v1::FieldValue {
            value: Some(v1::field_value::Value::Code(v1::Code {
                system: String::new(),
                code: display.to_owned(),
                display: display.to_owned(),
            })),
        }),
    };
    let item = v1::Item {
        kind: "care_package".to_owned(),
        instance: format!("story-{number}"),
        as_of: Some(proto::timestamp(now)),
        fields: vec![
            code("service", "Home care"),
            text("frequency", format!("Story visit {number}.")),
            code("status", "Active"),
        ],
        ..v1::Item::default()
    };
    let submission = v1::RecordSubmission {
        message_id: format!("story-kill-{number}"),
        record: Some(v1::SourceRecord {
            authority: world::COUNCIL_AUTHORITY.to_owned(),
            local_id: FERGUS_DUNBRAE.council.to_owned(),
        }),
        version: Some(v1::RecordVersion {
            version: Some(v1::record_version::Version::SourceTime(proto::timestamp(now))),
        }),
        occurred_at: Some(proto::timestamp(now)),
        upserts: vec![item],
        ..v1::RecordSubmission::default()
    };
    v1::SocialCareIntakeServiceSubmitRecordRequest { submission: Some(submission) }
}

/// Changes a byte of a stored event, sees that it is found, and puts it back.
async fn tampered(stage: &Stage) -> Result<()> {
    let log = stage.file(crate::wiring::LOG_FILE);
    let length = std::fs::metadata(&log)?.len();
    let kept = std::fs::read(&log)?;
    // The last page of the file is an event's, or of an index of events: either must be noticed.
    change_one_byte(&log, length - 40)?;
    let output = stage.yett(&["disclosures", "verify"]).await;
    std::fs::write(&log, kept)?;
    let output = output?;
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    ensure(!output.status.success(), || "verify passed a changed log".to_owned())?;
    ensure(said.contains("DAMAGED: ") && said.contains(", offset "), || {
        format!("verify does not say where: {said}")
    })
}
