//! The seed of `config/seed` in a data directory, made once by the command line alone, as an operator would, and
//! copied for every node.

use crate::node::{Node, binary};
use std::path::{Path, PathBuf};
use tokio::sync::OnceCell;

/// Levels that both parties have signed.
const SIGNED: [&str; 3] = ["", "A", "B"];
/// Organisation, name of its files, holder of its feed.
const SIDES: [(&str, &str, &str); 2] =
    [(world::COUNCIL, "council", "case-system"), (world::HEALTH_BOARD, "board", "nhs-strathorr-feed")];

static MADE: OnceCell<PathBuf> = OnceCell::const_new();

/// Makes the seed where it is not made yet.
pub async fn ensure() {
    MADE.get_or_init(make).await;
}

/// Copies the seed into a new data directory.
pub fn copy(to: &Path) {
    copy_folder(MADE.get().expect("the seed is made"), to);
}

/// Copies a folder and what is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn make() -> PathBuf {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("end-to-end-seed");
    if kept.exists() {
        std::fs::remove_dir_all(&kept).unwrap();
    }
    eprintln!("seeding with {}", binary().display());
    let mut node = Node::bare().await;
    register(&node);
    sign(&node);
    node.stop().await;
    copy_folder(&node.file(""), &kept);
    kept
}

fn register(node: &Node) {
    let write = |name: &str, text: &str| {
        let path = node.beside(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    node.must(&["organisation", "register", &write("organisations.toml", world::seed::ORGANISATIONS)]);
    node.must(&["position", "register", &write("positions.toml", world::seed::POSITIONS)]);
    for (organisation, name, holder) in SIDES {
        for kind in ["feed", "host", "operator"] {
            let holder = if kind == "feed" { holder } else { name };
            let out = node.file(&format!("credentials/{name}-{kind}.token")).display().to_string();
            let words = [
                "organisation",
                "credential",
                organisation,
                "--kind",
                kind,
                "--holder",
                holder,
                "--out",
                &out,
            ];
            node.must(&words);
        }
        let key = node.file(&format!("credentials/{name}.key")).display().to_string();
        node.must(&[
            "organisation",
            "signing-key",
            organisation,
            "--signatory",
            "Chief officer",
            "--key",
            &key,
        ]);
    }
    node.must(&["agreement", "new", &write("agreement.toml", world::seed::AGREEMENT)]);
}

fn sign(node: &Node) {
    for (organisation, name, _) in SIDES {
        let key = node.file(&format!("credentials/{name}.key")).display().to_string();
        for part in SIGNED {
            let agreement = ["agreement", "sign", world::seed::AGREEMENT_ID, "--appendix", part];
            node.must(&[agreement.as_slice(), &["--organisation", organisation, "--key", &key]].concat());
        }
    }
}
