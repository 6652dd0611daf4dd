//! Step 6: who is refused, what is withheld, what an override lifts: as the decision matrix says.

use super::matching::NOTHING;
use super::reader::{Panel, SignIn, SignedIn};
use super::stage::Stage;
use super::{Teller, ensure};
use anyhow::Result;
use axum::http::StatusCode;
use std::time::Instant;
use world::cast::{
    ELSPETH_DUNBRAE, FINLAY_TARRAS, HECTOR_BALLANTRAE, MAEVE_STRUAN, TORQUIL_ASKEW, UNA_CORRIE,
};
use world::staff::{AILEEN_STRACHAN_BELL, EWAN_CORSOCK, LEWIS_GARROW, SENGA_TARRAS};

/// Step 6.
pub(crate) async fn play(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    readers(stage).await?;
    teller.tell(
        "6a",
        "a role without the grant, a wrong purpose, training out of date: refused, with the reason",
    )?;
    stage.panels_are_closed().await?;
    assurance(stage, teller).await?;
    stage.panels_are_closed().await?;
    people(stage).await?;
    teller.tell("6c", "a child, a sealed record, somebody unknown: one screen, byte for byte the same")?;
    protected(stage).await?;
    teller.tell("6d", "a protected address stays hidden, the rest is shown")?;
    dissent(stage).await?;
    teller.tell("6e", "a dissent is lifted by a valid override only; a sealed record by nothing")
}

async fn readers(stage: &Stage) -> Result<()> {
    let nurse = AILEEN_STRACHAN_BELL;
    let portal = stage.portal();
    let other = SignIn { user: nurse.user, purpose: "service-support", cares_for: true };
    let cases = [
        (stage.staff(&SENGA_TARRAS).await?, "your role has no access"),
        (SignedIn::at(&portal, other).await?, "does not cover this purpose"),
        (stage.staff(&EWAN_CORSOCK).await?, "training record has run out"),
    ];
    for (reader, words) in cases {
        let mut panel = reader.open(ELSPETH_DUNBRAE.health).await?;
        panel.wait(words, |text| text.contains(words)).await?;
        ensure(!panel.html().contains("DUNBRAE"), || "a refusal names the person".to_owned())?;
    }
    Ok(())
}

async fn assurance(stage: &Stage, teller: &mut Teller) -> Result<()> {
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(ELSPETH_DUNBRAE.health).await?;
    panel.wait("the summary", |text| text.contains("Day centre")).await?;
    let begun = Instant::now();
    let record = |expires: &'static str| {
        ["organisation", "assurance", world::HEALTH_BOARD, "--rank", "reviewed", "--expires-at", expires]
    };
    stage.must(&record("2026-01-01T00:00:00Z")).await?;
    panel
        .wait("the expired assurance", |text| text.contains("assurance") && !text.contains("Day centre"))
        .await?;
    let took = begun.elapsed();
    stage.must(&record("2031-03-31T22:59:59Z")).await?;
    panel.wait("the renewed assurance", |text| text.contains("Day centre")).await?;
    teller.tell_time("6b", "an assurance expires: the open panel blanks; renewed: it comes back", took)
}

async fn people(stage: &Stage) -> Result<()> {
    let nurse = stage.nurse().await?;
    let mut screens = Vec::new();
    for member in [FINLAY_TARRAS, UNA_CORRIE, TORQUIL_ASKEW] {
        let mut panel = nurse.open(member.health).await?;
        panel.wait(member.name, |text| text.contains(NOTHING)).await?;
        screens.push(without_reference(&panel.html()));
    }
    let same = screens.windows(2).all(|pair| pair.first() == pair.last());
    ensure(same, || "the screens for a child, a sealed record and an unknown person differ".to_owned())
}

async fn protected(stage: &Stage) -> Result<()> {
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(MAEVE_STRUAN.health).await?;
    panel.wait("the summary", |text| text.contains("STRUAN")).await?;
    let (html, json) = (panel.html(), panel.json().await?.to_string());
    for secret in ["Maltings", "ST9 8MC", "960 355"] {
        ensure(!html.contains(secret), || "the panel shows where a protected person lives".to_owned())?;
        ensure(!json.contains(secret), || "the JSON view holds where a protected person lives".to_owned())?;
    }
    Ok(())
}

async fn dissent(stage: &Stage) -> Result<()> {
    let reason =
        serde_json::json!({ "reason": "emergency", "why": "Unconscious on the ward, nobody else to ask" });
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(HECTOR_BALLANTRAE.health).await?;
    panel.wait("the dissent", |text| text.contains(NOTHING)).await?;
    let empty =
        panel.post("/panel/override", &serde_json::json!({ "reason": "emergency", "why": "" })).await?;
    ensure(empty.status.is_client_error(), || {
        format!("an override without words was answered {}", empty.status)
    })?;
    declare(&panel, &reason).await?;
    panel
        .wait("the lifted dissent", |text| {
            text.contains("Emergency access until") && text.contains("BALLANTRAE")
        })
        .await?;
    let ended = panel.post("/panel/override/end", &serde_json::json!({})).await?;
    ensure(ended.status == StatusCode::OK, || {
        format!("ending emergency access was answered {}", ended.status)
    })?;
    panel.wait("the dissent again", |text| text.contains(NOTHING)).await?;

    let clerk = stage.staff(&LEWIS_GARROW).await?;
    let mut without = clerk.open(HECTOR_BALLANTRAE.health).await?;
    without.wait("the dissent", |text| text.contains(NOTHING)).await?;
    let refused = without.post("/panel/override", &reason).await?;
    ensure(refused.status.is_client_error(), || {
        format!("a clerk's override was answered {}", refused.status)
    })?;

    let mut sealed = nurse.open(UNA_CORRIE.health).await?;
    sealed.wait("the sealed record", |text| text.contains(NOTHING)).await?;
    declare(&sealed, &reason).await?;
    sealed
        .wait("still nothing", |text| text.contains("Emergency access until") && text.contains(NOTHING))
        .await?;
    ensure(!sealed.html().contains("CORRIE"), || "an override lifted a sealed record".to_owned())
}

async fn declare(panel: &Panel, reason: &serde_json::Value) -> Result<()> {
    let answer = panel.post("/panel/override", reason).await?;
    ensure(answer.status == StatusCode::OK, || {
        format!("the override was answered {}: {}", answer.status, super::web::plain(&answer.text))
    })
}

/// References belong to the session; everything else of the screen must be the same.
fn without_reference(html: &str) -> String {
    match html.split_once("Reference <strong class=\"yt-nb\">") {
        Some((before, rest)) => {
            format!("{before}{}", rest.split_once("</strong>").map_or("", |(_, after)| after))
        }
        None => html.to_owned(),
    }
}
