//! P3: intake, unary, 64 publishers: durable and deduplicated, against a bare gRPC echo of the same message.

use super::beside;
use crate::answer::Receipts;
use crate::figures::{Sample, millis};
use crate::floors::FloorServer;
use crate::people::{BenchPerson, Extent};
use crate::report::{Goal, Row, remark};
use crate::rounds::{Contest, Plan, compare, interleave};
use crate::sender::Publisher;
use crate::stage::{PEOPLE, Stage, number_of};
use anyhow::{Context, Result, bail};
use prost::Message;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// After so many messages one is sent a second time.
const REPEAT_AFTER: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Floor,
    Product,
}

struct Intake<'a> {
    stage: &'a mut Stage,
    floor: FloorServer,
}

/// What one publisher did.
struct Sent {
    latencies: Vec<f64>,
    last: Option<u32>,
}

/// Measures it.
pub(crate) async fn measure(stage: &mut Stage, plan: Plan) -> Result<Row> {
    remark("P3: intake …");
    let floor = FloorServer::start("floor-echo", &[]).await?;
    stage.node.settle().await?;
    let person = stage.people.first().context("there is nobody")?;
    let bytes = person.turn(stage.next_turn(), Extent::Record)?.encoded_len();
    let mut intake = Intake { stage, floor };
    let rounds = interleave(&mut intake, plan).await?;
    intake.stage.check_screens().await?;
    let compared = (compare(&rounds, |one| one.rate), Goal::RatioAtLeast(0.25));
    let mut row = Row::compared("P3", "intake, unary, 64 publishers", "/s", compared);
    row.notes = beside(&rounds);
    row.notes.push(format!(
        "{bytes} bytes a message, 1 in {REPEAT_AFTER} sent twice; durable: each event is synced to the disk before \
         its receipt; processor time includes applying it"
    ));
    Ok(row)
}

impl Contest for Intake<'_> {
    async fn floor(&mut self, turn: Duration) -> Result<Sample> {
        let before = self.floor.processor_time()?;
        let (sent, took) = self.crowd(self.floor.address, Side::Floor, turn).await?;
        let latencies = sent.into_iter().flat_map(|one| one.latencies).collect();
        Ok(Sample::of(latencies, took, self.floor.processor_time()?.saturating_sub(before)))
    }

    async fn product(&mut self, turn: Duration) -> Result<Sample> {
        let before = self.stage.node.processor_time()?;
        let (sent, took) = self.crowd(self.stage.node.grpc, Side::Product, turn).await?;
        for last in sent.iter().filter_map(|one| one.last) {
            self.stage.accepted(last);
        }
        self.stage.node.settle().await?;
        let latencies = sent.into_iter().flat_map(|one| one.latencies).collect();
        Ok(Sample::of(latencies, took, self.stage.node.processor_time()?.saturating_sub(before)))
    }
}

impl Intake<'_> {
    /// Every publisher sends of one person on a connection of its own, one message after another.
    async fn crowd(&self, to: SocketAddr, side: Side, turn: Duration) -> Result<(Vec<Sent>, Duration)> {
        let mut publishers = Vec::with_capacity(PEOPLE);
        for (number, person) in self.stage.people.iter().cloned().enumerate() {
            let publisher = Publisher::connect(to, &self.stage.secrets.council_feed).await?;
            publishers.push((publisher, person, self.stage.next_turn() + number_of(number)));
        }
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for (publisher, person, first) in publishers {
            let turns = (first..).step_by(PEOPLE);
            tasks.spawn(publish(publisher, (person, turns), side, begun + turn));
        }
        let mut sent = Vec::with_capacity(PEOPLE);
        while let Some(one) = tasks.join_next().await {
            sent.push(one??);
        }
        Ok((sent, begun.elapsed()))
    }
}

async fn publish(
    mut publisher: Publisher,
    (person, turns): (BenchPerson, impl Iterator<Item = u32>),
    side: Side,
    until: Instant,
) -> Result<Sent> {
    let mut sent = Sent { latencies: Vec::new(), last: None };
    let mut receipts = Receipts::default();
    for turn in turns {
        if Instant::now() >= until {
            break;
        }
        let message = person.turn(turn, Extent::Record)?;
        let again = (sent.latencies.len() + 1).is_multiple_of(REPEAT_AFTER).then(|| message.clone());
        let id = message.message_id.clone();
        let begun = Instant::now();
        let receipt = publisher.send(message).await?;
        sent.latencies.push(millis(begun.elapsed()));
        sent.last = Some(turn);
        match side {
            Side::Floor if receipt.event_id != id => bail!("the floor does not answer what it was sent"),
            Side::Floor => {}
            Side::Product => receipts.new_one(&receipt)?,
        }
        if let Some(message) = again {
            let begun = Instant::now();
            let receipt = publisher.send(message).await?;
            sent.latencies.push(millis(begun.elapsed()));
            if side == Side::Product {
                receipts.repeat(&receipt)?;
            }
        }
    }
    Ok(sent)
}
