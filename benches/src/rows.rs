//! The rows: each says what both sides do, and checks every answer of both.

pub(crate) mod freshness;
pub(crate) mod idle;
pub(crate) mod intake;
pub(crate) mod view;

use crate::figures::{Sample, median};
use crate::report::figure;
use crate::rounds::Round;

/// What every comparison of rates has to tell beside its row.
fn beside(rounds: &[Round]) -> Vec<String> {
    let of = |side: fn(&Round) -> &Sample, figure: fn(&Sample) -> f64| {
        median(rounds.iter().map(|round| figure(side(round))))
    };
    let told = |name: &str, side: fn(&Round) -> &Sample| {
        let (p50, p99) = (of(side, |one| one.p50), of(side, |one| one.p99));
        let processor = of(side, |one| one.processor);
        let [p50, p99, processor] = [p50, p99, processor].map(figure);
        format!("{name}: {p50} ms p50, {p99} ms p99, {processor} ms of processor each")
    };
    vec![told("floor", |round| &round.floor), told("product", |round| &round.product)]
}
