//! Step 3: a level appears when both parties have signed it, and goes when one of them withdraws.

use super::living::ensure_level_2;
use super::stage::Stage;
use super::{Teller, ensure};
use anyhow::Result;
use std::path::Path;
use std::time::{Duration, Instant};
use world::cast::ELSPETH_DUNBRAE;
use world::seed::AGREEMENT_ID;

/// Something that only level 3 shares.
const RISK: &str = "Dog loose in the house";

/// Step 3.
pub(crate) async fn play(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(ELSPETH_DUNBRAE.health).await?;
    panel.wait("the social-work summary", |text| text.contains("Day centre")).await?;
    let before = panel.html();
    sign(stage, world::COUNCIL, &stage.secrets.council.signatory_file).await?;
    tokio::time::sleep(Duration::from_millis(700)).await;
    ensure_level_2(&panel).await?;
    ensure(same_but_for_time(&before, &panel.html()), || "one signature changed the panel".to_owned())?;
    teller.tell("3a", "the level-3 appendix is signed by one party: nothing changes")?;

    let begun = Instant::now();
    sign(stage, world::HEALTH_BOARD, &stage.secrets.board.signatory_file).await?;
    panel
        .wait("the level-3 items", |text| text.contains(RISK) && !text.contains("Not shared at level 2"))
        .await?;
    teller.tell_time("3b", "by the second: level-3 items appear in the open panel", begun.elapsed())?;

    let begun = Instant::now();
    // A party withdraws for itself, by its own operator.
    let own = stage.secrets.board.operator_file.display().to_string();
    let organisation = ["--organisation", world::HEALTH_BOARD, "--token", &own];
    let withdraw = ["agreement", "withdraw", AGREEMENT_ID, "--appendix", "C"];
    stage.must(&[withdraw.as_slice(), organisation.as_slice()].concat()).await?;
    panel.wait("the withdrawal", |text| !text.contains(RISK) && text.contains("Day centre")).await?;
    ensure_level_2(&panel).await?;
    teller.tell_time("3c", "it is withdrawn: they go, level 2 stays", begun.elapsed())
}

async fn sign(stage: &Stage, organisation: &str, key: &Path) -> Result<()> {
    let key = key.display().to_string();
    let signing =
        ["agreement", "sign", AGREEMENT_ID, "--appendix", "C", "--organisation", organisation, "--key", &key];
    stage.must(&signing).await.map(|_| ())
}

/// The stamp moves by the minute; all else must be the same.
fn same_but_for_time(before: &str, after: &str) -> bool {
    let rest = |html: &str| html.split("data-stamp").next().map(str::len).unwrap_or_default();
    let body = |html: &str| html.split_once("data-part=\"person\"").map(|(_, body)| body.to_owned());
    rest(before) == rest(after) && body(before) == body(after)
}
