//! Step 5: a person without a CHI number is matched and told of; a twin is asked about, linked, unlinked.

use super::stage::Stage;
use super::web::plain;
use super::{Teller, ensure};
use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};
use world::cast::{AILSA_KINROSS, MURDO_HALCRO};

/// The screen for whatever depends on the person.
pub(crate) const NOTHING: &str = "Nothing can be shown for this person";

/// Step 5.
pub(crate) async fn play(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    assigned(stage, teller).await?;
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(AILSA_KINROSS.health).await?;
    panel.wait("nothing before the review", |text| text.contains(NOTHING)).await?;
    let (review, person) = question_about(stage, AILSA_KINROSS.council, AILSA_KINROSS.health).await?;
    teller.tell("5b", "a twin goes to review; nothing is shown meanwhile")?;

    let begun = Instant::now();
    let reason = ["--reason", "The council's worker confirmed the first name by telephone"];
    let link = ["review", "link", review.as_str(), "--person", person.as_str()];
    stage.must(&[link.as_slice(), reason.as_slice()].concat()).await?;
    panel
        .wait("the linked record", |text| !text.contains(NOTHING) && text.contains("Strathorr Council"))
        .await?;
    teller.tell_time("5c", "the reviewer links: the panel appears by itself", begun.elapsed())?;

    let begun = Instant::now();
    let record = ["--authority", world::COUNCIL_AUTHORITY, "--local-id", AILSA_KINROSS.council];
    let (unlink, reason) = (["review", "unlink"], ["--reason", "It was the sister"]);
    let said = stage.must(&[unlink.as_slice(), record.as_slice(), reason.as_slice()].concat()).await?;
    panel.wait("the undone link", |text| text.contains(NOTHING)).await?;
    ensure(said.contains("aileen.strachan-bell"), || {
        format!("unlinking does not say who was shown the mixed record: {said}")
    })?;
    teller.tell_time(
        "5d",
        "the reviewer unlinks: it blanks, and who saw the mixed record is listed",
        begun.elapsed(),
    )
}

async fn assigned(stage: &Stage, teller: &mut Teller) -> Result<()> {
    let worker = stage.social_worker().await?;
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let page = plain(&worker.record(MURDO_HALCRO.council).await?);
        if page.replace(' ', "").contains(&format!("CHInumber{}wasassignedandconfirmed", MURDO_HALCRO.chi)) {
            break;
        }
        if Instant::now() > deadline {
            bail!("the CHI number did not reach the case system: {page}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let nurse = stage.nurse().await?;
    let mut panel = nurse.open(MURDO_HALCRO.health).await?;
    panel.wait("the matched record", |text| text.contains("HALCRO") && !text.contains(NOTHING)).await?;
    teller.tell("5a", "a person without CHI is matched; the number reaches the case system and is confirmed")
}

/// The open question about a record, and the person whom the index record of this number stands for. The matcher may
/// still be reading what was loaded.
async fn question_about(stage: &Stage, record: &str, index_record: &str) -> Result<(String, String)> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match find_question(stage, record, index_record).await? {
            Some(found) => return Ok(found),
            None if Instant::now() > deadline => bail!("nothing is asked about {record}"),
            None => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

async fn find_question(stage: &Stage, record: &str, index_record: &str) -> Result<Option<(String, String)>> {
    let listed = stage.must(&["review", "list", "--json"]).await?;
    let rows: Vec<Vec<String>> = serde_json::from_str(&listed).context("the list of reviews is no JSON")?;
    for row in rows {
        let Some(review) = row.first() else { continue };
        let shown = stage.must(&["review", "show", review]).await?;
        if !shown.contains(&format!("{} {record}:", world::COUNCIL_AUTHORITY)) {
            continue;
        }
        let lines: Vec<&str> = shown.lines().collect();
        let candidate = lines.windows(2).find(|pair| {
            pair.last()
                .is_some_and(|line| line.contains(&format!("{} {index_record}:", world::HEALTH_AUTHORITY)))
        });
        let person = candidate.and_then(|pair| pair.first()?.strip_prefix("candidate ")?.split(' ').next());
        let person =
            person.with_context(|| format!("{index_record} is not among the candidates:\n{shown}"))?;
        return Ok(Some((review.clone(), person.to_owned())));
    }
    Ok(None)
}
