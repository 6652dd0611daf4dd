//! P1: how soon a change at one side stands in the other side's open panel, at 200 changes a second: from when the
//! call was due to the whole event on the live stream. Everything as shipped, over one paced append to a bare log.
//!
//! Every accepted change counts. One that a later change of the same person overtook was shown when that one was; one
//! that was never shown is infinite.

use crate::figures::{Sample, median, millis};
use crate::floors::printed;
use crate::pace::{PER_SECOND, Pace, events_in};
use crate::people::{BenchPerson, Extent};
use crate::report::{Goal, Row, figure, remark};
use crate::rounds::{Contest, Plan, Round, compare, interleave};
use crate::screen::Seen;
use crate::sender::Publisher;
use crate::stage::{PEOPLE, Stage, number_of, person_of};
use anyhow::{Context, Result, anyhow, bail};
use prost::Message;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

/// How long after the last change was due the screens may still show one.
const PATIENCE: Duration = Duration::from_secs(10);

struct Freshness<'a> {
    stage: &'a mut Stage,
    seen: UnboundedReceiver<Seen>,
    payload_bytes: usize,
}

/// Measures it: a row for the median and one for the tail.
pub(crate) async fn measure(stage: &mut Stage, plan: Plan) -> Result<[Row; 2]> {
    remark("P1: freshness …");
    let (sender, seen) = unbounded_channel();
    for (number, screen) in stage.screens.iter().enumerate() {
        screen.follow(number, sender.clone()).await?;
    }
    drop(sender);
    let person = stage.people.first().context("there is nobody")?;
    let payload_bytes = person.turn(stage.next_turn(), Extent::Change)?.encoded_len();
    let rounds = interleave(&mut Freshness { stage, seen, payload_bytes }, plan).await?;
    let median_of = (compare(&rounds, |one| one.p50), Goal::RatioAtMost(3.0));
    let tail = (compare(&rounds, |one| one.p99), Goal::RatioAtMost(3.0));
    let mut first = Row::compared("P1", "accepted call to open panel at 200/s, p50", "ms", median_of);
    first.notes = notes(&rounds, payload_bytes);
    Ok([first, Row::compared("P1-p99", "the same, p99", "ms", tail)])
}

fn notes(rounds: &[Round], payload_bytes: usize) -> Vec<String> {
    let processor = figure(median(rounds.iter().map(|round| round.product.processor)));
    vec![
        format!("{PEOPLE} open panels, people in turn, {payload_bytes} bytes a change, {PER_SECOND} a second"),
        format!("product: {processor} ms of processor each; this version speaks no TLS"),
        "durable: the change and the leaf of its disclosure are both synced to the disk before the panel shows it; \
         the floor syncs once"
            .to_owned(),
    ]
}

impl Contest for Freshness<'_> {
    async fn floor(&mut self, turn: Duration) -> Result<Sample> {
        let file = self.stage.node.folder().join("floor.db").display().to_string();
        let (bytes, count) = (self.payload_bytes.to_string(), events_in(turn).to_string());
        let text = printed(&["floor-append", &file, &bytes, &count]).await?;
        let mut figures = text.lines().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        let processor = figures.pop().context("the floor printed nothing")?;
        if figures.len() != usize::try_from(events_in(turn))? {
            bail!("the floor did not append everything");
        }
        Ok(Sample::of(figures, turn, Duration::from_secs_f64(processor / 1000.0)))
    }

    async fn product(&mut self, turn: Duration) -> Result<Sample> {
        self.stage.node.settle().await?;
        let before = self.stage.node.processor_time()?;
        let (first, count) = (self.stage.next_turn(), events_in(turn));
        let pace = Pace::begin();
        let sending = Sending {
            to: self.stage.node.grpc,
            secret: self.stage.secrets.council_feed.clone(),
            people: self.stage.people.clone().into(),
            turns: (first, count),
            pace,
        };
        let sending = tokio::task::spawn_blocking(move || sending.run());
        let shown = self.watch(first, (count, pace)).await?;
        sending.await??;
        for turn in first..first + count {
            self.stage.accepted(turn);
        }
        let latencies = (0..).zip(shown).map(|(number, at)| {
            at.map_or(f64::INFINITY, |at: Instant| millis(at.saturating_duration_since(pace.due(number))))
        });
        let latencies = latencies.collect();
        self.stage.node.settle().await?;
        Ok(Sample::of(latencies, turn, self.stage.node.processor_time()?.saturating_sub(before)))
    }
}

