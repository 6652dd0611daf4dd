//! Measures the product beside the floor of its machine, in one run: the shipped binary as a process of its own, fed
//! and read through its public ports, against the least that a machine has to do for the same work.
//!
//! It builds nothing: `scripts/bench` builds the product first. It must not reach into the product's crates for
//! anything but messages, the invented world and its seed.

mod answer;
mod arguments;
mod figures;
mod floors;
mod net;
mod node;
mod pace;
mod people;
mod process;
mod report;
mod rounds;
mod rows;
mod screen;
mod seed;
mod sender;
mod stage;

use anyhow::{Result, bail};
use arguments::{Arguments, RowName};
use clap::Parser;
use report::Report;
use rounds::Plan;
use stage::Stage;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::remark(&format!("bench: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    if let Some(floor) = arguments.floor {
        return runtime.block_on(floors::run(floor));
    }
    let report = runtime.block_on(async {
        // Whatever ends the bench ends its node and removes its folder.
        tokio::select! {
            report = measure(&arguments) => report,
            stopped = told_to_stop() => stopped.and_then(|()| bail!("stopped before the end")),
        }
    })?;
    if arguments.json { report.json() } else { report.table() }
}

async fn told_to_stop() -> Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminated.recv() => Ok(()),
    }
}

async fn measure(arguments: &Arguments) -> Result<Report> {
    let plan = if arguments.quick { Plan::QUICK } else { Plan::WHOLE };
    let mut report = Report::begin();
    let node = node::Node::start().await?;
    if arguments.wants(RowName::P11) {
        report.add(rows::idle::measure(&node, plan).await?);
    }
    if arguments.wants_people() {
        let mut stage = Stage::set(node).await?;
        if arguments.wants(RowName::P4b) {
            report.add(rows::view::measure(&mut stage, plan).await?);
        }
        if arguments.wants(RowName::P1) {
            report.extend(rows::freshness::measure(&mut stage, plan).await?);
        }
        if arguments.wants(RowName::P3) {
            report.add(rows::intake::measure(&mut stage, plan).await?);
        }
        stage.node.stop().await?;
    } else {
        node.stop().await?;
    }
    Ok(report)
}
