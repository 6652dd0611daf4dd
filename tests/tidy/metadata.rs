//! What cargo says about the workspace and everything it depends on, asked once.

use std::sync::OnceLock;

use cargo_metadata::{Metadata, MetadataCommand};

/// The whole graph, for every platform, exactly as the lock file pins it.
pub fn workspace() -> &'static Metadata {
    static METADATA: OnceLock<Metadata> = OnceLock::new();
    METADATA.get_or_init(|| {
        MetadataCommand::new()
            .manifest_path(crate::tree::root().join("Cargo.toml"))
            .other_options(["--locked".to_owned()])
            .exec()
            .expect("cargo metadata reads the workspace")
    })
}
