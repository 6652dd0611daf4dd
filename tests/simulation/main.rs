//! The seeded simulation: a whole node on the memory profile, its four partitions mixed freely, fed and asked by a list
//! of operations that follows from a seed, judged after each of them by oracles that know the facts.
//!
//! A seed that fails is printed with its list. `YETT_SIM_SEED=7` plays one seed, `YETT_SIM_SEEDS=1..1000` a range.

mod assigning;
mod feeding;
mod governing;
mod linking;
mod looking;
mod merging;
mod operation;
mod planted;
mod reading;
mod run;
mod seed_events;
mod seeds;
mod sending;
mod shipped;
mod twin_worlds;

use seeds::{Trial, chosen, play_all};

/// Seeds that every run of the tests plays.
const SEEDS: std::ops::Range<u64> = 0..200;

#[test]
fn no_seed_finds_anything_wrong() {
    let seeds = chosen().unwrap_or(SEEDS);
    let begun = std::time::Instant::now();
    let report = play_all(seeds.clone(), &Trial::default());
    println!("{} seeds in {:?}: {:?}", seeds.end - seeds.start, begun.elapsed(), report.counts);
    if seeds == SEEDS {
        // A run in which nothing happens finds nothing wrong either.
        for what in [
            "messages",
            "repeats",
            "repeats in the log",
            "conflicts refused",
            "conflicts in the log",
            "unknown events",
            "skipped events",
            "crashes",
            "HL7 messages",
            "refused messages",
            "extracts",
            "merges",
            "moves",
            "numbers offered",
            "numbers confirmed",
            "numbers refused",
            "late answers",
            "machine links",
            "reviews decided",
            "unlinked",
            "governance",
            "sessions",
            "views shown",
            "views refused",
            "live updates",
            "views after emergency access",
            "other persons refused",
        ] {
            let count = report.counts.get(what).copied().unwrap_or_default();
            assert!(count >= 20, "only {count} {what} in all the seeds");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in [3, 17, 101] {
        assert_eq!(run::list(seed), run::list(seed));
        let (one, other) = (Trial::default().play(seed).unwrap(), Trial::default().play(seed).unwrap());
        assert_eq!(one.counts, other.counts);
        assert!(one.transcript == other.transcript, "readers were given other bytes");
        assert_eq!(one.dump, other.dump);
    }
}

/// Plays a list that somebody wrote down.
fn played(operations: Vec<operation::Operation>) -> Result<run::Report, (usize, String)> {
    let step = |operation| operation::Step { operation, settles: true };
    let steps: Vec<_> = operations.into_iter().map(step).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run::play(1, &steps, &Trial::default()))
}

#[test]
fn a_message_that_waits_is_not_lost_when_another_one_takes_its_id() {
    use operation::Operation;
    // The council's record of the first person is 0, the board's is 5; message 2 is the one that waits.
    let report = played(vec![
        Operation::Whole { record: 0, shape: 1 },
        Operation::Whole { record: 5, shape: 1 },
        Operation::Unknown { record: 0 },
        Operation::Whole { record: 0, shape: 2 },
        Operation::OtherContentElsewhere { message: 2 },
        Operation::Skip { row: 0 },
        Operation::Launch { reader: 0, person: 0, how: 0 },
        Operation::Look { session: 0, door: 0 },
    ]);
    assert_eq!(report.map(|report| report.counts["views shown"]), Ok(1));
}
