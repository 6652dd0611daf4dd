//! A full disk: nothing is acknowledged, nothing is disclosed, the node says that it is not ready; and it recovers by
//! itself when there is room again, with everything that it had acknowledged.

use crate::feed::{Council, care, ledger, settle};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::known;
use crate::reading::{NURSE, SOCIAL_WORKER, Session, shown, shows};
use crate::web::{Ask, Web};
use http_body_util::BodyExt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tonic::Code;

const RECOVERS_WITHIN: Duration = Duration::from_secs(20);

/// How a disk is made full.
enum Disk {
    /// A small file system of its own.
    Small(PathBuf),
    /// A limit on the length of any file that the process writes: where mounting is not allowed.
    Limit(u32),
}

impl Disk {
    /// Mounts a small file system, if this machine lets the test.
    fn mounted(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(at);
        let done = std::env::var_os("YETT_NO_MOUNT").is_none()
            && mount.status().is_ok_and(|status| status.success());
        done.then(|| Self::Small(at.to_owned()))
    }

    fn fill(&self) {
        match self {
            Self::Small(at) => {
                let mut ballast =
                    std::fs::File::options().create(true).append(true).open(at.join("ballast")).unwrap();
                while ballast.write_all(&[0; 4096]).is_ok() {}
            }
            Self::Limit(pid) => limit(*pid, "4096"),
        }
    }

    fn free(&self) {
        match self {
            Self::Small(at) => std::fs::remove_file(at.join("ballast")).unwrap(),
            Self::Limit(pid) => limit(*pid, "unlimited"),
        }
    }
}

fn limit(pid: u32, bytes: &str) {
    let told = Command::new("prlimit")
        .args(["--pid", &pid.to_string(), &format!("--fsize={bytes}:unlimited")])
        .status();
    assert!(told.unwrap().success());
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Small(at) = self {
            let gone = Command::new("umount").arg("-l").arg(&*at).status();
            assert!(gone.is_ok_and(|status| status.success()), "{} stays mounted", at.display());
        }
    }
}

