//! Where the story plays: a node of its own in a process of its own, a recording proxy before its viewer, and the two
//! sample hosts. Everything stands on free ports of this machine and in a folder that is removed in the end.

use super::proxy::Recorder;
use crate::demo::{self, DemoArguments, DemoSecrets, Seeder};
use crate::{bootstrap, client};
use anyhow::{Context, Result, bail};
use domain::{Clock, SystemClock};
use sample_hosts::Progress;
use settings::Settings;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a node may take to be ready.
const READY_WITHIN: Duration = Duration::from_mins(1);
/// Levels that are signed when the story begins.
const SIGNED: [&str; 2] = ["A", "B"];

/// The stage.
pub(crate) struct Stage {
    pub(crate) settings: Settings,
    pub(crate) hosts: DemoArguments,
    pub(crate) secrets: DemoSecrets,
    pub(crate) recorder: Recorder,
    /// This very program.
    program: PathBuf,
    environment: BTreeMap<String, String>,
    folder: PathBuf,
    node: Option<Child>,
    stop: CancellationToken,
    progress: watch::Receiver<Progress>,
    _kept: tempfile::TempDir,
}

impl Stage {
    /// Starts everything, registers the seed, and waits until the world is loaded.
    pub(crate) async fn set(size: usize) -> Result<Self> {
        let kept = tempfile::tempdir().context("no folder can be made for the story")?;
        let folder = kept.path().join("data");
        let ports = free_ports(6)?;
        let [http, grpc, mllp, public, council, portal] = ports.as_slice() else {
            bail!("too few free ports")
        };
        let environment = BTreeMap::from([
            ("YETT_LISTEN__HTTP".to_owned(), http.to_string()),
            ("YETT_LISTEN__GRPC".to_owned(), grpc.to_string()),
            ("YETT_LISTEN__MLLP".to_owned(), mllp.to_string()),
            ("YETT_LISTEN__PUBLIC_URL".to_owned(), format!("http://yett.localhost:{}", public.port())),
            ("YETT_DATA_DIR".to_owned(), folder.display().to_string()),
            ("YETT_TELEMETRY__FILTER".to_owned(), "warn".to_owned()),
            ("YETT_MATCHING__ASSIGNMENT_RETRY_S".to_owned(), "2".to_owned()),
        ]);
        let mut settings = settings::load(None, environment.clone().into_iter())?;
        settings.node.data_dir = folder.display().to_string();
        let hosts = DemoArguments { check: true, council: *council, portal: *portal, size };
        let stop = CancellationToken::new();
        let recorder = Recorder::start(*public, *http, stop.clone()).await?;
        let (sender, progress) = watch::channel(Progress::default());
        let program = std::env::current_exe().context("the program does not know where it is")?;
        let node = start(&program, &environment)?;
        let secrets = demo::ensure_secrets(&folder)?;
        let mut stage = Self {
            settings,
            hosts,
            secrets,
            recorder,
            program,
            environment,
            folder,
            node: Some(node),
            stop,
            progress,
            _kept: kept,
        };
        stage.wait_until_ready().await?;
        stage.plant().await?;
        stage.start_hosts(sender);
        stage.wait_until_loaded().await?;
        Ok(stage)
    }

    async fn plant(&self) -> Result<()> {
        let channel =
            client::channel_with(self.settings.listen.grpc, &self.folder.join(bootstrap::OPERATOR_TOKEN))?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let [council, portal] = demo::origins(&self.hosts);
        Seeder::new(channel, clock).plant(&self.secrets, [&council, &portal], &SIGNED).await
    }

    fn start_hosts(&self, progress: watch::Sender<Progress>) {
        let told = (SystemClock.now(), progress);
        let settings = demo::host_settings(&self.settings, &self.hosts, &self.secrets, told);
        let stop = self.stop.clone();
        tokio::spawn(async move {
            if let Err(error) = sample_hosts::run(settings, stop.cancelled_owned()).await {
                tracing::error!(error = %error, "the sample hosts ended");
            }
        });
    }

    async fn wait_until_loaded(&mut self) -> Result<()> {
        let loaded = self.progress.wait_for(|progress| progress.total > 0 && progress.is_done());
        let Progress { failed, total, .. } = *tokio::time::timeout(READY_WITHIN, loaded)
            .await
            .context("the world was not loaded in time")??;
        if failed > 0 {
            bail!("{failed} of {total} messages of the world were not accepted");
        }
        Ok(())
    }

