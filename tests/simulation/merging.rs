//! What the board says about its own records: that two of them are one person's, or that data was filed under the wrong
//! one.

use crate::operation::Dice;
use crate::run::{Outcome, Run};
use domain::RedirectScope;
use support::cast::{Holder, Slot, record};
use support::messages::Wish;

/// Records of somebody whom the board registered twice.
const PAIRS: [(usize, usize); 2] = [(0, 6), (1, 7)];
/// All records of the board.
const BOARD: [usize; 7] = [0, 1, 3, 4, 5, 6, 7];

/// A redirect that was acknowledged, both by number in the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirected {
    from: usize,
    to: usize,
    scope: RedirectScope,
}

impl Run {
    /// HL7 A40: one record of a pair survives, the other is retired.
    pub(crate) async fn merge(&mut self, pair: u8, back: bool, shape: u64) -> Outcome {
        let (known, second) = PAIRS[usize::from(pair) % PAIRS.len()];
        let (to, from) = if back { (second, known) } else { (known, second) };
        let of_pair = |one: &&Redirected| [to, from].contains(&one.from) || [to, from].contains(&one.to);
        let before: Vec<Redirected> = self.redirected.iter().filter(of_pair).copied().collect();
        let goes_round = before.iter().any(|one| one.from == to && one.scope == RedirectScope::Record);
        // A merge that is merged back leads nowhere from then on, so it is rare.
        let is_moved = before.iter().any(|one| one.scope == RedirectScope::Data);
        if is_moved || (goes_round && !shape.is_multiple_of(6)) || !self.was_told_of(from) {
            return Ok(());
        }
        self.count(if goes_round { "merged back" } else { "merges" });
        let slots = Slot::all_of(Holder::Board).into_iter();
        let dice = Dice::new(shape);
        let new = slots.filter(|slot| slot.is_demographic() && dice.percent(30)).collect();
        let redirect = Some((from, RedirectScope::Record));
        let wish = Wish { new, redirect, ..self.next_of(Holder::Board, to) };
        self.send(&wish, true).await?;
        self.redirected.push(Redirected { from, to, scope: RedirectScope::Record });
        Ok(())
    }

    /// HL7 A43, which the MLLP door does not take: the board says so by a submission. Only between records of which
    /// nothing was merged or moved before.
    pub(crate) async fn move_data(&mut self, from: u8, to: u8, shape: u64) -> Outcome {
        let (from, to) = (BOARD[usize::from(from) % BOARD.len()], BOARD[usize::from(to) % BOARD.len()]);
        let touched = self.redirected.iter().flat_map(|one| [one.from, one.to]);
        if from == to || touched.into_iter().any(|one| [from, to].contains(&one)) || !self.was_told_of(from) {
            return Ok(());
        }
        self.count("moves");
        let redirect = Some((from, RedirectScope::Data));
        let new = if shape.is_multiple_of(2) { vec![Slot::CONTACT] } else { Vec::new() };
        let wish = Wish { new, redirect, ..self.next_of(Holder::Board, to) };
        self.send(&wish, false).await?;
        self.redirected.push(Redirected { from, to, scope: RedirectScope::Data });
        Ok(())
    }

    fn was_told_of(&self, person: usize) -> bool {
        self.sequences.contains_key(&(Holder::Board, person))
    }

    /// Every merge and every move that was acknowledged stands among the links, once nothing waits before it.
    pub(crate) fn redirects_stand(&self) -> Outcome {
        for Redirected { from, to, scope } in &self.redirected {
            let waits = self.truth.record(Holder::Board, *to).is_none_or(|facts| facts.is_blocked());
            let (from, to) = (record(Holder::Board, *from), record(Holder::Board, *to));
            if !waits && !self.truth.links.knows_redirect(&from, &to, *scope) {
                return Err(format!("a redirect of {} was acknowledged and is not there", from.key()));
            }
        }
        Ok(())
    }
}
