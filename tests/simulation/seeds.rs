//! Plays seeds, several at once, and tells of a failure so that it can be played again.

use crate::operation::Step;
use crate::run::{Report, list, play};
use domain::Fault;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How a seed is played.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// A mistake to plant.
    pub fault: Option<Fault>,
    /// Which of the worlds that differ only in what nobody may see.
    pub salt: u64,
    /// The links of the read model are not looked at: a mistake in them has to show to a reader.
    pub readers_only: bool,
}

/// A seed that failed.
pub struct Failure {
    seed: u64,
    at: usize,
    what: String,
    steps: Vec<Step>,
}

impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "seed {} failed at step {}: {}", self.seed, self.at, self.what)?;
        for (place, step) in self.steps.iter().enumerate().take(self.at + 1) {
            let settles = if step.settles { "" } else { " (reads nothing on)" };
            writeln!(formatter, "  {place:>3} {:?}{settles}", step.operation)?;
        }
        write!(
            formatter,
            "play it again: YETT_SIM_SEED={} cargo test -p yett-tests --test simulation",
            self.seed
        )
    }
}

impl Failure {
    /// What was wrong.
    pub fn what(&self) -> &str {
        &self.what
    }
}

/// Takes the planted mistake out of the thread, however the run ends.
struct Planted;

impl Drop for Planted {
    fn drop(&mut self) {
        domain::plant(None);
    }
}

impl Trial {
    /// Plays the list of a seed.
    pub fn play(&self, seed: u64) -> Result<Report, Failure> {
        let steps = list(seed);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        domain::plant(self.fault);
        let planted = Planted;
        let played = catch_unwind(AssertUnwindSafe(|| runtime.block_on(play(seed, &steps, self))));
        drop(planted);
        let outcome = played.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err((steps.len(), format!("a panic: {}", said.unwrap_or_default())))
        });
        outcome.map_err(|(at, what)| Failure { seed, at: at.min(steps.len().saturating_sub(1)), what, steps })
    }
}

/// The seeds that the environment asks for, if it does.
pub fn chosen() -> Option<Range<u64>> {
    if let Ok(seed) = std::env::var("YETT_SIM_SEED") {
        let seed: u64 = seed.parse().expect("YETT_SIM_SEED must be a number");
        return Some(seed..seed + 1);
    }
    let range = std::env::var("YETT_SIM_SEEDS").ok()?;
    let (from, to) = range.split_once("..").expect("YETT_SIM_SEEDS must be a range such as 1..1000");
    Some(from.parse().expect("a number before ..")..to.parse().expect("a number after .."))
}

/// Plays every seed on every core, and panics with the first that fails.
pub fn play_all(seeds: Range<u64>, trial: &Trial) -> Report {
    let next = AtomicU64::new(seeds.start);
    let (whole, failed) = (Mutex::new(Report::default()), Mutex::new(None::<Failure>));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= seeds.end || failed.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                return;
            }
            match trial.play(seed) {
                Ok(report) => {
                    let mut whole = whole.lock().unwrap_or_else(PoisonError::into_inner);
                    for (what, count) in report.counts {
                        *whole.counts.entry(what).or_default() += count;
                    }
                }
                Err(failure) => *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    if let Some(failure) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        panic!("{failure:?}");
    }
    whole.into_inner().unwrap_or_else(PoisonError::into_inner)
}
