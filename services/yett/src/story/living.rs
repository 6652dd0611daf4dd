//! Steps 1, 2 and 4: what one side holds stands in the other side's screen, and changes there by itself.

use super::reader::Panel;
use super::stage::Stage;
use super::{Teller, ensure};
use crate::demo::SEED;
use anyhow::{Context, Result};
use domain::{Clock, SystemClock};
use jiff::tz::TimeZone;
use sample_hosts::MllpClient;
use std::time::Instant;
use world::cast::{ELSPETH_DUNBRAE, ELSPETH_HOME_CARE};
use world::hl7::{self, Stamp};
use world::{HealthRecord, World};

/// What stands on the nurse's panel at level 2, and what must not.
const LEVEL_2: [&str; 4] = ["Home care", "Larchwood Homecare", "Catriona Fenwick", "Hospital bed at home"];
const LEVEL_3: [&str; 4] =
    ["Dog loose in the house", "Falls on the stairs", "Stay at home, downstairs", "Critical"];

/// Steps 1 and 2.
pub(crate) async fn play(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(ELSPETH_DUNBRAE.health).await?;
    panel.wait("the social-work summary", |text| LEVEL_2.iter().all(|words| text.contains(words))).await?;
    ensure_level_2(&panel).await?;
    teller
        .tell("1", "the nurse's portal opens a person: the social-work summary at level 2, nothing above")?;

    let worker = stage.social_worker().await?;
    let begun = Instant::now();
    let package = format!("package.{ELSPETH_HOME_CARE}");
    worker.edit(ELSPETH_DUNBRAE.council, &[(&package, "Ended")]).await?;
    panel.wait("the end of the care package", |text| !text.contains("On hold in hospital")).await?;
    teller.tell_time(
        "2",
        "a care package ends in the case system: the open panel changes, no reload",
        begun.elapsed(),
    )
}

/// Nothing above level 2 stands in the panel, nor in the JSON of the same session.
pub(crate) async fn ensure_level_2(panel: &Panel) -> Result<()> {
    let (text, json) = (panel.text(), panel.json().await?.to_string());
    for words in LEVEL_3 {
        ensure(!text.contains(words), || format!("the panel shows \"{words}\" at level 2"))?;
        ensure(!json.contains(words), || format!("the JSON view holds \"{words}\" at level 2"))?;
    }
    ensure(text.contains("Not shared at level 2"), || {
        format!("the panel does not say what is withheld: {text}")
    })
}

/// Step 4.
pub(crate) async fn board_moves_a_person(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    let worker = stage.social_worker().await?;
    let mut panel = worker.open(ELSPETH_DUNBRAE.council).await?;
    panel.wait("the health summary", |text| text.contains("Ward 6")).await?;
    let message = moved(stage)?;
    let client = MllpClient::new(stage.settings.listen.mllp);
    let begun = Instant::now();
    let first = client.send(&message).await?;
    ensure(first.code == "AA", || format!("the A31 was answered {first:?}"))?;
    panel.wait("the new address", |text| text.contains("14 Harbour Row")).await?;
    teller.tell_time(
        "4",
        "an A31 over MLLP changes an address: the social worker's open panel shows it",
        begun.elapsed(),
    )?;

    let before = panel.items().await?;
    let again = client.send(&message).await?;
    ensure(again == first, || format!("the same message was answered {again:?}, at first {first:?}"))?;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    ensure(panel.items().await? == before, || "the same message changed something".to_owned())?;
    teller.tell("4b", "the same message again: the same acknowledgement, nothing changes")
}

/// An A31 that moves Elspeth.
fn moved(stage: &Stage) -> Result<String> {
    let now = SystemClock.now();
    let world =
        World::generate(SEED, stage.hosts.size, now.to_zoned(TimeZone::get("Europe/London")?).date())?;
    let found = world.entries().iter().filter_map(|entry| entry.health.as_ref());
    let mut patients = found.filter(|patient| patient.local_id == ELSPETH_DUNBRAE.health);
    let mut patient: HealthRecord = patients.next().context("the world has no Elspeth")?.clone();
    let home = patient.demographics.addresses.first_mut().context("she has no address")?;
    home.lines = vec!["14 Harbour Row".to_owned(), "Kilmorran".to_owned()];
    home.uprn = None;
    Ok(hl7::update_person(&patient, &Stamp { control_id: "STORY-A31-1".to_owned(), at: now, occurred: None }))
}
