//! `yett world generate`: writes an invented population and its feed messages into a folder.

use crate::terminal;
use ::world::World;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Writes people, HL7 v2 messages and a CSV extract. The same seed, size and day give the same files.
    Generate {
        /// Folder to write into; made where it is missing.
        #[arg(long)]
        out: PathBuf,
        /// Seed.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// People beside the story's.
        #[arg(long, default_value_t = 200)]
        size: usize,
        /// The day on which the world is as it is, such as 2026-11-17.
        #[arg(long)]
        day: jiff::civil::Date,
    },
}

/// Carries out a verb.
pub(crate) fn run(verb: &Verb) -> Result<()> {
    match verb {
        Verb::Generate { out, seed, size, day } => generate(out, *seed, *size, *day),
    }
}

fn generate(out: &Path, seed: u64, size: usize, day: jiff::civil::Date) -> Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let world = World::generate(seed, size, day)?;
    let cases = world.entries().iter().filter(|entry| entry.council.is_some()).count();
    let board: Vec<_> = world.entries().iter().filter_map(|entry| entry.health.as_ref()).collect();
    let at = day.at(6, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC)?.timestamp();
    let mut messages = String::new();
    for (number, patient) in board.iter().enumerate() {
        let stamp = ::world::hl7::Stamp { control_id: format!("W{number:06}"), at, occurred: None };
        messages.push_str(&::world::hl7::add_person(patient, &stamp));
        messages.push('\n');
    }
    let extract = ::world::csv::extract(&world);
    for (name, text) in [("adt.hl7", messages), ("persons.csv", extract)] {
        let path = out.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    terminal::line(&format!("{} patients in adt.hl7, {} cases in persons.csv", board.len(), cases))
}
