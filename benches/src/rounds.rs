//! Floor and product take turns: A B, B A, A B … so that what changes slowly on the machine touches both alike.

use crate::figures::{Sample, median, range};
use anyhow::Result;
use std::time::Duration;

/// How often and how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Rounds; in each, both sides take one turn.
    pub(crate) rounds: usize,
    /// Length of a turn.
    pub(crate) turn: Duration,
}

impl Plan {
    /// What a verdict rests on.
    pub(crate) const WHOLE: Self = Self { rounds: 7, turn: Duration::from_secs(5) };
    /// A first look.
    pub(crate) const QUICK: Self = Self { rounds: 5, turn: Duration::from_secs(2) };
    /// The turn that warms both sides up and counts for nothing.
    const WARM_UP: Duration = Duration::from_secs(1);
}

/// Two sides that do the same work.
pub(crate) trait Contest {
    /// The least that the machine has to do.
    async fn floor(&mut self, turn: Duration) -> Result<Sample>;
    /// The shipped binary.
    async fn product(&mut self, turn: Duration) -> Result<Sample>;
}

/// What one round showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) floor: Sample,
    pub(crate) product: Sample,
}

/// Lets both sides take turns.
pub(crate) async fn interleave(contest: &mut impl Contest, plan: Plan) -> Result<Vec<Round>> {
    contest.floor(Plan::WARM_UP).await?;
    contest.product(Plan::WARM_UP).await?;
    let mut rounds = Vec::with_capacity(plan.rounds);
    for number in 0..plan.rounds {
        rounds.push(if number % 2 == 0 {
            let floor = contest.floor(plan.turn).await?;
            Round { floor, product: contest.product(plan.turn).await? }
        } else {
            let product = contest.product(plan.turn).await?;
            Round { floor: contest.floor(plan.turn).await?, product }
        });
    }
    Ok(rounds)
}

/// One figure of both sides over all rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Compared {
    /// Median of the floor.
    pub(crate) floor: f64,
    /// Median of the product.
    pub(crate) product: f64,
    /// Median of the rounds' ratios, product to floor.
    pub(crate) ratio: f64,
    /// Smallest and largest of these ratios.
    pub(crate) range: [f64; 2],
    /// The floor itself moved too much for a verdict.
    pub(crate) noisy: bool,
}

/// How far the floor may move between rounds.
const CALM: f64 = 0.2;

/// Compares one figure.
pub(crate) fn compare(rounds: &[Round], figure: impl Fn(&Sample) -> f64) -> Compared {
    let floors: Vec<f64> = rounds.iter().map(|round| figure(&round.floor)).collect();
    let products = rounds.iter().map(|round| figure(&round.product));
    let ratios: Vec<f64> = products.clone().zip(&floors).map(|(product, floor)| product / floor).collect();
    let [low, high] = range(floors.iter().copied());
    let floor = median(floors.iter().copied());
    Compared {
        floor,
        product: median(products),
        ratio: median(ratios.iter().copied()),
        range: range(ratios.iter().copied()),
        noisy: (high - low) / floor > CALM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(rate: f64) -> Sample {
        Sample { rate, p50: 1.0, p99: 1.0, processor: 1.0 }
    }

    fn rounds(pairs: &[(f64, f64)]) -> Vec<Round> {
        pairs
            .iter()
            .map(|(floor, product)| Round { floor: sample(*floor), product: sample(*product) })
            .collect()
    }

    #[derive(Default)]
    struct Turns(String);
    impl Contest for Turns {
        async fn floor(&mut self, _: Duration) -> Result<Sample> {
            self.0.push('a');
            Ok(sample(1.0))
        }
        async fn product(&mut self, _: Duration) -> Result<Sample> {
            self.0.push('b');
            Ok(sample(1.0))
        }
    }

    #[tokio::test]
    async fn the_sides_take_turns_and_change_who_begins() {
        let mut turns = Turns::default();
        let plan = Plan { rounds: 4, turn: Duration::ZERO };
        assert_eq!(interleave(&mut turns, plan).await.unwrap().len(), 4);
        assert_eq!(turns.0, "ab".to_owned() + "abba" + "abba");
    }

    #[test]
    fn the_ratio_is_the_median_of_the_rounds_and_not_that_of_the_medians() {
        let compared = compare(&rounds(&[(100.0, 50.0), (100.0, 30.0), (110.0, 33.0)]), |one| one.rate);
        assert!((compared.ratio - 0.3).abs() < 1e-9 && !compared.noisy);
        assert!((compared.range[1] - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_floor_that_moves_gives_no_verdict() {
        assert!(compare(&rounds(&[(100.0, 50.0), (130.0, 50.0), (100.0, 50.0)]), |one| one.rate).noisy);
    }
}