impl Freshness<'_> {
    /// Watches every screen until all these turns were shown or time is up; answers when each was.
    async fn watch(&mut self, first: u32, (count, pace): (u32, Pace)) -> Result<Vec<Option<Instant>>> {
        let mut shown = vec![None; usize::try_from(count)?];
        let deadline = pace.due(count) + PATIENCE;
        let mut left = shown.len();
        while left > 0 {
            let Ok(seen) = tokio::time::timeout_at(deadline.into(), self.seen.recv()).await else { break };
            let (screen, turn, at) = seen.context("every live stream ended")??;
            if person_of(turn) != screen || turn >= first + count {
                bail!("a screen shows what was not sent for its person");
            }
            left -= overtaken(&mut shown, (first, turn), at);
        }
        Ok(shown)
    }
}

/// Marks a turn as shown, and those of the same person before it that were not; answers how many these are.
fn overtaken(shown: &mut [Option<Instant>], (first, turn): (u32, u32), at: Instant) -> usize {
    let step = number_of(PEOPLE);
    let own = std::iter::successors(Some(turn), |turn| turn.checked_sub(step));
    let mut marked = 0;
    for turn in own.take_while(|turn| *turn >= first) {
        let place = usize::try_from(turn - first).ok().and_then(|place| shown.get_mut(place));
        let Some(place) = place.filter(|place| place.is_none()) else { break };
        *place = Some(at);
        marked += 1;
    }
    marked
}

/// The sender of one phase, on a thread of its own, so that its spinning holds up nobody else.
struct Sending {
    to: SocketAddr,
    secret: String,
    people: Arc<[BenchPerson]>,
    /// The first, and how many.
    turns: (u32, u32),
    pace: Pace,
}

impl Sending {
    fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.send())
    }

    async fn send(self) -> Result<()> {
        let publisher = Publisher::connect(self.to, &self.secret).await?;
        let (first, count) = self.turns;
        let mut calls = JoinSet::new();
        for number in 0..count {
            let turn = first + number;
            let person = self.people.get(person_of(turn)).ok_or_else(|| anyhow!("nobody has this number"))?;
            let message = person.turn(turn, Extent::Change)?;
            let mut publisher = publisher.clone();
            self.pace.arrive(number).await;
            calls.spawn(async move { publisher.send(message).await });
        }
        while let Some(receipt) = calls.join_next().await {
            let receipt = receipt??;
            if receipt.repeat || receipt.event_id.is_empty() {
                bail!("a change was not taken as a new one");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_a_later_one_overtook_was_shown_with_it() {
        let mut shown = vec![None; 200];
        let early = Instant::now();
        assert_eq!(overtaken(&mut shown, (640, 640), early), 1);
        let late = early + Duration::from_secs(1);
        assert_eq!(overtaken(&mut shown, (640, 640 + 128), late), 2);
        assert_eq!((shown[0], shown[64], shown[128]), (Some(early), Some(late), Some(late)));
        assert_eq!(shown.iter().flatten().count(), 3);
    }

    #[test]
    fn a_change_counts_once_and_what_was_shown_before_counts_for_nothing() {
        let mut shown = vec![None; 64];
        let now = Instant::now();
        assert_eq!(overtaken(&mut shown, (640, 641), now), 1);
        assert_eq!(overtaken(&mut shown, (640, 641), now), 0);
        assert_eq!(overtaken(&mut shown, (640, 576), now), 0);
    }
}
