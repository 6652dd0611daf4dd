//! The one binary: a subcommand per role, `all`, and the command line of operators.
//!
//! It wires and names backends; it decides nothing.

mod background;
mod bootstrap;
mod cli;
mod client;
mod data_dir;
mod demo;
mod health;
mod keys;
mod node;
mod operations;
mod ports;
mod registers;
mod roles;
mod shutdown;
mod story;
mod terminal;
mod watched_log;
mod wiring;

use clap::Parser;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Views and events are many small allocations from several threads: the system's allocator spends a third of the
/// processor's time on them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    match cli::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            // Nothing more can be done where even standard error is gone.
            drop(terminal::remark(&format!("yett: {error:#}")));
            ExitCode::FAILURE
        }
    }
}
