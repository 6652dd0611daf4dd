//! P4b: the permitted view as shipped, its disclosure durable before the answer, against the same bytes from memory.

use super::beside;
use crate::figures::{Sample, millis};
use crate::floors::FloorServer;
use crate::net::{Ask, Connection};
use crate::report::{Goal, Row, remark};
use crate::rounds::{Contest, Plan, compare, interleave};
use crate::stage::{PEOPLE, Stage};
use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

struct Views<'a> {
    stage: &'a Stage,
    floor: FloorServer,
}

/// Measures it.
pub(crate) async fn measure(stage: &mut Stage, plan: Plan) -> Result<Row> {
    remark("P4b: permitted views …");
    let body = stage.screens.first().context("there is no screen")?.view().await?;
    let file = stage.node.folder().join("view.json");
    std::fs::write(&file, &body)?;
    let floor = FloorServer::start("floor-fixed", &[&file.display().to_string()]).await?;
    stage.node.settle().await?;
    let rounds = interleave(&mut Views { stage, floor }, plan).await?;
    let compared = (compare(&rounds, |one| one.rate), Goal::RatioAtLeast(0.2));
    let mut row = Row::compared("P4b", "permitted views, 64 connections", "/s", compared);
    row.notes = beside(&rounds);
    row.notes.push(format!(
        "{} bytes of JSON; durable: each view's leaf is synced to the disk before it leaves",
        body.len()
    ));
    Ok(row)
}

impl Contest for Views<'_> {
    async fn floor(&mut self, turn: Duration) -> Result<Sample> {
        // The floor answers with the view of the first person, whoever asks.
        let screen = self.stage.screens.first().context("there is no screen")?;
        let ask = (screen.ask()?, self.stage.shown(0)?);
        let before = self.floor.processor_time()?;
        let (latencies, took) = crowd(self.floor.address, vec![ask; PEOPLE], turn).await?;
        Ok(Sample::of(latencies, took, self.floor.processor_time()?.saturating_sub(before)))
    }

    async fn product(&mut self, turn: Duration) -> Result<Sample> {
        let node = &self.stage.node;
        let asks = self
            .stage
            .screens
            .iter()
            .enumerate()
            .map(|(person, screen)| anyhow::Ok((screen.ask()?, self.stage.shown(person)?)));
        let asks = asks.collect::<Result<Vec<_>>>()?;
        let before = node.processor_time()?;
        let (latencies, took) = crowd(node.http, asks, turn).await?;
        // What the views leave to be done is part of what they cost.
        node.settle().await?;
        Ok(Sample::of(latencies, took, node.processor_time()?.saturating_sub(before)))
    }
}

/// Everybody asks on a connection of their own, one view after another.
async fn crowd(to: SocketAddr, asks: Vec<(Ask, String)>, turn: Duration) -> Result<(Vec<f64>, Duration)> {
    let mut ready = Vec::with_capacity(asks.len());
    for (ask, shown) in asks {
        ready.push((Connection::open(to).await?, ask, shown));
    }
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for (connection, ask, shown) in ready {
        tasks.spawn(look(connection, ask, shown, begun + turn));
    }
    let mut latencies = Vec::new();
    while let Some(found) = tasks.join_next().await {
        latencies.extend(found??);
    }
    Ok((latencies, begun.elapsed()))
}

async fn look(mut connection: Connection, ask: Ask, shown: String, until: Instant) -> Result<Vec<f64>> {
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        let body = connection.read(ask.clone()).await?;
        latencies.push(millis(begun.elapsed()));
        if !std::str::from_utf8(&body)?.contains(&shown) {
            bail!("a view does not show what was accepted last of its person");
        }
    }
    Ok(latencies)
}
