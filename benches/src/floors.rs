//! The floors: the least that this machine has to do for the same work, each in a process of its own, as the product.

mod append;
mod echo;
mod fixed;

use crate::arguments::Floor;
use crate::{net, process};
use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Runs a floor: what the hidden commands do.
pub(crate) async fn run(floor: Floor) -> Result<()> {
    match floor {
        Floor::Append(append) => tokio::task::spawn_blocking(move || append::run(&append)).await?,
        Floor::Echo { listen } => echo::run(listen).await,
        Floor::Fixed { listen, body } => fixed::run(listen, &body).await,
    }
}

/// A floor that listens.
pub(crate) struct FloorServer {
    pub(crate) address: SocketAddr,
    process: u32,
    /// Ends when it is dropped.
    _child: Child,
}

impl FloorServer {
    /// Starts one; the address stands behind the command, the rest of the words behind that.
    pub(crate) async fn start(command: &str, rest: &[&str]) -> Result<Self> {
        let [address] = net::free_ports()?;
        let listen = address.to_string();
        let words = [&[command, &listen], rest].concat();
        let child = floor(&words)?.spawn().context("a floor cannot be started")?;
        let process = child.id().context("a floor has ended already")?;
        net::answers(address, Duration::from_secs(10)).await?;
        Ok(Self { address, process, _child: child })
    }

    /// Processor time that it has used so far.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        process::processor_time(self.process)
    }
}

/// Runs a floor to its end; answers what it printed.
pub(crate) async fn printed(words: &[&str]) -> Result<String> {
    let output = floor(words)?.output().await.context("a floor cannot be run")?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    bail!("a floor failed: {}", String::from_utf8_lossy(&output.stderr).trim())
}

fn floor(words: &[&str]) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(words).stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}
