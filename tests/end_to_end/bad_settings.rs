//! Unknown keys in settings and in agreements: refused before anything starts or is written, with the line.

use crate::node::Node;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_in_the_settings_is_refused_with_its_line() {
    let node = Node::seeded().await;
    let path = node.beside("settings.toml");
    let config = path.display().to_string();
    for (text, line) in [
        ("[viewer]\nlaunch_s = 30\nlaunch_seconds = 30\n", "line 3"),
        ("[viewer]\nlaunch_s = 30\n\n[veiwer]\nlaunch_s = 30\n", "line 4"),
    ] {
        std::fs::write(&path, text).unwrap();
        for verb in ["check-config", "all"] {
            let said = node.must_fail(&["--config", &config, verb]);
            assert!(said.contains(line) && said.contains("settings.toml"), "{verb}, {text:?}: {said}");
        }
    }
    std::fs::write(&path, "[limits]\nmessage_bytes = \"many\"\n").unwrap();
    assert!(node.must_fail(&["--config", &config, "check-config"]).contains("limits.message_bytes"));
    std::fs::write(&path, "[viewer]\nlaunch_s = 30\n").unwrap();
    assert!(node.must(&["--config", &config, "check-config"]).contains("settings are good"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_in_the_environment_is_refused_by_name() {
    let node = Node::seeded_and_stopped(&[("YETT_VIEWER__LAUNCH_SECONDS", "30")]).await;
    assert!(node.must_fail(&["check-config"]).to_lowercase().contains("launch_seconds"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_in_an_agreement_is_refused_with_its_line_and_nothing_is_drafted() {
    let node = Node::seeded().await;
    let before = node.must(&["agreement", "show", "--json"]);
    let path = node.beside("agreement.toml");
    let file = path.display().to_string();
    let draft = world::seed::AGREEMENT.replace("version = 1", "version = 2");
    for (after, key) in [("title = \"Adult", "colour = \"red\""), ("level = 2", "levels = 3")] {
        let number = draft.lines().position(|line| line.starts_with(after)).unwrap();
        let mut lines: Vec<&str> = draft.lines().collect();
        lines.insert(number + 1, key);
        std::fs::write(&path, lines.join("\n")).unwrap();
        let said = node.must_fail(&["agreement", "new", &file]);
        let line = format!("line {}", number + 2);
        assert!(said.contains(&line) && said.contains("agreement.toml"), "{line}: {said}");
    }
    assert_eq!(node.must(&["agreement", "show", "--json"]), before, "nothing was drafted");
    std::fs::write(&path, draft).unwrap();
    assert!(node.must(&["agreement", "new", &file]).contains("version 2"));
}