    /// Waits until the node says that it is ready.
    pub(crate) async fn wait_until_ready(&mut self) -> Result<()> {
        let url = format!("http://{}/readyz", self.settings.listen.http);
        let web = super::web::Web::new();
        let deadline = Instant::now() + READY_WITHIN;
        let mut last = String::new();
        while Instant::now() < deadline {
            if let Some(code) = self.node.as_mut().map(Child::try_wait).transpose()?.flatten() {
                bail!("the node ended with {code}");
            }
            match web.ask(super::web::Ask::get(&url)).await {
                Ok(answer) if answer.status.is_success() => return Ok(()),
                Ok(answer) => last = answer.text,
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the node is not ready: {last}")
    }

    /// Waits until the viewer has noticed that every panel was closed: what is recorded by then has left.
    pub(crate) async fn panels_are_closed(&self) -> Result<()> {
        let url = format!("http://{}/metrics", self.settings.listen.http);
        let web = super::web::Web::new();
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            let text = web.ask(super::web::Ask::get(&url)).await?.text;
            let open = text.lines().find_map(|line| line.strip_prefix("yett_open_panels "));
            if open == Some("0") {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("panels that were closed still count as open")
    }

    /// Kills the node without warning, as a power cut of its process would.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        let mut node = self.node.take().context("the node does not run")?;
        Ok(node.kill().await?)
    }

    /// Starts the node again on the same data.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.node = Some(start(&self.program, &self.environment)?);
        self.wait_until_ready().await
    }

    /// Asks the node to stop and waits for it.
    pub(crate) async fn stop_node(&mut self) -> Result<()> {
        let mut node = self.node.take().context("the node does not run")?;
        let pid = node.id().context("the node has ended already")?;
        let told = Command::new("kill").arg("-TERM").arg(pid.to_string()).status().await;
        told.context("the node cannot be told to stop")?;
        let ended = tokio::time::timeout(Duration::from_secs(20), node.wait()).await;
        let status = ended.context("the node did not stop within 20 seconds")??;
        if status.success() { Ok(()) } else { bail!("the node stopped with {status}") }
    }

    /// Runs the command line as an operator of this node would.
    pub(crate) async fn yett(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(&self.program);
        command.args(arguments).envs(&self.environment).stdin(Stdio::null());
        command.output().await.context("the command line cannot be run")
    }

    /// The same, and it must succeed; answers what it printed.
    pub(crate) async fn must(&self, arguments: &[&str]) -> Result<String> {
        let output = self.yett(arguments).await?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        bail!("yett {}: {}", arguments.join(" "), said.trim())
    }

    /// A file of the node's data directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The origin of the council's case system.
    pub(crate) fn council(&self) -> String {
        let [council, _] = demo::origins(&self.hosts);
        council
    }

    /// The origin of the health board's portal.
    pub(crate) fn portal(&self) -> String {
        let [_, portal] = demo::origins(&self.hosts);
        portal
    }

    /// Ends everything that was started.
    pub(crate) async fn clear(mut self) -> Result<()> {
        if self.node.is_some() {
            self.stop_node().await?;
        }
        self.stop.cancel();
        Ok(())
    }
}

fn start(program: &Path, environment: &BTreeMap<String, String>) -> Result<Child> {
    let mut command = Command::new(program);
    command.arg("all").envs(environment).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    command.spawn().context("the node cannot be started")
}

/// Free ports of this machine below the range that outgoing connections take theirs from.
fn free_ports(count: usize) -> Result<Vec<SocketAddr>> {
    let first = 20_000 + u16::try_from(std::process::id() % 9_000).unwrap_or(0);
    let mut found = Vec::new();
    for port in (first..32_000).chain(20_000..first) {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            found.push(address);
        }
        if found.len() == count {
            return Ok(found);
        }
    }
    bail!("no free ports between 20000 and 32000")
}

/// Changes one byte in the middle of a file.
pub(crate) fn change_one_byte(path: &Path, at: u64) -> Result<()> {
    use std::io::{Read, Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(path)?;
    let mut byte = [0_u8; 1];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut byte)?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&byte.map(|byte| byte ^ 1))?;
    Ok(file.sync_all()?)
}
