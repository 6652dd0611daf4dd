//! One process at a time on a data directory, and what can be done with it when none runs.

use crate::feed::{Council, care, settle};
use crate::mllp::Mllp;
use crate::node::Node;
use crate::people::known;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_the_same_data_refuses_to_start() {
    let mut node = Node::seeded().await;
    for verb in [["all"].as_slice(), &["rebuild"], &["rebuild", "--check"], &["disclosures", "verify"]] {
        let said = node.must_fail(verb);
        assert!(said.contains("is in use by another process"), "{verb:?}: {said}");
    }
    let copy = node.beside("copy");
    let said = node.must_fail(&["backup", &copy.display().to_string()]);
    assert!(said.contains("is in use by another process"), "{said}");
    assert!(!copy.exists(), "a refused backup leaves nothing behind");
    node.must_be_well();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_rebuilds_to_the_same_model() {
    let mut node = Node::seeded().await;
    let council = Council::of(&node);
    let mut mllp = Mllp::open(node.mllp).await;
    for number in 1..=5 {
        known(number).introduce(&council, &mut mllp).await;
        let mut more = known(number).submission(&format!("more {number}"));
        more.upserts = vec![care("home", "Larchwood Homecare")];
        council.submit(more).await.unwrap();
    }
    settle(&node).await;
    node.stop().await;
    let live = node.must(&["rebuild", "--check"]);
    assert!(live.starts_with("identical: "), "{live}");
    let copy = node.beside("copy").display().to_string();
    node.must(&["backup", &copy, "--with-keys"]);
    assert!(node.must_fail(&["backup", &copy]).contains("is there already"));
    let on_copy = node.must(&["--data-dir", &copy, "rebuild", "--check"]);
    assert_eq!(on_copy, live, "the copy holds what the original holds");
    // Without its store the copy is as good: the log and the keys are what cannot be rebuilt.
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        std::fs::remove_file(node.beside("copy").join(name)).ok();
    }
    node.must(&["--data-dir", &copy, "rebuild"]);
    assert_eq!(node.must(&["--data-dir", &copy, "rebuild", "--check"]), live);
    assert!(
        node.must(&["--data-dir", &copy, "disclosures", "verify"]).contains("the log is as it was written")
    );
}
