//! A real node: the built binary as a child process on ports and in a folder of its own. It is stopped by its process
//! when the test ends, however that is.

use crate::seed;
use crate::web::{Answer, Ask, Web};
use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a node may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How long a clean stop may take.
const STOPS_WITHIN: Duration = Duration::from_secs(20);

/// A node, or one that was stopped and can be started again.
pub struct Node {
    pub http: SocketAddr,
    pub grpc: SocketAddr,
    pub mllp: SocketAddr,
    environment: BTreeMap<String, String>,
    child: Option<Child>,
    /// What is run: the binary, or a program that runs it under a limit.
    before: Vec<String>,
    folder: TempDir,
    data: PathBuf,
    /// Where what it says is kept.
    log: PathBuf,
}

/// The binary under test.
pub fn binary() -> PathBuf {
    let beside = || {
        let own = std::env::current_exe().unwrap();
        own.parent().unwrap().parent().unwrap().join("yett")
    };
    let path = std::env::var_os("YETT_BIN").map_or_else(beside, PathBuf::from);
    assert!(path.exists(), "there is no binary at {}: build it, or name it by YETT_BIN", path.display());
    path
}

/// Free ports below the range that outgoing connections take theirs from, each given once in this process.
pub fn free_port() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 11_000).unwrap();
    for _ in 0..11_000 {
        let step = NEXT.fetch_add(1, Ordering::SeqCst);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 20_500 + first.wrapping_add(step) % 11_000));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no free port between 20500 and 31500");
}

impl Node {
    /// A node with the seed's organisations, staff and agreement, levels 1 and 2 signed by both.
    pub async fn seeded() -> Self {
        Self::seeded_with(&[]).await
    }

    /// The same with other settings.
    pub async fn seeded_with(settings: &[(&str, &str)]) -> Self {
        let mut node = Self::seeded_and_stopped(settings).await;
        node.start().await;
        node
    }

    /// The same, not started yet.
    pub async fn seeded_and_stopped(settings: &[(&str, &str)]) -> Self {
        seed::ensure().await;
        let node = Self::stopped(settings);
        seed::copy(&node.data);
        node
    }

    /// A node that knows its operator only.
    pub async fn bare() -> Self {
        let mut node = Self::stopped(&[]);
        node.start().await;
        node
    }

    /// A node that is not started yet.
    fn stopped(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, log) = (folder.path().join("data"), folder.path().join("said.log"));
        let [http, grpc, mllp] = [free_port(), free_port(), free_port()];
        let mut environment = BTreeMap::from([
            ("YETT_LISTEN__HTTP".to_owned(), http.to_string()),
            ("YETT_LISTEN__GRPC".to_owned(), grpc.to_string()),
            ("YETT_LISTEN__MLLP".to_owned(), mllp.to_string()),
            ("YETT_LISTEN__PUBLIC_URL".to_owned(), format!("http://yett.localhost:{}", http.port())),
            ("YETT_DATA_DIR".to_owned(), data.display().to_string()),
        ]);
        environment.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Self { http, grpc, mllp, environment, child: None, before: Vec::new(), folder, data, log }
    }

    /// Keeps its data in another folder, which the test has prepared, and what it says beside that.
    pub fn keep_data_in(&mut self, data: &Path) {
        data.clone_into(&mut self.data);
        self.log = data.with_file_name("said.log");
        self.environment.insert("YETT_DATA_DIR".to_owned(), data.display().to_string());
    }

    /// Is run by another program, which is given the binary and its arguments.
    pub fn run_by(&mut self, before: &[&str]) {
        self.before = before.iter().map(|&word| word.to_owned()).collect();
    }

    /// Starts it and waits until it is ready.
    pub async fn start(&mut self) {
        self.launch();
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "the node ended with {ended:?}:\n{}", self.said());
            let answer = Web::default().try_ask(Ask::get(self.http, "/readyz")).await;
            if answer.as_ref().is_ok_and(|answer| answer.status == 200) {
                return;
            }
            let last = answer.map(|answer| answer.text()).unwrap_or_default();
            assert!(Instant::now() < deadline, "the node is not ready: {last}\n{}", self.said());
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Starts it and does not wait.
    fn launch(&mut self) {
        let mut words = self.before.clone();
        words.extend([binary().display().to_string(), "all".to_owned()]);
        let mut command = Command::new(&words[0]);
        let out = File::options().create(true).append(true).open(&self.log).unwrap();
        command.args(&words[1..]).envs(&self.environment).stdin(Stdio::null());
        command.stdout(out.try_clone().unwrap()).stderr(out).process_group(0);
        self.child = Some(command.spawn().unwrap());
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("the node runs").id()
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// Kills it without warning.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Asks it to stop and waits for it.
    pub async fn stop(&mut self) {
        let mut child = self.child.take().expect("the node runs");
        let told = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
        assert!(told.success());
        let deadline = Instant::now() + STOPS_WITHIN;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "the node stopped with {status}:\n{}", self.said());
                return;
            }
            if Instant::now() > deadline {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("the node did not stop in time:\n{}", self.said());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Runs the command line as an operator of this node would.
    pub fn yett(&self, arguments: &[&str]) -> Output {
        Command::new(binary()).args(arguments).envs(&self.environment).stdin(Stdio::null()).output().unwrap()
    }

    /// The same, and it must succeed; answers what it printed.
    pub fn must(&self, arguments: &[&str]) -> String {
        let output = self.yett(arguments);
        assert!(output.status.success(), "yett {}: {}", arguments.join(" "), both(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same, and it must fail; answers what it said.
    pub fn must_fail(&self, arguments: &[&str]) -> String {
        let output = self.yett(arguments);
        assert!(!output.status.success(), "yett {} succeeded: {}", arguments.join(" "), both(&output));
        both(&output)
    }

    /// A file of its data directory.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// A file beside its data directory, for whatever a test writes.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A secret in its data directory, by the name of its file without the ending.
    pub fn secret(&self, name: &str) -> String {
        let path = self.file(&format!("credentials/{name}.token"));
        std::fs::read_to_string(path).unwrap().trim().to_owned()
    }

    /// Everything that it said on both outputs, over all its starts.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// It runs and no thread of it has panicked.
    pub fn must_be_well(&mut self) {
        assert!(self.is_alive(), "the node has ended:\n{}", self.said());
        assert!(!self.said().contains("panicked"), "the node panicked:\n{}", self.said());
    }

    /// Memory that it holds, in KiB.
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// The text of `/metrics`.
    pub async fn metrics(&self) -> String {
        Web::default().ask(Ask::get(self.http, "/metrics")).await.text()
    }

    /// The sum of the metrics whose line begins with a name and holds every one of these words.
    pub async fn metric(&self, name: &str, words: &[&str]) -> f64 {
        let text = self.metrics().await;
        let lines = text
            .lines()
            .filter(|line| line.starts_with(name) && words.iter().all(|word| line.contains(word)));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// `/readyz`.
    pub async fn readiness(&self) -> Answer {
        Web::default().ask(Ask::get(self.http, "/readyz")).await
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Both outputs of a process.
pub fn both(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
