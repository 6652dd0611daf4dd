//! The product: the shipped binary with every role, in a process and a folder of its own, with its default settings
//! but for its ports and a quiet log.

use crate::{net, process};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// How long it may take to be ready, or to have worked off what it was sent.
const PATIENCE: Duration = Duration::from_secs(90);
/// A node has settled when it used less than this …
const CALM: Duration = Duration::from_millis(20);
/// … over this long.
const CALM_FOR: Duration = Duration::from_millis(300);

/// The running node.
pub(crate) struct Node {
    pub(crate) http: SocketAddr,
    pub(crate) grpc: SocketAddr,
    process: u32,
    child: Child,
    program: PathBuf,
    environment: BTreeMap<&'static str, String>,
    folder: TempDir,
}

impl Node {
    /// Starts one on an empty folder and waits until it is ready.
    pub(crate) async fn start() -> Result<Self> {
        let own = std::env::current_exe()?;
        let program = own.with_file_name("yett");
        if !program.exists() {
            bail!("{} is missing: scripts/bench builds it first", program.display());
        }
        // Beside the binary and not among temporary files, which may lie in memory: what is durable must cost.
        let built = own.parent().context("the bench has no folder")?;
        let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(built)?;
        let [http, grpc, mllp] = net::free_ports()?;
        let environment = BTreeMap::from([
            ("YETT_LISTEN__HTTP", http.to_string()),
            ("YETT_LISTEN__GRPC", grpc.to_string()),
            ("YETT_LISTEN__MLLP", mllp.to_string()),
            ("YETT_LISTEN__PUBLIC_URL", format!("http://yett.localhost:{}", http.port())),
            ("YETT_DATA_DIR", folder.path().join("data").display().to_string()),
            ("YETT_TELEMETRY__FILTER", "warn".to_owned()),
        ]);
        let mut command = Command::new(&program);
        command.arg("all").envs(&environment).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        let child = command.spawn().context("the node cannot be started")?;
        let process = child.id().context("the node has ended already")?;
        let mut node = Self { http, grpc, process, child, program, environment, folder };
        node.wait_until_ready().await?;
        Ok(node)
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        net::answers(self.http, PATIENCE).await?;
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(code) = self.child.try_wait()? {
                bail!("the node ended with {code}");
            }
            let mut connection = net::Connection::open(self.http).await?;
            if connection.read(net::get("/readyz", "")?).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the node does not get ready")
    }

    /// Waits until it has worked off what it was sent: until it hardly uses the processor.
    pub(crate) async fn settle(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let before = self.processor_time()?;
            tokio::time::sleep(CALM_FOR).await;
            if self.processor_time()?.saturating_sub(before) < CALM {
                return Ok(());
            }
        }
        bail!("the node does not come to rest")
    }

    /// Processor time that it has used so far.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        process::processor_time(self.process)
    }

    /// Memory that it holds, in MiB.
    pub(crate) fn resident_mib(&self) -> Result<f64> {
        process::resident_mib(self.process)
    }

    /// Its folder, for what an operator keeps beside it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command of an operator against it.
    pub(crate) async fn command(&self, words: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.args(words).envs(&self.environment).stdin(Stdio::null());
        let output = command.output().await.context("the command line cannot be run")?;
        if output.status.success() {
            return Ok(());
        }
        bail!("yett {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim())
    }

    /// Asks it to stop and waits for it: a clean end is part of what ships.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg("-TERM").arg(self.process.to_string()).status().await;
        told.context("the node cannot be told to stop")?;
        let ended = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await;
        let status = ended.context("the node did not stop within 20 seconds")??;
        if status.success() { Ok(()) } else { bail!("the node stopped with {status}") }
    }
}