/// The node on such a disk. The node goes first when both are dropped.
async fn node_and_disk() -> (Node, Disk) {
    let mut node = Node::seeded_and_stopped(&[]).await;
    let at = node.beside("disk");
    if let Some(disk) = Disk::mounted(&at) {
        let data = at.join("data");
        crate::seed::copy(&data);
        node.keep_data_in(&data);
        node.start().await;
        return (node, disk);
    }
    crate::loudly(
        "no file system can be mounted here: the full disk is played by a limit on the length of files",
    );
    // The default would be to end the process; a full disk does not.
    node.run_by(&["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
    node.start().await;
    let disk = Disk::Limit(node.pid());
    (node, disk)
}

/// What an open panel is told, line by line.
async fn follow(node: &Node, session: &Session) -> Arc<Mutex<String>> {
    let told = Arc::new(Mutex::new(String::new()));
    let ask = Ask::get(node.http, "/panel/stream").bearer(&session.bearer);
    let mut body = session.web.open(ask).await.unwrap().into_body();
    let writing = Arc::clone(&told);
    tokio::spawn(async move {
        while let Some(Ok(frame)) = body.frame().await {
            if let Ok(bytes) = frame.into_data() {
                writing.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    });
    told
}

async fn wait_for(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + RECOVERS_WITHIN;
    while !holds().await {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_receipts_and_disclosures_and_the_node_recovers_by_itself() {
    let (mut node, disk) = node_and_disk().await;
    let (council, mut mllp) = (Council::of(&node), Mllp::open(node.mllp).await);
    known(1).introduce(&council, &mut mllp).await;
    let session = Session::open(&node, NURSE, "P-1").await;
    session.wait(&node, "the person", shows).await;
    let panel = follow(&node, &session).await;
    wait_for("the open panel", async || panel.lock().unwrap().contains("event: view")).await;

    disk.fill();
    let Fed { mut visits, address, refused } = fed_until_full(&node, &disk).await;
    let ready = node.readiness().await;
    assert_eq!(ready.status, 503, "{}", ready.text());
    let disclosures = looked_until_nothing(&node, &session).await;
    panels_are_blank(&node, &session).await;

    disk.free();
    wait_for("readiness", async || node.readiness().await.status == 200).await;
    settle(&node).await;
    let colleague = Session::open(&node, SOCIAL_WORKER, "T-1").await;
    let moved = format!("{address} Quay Brae, Kilmorran");
    colleague
        .wait(&node, "the last address that was acknowledged", |view| {
            shown(view, "address", "address-1", "address") == Some(&moved)
        })
        .await;
    council.submit(visit(refused)).await.unwrap();
    visits.push(refused);
    let ack = Mllp::open(node.mllp).await.send(moving(refused).as_bytes()).await.expect("an answer");
    assert_eq!(ack.code, "AA", "{:?}", ack.errors);
    settle(&node).await;
    let view = session.wait(&node, "the view again", shows).await;
    for number in &visits {
        let provider = shown(&view, "care_package", &format!("visit-{number}"), "provider");
        assert_eq!(provider, Some("Larchwood Homecare"), "visit {number} was acknowledged");
    }
    let listed = node.must(&["who-saw", "--record", "nhs-strathorr/P-1", "--json"]);
    assert!(
        disclosures.iter().all(|id| listed.contains(id)),
        "what was shown on the last pages is in the log"
    );
    let feed = ledger(&node, world::COUNCIL_AUTHORITY).await;
    assert_eq!(feed.accepted_count, feed.applied_count + feed.superseded_count + feed.parked_count);
    node.must_be_well();
    node.stop().await;
    assert!(node.must(&["rebuild", "--check"]).starts_with("identical: "));
    assert!(node.must(&["disclosures", "verify"]).contains("the log is as it was written"));
    drop(node);
    drop(disk);
}

fn visit(number: u32) -> proto::intake::v1::RecordSubmission {
    let mut submission = crate::feed::submission(&format!("visit {number}"), &known(1).case);
    submission.upserts = vec![care(&format!("visit-{number}"), "Larchwood Homecare")];
    submission
}

fn moving(number: u32) -> String {
    known(1).message(&format!("moving-{number}"), "", &format!("{number} Quay Brae"))
}

/// What was acknowledged before the disk was full.
struct Fed {
    visits: Vec<u32>,
    /// The last address.
    address: u32,
    /// The last that neither door took.
    refused: u32,
}

/// Feeds through both doors until neither takes anything. Files have some room left in pages that they hold already.
async fn fed_until_full(node: &Node, disk: &Disk) -> Fed {
    let council = Council::of(node);
    let (mut fed, mut in_a_row) = (Fed { visits: Vec::new(), address: 1, refused: 0 }, 0);
    for number in 10..800 {
        let visit = council.submit(visit(number)).await;
        // No acknowledgement is a closed socket: anything else would hang, and the client would say so.
        let moved = Mllp::open(node.mllp).await.send(moving(number).as_bytes()).await;
        in_a_row = if visit.is_err() && moved.is_none() { in_a_row + 1 } else { 0 };
        match visit {
            Ok(_) => fed.visits.push(number),
            Err(status) => {
                assert_eq!(status.code(), Code::Unavailable, "{status}");
                disk.fill();
            }
        }
        if let Some(ack) = moved {
            assert_eq!(ack.code, "AA", "{:?}", ack.errors);
            fed.address = number;
        }
        if in_a_row == 5 {
            return Fed { refused: number, ..fed };
        }
    }
    panic!("messages are still taken on a full disk");
}

/// Looks until nothing is shown any more; answers the ids of the disclosures until then. Each of them found room for
/// its leaf, so each must be in the log.
async fn looked_until_nothing(node: &Node, session: &Session) -> Vec<String> {
    let (mut disclosures, mut in_a_row) = (Vec::new(), 0);
    for look in 0..2000 {
        let path = ["/v1/view", "/panel/view"][look % 2];
        let answer = session.get(node, path).await;
        let id = answer.header("yett-disclosure").to_owned();
        assert_eq!(
            !id.is_empty(),
            shows_somebody(&answer.text()),
            "{path} shows somebody without a disclosure"
        );
        in_a_row = if id.is_empty() { in_a_row + 1 } else { 0 };
        disclosures.extend(Some(id).filter(|id| !id.is_empty()));
        if in_a_row == 6 {
            return disclosures;
        }
    }
    panic!("people are still shown on a full disk");
}

fn shows_somebody(text: &str) -> bool {
    text.contains(&known(1).family.to_uppercase()) || text.contains("Larchwood")
}

/// A panel that opens now stays blank, and the ports still answer.
async fn panels_are_blank(node: &Node, session: &Session) {
    let again = follow(node, session).await;
    wait_for("an answer on a new stream", async || !again.lock().unwrap().is_empty()).await;
    let told = again.lock().unwrap().clone();
    assert!(told.contains("event: blank") && !shows_somebody(&told), "{told}");
    let ask = Ask::post(node.http, "/launches", "{}").bearer(&node.secret("board-host"));
    assert!(Web::default().try_ask(ask).await.is_ok(), "the port still answers");
}
