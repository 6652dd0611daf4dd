//! Registers the two organisations of the invented area and signs the first two levels of their agreement, by the
//! product's own command line, as an operator would.

use crate::node::Node;
use anyhow::{Context, Result};
use std::path::Path;
use world::seed;

/// Bearer secrets that feeds and a host use.
pub(crate) struct Secrets {
    pub(crate) council_feed: String,
    pub(crate) board_feed: String,
    pub(crate) board_host: String,
}

/// Registers and signs everything.
pub(crate) async fn plant(node: &Node) -> Result<Secrets> {
    let kept = |name: &str, text: &str| written(&node.folder().join(name), text);
    let organisations = kept("organisations.toml", seed::ORGANISATIONS)?;
    node.command(&["organisation", "register", &organisations]).await?;
    node.command(&["position", "register", &kept("positions.toml", seed::POSITIONS)?]).await?;
    let secrets = Secrets {
        council_feed: credential(node, world::COUNCIL, "feed").await?,
        board_feed: credential(node, world::HEALTH_BOARD, "feed").await?,
        board_host: credential(node, world::HEALTH_BOARD, "host").await?,
    };
    node.command(&["agreement", "new", &kept("agreement.toml", seed::AGREEMENT)?]).await?;
    for party in [world::COUNCIL, world::HEALTH_BOARD] {
        let key = node.folder().join(format!("{party}.pkcs8")).display().to_string();
        let signatory = ["organisation", "signing-key", party, "--signatory", "Chief officer", "--key", &key];
        node.command(&signatory).await?;
        for appendix in ["", "A", "B"] {
            let part = ["agreement", "sign", seed::AGREEMENT_ID, "--appendix", appendix];
            node.command(&[&part[..], &["--organisation", party, "--key", &key]].concat()).await?;
        }
    }
    Ok(secrets)
}

async fn credential(node: &Node, organisation: &str, kind: &str) -> Result<String> {
    let file = node.folder().join(format!("{organisation}-{kind}.token"));
    let (out, holder) = (file.display().to_string(), format!("{organisation}-{kind}"));
    let words =
        ["organisation", "credential", organisation, "--kind", kind, "--holder", &holder, "--out", &out];
    node.command(&words).await?;
    let secret = std::fs::read_to_string(&file).context("the new credential cannot be read")?;
    Ok(secret.trim_end().to_owned())
}

fn written(path: &Path, text: &str) -> Result<String> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(path.display().to_string())
}
