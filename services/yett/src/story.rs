//! The story: everything that Yett promises, played through its public ports on a node of its own. One line a step
//! with the time it took; the first step that fails ends it.
//!
//! It knows Yett only as its users do: pages, gRPC, MLLP, the command line.

mod governing;
mod living;
mod matching;
mod proving;
mod proxy;
mod reader;
mod rules;
mod stage;
mod web;

use crate::terminal;
use anyhow::{Context, Result};
use reader::{SignIn, SignedIn};
use stage::Stage;
use std::time::{Duration, Instant};
use world::staff::{AILEEN_STRACHAN_BELL, CATRIONA_FENWICK, Member};

/// Plays it in a world of this size.
pub(crate) async fn play(size: usize) -> Result<()> {
    let mut teller = Teller { begun: Instant::now(), steps: 0 };
    let mut stage = Stage::set(size).await.context("setting the stage")?;
    teller.tell("0", "a node, two record systems, one agreement signed up to level 2, the world loaded")?;
    let played = acts(&mut stage, &mut teller).await;
    let cleared = stage.clear().await;
    played.and(cleared)?;
    terminal::line(&format!("The whole story holds: {} steps.", teller.steps))
}

async fn acts(stage: &mut Stage, teller: &mut Teller) -> Result<()> {
    living::play(stage, teller).await?;
    stage.panels_are_closed().await?;
    governing::play(stage, teller).await?;
    stage.panels_are_closed().await?;
    living::board_moves_a_person(stage, teller).await?;
    stage.panels_are_closed().await?;
    matching::play(stage, teller).await?;
    stage.panels_are_closed().await?;
    rules::play(stage, teller).await?;
    stage.panels_are_closed().await?;
    proving::play(stage, teller).await
}

/// Prints one line a step.
pub(crate) struct Teller {
    begun: Instant,
    steps: u32,
}

impl Teller {
    /// The step holds; the time runs anew.
    pub(crate) fn tell(&mut self, number: &str, what: &str) -> Result<()> {
        let took = self.begun.elapsed();
        self.tell_time(number, what, took)
    }

    /// The step holds, and what it is about took so long.
    pub(crate) fn tell_time(&mut self, number: &str, what: &str, took: Duration) -> Result<()> {
        self.steps += 1;
        terminal::line(&format!("ok  {number:<4} {:>7.2} s  {what}", took.as_secs_f64()))?;
        self.begun = Instant::now();
        Ok(())
    }
}

impl Stage {
    /// The story's nurse, signed in at the portal.
    pub(crate) async fn nurse(&self) -> Result<SignedIn> {
        self.staff(&AILEEN_STRACHAN_BELL).await
    }

    /// The story's social worker, signed in at the case system.
    pub(crate) async fn social_worker(&self) -> Result<SignedIn> {
        self.staff(&CATRIONA_FENWICK).await
    }

    /// A member of staff, signed in at their own organisation's host for their usual purpose.
    pub(crate) async fn staff(&self, member: &Member) -> Result<SignedIn> {
        let origin = if member.organisation == world::COUNCIL { self.council() } else { self.portal() };
        SignedIn::at(&origin, SignIn { user: member.user, purpose: member.purpose, cares_for: true }).await
    }
}

/// Fails with these words unless it holds.
pub(crate) fn ensure(holds: bool, words: impl FnOnce() -> String) -> Result<()> {
    if holds { Ok(()) } else { Err(anyhow::anyhow!("{}", words())) }
}
