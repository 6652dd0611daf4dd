//! The node with its people and screens: registered, linked, every screen checked to show what was sent.

use crate::node::Node;
use crate::people::{BenchPerson, Extent, mark, people};
use crate::screen::{Host, Screen};
use crate::seed::{Secrets, plant};
use crate::sender::{Publisher, register};
use crate::{answer::Receipts, report::remark};
use anyhow::{Context, Result, bail};
use proto::intake::v1::RecordSubmission;
use std::time::{Duration, Instant};

/// People, and with each of them a screen, a publisher or a connection: what the goals are stated for.
pub(crate) const PEOPLE: usize = 64;
/// People beside them who are registered too, since not everybody is linked without a person's look.
const SPARE: usize = 32;
/// The turn of the first load, which everybody shares.
const FIRST: u32 = 1;
/// How long a link and its screen may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything that the rows measure on.
pub(crate) struct Stage {
    pub(crate) node: Node,
    pub(crate) secrets: Secrets,
    pub(crate) people: Vec<BenchPerson>,
    /// The screen of each person.
    pub(crate) screens: Vec<Screen>,
    /// The last turn of each person that was accepted.
    last: Vec<u32>,
}

/// The person whom a turn is about.
pub(crate) fn person_of(turn: u32) -> usize {
    usize::try_from(turn).unwrap_or(0) % PEOPLE
}

/// The number of a person as turns count.
pub(crate) fn number_of(person: usize) -> u32 {
    u32::try_from(person).unwrap_or(0)
}

impl Stage {
    /// Seeds a node that is empty.
    pub(crate) async fn set(node: Node) -> Result<Self> {
        remark("registering people on both sides …");
        let secrets = plant(&node).await?;
        let candidates = people(PEOPLE + SPARE)?;
        let registrations = candidates.iter().map(BenchPerson::registration).collect();
        register(node.grpc, &secrets.board_feed, registrations).await?;
        node.settle().await?;
        let mut stage = Self { node, secrets, people: Vec::new(), screens: Vec::new(), last: Vec::new() };
        let cases = candidates.iter().map(|person| person.case(FIRST)).collect::<Result<Vec<_>>>()?;
        stage.send(cases).await?;
        stage.node.settle().await?;
        stage.choose(candidates).await?;
        let turns = (number_of(PEOPLE)..).zip(&stage.people);
        let turns =
            turns.map(|(turn, person)| person.turn(turn, Extent::Record)).collect::<Result<Vec<_>>>()?;
        stage.send(turns).await?;
        stage.last = (number_of(PEOPLE)..).take(PEOPLE).collect();
        stage.check_screens().await?;
        Ok(stage)
    }

    /// Opens a screen of everybody whom the matcher linked by itself, until there are enough. Where the two records
    /// are a little at odds, as the world makes some of them, a person has to look first.
    async fn choose(&mut self, candidates: Vec<BenchPerson>) -> Result<()> {
        let mut host = Host::connect(self.node.grpc, self.node.http, &self.secrets.board_host).await?;
        for person in candidates {
            let screen = host.open(&person).await?;
            if screen.view().await?.contains(&mark(FIRST)) {
                self.screens.push(screen);
                self.people.push(person);
            }
            if self.people.len() == PEOPLE {
                return Ok(());
            }
        }
        bail!("only {} of {} people were linked and are shown", self.people.len(), PEOPLE + SPARE)
    }

    async fn send(&self, submissions: Vec<RecordSubmission>) -> Result<()> {
        let mut publisher = self.publisher().await?;
        let mut receipts = Receipts::default();
        for submission in submissions {
            receipts.new_one(&publisher.send(submission).await?)?;
        }
        Ok(())
    }

    /// A new publisher of the council.
    pub(crate) async fn publisher(&self) -> Result<Publisher> {
        Publisher::connect(self.node.grpc, &self.secrets.council_feed).await
    }

    /// The first turn that nobody has used, and that is about the first person.
    pub(crate) fn next_turn(&self) -> u32 {
        let used = self.last.iter().max().copied().unwrap_or(0);
        (used / number_of(PEOPLE) + 1) * number_of(PEOPLE)
    }

    /// Keeps in mind that a turn was accepted.
    pub(crate) fn accepted(&mut self, turn: u32) {
        if let Some(last) = self.last.get_mut(person_of(turn)) {
            *last = turn.max(*last);
        }
    }

    /// What the screen of a person must show.
    pub(crate) fn shown(&self, person: usize) -> Result<String> {
        Ok(mark(*self.last.get(person).context("nobody has this number")?))
    }

    /// Makes sure that every screen shows the last turn that was accepted, and so that none of them was lost.
    pub(crate) async fn check_screens(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        for (person, screen) in self.screens.iter().enumerate() {
            let shown = self.shown(person)?;
            while !screen.view().await?.contains(&shown) {
                if Instant::now() > deadline {
                    bail!("the screen of person {person} does not show what was accepted last");
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_go_round_the_people() {
        assert_eq!((person_of(64), person_of(65), person_of(127)), (0, 1, 63));
        assert_eq!(number_of(PEOPLE), 64);
    }
}
